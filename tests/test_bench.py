"""The bench runs, and its table is whole. What it measures in a hurry is not judged."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from events.live import channel
from events.live.database import Database
from events.models import Event
from tests.bench import docs, fanout, ours, slow, table
from tests.bench.machine import describe
from tests.services import ROOT


@pytest.fixture(scope="module")
def quick(tmp_path_factory) -> tuple[dict, str]:
    """The result and the words of one quick run of everything."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(path.read_text(encoding="utf-8")), done.stdout


def test_every_numbered_bar_is_in_the_table(quick):
    result, said = quick
    assert {bar["number"] for bar in result["bars"]} == {1, 2, 3, 4, 5, 6, 7}
    for bar in result["bars"]:
        assert bar["what"] in said
        # Only what this machine has nothing to compare with may be missing.
        assert bar["met"] is not None or any("not installed" in note for note in result["notes"]), bar


def test_every_reader_of_every_way_was_reached(quick):
    figures = quick[0]["figures"]
    assert set(figures["fanout"]) == {"20", "40", "80"}
    for ways in figures["fanout"].values():
        assert "ours" in ways
        assert all(0 < one["p50"] <= one["p99"] for one in ways.values())
    assert figures["storm"]["caught_up"] == 40
    assert (figures["editors"]["holes"], figures["editors"]["errors"]) == (0, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a look at SQLite asks once more: whether it changed")
def test_one_query_of_a_reader_is_seen_beside_any_number_of_looks(db):
    asked = Database()
    ours.count({})
    with connection.execute_wrapper(ours._count):
        for _look in range(3):
            ours._look(asked, [1], True)
        Event.objects.count()
        ours._look(asked, [1], True)
    told = ours.count({})
    assert (told["looks"], told["readers"], told["editors"]) == (4, 1, 0)
    assert len(told["statements"]) == 1


def test_without_slow_readers_nothing_is_measured_about_them():
    slow._still_beset(90, 180)
    with pytest.raises(RuntimeError, match="Of 180 slow readers only 12"):
        slow._still_beset(12, 180)
    with pytest.raises(RuntimeError, match="only 0"):
        slow._still_beset(0, 1)


def test_what_is_fanned_out_is_a_news_post_with_what_it_changes_and_everybody_is_warm(quick):
    figures = quick[0]["figures"]
    assert all(one["rounds"] >= 1 for ways in figures["fanout"].values() for one in ways.values())
    assert fanout._is_stocks(-1) and [at for at in range(20) if fanout._is_stocks(at)] == [0, 10]
    assert "catch-up from the database" in figures["size"]


@pytest.mark.django_db(transaction=True)
def test_what_an_editor_publishes_has_the_parts_that_it_changes(event, monkeypatch):
    heard = []
    monkeypatch.setattr(ours, "_announce", lambda _event, frame, *_at: heard.append(json.loads(frame)))
    monkeypatch.setattr(channel, "announce", ours._handed)
    ours.publish({"event": "call", "mark": "round"})
    assert heard[0]["kind"] == "news" and heard[0]["parts"]


def test_a_hurried_run_does_not_get_into_the_documentation(quick):
    with pytest.raises(SystemExit):
        docs.write(quick[0])


def test_an_unknown_subject_is_one_sentence():
    command = [sys.executable, "-m", "tests.bench", "--only", "luck"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--only knows fanout" in done.stderr


def test_the_documentation_takes_the_tables_between_its_marks(quick, tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text("Before\n<!-- tables -->\nold\n<!-- /tables -->\n<!-- million -->\n<!-- /million -->\nAfter\n")
    monkeypatch.setattr(docs, "PAGE", page)
    whole = {**quick[0], "quick": False}
    with pytest.raises(SystemExit, match=r"load average before was 1\.1: something else"):
        docs.write({**whole, "machine": {**whole["machine"], "load before": "1.1"}})
    docs.write({**whole, "machine": {**whole["machine"], "load before": "1.0"}})
    text = page.read_text()
    assert text.startswith("Before\n<!-- tables -->")
    assert text.endswith("<!-- /million -->\nAfter\n")
    assert "old" not in text
    assert "| processes of 10,000 readers" in text


def test_a_missing_way_is_not_measured_rather_than_met():
    found = table.Found()
    found.most(1, "ours by a way that is not installed", table.ratio(1.0, None), 1)
    assert found.bars[0].met is None
    assert "not measured" in table.bars_table(found.bars)
    assert describe()["processor"]
