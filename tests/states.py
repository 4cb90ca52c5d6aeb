"""The call's event in each state that a reader can meet: for pictures, and for tests of the looks."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events import publishing, seeding
from events.models import Event
from events.publishing import Line, Words
from events.seeding.loading import Cast
from events.seeding.script import Script, Step
from tests import components, drawn
from tests.services import ROOT

SEED = ROOT / "seeds" / "trump-putin-call.yaml"
#: As long as the records allow.
TITLE = (
    "Presidents of the United States and Russia speak by telephone about a ceasefire of thirty days "
    "that Ukraine has accepted and that Moscow has met with conditions of its own, the White House says"
)
HEADLINE = (
    "White House confirms that the conversation, by now an hour long, goes well, and does not say whether the "
    "two presidents have come nearer to an agreement about power plants and territory"
)


def make(names: Iterable[str] = ()) -> None:
    """Make an event of each state, or of these; the address of each is ``state-<name>``."""
    with transaction.atomic(), publishing.importing():
        for name in names or STATES:
            STATES[name](f"state-{name}")


def played(slug: str, until: str, minutes: int, **fields: object) -> Cast:
    """The call as it stood at a moment of its file (``HH:MM``), moved so that this was `minutes` ago."""
    script = seeding.read(SEED)
    shift = timezone.now() - timedelta(minutes=minutes) - datetime.fromisoformat(f"2025-03-18T{until}Z")
    days = timedelta(days=shift.days)
    event = publishing.create_event(by=None, **_fields(script, slug, shift) | fields)
    cast = Cast(event, script)
    for step in script.steps:
        moved = _moved(step, shift, days)
        if step.at <= datetime.fromisoformat(f"2025-03-18T{until}Z"):
            cast.do(moved, past=True)
    return cast


def _fields(script: Script, slug: str, shift: timedelta) -> dict[str, object]:
    starts_at = script.event["starts_at"] + shift
    return script.event | {"slug": slug, "visibility": "unlisted", "starts_at": starts_at, "notice": ""}


def _moved(step: Step, shift: timedelta, days: timedelta) -> Step:
    """A step at its new time; what was said on a day was said on the day as many days later."""
    said = tuple(
        replace(one, named=replace(one.named, said_at=one.named.said_at and one.named.said_at + days))
        for one in step.said
    )
    occurred = step.words.occurred_at
    words = replace(step.words, occurred_at=occurred and occurred + shift)
    return replace(step, at=step.at + shift, said=said, words=words)


def upcoming(slug: str) -> None:
    """Before the coverage begins."""
    fields = _fields(seeding.read(SEED), slug, timedelta())
    fields |= {"starts_at": timezone.now() + timedelta(hours=5), "coming_up": "The call begins at the time above."}
    publishing.create_event(by=None, **fields)


def live(slug: str) -> None:
    """Two minutes after the last post."""
    played(slug, "15:11", 2)


def paused(slug: str) -> None:
    """Waiting for the call."""
    played(slug, "13:46", 9)


def stale(slug: str) -> None:
    """Live by its state, and nobody has posted for two hours."""
    played(slug, "15:11", 125)


def empty(slug: str) -> None:
    """Live, and nothing is posted yet."""
    fields = _fields(seeding.read(SEED), slug, timedelta()) | {"starts_at": timezone.now()}
    publishing.open(publishing.create_event(by=None, **fields), by=None)


def one(slug: str) -> None:
    """Live with one post."""
    played(slug, "11:30", 1)


def many(slug: str) -> None:
    """Five hundred posts, two minutes apart."""
    event = played(slug, "15:11", 1100).event
    for n in range(500):
        at = timezone.now() - timedelta(minutes=2 * (500 - n))
        body = f"<p>The {n}th dispatch of a long day, with a sentence about grain and one about power plants.</p>"
        words = Words(headline=f"Dispatch {n}" if n % 3 else "", body=body, key_event=n % 25 == 0)
        publishing.publish(event, words=words, by=None, at=at)


def worst(slug: str) -> None:
    """A title, a notice, what a picture tells, a summary's line, a pin and a newest headline as long as can be."""
    notice = seeding.read(SEED).event["notice"]
    cast = played(slug, "15:11", 2, title=TITLE, notice=notice)
    picture = publishing.take_in(cast.event, drawn.sent(drawn.tram()), by=None)
    told = {"picture_alt": TITLE, "picture_caption": TITLE, "picture_credit": HEADLINE[:120]}
    publishing.change(cast.event, by=None, lead_picture=picture, **told)
    words = Words(headline=HEADLINE, body="<p>Its statement has one sentence.</p>", key_event=True)
    done = publishing.publish(cast.event, words=words, by=None, at=timezone.now() - timedelta(minutes=1))
    publishing.summarise(cast.event, lines=[Line(text=TITLE, post=done.post), Line(text="Not much more.")], by=None)
    publishing.pin(cast.event, post=done.post, by=None)


STATES: dict[str, Callable[[str], object]] = {
    "upcoming": upcoming,
    "live": live,
    "paused": paused,
    "stale": stale,
    "empty": empty,
    "one": one,
    "many": many,
    "worst": worst,
    "hindi": components.hindi,
    "components": components.make,
}


def events() -> list[Event]:
    """Those that `make` made, in its order."""
    return list(Event.objects.filter(slug__in=[f"state-{name}" for name in STATES]).order_by("pk"))
