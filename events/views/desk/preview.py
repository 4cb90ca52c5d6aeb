"""What readers would see of the composer's words, or of its sources alone. Nothing is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import permissions, render, text
from events.forms.deeds.deed import Forbidden
from events.forms.words import words_from
from events.models import Attribution, Event, Post
from events.publishing import Words
from events.publishing.posts import write
from events.views.desk.door import at_the_desk, content_of


@require_POST
@at_the_desk
def preview(request: HttpRequest, event: Event) -> HttpResponse:
    """The post as a page of its own, for a frame: ``{ok, html}``. Refuses what publishing would refuse."""
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may look on at this desk, not write."))
    content = content_of(request)
    words = words_from(
        event, content.get("words") if isinstance(content, dict) else None, _of(event, content)
    ).settled()
    words.check_said()
    html = render.post_html(_as_published(event, words))
    with translation.override(event.language):
        return JsonResponse({"ok": True, "html": render_to_string("desk/preview.html", {"event": event, "html": html})})


@require_POST
@at_the_desk
def lines(request: HttpRequest, event: Event) -> HttpResponse:
    """The line that readers see of each source in the composer, in order: ``{ok, lines}``."""
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may look on at this desk, not write."))
    post, content = Post(event=event, state="published", published_at=timezone.now()), content_of(request)
    words = words_from(event, content, _of(event, content))
    rows = [named.record(post, at) for at, named in enumerate(words.attributions)]
    with translation.override(event.language):
        return JsonResponse({"ok": True, "lines": [_line(post, row) for row in rows]})


def _of(event: Event, content: Any) -> Post | None:
    """The stored post that the composer writes to."""
    return event.posts.filter(pk=str(content.get("post") or "")).first() if isinstance(content, dict) else None


def _line(post: Post, row: Attribution) -> str:
    """One source as plain text: the speaker of a quotation, or the sentence that names it."""
    post.known_to_be_new([row])
    if row.quote:
        return text.line(text.plain(render_to_string("reader/_speaker.html", {"row": row, "post": post})))
    return text.line(text.plain(render_to_string("reader/_sources.html", {"post": post})))


def _as_published(event: Event, words: Words) -> Post:
    """The post that publishing would make of these words now, stored nowhere."""
    now = timezone.now()
    post = Post(event=event, state="published", published_at=now, sort_at=now, first_sequence=0)
    write(post, words)
    post.known_to_be_new([named.record(post, position) for position, named in enumerate(words.attributions)])
    return post
