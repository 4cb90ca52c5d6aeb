"""The oEmbed provider: an address of ours in, what to show for it out."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from events import headers, oembed
from events.models import Post
from events.views.public import Moved, dress, find_event
from events.views.public import answer as answered


@require_safe
def answer(request: HttpRequest) -> HttpResponseBase:
    """Answer in JSON or XML; 404 for what is not public here, 501 for another format."""
    form = request.GET.get("format", "json")
    if form not in oembed.FORMATS:
        return _refuse("format= is json or xml.", 501)
    asked = oembed.Asked.of(request.GET)
    if asked is None:
        return _refuse("url= should be the address of an event or of a post on this site.", 404)
    try:
        event = find_event(asked.slug)
    except Moved as moved:
        event = moved.event
    except Http404:
        return _refuse("There is no such event.", 404)
    post = None
    if asked.post:
        post = Post.objects.published().for_readers().filter(event=event, pk=asked.post).first()
        if post is None:
            return _refuse("There is no such post.", 404)
    told = oembed.told(event, post, asked)
    text = oembed.as_xml(told) if form == "xml" else json.dumps(told, ensure_ascii=False)
    media_type = "text/xml" if form == "xml" else "application/json"
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    return answered(request, response, headers.public("data", headers.tag(text)))


def _refuse(sentence: str, status: int) -> HttpResponseBase:
    """A sentence for whoever wrote the program; kept by nobody."""
    response = HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    return dress(response, {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"})
