"""Twin alerts: what others have just published or are writing, and what was written for another event."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events import text, twins
from events.models import Autosave, Event, Post
from events.models.autosave import ARTICLE
from events.publishing import Asks, Words

#: How far back a twin is looked for.
RECENT = timedelta(minutes=15)


def check_twins(event: Event, by: User, words: Words, post: Post | None = None) -> None:
    """Raise Asks when these words are out already, are being written by somebody else, or belong to another event."""
    said = _text(words.headline, words.body, [named.quote for named in words.attributions])
    _check_published(event, said)
    now = timezone.now()
    kept = Autosave.objects.filter(at__gt=now - RECENT).exclude(composer=ARTICLE)
    # One's own in another event, and everybody else's in this one.
    kept = kept.filter(Q(by=by) & ~Q(event=event) | ~Q(by=by) & Q(event=event))
    for one in kept.select_related("event", "by").order_by("-at")[:40]:
        if not twins.alike(said, _said(one.content)):
            continue
        if one.event_id != event.pk:
            sentence = _("You wrote this for “%(other)s”. Publish it to “%(event)s”?")
            raise Asks(sentence % {"other": one.event, "event": event}, "elsewhere")
        if post is None or one.content.get("post") != post.pk:
            raise Asks(_("%(name)s is writing this at this moment.") % {"name": one.by}, "twin")


def _check_published(event: Event, said: str) -> None:
    now = timezone.now()
    recent = event.posts.published().filter(published_at__gt=now - RECENT).select_related("created_by")
    recent = recent.prefetch_related("attributions")
    for post in recent.order_by("-published_at")[:60]:
        quotes = [row.quote for row in post.attributions.all()]
        if not twins.alike(said, _text(post.headline, post.html, quotes)):
            continue
        assert post.published_at is not None
        seconds = int((now - post.published_at).total_seconds())
        ago = _("%(n)d s") % {"n": seconds} if seconds < 60 else _("%(n)d min") % {"n": seconds // 60}
        sentence = _("Published %(ago)s ago by %(name)s: “%(title)s”.")
        title = post.headline or text.short(text.plain(post.html) or " ".join(quotes), 80)
        raise Asks(sentence % {"ago": ago, "name": post.created_by or _("somebody"), "title": title}, "twin", post.pk)


def _said(content: Any) -> str:
    """What an autosave says, its quotations too; empty for nonsense."""
    words = content.get("words") if isinstance(content, dict) else None
    if not isinstance(words, dict):
        return ""
    rows = words.get("attributions")
    quotes = [row.get("quote") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return _text(words.get("headline"), words.get("body"), quotes)


def _text(headline: Any, body: Any, quotes: Iterable[Any]) -> str:
    """All that a post says, in plain text."""
    return " ".join([str(headline or ""), text.plain(str(body or "")), *(str(quote or "") for quote in quotes)])
