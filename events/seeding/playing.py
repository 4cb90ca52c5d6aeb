"""A script played as a newsroom would have posted it: the rehearsal on the demo's page."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events import publishing
from events.models import Deed, Event
from events.models.event import Visibility
from events.seeding.loading import Cast
from events.seeding.script import Script, Step

#: Posts that stand on the page when the rehearsal begins.
EIGHT = 8
#: The distances of the posts that are there at once are the file's, divided by this.
SHRINK = 4
#: Seconds from one step to the next, at speed 1, and what the file's seconds are divided by.
SHORTEST, LONGEST, PACE = 15.0, 30.0, 24.0


class Overtaken(Exception):
    """Somebody else has emptied the rehearsal meanwhile: this show is over."""


@dataclass
class Show:
    """A rehearsal that has begun: its event, and what is still to be done."""

    event: Event
    cast: Cast
    steps: tuple[Step, ...]
    last: datetime
    token: str

    def waits(self, speed: float) -> Iterator[tuple[float, Step]]:
        """Each remaining step, and the seconds to wait before it."""
        last = self.last
        for step in self.steps:
            gap = (step.at - last).total_seconds() / PACE
            yield min(max(gap, SHORTEST), LONGEST) / speed, step
            last = step.at

    def do(self, step: Step) -> None:
        """Do one step now. Raises Overtaken when this rehearsal is no longer ours.

        What somebody did at the desk to a rehearsal's post meanwhile may make publishing
        refuse a step; that is Refused, and the show can go on.
        """
        if not Deed.objects.filter(event=self.event.pk, key=self.token).exists():
            raise Overtaken
        self.cast.do(step, past=False)


def rehearsal(script: Script) -> Event:
    """The event that the script is played into, made or brought up to the script.

    Raises Refused when an event with that address exists and is no rehearsal.
    """
    slug = f"{script.event['slug'][:75]}-demo"
    fields = {**script.event, "slug": slug, "visibility": Visibility.REHEARSAL, "indexed": False}
    with override(script.event["language"]):
        fields["notice"] = script.rehearsal_notice or _("A rehearsal: nothing here is news.")
    # In a list beside the event itself it is no second one of the same name.
    fields["short_title"] = script.rehearsal_short_title or script.event["short_title"]
    event = Event.objects.filter(slug=slug).first()
    if event is None:
        return publishing.create_event(by=None, **fields)
    publishing.empty_rehearsal(event)
    fields.pop("slug")
    publishing.change(event, by=None, **fields)
    return Event.objects.get(pk=event.pk)


def stage(script: Script) -> Show:
    """Empty the script's rehearsal and put its first eight posts there, at today's times.

    The end of the coverage is not played: after the last step the page stays live.
    """
    steps = tuple(step for step in script.steps if step.verb != "end")
    split = _after_eight(steps)
    now = timezone.now()
    token = f"demo:{secrets.token_hex(6)}"
    with transaction.atomic(), publishing.importing():
        event = rehearsal(script)
        cast = Cast(event, script)
        begun = steps[split - 1].at if split else now
        for place, step in enumerate(steps[:split]):
            shrunk = replace(step, at=now - (begun - step.at) / SHRINK - timedelta(seconds=1))
            cast.do(shrunk, key=token if place == 0 else "", past=True)
    return Show(event, cast, steps[split:], begun, token)


def _after_eight(steps: tuple[Step, ...]) -> int:
    """The place behind the eighth post, or behind the last step of a shorter script."""
    posts = [place for place, step in enumerate(steps, start=1) if step.verb == "post"]
    return posts[EIGHT - 1] if len(posts) >= EIGHT else len(steps)
