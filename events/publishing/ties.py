"""One day's page and the next: what an event continues, and what that changes on the other's page."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Event
from events.publishing.ledger import Ledger, check_open, perform
from events.publishing.words import Done, Refused

#: Days in a row that are looked through for a ring.
LONGEST = 400


def check_tie(event: Event, was: Event | None, now: datetime) -> None:
    """Raise Refused, at `continues`, where an event would continue itself, or change a page that is closed."""
    # By number: what the caller holds of the others may be old.
    earlier = event.continues_id
    for _step in range(LONGEST):
        if earlier is None:
            break
        if earlier == event.pk:
            raise Refused(_("These events would continue each other: choose the one before."), "continues")
        earlier = Event.objects.filter(pk=earlier).values_list("continues", flat=True).first()
    for other in Event.objects.filter(pk__in=[one.pk for one in (was, event.continues) if one is not None]):
        # Its page would name this event, or name it no longer.
        if other.is_readable and event.is_readable:
            try:
                check_open(other, "show", now)
            except Refused as refused:
                raise Refused(refused.message, "continues") from refused


def tell_ties(event: Event, *others: Event | None, by: User | None) -> None:
    """Once this deed is whole, give the pages before and after `event` their new top, each as an update of its own.

    Not under this event's lock: two that change at once would wait for each other.
    """
    tied = {other.pk for other in others if other is not None} | set(event.continued_in.values_list("pk", flat=True))
    for pk in sorted(tied - {event.pk}):
        transaction.on_commit(partial(_tell, pk, by), robust=True)


def _tell(event_pk: int, by: User | None) -> None:
    def act(ledger: Ledger) -> Done:
        ledger.detail = "the event before or after it"
        if not ledger.event.is_readable or not _is_open(ledger.event, ledger.now):
            # A closed page stays as it is; `may_lag` has it told when it is opened again.
            return Done(None, None)
        return Done(None, ledger.record("change", parts=frozenset({"header"})))

    perform(event_pk, "change", by=by, key="", act=act)


def may_lag(event: Event, changed: Collection[str], now: datetime) -> bool:
    """Whether a page that this change opens again may not have heard what became of those before and after it."""
    if not event.is_readable or not {"frozen", "embargo_until"} & set(changed) or not _is_open(event, now):
        return False
    return event.continues_id is not None or event.continued_in.exists()


def _is_open(event: Event, now: datetime) -> bool:
    try:
        check_open(event, "show", now)
    except Refused:
        return False
    return True
