"""What the composer keeps and finds: autosaves, and sources."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events import permissions, text, twins
from events.forms.deeds.deed import Forbidden
from events.models import Autosave, Event, Source
from events.models.autosave import ARTICLE
from events.publishing import Refused
from events.views.desk.door import at_the_desk, content_of, scrubbed

#: Bytes that one autosave may have: a body of the largest size, and its attributions.
MAX_AUTOSAVE = 400_000
#: Sources of a like name that are offered before another is made.
MOST_ALIKE = 5
#: Composers of one person in one event that are kept: whoever opens more loses the one that rested longest.
MOST_AUTOSAVES = 30


@require_http_methods(["GET", "POST"])
@at_the_desk
def sources(request: HttpRequest, event: Event) -> HttpResponse:
    """Find sources by ``q`` in name, role and organisation, or those of a name ``like`` one; or make one in place."""
    if request.method == "POST":
        return _make_source(request, event)
    if "like" in request.GET:
        return JsonResponse({"sources": [_source_json(source) for source in _alike(request.GET["like"])]})
    found, asked = Source.objects.all(), text.line(scrubbed(request.GET.get("q", "")))
    bare = twins.without_article(asked)
    for word in bare.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(role__icontains=word) | Q(organisation__icontains=word))
    # The name itself, names that begin so, and then who has it in role or organisation.
    begins = Q(name__istartswith=asked) | Q(name__istartswith=bare)
    near = Case(When(name__iexact=asked, then=0), When(name__iexact=bare, then=1), When(begins, then=2), default=3)
    shown = list(found.order_by(near, "name", "pk")[:10])
    # Whoever types no accents finds the name that has some.
    return JsonResponse({"sources": [_source_json(source) for source in shown or _unaccented(bare)]})


def _unaccented(asked: str) -> list[Source]:
    """Sources that have each word in name, role or organisation, without case and accents: no database knows how."""
    words = twins.plain(asked)
    if not words:
        return []
    every = ((source, " ".join(twins.plain(str(source)))) for source in Source.objects.all())
    return [source for source, letters in every if all(word in letters for word in words)][:10]


def _alike(typed: str) -> list[Source]:
    """Sources whose name is like what is typed, the nearest in length first."""
    name = text.line(scrubbed(typed))[:200]
    names = Source.objects.values_list("pk", "name")
    near = sorted((abs(len(one) - len(name)), pk) for pk, one in names if twins.names_are_alike(name, one))
    found = Source.objects.in_bulk([pk for _far, pk in near[:MOST_ALIKE]])
    return [found[pk] for _far, pk in near[:MOST_ALIKE] if pk in found]


def _make_source(request: HttpRequest, event: Event) -> HttpResponse:
    if not permissions.may_submit(request.user, event):
        raise Forbidden(_("You may not make sources. Ask an editor."))
    content = content_of(request)
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
    given = content_of(request)
    composer = str(given.get("composer", "new"))[:40] if isinstance(given, dict) else "new"
    content = given.get("content") if isinstance(given, dict) else None
    mine = Autosave.objects.filter(event=event, by=permissions.member(request.user), composer=composer)
    if not content:
        mine.delete()
        return JsonResponse({"ok": True})
    if not isinstance(content, dict):
        raise Refused(_("The desk sent something that we cannot keep."))
    # update_or_create would read in a transaction; two tabs of one person may write at once.
    if not mine.update(content=content, at=timezone.now()):
        Autosave.objects.bulk_create(
            [Autosave(event=event, by=permissions.member(request.user), composer=composer, content=content)],
            ignore_conflicts=True,
        )
        _forget_oldest(event, permissions.member(request.user))
    return JsonResponse({"ok": True})


def _forget_oldest(event: Event, by: User) -> None:
    """Keep a bound number of somebody's composers, so that invented names fill no disk."""
    kept = Autosave.objects.filter(event=event, by=by).exclude(composer=ARTICLE).order_by("-at", "-pk")
    if older := list(kept.values_list("pk", flat=True)[MOST_AUTOSAVES:]):
        Autosave.objects.filter(pk__in=older).delete()
