"""The lines between posts. The table is the page's scripts' too: `tests/js/separators.test.mjs`."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events import client_words, separators
from tests.services import ROOT

TABLE = json.loads((ROOT / "tests" / "separators.json").read_text())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_r26_the_table_holds(case):
    moments = [datetime.fromisoformat(moment) for moment in case["posts"]]
    with translation.override(case["language"]):
        found = list(
            separators.interleave(
                moments, ZoneInfo(case["zone"]), oldest_first=case["oldestFirst"], dated=case.get("isDated", False)
            )
        )
    assert [[[line.name, line.text] for line in lines] for lines in found] == case["lines"]


@pytest.mark.parametrize("language", sorted(TABLE["words"]))
def test_the_scripts_are_given_the_words_of_the_table(language):
    with translation.override(language):
        words = client_words.words()
    given = TABLE["words"][language]
    assert {key: words[key] for key in given} == given


def test_r26_it_reckons_in_time_and_not_by_the_clock():
    zone = ZoneInfo("Europe/London")
    before, after = datetime(2025, 10, 26, 0, 50, tzinfo=zone), datetime(2025, 10, 26, 2, 10, tzinfo=zone)
    (line,) = separators.between(after, before, zone)
    assert line.text == "2 hours earlier"
