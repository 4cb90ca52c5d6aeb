"""Deeds with a composer's words."""

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import publishing
from events.forms.deeds import schedule
from events.forms.deeds.deed import Deed, Right, Wish
from events.forms.deeds.repeated import once_more
from events.forms.twins import check_twins
from events.models import SummaryLine
from events.models.post import PostState
from events.publishing import Done


def _draft(wish: Wish, *, submit: bool = False) -> Done:
    return publishing.save_draft(
        wish.event,
        words=wish.words(),
        by=wish.by,
        post=wish.post,
        began=wish.began(),
        submit=submit,
        keep=wish.flag("keep") and not submit,
        key=wish.key,
    )


def _drafted(done: Done) -> str:
    state = done.post.state if done.post else ""
    if state == PostState.SCHEDULED:
        return _("Saved: it goes out at its time, with these words.")
    return _("Saved: it is submitted as before.") if state == PostState.SUBMITTED else _("Saved as a draft.")


def _submit(wish: Wish) -> Done:
    return _draft(wish, submit=True)


def _composed(wish: Wish) -> publishing.Composed | None:
    """When this was sent off; None for whoever does not say, and cannot be asked."""
    try:
        at = parse_datetime(wish.text("composed_at")[:40])
    except ValueError:
        return None
    if at is None or at.tzinfo is None:
        return None
    seen = wish.content.get("seen")
    return publishing.Composed(
        at=min(at, timezone.now()),
        seen=seen if type(seen) is int else None,
        waited=wish.flag("waited"),
        sure=wish.flag("sure"),
    )


def _publish(wish: Wish) -> Done:
    composed = _composed(wish)
    before = wish.event.deeds.filter(key=wish.key).first() if wish.key else None
    # What was done already is answered, not asked about.
    if before is None and composed and not composed.sure:
        composed.check_fresh(wish.event)
        check_twins(wish.event, wish.by, wish.words(), wish.post)
    if wish.event.send_delay and not wish.flag("at_once"):
        return schedule.soon(wish)
    return publishing.publish(wish.event, composed=composed, **wish.going_out())


def _revise(wish: Wish) -> Done:
    change = wish.text("change") if "change" in wish.content else "typo"
    given: dict[str, Any] = wish.over() | {"words": wish.words()}
    if change == "correction":
        return publishing.correct(wish.present(), note=wish.text("note"), **given)
    return publishing.revise(wish.present(), change=change, note=wish.text("note"), asked=wish.flag("asked"), **given)


def _revised(done: Done) -> str:
    if done.over is not None:
        return _("Corrected. %(name)s had changed it meanwhile: those words are in its history.") % {
            "name": done.over.by or _("Somebody")
        }
    if done.entry is not None:
        said = _("Corrected, and published as an entry of its own.")
        # It may repeat what was wrong in its own words.
        return f"{said} {_('Does the summary say it too?')}" if _has_summary(done) else said
    return _("Revised.") if done.sequence else _("Nothing has changed: there is no new version.")


def _has_summary(done: Done) -> bool:
    return done.post is not None and SummaryLine.objects.filter(event=done.post.event_id).exists()


DEEDS = {
    "draft": Deed(once_more(_draft), _drafted, Right.WRITE),
    "submit": Deed(once_more(_submit), gettext_lazy("Submitted to the editors."), Right.WRITE),
    "delete": Deed(
        lambda wish: publishing.delete_draft(wish.present(), by=wish.by, key=wish.key),
        gettext_lazy("Thrown away."),
        Right.WRITE,
    ),
    "publish": Deed(once_more(_publish, another=True), schedule.when_out),
    "revise": Deed(once_more(_revise), _revised),
}
