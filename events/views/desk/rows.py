"""One post as a row of the desk."""

from hashlib import md5

from django.http import HttpRequest
from django.template.loader import render_to_string

from events import permissions, text
from events.models import Event, Post
from events.models.post import PostState

#: Whose names stand in a row.
PEOPLE = ("created_by", "submitted_by", "claimed_by")


def row_of(
    request: HttpRequest, event: Event, post: Post, may_publish: bool, *, another: bool = False
) -> dict[str, str]:
    """A row as ``{id, state, order, mark, html}``: the `mark` is another when the html is.

    `order` sorts what has a place in the column, and is empty for what was never public. `another`: this editor
    may not publish it, another one has to.
    """
    post.event = event
    html = render_to_string(
        _template(post),
        {
            "post": post,
            "event": event,
            "words": _excerpt(post.html),
            "pinned": event.pinned_id == post.pk,
            "may_publish": may_publish,
            "may_remove": permissions.may_remove(request.user, event),
            "another": another,
            "needs_source": may_publish and is_approved(request, post) and not post.attributions.all(),
            "me": request.user,
            "may_edit": permissions.may_edit(request.user, post),
            "may_steer": permissions.may_steer(request.user, event),
        },
    )
    order = post.order if post.sequence is not None else ""
    mark = md5(html.encode(), usedforsecurity=False).hexdigest()[:12]
    return {"id": post.pk, "state": post.state, "order": order, "mark": mark, "html": html.strip()}


def _excerpt(html: str) -> str:
    """The words of a post's text as they run on in a row, with a sign before each item of a list."""
    return text.plain(html.replace("<li>", "<li>• "))


def is_approved(request: HttpRequest, post: Post) -> bool:
    """Whether publishing it approves it, which needs a source: what is submitted, or was by somebody else."""
    return post.state == PostState.SUBMITTED or post.submitted_by_id not in (None, permissions.member(request.user).pk)


def _template(post: Post) -> str:
    if post.state == PostState.SCHEDULED:
        return "desk/_scheduled.html"
    return "desk/_waiting.html" if post.state in permissions.UNPUBLISHED else "desk/_row.html"
