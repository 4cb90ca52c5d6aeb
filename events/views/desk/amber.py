"""What rests on a post that turned out wrong: amber until somebody decides. Computed from records, kept nowhere."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from events.models import Correction, Deed, Event, Post, StandingChange, Update
from events.models.correction import CorrectionKind
from events.models.post import PostState, Standing
from events.publishing.posts import NEW_LABEL
from events.templatetags import headings

_DOUBTS = (Standing.DISPUTED, Standing.FALSE)
_WRONGS = (CorrectionKind.CORRECTION, CorrectionKind.RETRACTION)


def amber(event: Event) -> list[dict[str, Any]]:
    """What waits for somebody's decision: ``{what, post, title, text, why}`` each.

    `what` is ``summary``, ``pin`` or ``key``; `text` the line or label that rests on the post,
    `why` a sentence. Whoever publishes the summary, pins or marks again, or changes it, has decided.
    """
    lines = list(event.summary_lines.exclude(post=None).select_related("post").prefetch_related("post__attributions"))
    keys = list(event.posts.filter(key_event=True).exclude(state__in=("draft", "submitted", "scheduled")))
    ids = {line.post_id for line in lines} | {post.pk for post in keys} | {event.pinned_id}
    doubts = _doubts(event, [pk for pk in ids if pk])
    found = []
    for line in lines:
        if line.post and _since(doubts, line.post_id, event.summary_at):
            found.append(_item("summary", line.post, line.text, doubts))
    if event.pinned is not None and _since(doubts, event.pinned_id, event.pinned_at):
        found.append(_item("pin", event.pinned, "", doubts))
    decided = _last_marks(event, [post.pk for post in keys if post.pk in doubts])
    for post in keys:
        # What is withdrawn for good stands in no list; what is held comes back.
        shown = post.state == PostState.PUBLISHED or post.withdrawal == "hold"
        if shown and _since(doubts, post.pk, decided.get(post.pk)):
            found.append(_item("key", post, post.key_label, doubts))
    return found


def _item(what: str, post: Post, text: str, doubts: dict[str, tuple[datetime, str]]) -> dict[str, Any]:
    return {
        "what": what,
        "post": post.pk,
        "title": headings.titled(post),
        "text": text,
        "label": post.key_label,
        "public": post.state == PostState.PUBLISHED,
        "why": doubts[post.pk][1],
    }


def _since(doubts: dict[str, tuple[datetime, str]], pk: str | None, decided: datetime | None) -> bool:
    """Whether the post was doubted after somebody decided last."""
    return pk is not None and pk in doubts and (decided is None or doubts[pk][0] > decided)


def _last_marks(event: Event, ids: list[str]) -> dict[str, datetime]:
    """When each post was last marked as a key event, or its label was changed with its words."""
    marks = Update.objects.filter(event=event, verb="mark", post__in=ids).order_by("sequence")
    last = {str(pk): at for pk, at in marks.values_list("post_id", "at")}
    changed = Deed.objects.filter(event=event, post__in=ids, detail__endswith=NEW_LABEL).order_by("pk")
    for pk, at in changed.values_list("post_id", "at"):
        last[str(pk)] = max(at, last.get(str(pk), at))
    return last


def _doubts(event: Event, ids: list[str]) -> dict[str, tuple[datetime, str]]:
    """When each of these posts was last held, withdrawn, corrected, retracted or disputed, and which it was."""
    found: list[tuple[str, datetime, str]] = []
    gone = event.posts.filter(pk__in=ids, state=PostState.WITHDRAWN)
    for pk, at, withdrawal in gone.values_list("pk", "withdrawn_at", "withdrawal"):
        held = withdrawal == "hold"
        assert at is not None
        found.append((pk, at, _("The post is being checked.") if held else _("The post was taken from the page.")))
    notes = Correction.objects.filter(Q(post__in=ids), kind__in=_WRONGS)
    found += [(str(pk), at, _("The post was corrected.")) for pk, at in notes.values_list("post_id", "at")]
    changes = StandingChange.objects.filter(post__in=ids, standing__in=_DOUBTS, post__standing__in=_DOUBTS)
    found += [(str(pk), at, _("The post is disputed or false.")) for pk, at in changes.values_list("post_id", "at")]
    return {pk: (at, why) for pk, at, why in sorted(found, key=lambda one: one[1])}
