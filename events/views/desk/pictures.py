"""Pictures at the desk: taken in when somebody chooses one, and shown before any reader sees it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from events import permissions, publishing
from events.forms.deeds.deed import Forbidden
from events.models import Event
from events.publishing import Refused
from events.views.desk.door import at_the_desk


@require_POST
@at_the_desk
def take_in(request: HttpRequest, event: Event) -> HttpResponse:
    """Keep the picture that was sent as `picture`: ``{picture, width, height}``. No reader sees it by that."""
    if not permissions.may_steer(request.user, event):
        raise Forbidden(_("Only an editor may do this. You may save a draft, or submit it."))
    upload = request.FILES.get("picture")
    if upload is None:
        raise Refused(_("No picture has arrived. Choose it once more."), "lead_picture")
    picture = publishing.take_in(event, upload, by=permissions.member(request.user))
    return JsonResponse({"picture": str(picture.pk), "width": picture.width, "height": picture.height})


@require_GET
@at_the_desk
def picture(request: HttpRequest, event: Event, number: int) -> HttpResponse:
    """A picture of this event as its desk sees it, public or not."""
    found = event.pictures.filter(pk=number, removed_at=None).first()
    if found is None:
        raise Refused(_("This picture is not there any more. Choose another one."), "lead_picture")
    try:
        content = found.content(found.largest(640, 10_000) or found.usual)
    except OSError as error:
        raise Refused(_("The storage has lost this picture. Choose it once more."), "lead_picture") from error
    return HttpResponse(content, content_type="image/jpeg")
