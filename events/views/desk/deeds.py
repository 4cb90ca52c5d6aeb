"""Deeds at the desk: one POST, one call of publishing, one sentence."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from events import publishing
from events.forms.desk import perform
from events.models import Event, Post
from events.models.post import PostState
from events.views.desk.door import at_the_desk, content_of


@require_POST
@at_the_desk
def deed(request: HttpRequest, event: Event, verb: str) -> HttpResponse:
    """Do one deed and say how it went: ``{ok, message, post, sequence, due, began, repeated, undo}``.

    `undo` is the key to be given to `takeback` within its window, empty where there is none;
    `began` the imprint of the words of a post that is not public yet.
    """
    content = content_of(request)
    done, said = perform(verb, event, request.user, content)  # type: ignore[arg-type]
    return JsonResponse(
        {
            "ok": True,
            "message": said,
            "post": done.post.pk if done.post else None,
            "sequence": done.sequence,
            "due": _due(done.post),
            "began": publishing.imprint(done.post) if done.post and done.post.published_at is None else "",
            "repeated": done.repeated,
            "undo": _undo(event, verb, content),
        }
    )


def _undo(event: Event, verb: str, content: Any) -> str:
    """The key of the deed that was just done, if it can be taken back; what takes back cannot."""
    key = content.get("key") if isinstance(content, dict) else None
    if verb == "takeback" or not isinstance(key, str) or not key:
        return ""
    done = event.deeds.filter(key=key).first()
    return key if done is not None and publishing.can_take_back(done) else ""


def _due(post: Post | None) -> str | None:
    """When a post goes out that waits for its time."""
    if post is None or post.state != PostState.SCHEDULED or post.due_at is None:
        return None
    return post.due_at.isoformat()
