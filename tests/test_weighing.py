"""What a change of words weighs."""

import pytest

from events.publishing.weighing import DATE, INSIDE, NAME, NOT, NUMBER, QUOTATION, weigh

TABLE = [
    ("The call lasted an hour.", "The call lasted an hour!", set()),
    ("Teh call begins.", "The call begins.", set()),
    ("The two spoke at lenght.", "The two spoke at length.", set()),
    ("the Kremlin said so", "The Kremlin said so", set()),
    ("It lasted 90 minutes.", "It lasted 120 minutes.", {NUMBER}),
    ("It lasted 1.5 hours.", "It lasted 15 hours.", {NUMBER}),
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
    ("He spoke to Puttin.", "He spoke to Putin.", {NAME}),
    ("He said “it goes well”.", "He said “it goes very well”.", {INSIDE}),
    ("He said “not now”.", "He said “now”.", {INSIDE, NOT}),
    ("He said so.", "He said so: “all is well”.", {QUOTATION}),
    ('He said "it goes well".', "He said “it goes well”.", set()),
]


@pytest.mark.parametrize(("before", "after", "found"), TABLE)
def test_a_change_weighs(before, after, found):
    assert weigh(before, after) == found
