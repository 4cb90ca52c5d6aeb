"""What readers would see of the composer's words, or of its sources alone. Nothing is stored."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import permissions, render, text
from events.forms.deeds.deed import Forbidden
from events.forms.words import words_from
from events.models import Attribution, Correction, Event, Post, StandingChange
from events.publishing import Words, is_same
from events.publishing.correcting import correction_note, entry_words
from events.publishing.posts import note_of_change, show, write
from events.views.desk.door import at_the_desk, content_of

_PARTS = re.compile(r"(?<=>)\s+(?=<span)")


@require_POST
@at_the_desk
def preview(request: HttpRequest, event: Event) -> HttpResponse:
    """The post as a page of its own, for a frame: ``{ok, html}``. Refuses what publishing would refuse.

    A public post is shown as it would be revised: with `change` and `note`, and the entry that tells of a correction.
    """
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may look on at this desk, not write."))
    content = content_of(request)
    stored = _of(event, content)
    words = words_from(event, content.get("words") if isinstance(content, dict) else None, stored).settled()
    words.check_said()
    if stored is not None and stored.published_at is not None:
        post, entry = _as_revised(stored, words, str(content.get("change") or "typo"), str(content.get("note") or ""))
    else:
        post, entry = _as_published(event, words), None
    context = {"event": event, "html": render.post_html(post), "entry": render.post_html(entry) if entry else ""}
    # What the desk says of the entry stands in the desk's language.
    context |= {"told": _("And on top of the column, as an entry of its own:"), "language": get_language()}
    with translation.override(event.language):
        return JsonResponse({"ok": True, "html": render_to_string("desk/preview.html", context)})


@require_POST
@at_the_desk
def lines(request: HttpRequest, event: Event) -> HttpResponse:
    """The line that readers see of each source in the composer, in order: ``{ok, lines}``."""
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may look on at this desk, not write."))
    content = content_of(request)
    stored = _of(event, content)
    # “On Tuesday” is told by when the post went out.
    at = (stored.published_at if stored else None) or timezone.now()
    post = Post(event=event, state="published", published_at=at)
    words = words_from(event, content, stored)
    rows = [named.record(post, position) for position, named in enumerate(words.attributions)]
    with translation.override(event.language):
        return JsonResponse({"ok": True, "lines": [_line(post, row) for row in rows]})


def _of(event: Event, content: Any) -> Post | None:
    """The stored post that the composer writes to."""
    return event.posts.filter(pk=str(content.get("post") or "")).first() if isinstance(content, dict) else None


def _line(post: Post, row: Attribution) -> str:
    """One source as plain text: the speaker of a quotation, or the sentence that names it."""
    post.known_to_be_new([row])
    if row.quote:
        html = render_to_string("reader/_speaker.html", {"row": row, "post": post}).strip()
        # What the page's style parts, a comma parts here.
        return text.line(text.plain(_PARTS.sub(_(", "), html)))
    return text.line(text.plain(render_to_string("reader/_sources.html", {"post": post})))


def _as_revised(stored: Post, words: Words, change: str, note: str) -> tuple[Post, Post | None]:
    """What revising would make of the public post now, with its notes, and the entry that tells of a correction."""
    now = timezone.now()
    note = correction_note(note) if change == "correction" else note_of_change(change, note)
    related: dict[str, list[Any]] = {
        "corrections": list(stored.corrections.all()),
        "standing_changes": list(stored.standing_changes.all()),
        "attributions": [named.record(stored, position) for position, named in enumerate(words.attributions)],
    }
    entry_of = Correction.objects.filter(entry=stored).first()
    if change != "typo" or not is_same(stored, words):
        stored.revised_at = now
    if change != "typo":
        related["corrections"].append(Correction(post=stored, kind=change, note=note, at=now))
    if words.standing != stored.standing:
        related["standing_changes"].append(StandingChange(post=stored, standing=words.standing, at=now))
    write(stored, words)
    # One on hold is shown again.
    show(stored)
    stored.known_to_have(related, entry_of)
    if change != "correction":
        return stored, None
    entry = _as_published(stored.event, entry_words(stored, note))
    entry.known_to_have({"corrections": [], "standing_changes": [], "attributions": []}, related["corrections"][-1])
    return stored, entry


def _as_published(event: Event, words: Words) -> Post:
    """The post that publishing would make of these words now, stored nowhere."""
    now = timezone.now()
    post = Post(event=event, state="published", published_at=now, sort_at=now, first_sequence=0)
    write(post, words)
    post.known_to_be_new([named.record(post, position) for position, named in enumerate(words.attributions)])
    return post
