"""The desk's inbox: what is not public yet."""

from collections import Counter
from typing import Any

from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from events import permissions, publishing
from events.models import Event
from events.models.post import PostQuerySet, PostState
from events.views.desk.finding import narrowed
from events.views.desk.rows import PEOPLE, row_of

#: Submissions and drafts in one answer, for who asks for no more, and at most.
WAITING = 50
MOST_WAITING = 1000


def inbox(request: HttpRequest, event: Event, may_publish: bool) -> dict[str, Any]:
    """The inbox's part of the answer of `timeline`: everybody's for editors, one's own for contributors.

    `inbox` has the rows: all that has missed its time or waits for it, whatever is looked for; then
    submissions, the one that waited longest first, then drafts, the newest first: ``inbox=<number>`` of
    these two. `waiting` is the number of all, `waits` that of each state, whatever is looked for;
    `unseen` when those came in that are news and have no row.
    """
    waiting: PostQuerySet = event.posts.filter(state__in=permissions.UNPUBLISHED)
    if not may_publish:
        waiting = waiting.filter(created_by=permissions.member(request.user))
    timed = waiting.filter(state=PostState.SCHEDULED).order_by(F("missed_at").asc(nulls_last=True), "due_at", "pk")
    handed = Case(When(state=PostState.SUBMITTED, then=Coalesce("handed_at", "created_at")))
    others = waiting.exclude(state=PostState.SCHEDULED)
    found = narrowed(others, event, request, states=False).order_by("-state", handed.asc(), "-created_at", "pk")
    wanted = _wanted(request)
    first, then = (
        list(rows.prefetch_related("attributions").select_related(*PEOPLE)) for rows in (timed, found[:wanted])
    )
    # What has left its time between the two readings is what the later one says.
    read = {post.pk for post in then}
    first = [post for post in first if post.pk not in read]
    # Whoever does not publish needs no word of who may.
    another = publishing.barred(event, permissions.member(request.user), then) if may_publish else set()
    unseen = others.filter(_is_news(request, may_publish)).exclude(pk__in=read)
    return {
        "inbox": [row_of(request, event, post, may_publish, another=post.pk in another) for post in [*first, *then]],
        "waiting": len(first) + (len(then) if len(then) < wanted else found.count()),
        "waits": Counter(waiting.order_by().values_list("state", flat=True)),
        "unseen": list(unseen.order_by("-handed_at").values_list("handed_at", flat=True)[:MOST_WAITING]),
    }


def _wanted(request: HttpRequest) -> int:
    asked = request.GET.get("inbox", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else WAITING
    return max(WAITING, min(number, MOST_WAITING))


def _is_news(request: HttpRequest, may_publish: bool) -> Q:
    """What its row calls news: others' submissions for who publishes, one's own that came back for anybody."""
    me = permissions.member(request.user)
    news = Q(created_by=me) & ~Q(sent_back_reason="")
    if may_publish:
        news |= Q(state=PostState.SUBMITTED) & (Q(submitted_by=None) | ~Q(submitted_by=me))
    return news & Q(handed_at__isnull=False)
