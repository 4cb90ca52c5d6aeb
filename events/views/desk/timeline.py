"""What the desk shows beside the composer."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events import permissions, publishing
from events.forms.deeds.steering import TEXTS
from events.forms.words import as_json
from events.models import Event, Post
from events.models.post import PostQuerySet, PostState, Withdrawal
from events.publishing import Refused
from events.templatetags import headings
from events.templatetags.newsroom import standing
from events.templatetags.summary import line_text
from events.views.desk.amber import amber
from events.views.desk.door import at_the_desk, scrubbed
from events.views.desk.finding import narrowed
from events.views.desk.inbox import inbox
from events.views.desk.rows import PEOPLE, is_approved, row_of
from events.views.desk.strip import strip

#: Rows of the timeline in one answer.
ROWS = 60
#: Rows further down that are told of in one answer.
MOST_CHANGED = 120
#: What can be asked without narrowing the rows.
_NARROWS_NOTHING = {"have", "also", "inbox"}
_IN_TRASH = Q(state=PostState.WITHDRAWN) & ~Q(withdrawal=Withdrawal.HOLD)


@require_GET
@at_the_desk
def timeline(request: HttpRequest, event: Event) -> HttpResponse:
    """Rows of the column and of the inbox, the state, the summary: what the desk shows beside the composer.

    What was taken back by Undo is in the trash alone: for readers it was never there.
    ``trash=1`` answers only what was withdrawn or taken back, ``before=<post id>`` the rows
    older than that post; what else narrows it is said in `narrowed`, what stands in the inbox in
    `inbox`, what a row is in `row_of`; `latest` are the newest that can be read, however narrowed.
    To whoever shows older rows and says ``have=<sequence>`` and ``also=<post id>,…``, `changed` and `gone`
    tell what became of those.
    """
    column = event.posts.exclude(state__in=permissions.UNPUBLISHED).newest()
    column = column.filter(_IN_TRASH) if request.GET.get("trash") else column.exclude(withdrawal=Withdrawal.UNDO)
    column = narrowed(column, event, request)
    before = scrubbed(request.GET.get("before", ""))
    anchor = column.filter(pk=before).first() if before else None
    shown = column.below(anchor) if anchor is not None else column
    sequence = event.stream.sequence
    rows = list(shown.prefetch_related("attributions", "corrections").select_related(*PEOPLE)[: ROWS + 1])
    may_publish = permissions.may_publish(request.user, event)
    answer: dict[str, Any] = {
        "sequence": sequence,
        "state": event.state,
        "state_label": event.get_state_display(),
        "pause_note": event.pause_note,
        "frozen": event.frozen,
        "at": timezone.now().isoformat(),
        "clock": publishing.is_beating(publishing.CLOCK),
        "more": len(rows) > ROWS,
        **strip(event),
        "posts": [row_of(request, event, post, may_publish) for post in rows[:ROWS]],
    }
    if anchor is None:
        answer |= _later(request, event, column, may_publish) | _beside(request, event, may_publish)
        answer["latest"] = _latest(event, rows, is_all=not set(request.GET) - _NARROWS_NOTHING)
    return JsonResponse(answer)


def _beside(request: HttpRequest, event: Event, may_publish: bool) -> dict[str, Any]:
    """What stands beside the column: the inbox, the summary, the event's own fields, what is to be decided."""
    return {
        **inbox(request, event, may_publish),
        "amber": amber(event) if may_publish else [],
        "handover": event.handover,
        "pinned": _pinned(event),
        **_counts(event),
        "about": {name: getattr(event, name) for name in TEXTS}
        | {"continues": event.continues_id or "", "lead_picture": event.lead_picture_id or ""},
        "summary": _summary(event),
    }


def _summary(event: Event) -> list[dict[str, str]]:
    """The lines of the summary: ``{text, knowing, post, title, standing, says}``.

    `standing` is that of the post, and `says` the line as readers have it, both in the event's language.
    """
    lines = event.summary_lines.select_related("post").prefetch_related("post__attributions")
    with translation.override(event.language):
        return [
            {
                "text": line.text,
                "knowing": line.knowing,
                "post": line.post_id or "",
                "title": _title(line.post),
                "standing": standing(line.post) if line.post is not None and line.post.is_public else "",
                "says": line_text(line),
            }
            for line in lines
        ]


def _pinned(event: Event) -> dict[str, str] | None:
    """What stands at the top of the page: ``{post, title}``."""
    post = event.posts.filter(pk=event.pinned_id).prefetch_related("attributions").first() if event.pinned_id else None
    return {"post": post.pk, "title": _title(post)} if post is not None else None


def _counts(event: Event) -> dict[str, int]:
    """How many posts can be read, as the page counts them, and how many lie in the trash."""
    return event.posts.aggregate(
        total=Count("pk", filter=Q(state=PostState.PUBLISHED)),
        trash=Count("pk", filter=_IN_TRASH),
    )


def _latest(event: Event, rows: list[Post], *, is_all: bool) -> list[dict[str, str]]:
    """The newest posts that can be read, ``{id, title, time, standing}``, whichever `rows` the desk is looking at."""
    if not is_all:
        rows = list(event.posts.published().newest().prefetch_related("attributions")[:ROWS])
    with translation.override(event.language):
        return [
            {"id": post.pk, "title": _title(post), "time": _time(event, post), "standing": standing(post)}
            for post in rows
            if post.is_public
        ]


def _time(event: Event, post: Post) -> str:
    """The time of day at which it stands in the column."""
    return f"{post.sort_at.astimezone(event.tz):%H:%M}" if post.sort_at else ""


def _later(request: HttpRequest, event: Event, column: PostQuerySet, may_publish: bool) -> dict[str, Any]:
    """Rows of `column` that changed after the sequence ``have``, and the ids of those that left it."""
    have = request.GET.get("have", "")
    if not (have.isascii() and have.isdigit() and len(have) < 16):
        return {"changed": [], "gone": []}
    also = scrubbed(request.GET.get("also", "")).split(",")[:ROWS]
    touched = event.posts.filter(Q(sequence__gt=int(have)) | Q(pk__in=also)).order_by("-sequence")[:MOST_CHANGED]
    ids = set(touched.values_list("pk", flat=True))
    rows = column.filter(pk__in=ids).prefetch_related("attributions", "corrections").select_related(*PEOPLE)
    shown = [row_of(request, event, post, may_publish) for post in rows]
    return {"changed": shown, "gone": sorted(ids - {row["id"] for row in shown})}


def _title(post: Post | None) -> str:
    """What a post is called wherever the desk names it; empty for none."""
    return headings.titled(post) if post is not None else ""


def _author(request: HttpRequest, post: Post) -> str:
    """Who has written it, empty for whoever asks."""
    author = post.created_by
    if author is None:
        return _("Somebody")
    return "" if author == request.user else author.get_short_name() or author.get_username()


@require_GET
@at_the_desk
def words(request: HttpRequest, event: Event, post_id: str) -> HttpResponse:
    """One post for the composer: its words, revision and state; whose it is, and whether publishing approves it."""
    post = event.posts.select_related("event", "created_by").filter(pk=scrubbed(post_id)).first()
    if post is None or not permissions.may_edit(request.user, post):
        raise Refused(_("This post is not there any more, or it is not yours to edit."))
    return JsonResponse(as_json(post) | {"author": _author(request, post), "approves": is_approved(request, post)})
