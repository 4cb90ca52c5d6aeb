"""What a share picture says: as plain words, in the event's language."""

import hashlib
from dataclasses import astuple, dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events import text
from events.models import Attribution, Event, Post
from events.templatetags import newsroom

#: Pixels, as the networks like it best; and the widths that can be asked for.
WIDTH, HEIGHT = 1200, 630
WIDTHS = (1200, 600, 300)
#: Raise it when the drawing changes: the addresses do then, too.
DRAWN = 2
#: Characters of a headline on the picture; what is longer is cut by the drawing as well.
LONGEST = 220


@dataclass(frozen=True)
class Card:
    """The words of one picture, from top to bottom."""

    house: str
    #: “Live coverage” until it has ended, else empty. LIVE itself would be said for ever by whoever keeps the picture.
    live: str
    headline: str
    #: Whether the headline is somebody's own words.
    is_quote: bool
    #: Who says so, and whether it is so.
    source: str
    standing: str
    foot: str
    language: str
    right_to_left: bool

    @property
    def version(self) -> str:
        """Eight characters that change with every word."""
        return hashlib.sha256(repr((DRAWN, *astuple(self))).encode()).hexdigest()[:8]

    @property
    def words(self) -> tuple[str, ...]:
        """All that is to be drawn."""
        return tuple(
            part for part in (self.house, self.live, self.headline, self.source, self.standing, self.foot) if part
        )

    @property
    def alt(self) -> str:
        """The same for those who do not see it."""
        return " – ".join(part for part in (self.headline, self.standing, self.source, self.house) if part)


def of_event(event: Event) -> Card:
    """The event's own picture."""
    with translation.override(event.language):
        begun = event.starts_at or event.opened_at
        return Card(
            house=settings.SITE_NAME,
            live=_("Live coverage") if event.state in ("live", "paused") else "",
            headline=event.title[:LONGEST],
            is_quote=False,
            source="",
            standing=event.notice,
            foot=newsroom.date(begun, event) if begun else "",
            language=event.language,
            right_to_left=event.direction == "rtl",
        )


def of_post(post: Post) -> Card:
    """A post's picture, in the words that readers see; `post` comes from ``for_readers()``."""
    event = post.event
    with translation.override(event.language):
        named = list(post.attributions.all())
        quotes = [row for row in named if row.quote]
        quote = quotes[0] if quotes and not post.headline else None
        said = quote or (named[0] if named else None)
        when = (
            (newsroom.clock(post.published_at, event), newsroom.date(post.published_at, event))
            if post.published_at
            else ()
        )
        return Card(
            house=settings.SITE_NAME,
            live="",
            headline=(text.unquoted(quote.quote) if quote else newsroom.label(post))[:LONGEST],
            is_quote=quote is not None,
            source=_source(said, post) if said else "",
            standing=newsroom.standing(post),
            foot=" · ".join((*when, str(event))),
            language=event.language,
            right_to_left=event.direction == "rtl",
        )


def _source(row: Attribution, post: Post) -> str:
    return f"{newsroom.sentence(row, post)}."
