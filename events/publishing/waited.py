"""Nothing old goes out by itself: whether a text that waited for its line may still go out unasked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Event, Update
from events.publishing.words import Refused

#: How old a text may be that goes out without being asked about.
FRESH = timedelta(seconds=60)


class Asks(Refused):
    """It could go out, and somebody has to say so first.

    `reason` is ``waited``, ``twin``, ``elsewhere``, ``repeated``, ``held`` or ``clock``; `post` is the post that it is
    about, if any.
    """

    def __init__(self, message: str, reason: str, post: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.post = post


def repeated(verb: str, post: str | None) -> Asks:
    """What is asked where a key has stored something else already, and nobody has heard of it."""
    if verb in ("publish", "send"):
        sentence = _("This is out already, with the words that you sent first. Publish these as another post?")
    else:
        sentence = _("This was stored already, as you sent it first; what you changed since is not stored yet.")
    return Asks(sentence, "repeated", post)


@dataclass(frozen=True)
class Composed:
    """When a text was sent off, and what its author had seen by then.

    `at` is the moment of the press, `seen` the last sequence at that desk, `waited` whether
    it lay in an outbox, `sure` whether somebody has been asked.
    """

    at: datetime
    seen: int | None = None
    waited: bool = False
    sure: bool = False

    def check_fresh(self, event: Event) -> None:
        """Raise Asks for a text that is too old, or that others have overtaken."""
        if self.sure:
            return
        age = timezone.now() - self.at
        if age > FRESH:
            minutes = int(age.total_seconds() // 60)
            raise Asks(
                ngettext(
                    "This waited for %(minutes)d minute: send it now?",
                    "This waited for %(minutes)d minutes: send it now?",
                    minutes,
                )
                % {"minutes": minutes},
                "waited",
            )
        if self.waited and self._overtaken(event):
            raise Asks(_("Something was published while this waited: send it now?"), "waited")

    def _overtaken(self, event: Event) -> bool:
        since = Update.objects.filter(event=event, action="publish")
        return self.seen is None or since.filter(sequence__gt=self.seen).exists()
