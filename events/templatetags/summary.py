"""What stands beside a line of the summary, wherever the line goes."""

from django import template
from django.utils.translation import gettext as _

from events.models import SummaryLine
from events.models.summary import Knowing
from events.templatetags.newsroom import standing

register = template.Library()


@register.filter
def line_label(line: SummaryLine) -> str:
    """Say before the line that it claims nothing: "Not known" or "Disputed"; empty for one that claims."""
    return "" if line.knowing == Knowing.KNOWN else str(line.get_knowing_display())


@register.filter
def line_standing(line: SummaryLine) -> str:
    """Say after the line that the post on which it rests is in doubt, as beside the post; mostly empty.

    A line that claims nothing has its label in its place.
    """
    post = line.post
    return standing(post) if post is not None and post.is_public and line.knowing == Knowing.KNOWN else ""


def line_words(line: SummaryLine) -> str:
    """The line with what is said after it, where there is no markup and its label stands apart."""
    return " ".join(part for part in (line.text, line_standing(line)) if part)


def line_text(line: SummaryLine) -> str:
    """The whole line where there is no markup: "Not known: when it begins"."""
    label, words = line_label(line), line_words(line)
    return _("{label}: {words}").format(label=label, words=words) if label else words
