"""What a change of words weighs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from events import publishing
from events.publishing import Refused
from events.publishing.weighing import DATE, INSIDE, NAME, NOT, NUMBER, QUOTATION, weigh
from tests import cast

TABLE = [
    ("The call lasted an hour.", "The call lasted an hour!", set()),
    ("Teh call begins.", "The call begins.", set()),
    ("The two spoke at lenght.", "The two spoke at length.", set()),
    ("the Kremlin said so", "The Kremlin said so", set()),
    ("It lasted 90 minutes.", "It lasted 120 minutes.", {NUMBER}),
    ("It lasted 1.5 hours.", "It lasted 15 hours.", {NUMBER}),
    ("It cost $5.", "It cost €5.", {NUMBER}),
    ("It was -5 degrees.", "It was 5 degrees.", {NUMBER}),
    ("It rose by 3.2.", "It rose by 3.2%.", {NUMBER}),
    ("The 2025-26 season.", "The 2025-26 seasons.", set()),
    ("It lasted two hours.", "It lasted three hours.", {NUMBER}),
    ("They met on Monday.", "They met on Tuesday.", {DATE}),
    ("They meet in May.", "They meet in June.", {DATE}),
    ("They may meet.", "They might meet.", set()),
    ("They agreed.", "They never agreed.", {NOT}),
    ("They didn’t agree.", "They did agree.", {NOT}),
    ("لم يتفقا", "اتفقا", {NOT}),
    ("It was said by Putin.", "It was said by Peskov.", {NAME}),
    ("Trump told Putin.", "Putin told Trump.", {NAME}),
    ("Trump said so.", "Macron said so.", {NAME}),
    ("Iran said so.", "Iraq said so.", {NAME}),
    ("Austria said so.", "Australia said so.", {NAME}),
    ("Preliminery talks begin.", "Preliminary talks begin.", set()),
    ("Their call begins.", "The call begins.", set()),
    ("He spoke to Puttin.", "He spoke to Putin.", {NAME}),
    ("He said “it goes well”.", "He said “it goes very well”.", {INSIDE}),
    ("He said ‘it doesn’t go well’.", "He said ‘it goes well’.", {INSIDE, NOT}),
    ("The mayor’s and the voters’ words.", "The mayor’s and the voters’ word.", set()),
    ("He said “not now”.", "He said “now”.", {INSIDE, NOT}),
    ("He said so.", "He said so: “all is well”.", {QUOTATION}),
    ('He said "it goes well".', "He said “it goes well”.", set()),
]


@pytest.mark.parametrize(("before", "after", "found"), TABLE)
def test_a_change_weighs(before, after, found):
    assert weigh(before, after) == found


def test_another_speaker_is_no_spelling(event, editor):
    at = timezone.now() - timedelta(hours=1)
    post = publishing.publish(event, words=cast.quote(), by=editor, at=at).post
    (named,) = cast.quote().attributions
    words = replace(cast.quote(), attributions=(replace(named, source=cast.bloomberg()),))
    with pytest.raises(Refused, match="This changes a name. Say what kind of change it is") as refused:
        publishing.revise(post, words=words, revision=1, by=editor)
    assert refused.value.field == "change"
    same = replace(cast.quote(), attributions=(replace(named, medium="on Telegram"),))
    assert publishing.revise(post, words=same, revision=1, by=editor).post.revision == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"attributions": (publishing.Named(basis="witnessed"),)}, "a source"),
        ({"standing": "not_confirmed"}, "whether it is confirmed"),
        ({"key_label": "The call, 14:00"}, "the label of a key event"),
    ],
)
def test_a_source_a_standing_and_a_key_label_are_no_spelling(event, editor, change, named):
    at = timezone.now() - timedelta(hours=1)
    words = cast.words("The call begins", key_event=True, key_label="The call")
    post = publishing.publish(event, words=words, by=editor, at=at).post
    with pytest.raises(Refused, match=f"This changes {named}. Say what kind of change it is"):
        publishing.revise(post, words=replace(words, **change), revision=1, by=editor)
    assert publishing.revise(post, words=replace(words, **change), revision=1, by=editor, change="addition").sequence
