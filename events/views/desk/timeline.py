"""What the desk shows beside the composer."""

from hashlib import md5
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events import permissions, text
from events.forms.words import as_json
from events.models import Event, Post
from events.publishing import Refused
from events.views.desk.door import at_the_desk, scrubbed

#: Rows of the timeline in one answer.
ROWS = 60


@require_GET
@at_the_desk
def timeline(request: HttpRequest, event: Event) -> HttpResponse:
    """Rows of the column and of the inbox, the state, the summary: what the desk shows beside the composer.

    ``before=<post id>`` answers the rows older than that post. Each row has a `mark` that
    changes when its html does.
    """
    column = event.posts.exclude(state__in=permissions.UNPUBLISHED).newest()
    before = scrubbed(request.GET.get("before", ""))
    anchor = column.filter(pk=before).first() if before else None
    if anchor is not None:
        column = column.filter(
            Q(sort_at__lt=anchor.sort_at) | Q(sort_at=anchor.sort_at, first_sequence__lt=anchor.first_sequence)
        )
    sequence = event.stream.sequence
    rows = list(column.prefetch_related("attributions", "corrections").select_related("created_by")[: ROWS + 1])
    may_publish = permissions.may_publish(request.user, event)
    answer: dict[str, Any] = {
        "sequence": sequence,
        "state": event.state,
        "state_label": event.get_state_display(),
        "pause_note": event.pause_note,
        "frozen": event.frozen,
        "more": len(rows) > ROWS,
        "posts": [_row(request, event, post, "desk/_row.html", may_publish) for post in rows[:ROWS]],
    }
    if anchor is None:
        waiting = _inbox(request, event)
        answer["total"] = event.posts.published().count()
        answer["inbox"] = [_row(request, event, post, "desk/_waiting.html", may_publish) for post in waiting]
        answer["summary"] = [
            {"text": line.text, "knowing": line.knowing, "post": line.post_id or ""}
            for line in event.summary_lines.all()
        ]
    return JsonResponse(answer)


def _inbox(request: HttpRequest, event: Event) -> QuerySet[Post]:
    """What is not public yet: all of it for editors, one's own for contributors. Submissions first."""
    waiting = event.posts.filter(state__in=permissions.UNPUBLISHED)
    if not permissions.may_publish(request.user, event):
        waiting = waiting.filter(created_by=permissions.member(request.user))
    return waiting.prefetch_related("attributions").select_related("created_by").order_by("-state", "-created_at")[:50]


def _row(request: HttpRequest, event: Event, post: Post, template: str, may_publish: bool) -> dict[str, str]:
    post.event = event
    html = render_to_string(
        template,
        {
            "post": post,
            "event": event,
            "words": text.plain(post.html),
            "pinned": event.pinned_id == post.pk,
            "may_publish": may_publish,
            "may_edit": permissions.may_edit(request.user, post),
            "may_steer": permissions.may_steer(request.user, event),
        },
    )
    return {"id": post.pk, "mark": md5(html.encode(), usedforsecurity=False).hexdigest()[:12], "html": html.strip()}


@require_GET
@at_the_desk
def words(request: HttpRequest, event: Event, post_id: str) -> HttpResponse:
    """One post for the composer: its words, its revision, its state."""
    post = event.posts.select_related("event").filter(pk=scrubbed(post_id)).first()
    if post is None or not permissions.may_edit(request.user, post):
        raise Refused(_("This post is not there any more, or it is not yours to edit."))
    return JsonResponse(as_json(post))
