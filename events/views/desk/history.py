"""The past of a post: its versions, who did what, and any two versions compared by words."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events import differences, permissions, text
from events.forms.deeds.deed import Forbidden
from events.models import Event, Post, Revision
from events.models.post import Withdrawal
from events.publishing import Refused
from events.views.desk.door import at_the_desk, scrubbed


@require_GET
@at_the_desk
def history(request: HttpRequest, event: Event, post_id: str) -> HttpResponse:
    """A post's versions and deeds as HTML: ``{html, revision, title}``.

    With ``one`` and ``two`` (numbers of versions) ``{html}`` of those two, compared.
    """
    post = event.posts.filter(pk=scrubbed(post_id)).first()
    if post is None:
        raise Refused(_("This post is not there any more."))
    if not permissions.may_publish(request.user, event):
        raise Forbidden(_("Only an editor may look into the past of a post."))
    if "one" in request.GET:
        return JsonResponse({"html": _compared(post, request.GET.get("one", ""), request.GET.get("two", ""))})
    context = {
        "post": post,
        "event": event,
        "removed": post.withdrawal == Withdrawal.REMOVE,
        "revisions": _with_verbs(post),
        "deeds": post.deeds.select_related("by").order_by("-at", "-pk")[:200],
        "notes": post.corrections.select_related("by"),
        "public": post.is_public,
    }
    html = render_to_string("desk/_history.html", context)
    return JsonResponse({"html": html, "revision": post.revision})


def _with_verbs(post: Post) -> list[tuple[Revision, str]]:
    """The versions, newest first, each with the verb of the deed that wrote it."""
    verbs = dict(post.updates.filter(verb__in=("publish", "revise", "correct")).values_list("at", "verb"))
    revisions = list(post.revisions.select_related("by").order_by("-number"))
    return [(revision, verbs.get(revision.at, _verb_of(revision))) for revision in revisions]


def _verb_of(revision: Revision) -> str:
    """For what was imported, whose update has another time."""
    return "publish" if revision.number == 1 else "revise"


def _compared(post: Post, one: str, two: str) -> str:
    numbers = sorted(int(number) for number in (one, two) if number.isdecimal() and len(number) < 9)
    revisions = list(post.revisions.filter(number__in=numbers).order_by("number"))
    if len(revisions) != 2:
        raise Refused(_("Choose two different versions."))
    before, after = (_as_read(revision) for revision in revisions)
    parts = [{"name": name, "steps": differences.words(before[name], after[name])} for name in before]
    return render_to_string(
        "desk/_compared.html", {"event": post.event, "parts": parts, "one": revisions[0], "two": revisions[1]}
    )


def _as_read(revision: Revision) -> dict[str, str]:
    """The plain texts of a version, by what they are called."""
    rows: list[dict[str, Any]] = revision.attributions
    said = [" · ".join(part for part in _named(row) if part) for row in rows]
    return {
        _("Headline"): revision.headline,
        _("Text"): text.plain(text.clean(revision.body)),
        _("Sources"): "\n".join(said),
    }


def _named(row: dict[str, Any]) -> list[str]:
    quote = f"“{row['quote']}”" if row.get("quote") else ""
    names = [str(row.get(name) or "") for name in ("as_named", "described_as", "as_role", "as_organisation")]
    return [*names, quote, str(row.get("link") or "")]
