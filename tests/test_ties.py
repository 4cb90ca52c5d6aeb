"""One day's page and the next: each leads to the other, for those who may read both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import publishing
from events.models import Event
from events.publishing import Refused
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def page(client, event: Event) -> str:
    return client.get(f"/events/{event.slug}/").content.decode()


def sequence(event: Event) -> int:
    return Event.objects.get(pk=event.pk).stream.sequence


def test_both_pages_lead_to_each_other_and_readers_of_both_are_told(client, editor):
    monday, tuesday = cast.event("monday", title="Monday"), cast.event("tuesday", title="Day two")
    before = sequence(monday)
    publishing.change(tuesday, by=editor, continues=monday)
    assert 'Continued in: <a href="/events/tuesday/" dir="auto">Day two</a>' in page(client, monday)
    assert 'Continues: <a href="/events/monday/" dir="auto">Monday</a>' in page(client, tuesday)
    assert sequence(monday) == before + 1
    publishing.change(tuesday, by=editor, title="Day two, as it goes on")
    assert sequence(monday) == before + 2 and "as it goes on" in page(client, monday)
    publishing.change(tuesday, by=editor, continues=None)
    assert "Continued in" not in page(client, monday) and sequence(monday) == before + 3


def test_an_event_made_as_the_next_is_named_at_once_and_one_that_hides_no_longer(client):
    monday = cast.event("monday")
    tuesday = cast.event("tuesday", title="Day two", continues=monday)
    assert "Day two" in page(client, monday)
    before = sequence(monday)
    publishing.change(tuesday, by=None, visibility="private")
    assert "Day two" not in page(client, monday) and sequence(monday) == before + 1


@pytest.mark.parametrize(
    ("mine", "other", "named"),
    [
        ("public", "public", True), ("unlisted", "public", True), ("public", "unlisted", False),
        ("unlisted", "unlisted", True), ("public", "private", False), ("public", "partners", False),
        ("public", "rehearsal", False), ("rehearsal", "rehearsal", True),
    ],
)  # fmt: skip
def test_a_page_names_only_what_its_readers_may_know_of(client, mine, other, named):
    monday = cast.event("monday", visibility=mine)
    tuesday = cast.event("tuesday", title="Day two", visibility=other)
    publishing.change(tuesday, by=None, continues=monday)
    assert ("Day two" in page(client, monday)) == named


def test_events_in_a_ring_and_closed_pages_are_refused(client):
    monday, tuesday = cast.event("monday"), cast.event("tuesday")
    publishing.change(tuesday, by=None, continues=monday)
    for event, earlier in ((monday, tuesday), (monday, monday)):
        with pytest.raises(Refused, match="continue each other") as refusal:
            publishing.change(event, by=None, continues=earlier)
        assert refusal.value.field == "continues"
    publishing.change(monday, by=None, frozen=True)
    monday.refresh_from_db()
    for event, continues in ((tuesday, None), (cast.event("wednesday"), monday)):
        with pytest.raises(Refused, match="is frozen"):
            publishing.change(event, by=None, continues=continues)


@pytest.mark.parametrize("how", ["frozen", "embargo"])
def test_a_closed_page_stays_as_it_is_and_hears_of_its_neighbour_when_it_opens(client, how):
    monday = cast.event("monday")
    tuesday = cast.event("tuesday", title="Day two", continues=monday)
    closed, opened = {
        "frozen": ({"frozen": True}, {"frozen": False}),
        "embargo": ({"embargo_until": timezone.now() + timedelta(hours=1)}, {"embargo_until": None}),
    }[how]
    publishing.change(monday, by=None, **closed)
    before = sequence(monday)
    publishing.change(tuesday, by=None, title="Another title")
    assert sequence(monday) == before
    publishing.change(monday, by=None, **opened)
    assert sequence(monday) == before + 1 and "Another title" in page(client, monday)
    alone = cast.event("alone")
    publishing.change(alone, by=None, **closed)
    before = sequence(alone)
    publishing.change(alone, by=None, **opened)
    assert sequence(alone) == before


def test_a_rehearsal_says_so_by_itself(client):
    assert "A rehearsal" in page(client, cast.event("try", visibility="rehearsal"))
    assert "A rehearsal" not in page(client, cast.event("real"))
