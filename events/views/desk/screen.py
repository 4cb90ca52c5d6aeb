"""The desk's one page."""

import json
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from js_asset import Media

from events import permissions, uploads
from events.forms.fields import BodyField, BodyWidget
from events.models import Autosave, Event, Presence
from events.models.attribution import Basis, QuoteForm, Verb
from events.models.autosave import ARTICLE
from events.models.event import SecondEditor, Visibility
from events.models.post import Kind, Precision, Standing
from events.models.source import SpeakerType
from events.models.summary import Knowing
from events.views.desk.door import private
from events.views.desk.finding import authors
from events.views.desk.inbox import WAITING
from events.views.desk.presence import SILENCE
from events.views.desk.strip import doors

#: Unsent texts that the desk offers when it opens.
MOST_KEPT = 10


class _Composer(forms.Form):
    body = BodyField(widget=BodyWidget(attrs={"id": "body", "aria-label": "Text"}), required=False)


def _kept(request: HttpRequest, event: Event) -> list[dict[str, Any]]:
    """What this editor has in composers here: ``{composer, live, content}``, `live` while that window is open."""
    me = permissions.member(request.user)
    open_tabs = Presence.objects.filter(event=event, user=me, at__gt=timezone.now() - SILENCE)
    tabs = set(open_tabs.values_list("tab", flat=True))
    mine = Autosave.objects.filter(event=event, by=me).exclude(composer=ARTICLE).order_by("-at")[:MOST_KEPT]
    return [{"composer": one.composer, "live": one.composer in tabs, "content": one.content} for one in mine]


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole screen. Its rows come with the first answer of `timeline`."""
    if not request.user.is_authenticated:
        return private(redirect_to_login(request.get_full_path(), reverse("admin:login")))
    event = get_object_or_404(permissions.events_for(request.user), pk=pk)
    composer = _Composer()
    composer.fields["body"].widget.attrs |= {"lang": event.language, "dir": event.direction}
    get_token(request)
    context = {
        "event": event,
        "composer": composer,
        "media": Media.from_media(composer.media, nonce=str(getattr(request, "csp_nonce", ""))),
        "saved": json.dumps(_kept(request, event)),
        "kinds": [pair for pair in Kind.choices if pair[0] != Kind.CORRECTION],
        "all_kinds": Kind.choices,
        "authors": authors(event),
        "more_waiting": WAITING,
        "bases": Basis.choices,
        "verbs": Verb.choices,
        "quote_forms": QuoteForm.choices,
        "precisions": Precision.choices,
        "standings": Standing.choices,
        "speaker_types": SpeakerType.choices,
        "knowings": Knowing.choices,
        "visibilities": Visibility.choices,
        "picture_types": uploads.MEDIA_TYPES,
        "picture_bytes": uploads.MAX_BYTES,
        "second_editors": SecondEditor.choices,
        "others": permissions.events_for(request.user).exclude(pk=event.pk)[:100],
        "may_publish": permissions.may_publish(request.user, event),
        "may_steer": permissions.may_steer(request.user, event),
        "may_submit": permissions.may_submit(request.user, event),
        **doors(event),
    }
    return private(render(request, "desk/desk.html", context))
