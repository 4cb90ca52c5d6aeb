"""The event inside a partner's page, and the loader that puts it there."""

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events import headers, pages, render
from events.models import Event, EventAddress, Partner, Stream
from events.models.event import Visibility
from liveblog.static import strip_script

#: Posts in the frame, and the most that a partner may ask for.
POSTS = 10
MOST_POSTS = 30
LOADER_SECONDS = 300
#: What may stand in a policy as a partner's origin; anything else could add directives of its own.
ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Choices:
    """What a partner may choose in the address. Nonsense is as good as nothing: the default."""

    posts: int = POSTS
    show: str = ""
    theme: str = "auto"
    mode: str = "fixed"

    @classmethod
    def of(cls, query: QueryDict) -> "Choices":
        """Read the arguments that we know, and leave out the rest."""
        posts = query.get("posts", "")
        given: dict[str, Any] = {}
        if re.fullmatch(r"[0-9]{1,2}", posts, re.ASCII) and 1 <= int(posts) <= MOST_POSTS:
            given["posts"] = int(posts)
        for name, known in (("show", ("key",)), ("theme", ("light", "dark")), ("mode", ("auto",))):
            if query.get(name) in known:
                given[name] = query[name]
        return cls(**given)

    @property
    def query(self) -> str:
        """The arguments that say the same: `?posts=3`, or nothing."""
        said = {row.name: getattr(self, row.name) for row in fields(self) if getattr(self, row.name) != row.default}
        return f"?{urlencode(said)}" if said else ""


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The open embed: any site may frame it, unless the event is for partners only."""
    return _embed(request, slug, None)


@require_safe
def partner(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """A partner's own embed: that partner's origins may frame it, and no others."""
    return _embed(request, slug, get_object_or_404(Partner, key=key, active=True))


@require_safe
def loader(request: HttpRequest) -> HttpResponseBase:
    """The classic script that defines `<live-blog>`, at an address that never changes."""
    source = strip_script(Path(str(finders.find("js/loader.js"))).read_text(encoding="utf-8"))
    answer = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    answer["ETag"] = headers.tag(source)
    answer["Cache-Control"] = f"public, max-age={LOADER_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    # A partner's page that is isolated from others takes only what says so.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def _embed(request: HttpRequest, slug: str, partner: Partner | None) -> HttpResponseBase:
    """The page, or word that it has not changed; raise Http404 where a stranger may not know that it exists."""
    choices = Choices.of(request.GET)
    event = Event.objects.readable().select_related("stream").filter(slug=slug).first()
    if event is None:
        former = get_object_or_404(
            EventAddress.objects.select_related("event"), slug=slug, event__in=Event.objects.readable()
        )
        return HttpResponsePermanentRedirect(_address(former.event, partner) + choices.query)
    if partner is None and event.visibility == Visibility.PARTNERS:
        raise Http404
    ancestors = "*" if partner is None else _ancestors(partner)
    tag = _tag(event.stream, choices, ancestors)
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None and unchanged.status_code == 304:
        return _frameable(unchanged, tag, ancestors)
    html, stream = _page(event.pk, choices)
    return _frameable(HttpResponse(html), _tag(stream, choices, ancestors), ancestors)


def _address(event: Event, partner: Partner | None) -> str:
    """The path of the event's embed, a partner's own or the open one."""
    if partner is None:
        return reverse("embed:event", args=[event.slug])
    return reverse("embed:partner", args=[event.slug, partner.key])


def _ancestors(partner: Partner) -> str:
    """The sources of `frame-ancestors` for this partner: its origins, as far as they are any."""
    return " ".join(row for row in map(str, partner.origins) if ORIGIN.fullmatch(row)) or "'none'"


def _tag(stream: Stream, choices: Choices, ancestors: str) -> str:
    """The ETag of what the bytes and the policy depend on."""
    return headers.tag("embed", stream.epoch, stream.sequence, settings.RELEASE, choices.query, ancestors)


def _frameable(answer: HttpResponseBase, tag: str, ancestors: str) -> HttpResponseBase:
    """Give the answer its headers; a 304 too, since a browser takes them for the page's."""
    for name, value in headers.public("page", tag).items():
        answer.headers[name] = value
    # In a sandbox the origin is opaque, and some engines match 'self' with nothing then.
    ours = f"'self' {settings.SITE_URL}"
    answer.headers["Content-Security-Policy"] = headers.policy(ancestors=ancestors).replace("'self'", ours)
    # A page whose history was replaced is fetched again by its own script, from an opaque origin.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    setattr(answer, "xframe_options_exempt", True)  # noqa: B010 - as Django's own decorator does
    return answer


def _page(event_pk: int, choices: Choices) -> tuple[str, Stream]:
    """The page and where in the event's history it stands: sequence, rows, sequence again."""
    while True:
        stream = Stream.objects.get(event=event_pk)
        html = _html(Event.objects.get(pk=event_pk), stream, choices)
        now = Stream.objects.get(event=event_pk)
        if (now.epoch, now.sequence) == (stream.epoch, stream.sequence):
            return html, stream


def _html(event: Event, stream: Stream, choices: Choices) -> str:
    """The whole page, in the event's language."""
    posts = event.posts.published().keys() if choices.show else event.posts.visible()
    shown = list(posts.newest().for_readers()[: choices.posts + 1])
    more, shown = len(shown) > choices.posts, shown[: choices.posts]
    last = event.posts.published().exclude(kind="background").newest().values_list("published_at", flat=True).first()
    with translation.override(event.language):
        context = {
            "event": event,
            "stream": stream,
            "choices": choices,
            "scheme": "light dark" if choices.theme == "auto" else choices.theme,
            # What is for partners alone has no page to lead to.
            "has_page": event.visibility != Visibility.PARTNERS,
            "rows": pages.rows(event, shown),
            "parts": render.parts_html(event),
            "edge": shown[-1].order if more else "",
            "total": posts.count(),
            "last": last,
            **pages.shared(event),
        }
        return render_to_string("embed/embed.html", context)
