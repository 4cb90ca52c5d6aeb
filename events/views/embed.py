"""The event inside a partner's page, and the loader that puts it there."""

import hashlib
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

from events import frames, render
from events.models import Event, EventAddress, Partner
from events.models.event import Visibility

#: Posts in the frame, and the most that a partner may ask for.
POSTS = 10
MOST_POSTS = 30
LOADER_SECONDS = 300
#: What may stand in a policy as a partner's origin; anything else could add directives of its own.
ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_COMMENTS = re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)\n", re.DOTALL | re.MULTILINE)


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
    source = _COMMENTS.sub("", Path(str(finders.find("js/loader.js"))).read_text(encoding="utf-8"))
    answer = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    answer["ETag"] = _tag(source)
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
    origins = [] if partner is None else [row for row in partner.origins if ORIGIN.fullmatch(str(row))]
    ancestors = ["*"] if partner is None else origins or ["'none'"]
    tag = _tag(event.stream.epoch, event.stream.sequence, settings.RELEASE, choices.query, *ancestors)
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = HttpResponse(_html(event, choices))
        answer["ETag"] = tag
    return _frameable(answer, ancestors)


def _address(event: Event, partner: Partner | None) -> str:
    """The path of the event's embed, a partner's own or the open one."""
    if partner is None:
        return reverse("embed:event", args=[event.slug])
    return reverse("embed:partner", args=[event.slug, partner.key])


def _tag(*facts: object) -> str:
    """A weak ETag (RFC 9110, 8.8.3) of what the bytes and the policy depend on."""
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:20]}"'


def _frameable(answer: HttpResponseBase, ancestors: list[str]) -> HttpResponseBase:
    """Give the answer, a 304 too, its policy: a browser takes the headers of a 304 for those of the page."""
    site = settings.SITE_URL
    ours = ["'self'", site]
    policy = {
        # In a sandbox the origin is opaque, and some engines match 'self' with nothing then.
        "script-src": ours,
        "style-src": ours,
        "img-src": [*ours, "data:"],
        "font-src": ours,
        "connect-src": [*ours, site.replace("http", "ws", 1)],
        "frame-src": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ancestors,
    }
    setattr(answer, "_csp_replace", policy)  # noqa: B010 - django-csp's own decorators set it so
    setattr(answer, "xframe_options_exempt", True)  # noqa: B010 - as Django's own decorator does
    # A page whose history was replaced is fetched again by its own script, from an opaque origin.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _html(event: Event, choices: Choices) -> str:
    """The whole page, in the event's language."""
    posts = event.posts.visible().for_readers().newest()
    rows = list((posts.keys() if choices.show else posts)[: choices.posts + 1])
    shown = rows[: choices.posts]
    oldest = shown[-1].order if len(rows) > len(shown) else ""
    newest = event.posts.published().exclude(kind="background").newest().first()
    with translation.override(event.language):
        return render_to_string(
            "embed/embed.html",
            {
                "event": event,
                "choices": choices,
                "scheme": "light dark" if choices.theme == "auto" else choices.theme,
                "address": settings.SITE_URL + event.get_absolute_url(),
                "site_name": settings.SITE_NAME,
                "parts": {name: render.part_html(event, name) for name in render.PARTS},
                "posts": [render.post_html(post) for post in shown],
                "oldest": oldest,
                "data": {
                    "slug": event.slug,
                    "epoch": event.stream.epoch,
                    "sequence": event.stream.sequence,
                    "updates": reverse("embed:event", args=[event.slug]),
                    "socket": f"/ws/events/{event.slug}/",
                    "release": settings.RELEASE,
                    "zone": event.zone,
                    "zone-name": event.zone_name,
                    "language": event.language,
                    "oldest": oldest,
                    "order-by": "newest",
                    "show": choices.show,
                    "state": event.state,
                    "last": frames.stamp(newest.published_at if newest else None),
                    "words": "{}",
                },
            },
        )
