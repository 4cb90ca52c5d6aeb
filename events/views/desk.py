"""The desk: one screen on which an editor lives while the event is on.

The page is plain HTML; everything after it is JSON over HTTP, with the CSRF token read from
the cookie at the moment of sending. Nothing here may be kept by any cache.
"""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import md5
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from js_asset import Media

from events import permissions, text
from events.forms.desk import DEEDS, Forbidden, perform
from events.forms.fields import BodyField, BodyWidget
from events.forms.words import as_json
from events.models import Autosave, Event, Post, Source
from events.models.post import Basis, Kind, Precision, QuoteForm, Standing, Verb
from events.models.source import SpeakerType
from events.models.summary import Knowing
from events.publishing import Conflict, Done, Refused

#: Rows of the timeline in one answer.
ROWS = 60
#: Bytes that one autosave may have: a body of the largest size, and its attributions.
MAX_AUTOSAVE = 400_000

View = Callable[..., HttpResponse]


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refusal(status: int, message: str, **more: Any) -> HttpResponse:
    return _private(JsonResponse({"error": message, "field": "", **more}, status=status))


def at_the_desk(view: View) -> View:
    """Give the view its event, and answer whoever may not with a sentence in JSON."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            sentence = _("You are logged out. Your text is still here: log in in a new tab, then press again.")
            return _refusal(401, sentence, login=reverse("admin:login"))
        if not permissions.may_enter(request.user):
            return _refusal(403, _("You have no place at this desk. Ask an administrator for one."))
        event = Event.objects.filter(pk=pk).first()
        if event is None:
            return _refusal(404, _("This event is not there any more."))
        try:
            return _private(view(request, event, *args, **kwargs))
        except Conflict as conflict:
            return _refusal(409, conflict.message, conflict=_both_texts(conflict))
        except Refused as refused:
            return _refusal(400, refused.message, field=refused.field)
        except Forbidden as forbidden:
            return _refusal(403, str(forbidden))
        except RequestDataTooBig:
            return _refusal(413, _("This is too long to be sent. Shorten the text; it is still here."), field="body")

    return guarded


def _both_texts(conflict: Conflict) -> dict[str, Any]:
    """The words as they stand, for showing beside one's own."""
    revision = conflict.revision
    return {
        **as_json(conflict.post),
        "html": conflict.post.html,
        "by": str(revision.by or _("somebody")),
        "at": f"{revision.at.astimezone(conflict.post.event.tz):%H:%M:%S}",
    }


def _content(request: HttpRequest) -> Any:
    """The JSON of a POST; raise Refused for what is none."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("The desk sent something that we cannot read. Load the page again; your text is kept.")
        ) from error


class _Composer(forms.Form):
    body = BodyField(widget=BodyWidget(attrs={"id": "body", "aria-label": "Text"}), required=False)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole screen. Its rows come with the first answer of `timeline`."""
    if not request.user.is_authenticated:
        return _private(redirect_to_login(request.get_full_path(), reverse("admin:login")))
    if not permissions.may_enter(request.user):
        raise Http404
    event = get_object_or_404(Event, pk=pk)
    composer = _Composer()
    saved = Autosave.objects.filter(event=event, by=request.user).order_by("-at").first()
    get_token(request)
    context = {
        "event": event,
        "composer": composer,
        "media": Media.from_media(composer.media, nonce=str(getattr(request, "csp_nonce", ""))),
        "saved": json.dumps(saved.content) if saved else "",
        "kinds": [pair for pair in Kind.choices if pair[0] != Kind.CORRECTION],
        "bases": Basis.choices,
        "verbs": Verb.choices,
        "quote_forms": QuoteForm.choices,
        "precisions": Precision.choices,
        "standings": Standing.choices,
        "speaker_types": SpeakerType.choices,
        "knowings": Knowing.choices,
        "may_publish": permissions.may_publish(request.user, event),
        "may_steer": permissions.may_steer(request.user, event),
        "socket": f"/ws/events/{event.slug}/" if event.is_readable else "",
    }
    return _private(render(request, "desk/desk.html", context))


@require_GET
@at_the_desk
def timeline(request: HttpRequest, event: Event) -> HttpResponse:
    """Rows of the column and of the inbox, the state, the summary: what the desk shows beside the composer.

    ``before=<post id>`` answers the rows older than that post. Each row has a `mark` that
    changes when its html does.
    """
    column = event.posts.exclude(state__in=permissions.UNPUBLISHED).newest()
    before = request.GET.get("before", "")
    anchor = column.filter(pk=before).first() if before else None
    if anchor is not None:
        column = column.filter(
            Q(sort_at__lt=anchor.sort_at) | Q(sort_at=anchor.sort_at, first_sequence__lt=anchor.first_sequence)
        )
    sequence = event.stream.sequence
    rows = list(column.prefetch_related("attributions", "corrections").select_related("created_by")[: ROWS + 1])
    may_publish = permissions.may_publish(request.user, event)
    answer: dict[str, Any] = {
        "sequence": sequence,
        "state": event.state,
        "state_label": event.get_state_display(),
        "pause_note": event.pause_note,
        "frozen": event.frozen,
        "more": len(rows) > ROWS,
        "posts": [_row(request, event, post, "desk/_row.html", may_publish) for post in rows[:ROWS]],
    }
    if anchor is None:
        waiting = _inbox(request, event)
        answer["total"] = event.posts.published().count()
        answer["inbox"] = [_row(request, event, post, "desk/_waiting.html", may_publish) for post in waiting]
        answer["summary"] = [
            {"text": line.text, "knowing": line.knowing, "post": line.post_id or ""}
            for line in event.summary_lines.all()
        ]
    return JsonResponse(answer)


