"""From what somebody typed to an instant, by the event's own clocks."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from events.publishing.words import Refused


def instant(event: Event, at: datetime, field: str) -> datetime:
    """The one instant at which the event's clocks show `at`, which may have a zone of its own.

    Raises Refused, at `field`, when there is none, or two.
    """
    if timezone.is_aware(at):
        return at.astimezone(UTC)
    first, second = (at.replace(tzinfo=event.tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    given = {"time": f"{at:%H:%M}", "day": f"{at:%d %B %Y}", "zone": event.zone_name or event.zone}
    if first.astimezone(UTC).astimezone(event.tz).replace(tzinfo=None) != at:
        raise Refused(
            _("There is no %(time)s on %(day)s (%(zone)s): the clocks are put forward. Choose another time.") % given,
            field,
        )
    raise Refused(
        _("%(time)s comes twice on %(day)s (%(zone)s): the clocks are put back. Choose another time.") % given, field
    )
