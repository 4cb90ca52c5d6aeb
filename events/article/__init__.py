"""What is left when the event is over: chosen posts, oldest first, as an article.

`of` is a pure function of the event and the posts; the writers make the same bytes of the
same article every time. Words are those that readers saw, in the event's language.
"""

from events.article.as_html import document, html
from events.article.as_markdown import markdown
from events.article.blocks import Article, Block, What, of

__all__ = ["Article", "Block", "What", "document", "html", "markdown", "of"]
