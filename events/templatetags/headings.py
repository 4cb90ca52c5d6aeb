"""How headlines and titles stand on a page: what they say, which way they run, where they may not break."""

import re
from unicodedata import bidirectional

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events.models import Event, Post
from events.templatetags.newsroom import label

register = template.Library()

#: A letter, or one of the marks upon letters of our languages, which Python counts as no part of a word.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f])"
#: A number and a word with a hyphen between them, and what short words hang on to that: "30-day", "12-year-old", "G-7".
_JOINED = re.compile(
    rf"(?<!\w)(?:\d[\d.,]*[-\u2010]{_LETTER}{{1,12}}|{_LETTER}{{1,12}}[-\u2010]\d[\d.,]*)"
    rf"(?:[-\u2010]{_LETTER}{{1,5}})*(?!\d|{_LETTER})"
)
#: What is longer may not fit on one line of a phone, and breaks where it can.
_FITS = 16


@register.filter
def key_label(post: Post) -> str:
    """What it is called in the list of key events and at the top: its label there, or as in `titled`."""
    return post.key_label or titled(post)


@register.filter
def titled(post: Post) -> str:
    """What it is called where there is room for it: its headline, a quotation with whose it is, or its first words."""
    if post.headline:
        return post.headline
    words = label(post)
    who = next((row.as_named or row.described_as for row in post.attributions.all() if row.quote), "")
    return _("{who}: {words}").format(who=who, words=words) if who else words


@register.filter
def direction(words: str, event: Event) -> str:
    """Which way a headline runs: the event's way, whatever it begins with, unless all its letters run the other way.

    The letters are those of Unicode's strong types (TR9): L, R and AL.
    """
    strong = {"ltr" if kind == "L" else "rtl" for kind in map(bidirectional, words) if kind in ("L", "R", "AL")}
    return strong.pop() if len(strong) == 1 else event.direction


@register.filter
def whole(words: str) -> SafeString:
    """A headline for a page, in which "30-day" is not broken at its hyphen. Its text stays what it was."""
    return mark_safe(_JOINED.sub(_kept, conditional_escape(words)))  # noqa: S308 - escaped, and a mark of our own


def _kept(match: re.Match[str]) -> str:
    return match[0] if len(match[0]) > _FITS else f'<span class="joined">{match[0]}</span>'
