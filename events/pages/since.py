"""What has changed since a place in an event's history: the same bytes for everyone who left there.

A reader is told of what the page tells: new posts, corrections and other notes, what is confirmed
by now, what was withdrawn, and which lines of the summary are new. Never of words that were
replaced, and of no spelling.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from events import frames, render, steady
from events.arguments import Left
from events.models import Correction, Deed, Event, Post, StandingChange, Stream, SummaryLine, Update
from events.models.correction import CorrectionKind
from events.models.post import PostQuerySet, PostState
from events.pages.page import PAGE, Page, rows, shared, tag
from events.templatetags import newsroom

#: Changed posts beyond which the live page tells more than a list, as for the catch-up.
MOST = frames.PAGE * frames.PAGES
#: Key events and notes that are listed.
LISTED = 30


@dataclass(frozen=True)
class Change:
    """One line of a list: when, what (a label or a note), and the post that it leads to."""

    at: Any
    label: str
    post: Post
    said: str = ""


def since_page(event_pk: int, left: Left) -> Page:
    """What has changed after `left.after`. Raises ``Stream.DoesNotExist``."""

    def build(stream: Stream) -> tuple[Event, str]:
        event = Event.objects.get(pk=event_pk)
        return event, _html(event, stream, left)

    stream, (event, html) = steady.read(event_pk, build)
    return Page(html, since_tag(stream, left), stream.epoch, stream.sequence, event)


def since_tag(stream: Stream, left: Left) -> str:
    """The ETag of the page for those who left there."""
    return tag(stream.epoch, stream.sequence, f"since {left.after} {left.epoch}")


def _html(event: Event, stream: Stream, left: Left) -> str:
    with translation.override(event.language):
        context: dict[str, Any] = {"event": event, **shared(event)}
        changed = Post.objects.filter(event=event).changed_since(left.after)
        if left.epoch not in ("", stream.epoch):
            context["answer"] = "anew"
        elif left.after >= stream.sequence:
            context["answer"] = "nothing" if left.after == stream.sequence else "ahead"
        elif left.after < stream.reset_sequence or changed.count() > MOST:
            context["answer"] = "long"
        else:
            context |= {"answer": "changed", **_changes(event, left.after, changed)}
        if context["answer"] in ("anew", "long"):
            context["parts"] = render.parts_html(event, ("summary", "keys"))
        return render_to_string("reader/since.html", context)


def _changes(event: Event, after: int, changed: PostQuerySet) -> dict[str, Any]:
    """All that is listed; `changed` are the posts with a public change after that place."""
    restored = Update.objects.filter(event=event, sequence__gt=after, post=OuterRef("pk"), verb="restore")
    new = changed.published().filter(Q(first_sequence__gt=after) | Exists(restored))
    known = changed.exclude(pk__in=new.order_by())
    posts = list(new.newest().for_readers()[: PAGE + 1])
    corrections = _notes(event, after, new)
    withdrawn = Update.objects.filter(
        event=event, sequence__gt=after, post=OuterRef("pk"), verb__in=("hold", "withdraw", "retract", "remove")
    )
    gone = known.filter(Exists(withdrawn), state=PostState.WITHDRAWN, first_sequence__lte=after)
    told = {
        "since": _left_at(event, after),
        "total": new.count(),
        "corrections": corrections,
        "withdrawn": [render.post_html(post) for post in gone.visible().newest().for_readers()[:LISTED]],
        "lines": _new_lines(event, after),
        "keys": list(_keys(event, after, new).newest().prefetch_related("attributions")[:LISTED]),
        "standings": _standings(event, after, new),
        "edited": _edited(known, after, corrections),
        # No pinned part stands on this page: here are its words.
        "rows": rows(event, posts[:PAGE], dated=True, fold_pinned=False),
        "older": f"{event.get_absolute_url()}?before={posts[PAGE - 1].order}" if len(posts) > PAGE else "",
    }
    return told | {"is_empty": not any(value for name, value in told.items() if name != "since")}


def _left_at(event: Event, after: int) -> Any:
    """When the newest post came out that stood there then: what a reader who left saw last."""
    seen = event.posts.filter(first_sequence__lte=after, published_at__isnull=False)
    return seen.order_by("-published_at").values_list("published_at", flat=True).first()


def _done_since(event: Event, after: int, post: str) -> QuerySet[Update]:
    """The updates after that place which made a row with their own time: notes and standings carry it."""
    return Update.objects.filter(event=event, sequence__gt=after, post=OuterRef(post), at=OuterRef("at"))


def _notes(event: Event, after: int, new: PostQuerySet) -> list[Change]:
    """Corrections, clarifications and additions to posts that were there already, the gravest first."""
    rows = Correction.objects.filter(post__event=event, post__state=PostState.PUBLISHED).filter(
        Exists(_done_since(event, after, "post")) | Q(entry__first_sequence__gt=after)
    )
    rows = rows.exclude(post__in=new.order_by()).select_related("post__event")
    rows = rows.prefetch_related("post__attributions")
    grave = [CorrectionKind.CORRECTION, CorrectionKind.CLARIFICATION, CorrectionKind.ADDITION]
    found = sorted(rows.order_by("-at", "-pk")[:LISTED], key=lambda row: grave.index(CorrectionKind(row.kind)))
    return [Change(row.at, str(row.get_kind_display()), row.post, row.note) for row in found]


def _standings(event: Event, after: int, new: PostQuerySet) -> list[Change]:
    """What was confirmed, or doubted, of posts that were there already: each post's present standing."""
    rows = StandingChange.objects.filter(
        Exists(_done_since(event, after, "post")), post__event=event, post__state=PostState.PUBLISHED
    ).exclude(post__in=new.order_by())
    rows = rows.select_related("post__event").prefetch_related("post__attributions")
    latest = {row.post_id: row for row in rows.order_by("at", "pk")}
    return [Change(row.at, str(row.get_standing_display()), row.post) for row in list(latest.values())[:LISTED]]


def _edited(known: PostQuerySet, after: int, corrections: list[Change]) -> list[Post]:
    """Posts that the page calls edited, and have been since; what a note tells of is not told twice."""
    revised = Update.objects.filter(event=OuterRef("event"), post=OuterRef("pk"), sequence__gt=after, verb="revise")
    posts = known.published().filter(Exists(revised)).exclude(pk__in=[row.post.pk for row in corrections])
    return [post for post in posts.newest().for_readers()[:LISTED] if newsroom.is_edited(post)]


def _keys(event: Event, after: int, new: PostQuerySet) -> PostQuerySet:
    """Key events that are new, or were made one since."""
    marked = Update.objects.filter(
        event=event, sequence__gt=after, post=OuterRef("pk"), verb__in=("mark", "revise", "correct", "restore")
    )
    posts: PostQuerySet = event.posts.published().keys()
    return posts.filter(Q(pk__in=new.order_by()) | Exists(marked))


def _new_lines(event: Event, after: int) -> list[SummaryLine]:
    """The lines of the summary as it is now that it did not have then."""
    first = Deed.objects.filter(event=event, verb="summarise", sequence__gt=after).order_by("sequence").first()
    if first is None:
        return []
    before = {(line, knowing) for line, knowing, _post in (first.before or {}).get("lines", [])}
    lines = event.summary_lines.select_related("post")
    return [line for line in lines if (line.text, line.knowing) not in before]
