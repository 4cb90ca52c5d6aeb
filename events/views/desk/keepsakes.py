"""What is made of an event at its end: the article of chosen posts, and the archive."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from events import archive, article, permissions, text
from events.models import Autosave, Correction, Event
from events.models.autosave import ARTICLE
from events.models.post import Kind
from events.views.desk.door import private

#: The forms that an article can be had in: name in the address -> content type and writer.
FORMS = {
    "html": ("text/html; charset=utf-8", article.html),
    "md": ("text/markdown; charset=utf-8", article.markdown),
}


@require_GET
def article_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which posts are chosen, with the article of them beside it."""
    event = _event(request, pk)
    if isinstance(event, HttpResponse):
        return event
    kept = _kept(request, event)
    entries = _entries(event)
    without = _left_out(kept, entries)
    title, standfirst = _heading(kept)
    # The label of one without a headline is its quotation.
    posts = list(event.posts.published().oldest().prefetch_related("attributions"))
    for post in posts:
        post.event = event
    context = {
        "event": event,
        "posts": posts,
        "without": without,
        "entries": entries,
        "title": title or event.title,
        "standfirst": event.standfirst if standfirst is None else standfirst,
        "chosen": sum(post.pk not in without for post in posts),
        "background": Kind.BACKGROUND,
    }
    return private(render(request, "desk/article.html", context))


@require_GET
def article_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The article of the posts that this editor chose, as a file."""
    event = _event(request, pk)
    if isinstance(event, HttpResponse):
        return event
    if form not in FORMS:
        raise Http404
    content_type, write = FORMS[form]
    kept = _kept(request, event)
    posts = event.posts.published().exclude(pk__in=_left_out(kept, _entries(event))).for_readers()
    title, standfirst = _heading(kept)
    written = write(article.of(event, posts, title=title, standfirst=standfirst))
    return _download(written.encode(), content_type, f"{_file_name(title or event.title) or event.slug}.{form}")


@require_GET
def archive_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive as a zip file."""
    event = _event(request, pk)
    if isinstance(event, HttpResponse):
        return event
    return _download(archive.zipped(event), "application/zip", f"{event.slug}-archive.zip")


def _event(request: HttpRequest, pk: int) -> Event | HttpResponse:
    """The event, or the way to the login; raise Http404 for whoever does not publish in it."""
    if not request.user.is_authenticated:
        return private(redirect_to_login(request.get_full_path(), reverse("admin:login")))
    event = get_object_or_404(Event, pk=pk)
    if not permissions.may_publish(request.user, event):
        raise Http404
    return event


def _kept(request: HttpRequest, event: Event) -> dict[str, Any]:
    """What this editor has chosen and written for the article; kept by the address of autosaves."""
    kept = Autosave.objects.filter(event=event, by=permissions.member(request.user), composer=ARTICLE).first()
    return kept.content if kept else {}


def _heading(kept: dict[str, Any]) -> tuple[str, str | None]:
    """The article's own title, empty for the event's, and its own standfirst, None for the event's."""
    title, standfirst = kept.get("title"), kept.get("standfirst")
    return text.line(title)[:200] if isinstance(title, str) else "", (
        text.line(standfirst)[:1000] if isinstance(standfirst, str) else None
    )


def _entries(event: Event) -> set[str]:
    """The ids of the posts that tell of a correction which stands with its own post as well."""
    told = Correction.objects.filter(post__in=event.posts.published(), entry__isnull=False)
    return set(told.values_list("entry_id", flat=True))


def _left_out(kept: dict[str, Any], entries: set[str]) -> set[str]:
    """The ids of the posts that this editor has taken out, and of those `entries` that they have not put in."""
    return _ids(kept.get("without")) | (entries - _ids(kept.get("within")))


def _file_name(title: str) -> str:
    """A title as the name of a file in any system: its letters and numbers, of no more than ten words."""
    return "-".join(slugify(title, allow_unicode=True).split("-")[:10])[:80]


def _ids(kept: Any) -> set[str]:
    return {str(one) for one in kept} if isinstance(kept, list) else set()


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    # A name in another script goes as RFC 6266 says.
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return private(answer)