def _inbox(request: HttpRequest, event: Event) -> QuerySet[Post]:
    """What is not public yet: all of it for editors, one's own for contributors. Submissions first."""
    waiting = event.posts.filter(state__in=permissions.UNPUBLISHED)
    if not permissions.may_publish(request.user, event):
        waiting = waiting.filter(created_by=request.user)
    return waiting.prefetch_related("attributions").select_related("created_by").order_by("-state", "-created_at")[:50]


def _row(request: HttpRequest, event: Event, post: Post, template: str, may_publish: bool) -> dict[str, str]:
    post.event = event
    html = render_to_string(
        template,
        {
            "post": post,
            "event": event,
            "words": text.plain(post.html),
            "pinned": event.pinned_id == post.pk,
            "may_publish": may_publish,
            "may_edit": permissions.may_edit(request.user, post),
            "may_steer": permissions.may_steer(request.user, event),
        },
    )
    return {"id": post.pk, "mark": md5(html.encode(), usedforsecurity=False).hexdigest()[:12], "html": html.strip()}


@require_GET
@at_the_desk
def words(request: HttpRequest, event: Event, post_id: str) -> HttpResponse:
    """One post for the composer: its words, its revision, its state."""
    post = event.posts.select_related("event").filter(pk=post_id).first()
    if post is None or not permissions.may_edit(request.user, post):
        raise Refused(_("This post is not there any more, or it is not yours to edit."))
    return JsonResponse(as_json(post))


@require_POST
@at_the_desk
def deed(request: HttpRequest, event: Event, verb: str) -> HttpResponse:
    """Do one deed and say how it went: ``{ok, message, post, sequence}``."""
    if verb not in DEEDS:
        raise Refused(_("The desk does not know how to “%(verb)s”.") % {"verb": verb[:20]})
    done = perform(verb, event, request.user, _content(request))  # type: ignore[arg-type]
    return JsonResponse(
        {
            "ok": True,
            "message": _said(verb, done),
            "post": done.post.pk if done.post else None,
            "sequence": done.sequence,
            "repeated": done.repeated,
        }
    )


def _said(verb: str, done: Done) -> str:
    """What the desk says once it is done."""
    sentences = {
        "draft": _("Saved as a draft."),
        "submit": _("Submitted to the editors."),
        "delete": _("Thrown away."),
        "publish": _("Published."),
        "revise": _("Revised."),
        "hold": _("Held: readers see that we are checking it."),
        "withdraw": _("Withdrawn."),
        "retract": _("Retracted."),
        "restore": _("Restored."),
        "undo": _("Taken back."),
        "mark": _("Changed in the list of key events."),
        "pin": _("Pinned to the top."),
        "unpin": _("Pinned no longer."),
        "summarise": _("The summary is out."),
        "open": _("The event is live."),
        "pause": _("The event is paused."),
        "end": _("The event has ended."),
    }
    if done.entry is not None:
        return _("Corrected, and published as an entry of its own.")
    return sentences[verb]


@require_http_methods(["GET", "POST"])
@at_the_desk
def sources(request: HttpRequest, event: Event) -> HttpResponse:
    """Find sources by ``q`` in name, role and organisation, or make one in place."""
    if request.method == "POST":
        return _make_source(request)
    found = Source.objects.all()
    for word in request.GET.get("q", "").replace("\x00", "").split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(role__icontains=word) | Q(organisation__icontains=word))
    return JsonResponse({"sources": [_source_json(source) for source in found[:10]]})


def _make_source(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("events.add_source"):
        raise Forbidden(_("You may not make sources. Ask an editor."))
    content = _content(request)
    fields = ("name", "role", "organisation", "speaker_type", "link")
    given = {name: text.line(str(content.get(name) or "")) for name in fields} if isinstance(content, dict) else {}
    same = Source.objects.filter(**{name: given.get(name, "") for name in fields[:3]}).first()
    if same is not None:
        return JsonResponse({"ok": True, "source": _source_json(same)})
    source = Source(**{name: value for name, value in given.items() if value})
    try:
        source.full_clean()
        with transaction.atomic():
            source.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        sentence = _("A source needs a name.") if field == "name" and not source.name else messages[0]
        raise Refused(str(sentence), f"source-{field}") from error
    except IntegrityError as error:
        raise Refused(_("Somebody has just made this source: search again.")) from error
    return JsonResponse({"ok": True, "source": _source_json(source)})


def _source_json(source: Source) -> dict[str, Any]:
    about = ", ".join(part for part in (source.role, source.organisation) if part)
    return {"id": source.pk, "name": source.name, "about": about, "type": source.speaker_type, "label": str(source)}


@require_POST
@at_the_desk
def autosave(request: HttpRequest, event: Event) -> HttpResponse:
    """Keep what is in the composer, touching no post; ``content: null`` forgets it."""
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may look on at this desk, not write."))
    if len(request.body) > MAX_AUTOSAVE:
        raise Refused(_("This is too long to be kept on the server; it is kept in this browser."), "body")
    given = _content(request)
    composer = str(given.get("composer", "new"))[:40] if isinstance(given, dict) else "new"
    content = given.get("content") if isinstance(given, dict) else None
    mine = Autosave.objects.filter(event=event, by=request.user, composer=composer)
    if not content:
        mine.delete()
        return JsonResponse({"ok": True})
    if not isinstance(content, dict) or "\\u0000" in json.dumps(content):
        raise Refused(_("The desk sent something that we cannot keep."))
    # update_or_create would read in a transaction; two tabs of one person may write at once.
    if not mine.update(content=content, at=timezone.now()):
        Autosave.objects.bulk_create(
            [Autosave(event=event, by=request.user, composer=composer, content=content)], ignore_conflicts=True
        )
    return JsonResponse({"ok": True})
