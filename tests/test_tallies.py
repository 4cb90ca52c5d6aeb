"""The numbers of processes that have ended: kept, in as many files as if there had been one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from events.live import metrics, tallies
from tests.services import ROOT

COUNTS = """
import os
from events.live import metrics
metrics.refused.labels("rate").inc(3)
metrics.to_socket.observe(0.02)
metrics.readers.labels("socket").set(7)
print(os.getpid())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of one supervisor's processes."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def live_and_die():
    """A process that counts, and has ended; its number."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTS], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def told():
    """What an answer says of the three: of the counter, of the histogram's buckets and its count, of the gauge."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for one in family.samples:
            found[one.name, *sorted(one.labels.items())] = one.value
    return {
        "refused": found["liveblog_refused_total", ("by", "rate")],
        "quick": found["liveblog_hub_to_socket_seconds_bucket", ("le", "0.025")],
        "sum": round(found["liveblog_hub_to_socket_seconds_sum",], 6),
        "count": found["liveblog_hub_to_socket_seconds_count",],
        "readers": found.get(("liveblog_readers", ("transport", "socket")), 0),
    }


def test_many_deaths_leave_as_many_files_as_one_and_every_count(folder):
    files = set()
    for deaths in range(1, 5):
        pid = live_and_die()
        before = told()
        assert tallies.fold(str(folder), pid)
        after = told()
        assert after == before | {"readers": 0}, "the counts stay, and whoever has ended has no readers"
        assert after == {
            "refused": 3 * deaths,
            "quick": deaths,
            "sum": round(0.02 * deaths, 6),
            "count": deaths,
            "readers": 0,
        }
        files.add(frozenset(file.name for file in folder.iterdir()))
    assert len(files) == 1, files


def test_while_somebody_reads_nothing_is_added_up(folder):
    pid = live_and_die()
    with tallies.reading(str(folder)):
        assert not tallies.fold(str(folder), pid)
    assert told()["refused"] == 3
    assert tallies.fold(str(folder), pid)
    assert tallies.fold(str(folder), pid), "a second time there is nothing to do"
    assert told()["refused"] == 3


def test_what_was_never_finished_is_left_out(folder):
    pid = live_and_die()
    tallies.fold(str(folder), pid)
    Path(folder / "counter_999999.db").write_bytes(b"")
    assert tallies.fold(str(folder), 999_999)
    assert told()["refused"] == 3
