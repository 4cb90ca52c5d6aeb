"""Pictures that stand on a page: each size at an address of its own, as long as it stands there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from events import headers
from events.models import Event, Picture
from events.models.picture import Rendition, path_of
from events.views.public import answer, unchanged

_TYPES = {"webp": "image/webp", "jpeg": "image/jpeg"}


@require_safe
def rendition(request: HttpRequest, name: str, width: int, form: str) -> HttpResponseBase:
    """One size of the lead picture of an event that can be read; 404 for any other."""
    shown = Picture.objects.filter(file=path_of(name), leading__in=Event.objects.readable(), removed_at=None)
    picture = shown.first()
    found = picture and _found(picture, width, form)
    if not picture or not found:
        raise Http404
    given = headers.public("picture", headers.tag("picture", name, width, form))
    known = unchanged(request, given)
    if known is not None:
        return known
    try:
        content = picture.content(found)
    except OSError as error:
        raise Http404 from error
    return answer(request, HttpResponse(content, content_type=_TYPES[form]), given)


def _found(picture: Picture, width: int, form: str) -> Rendition | None:
    if form not in _TYPES:
        return None
    return next((one for one in picture.renditions(form.upper()) if one.width == width), None)
