"""What Prometheus is told: every name is explained, and the numbers move."""

import asyncio
import re
import socket
import sys
import urllib.request
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from events.live import metrics
from tests import processes
from tests.follower import Reader
from tests.services import ROOT, free_port
from tests.test_server import NOWHERE, flood, sleeper


@pytest.fixture
def forgetful(database):
    """A server that knows nothing of what was before it, with an event `call`."""
    with processes.newsroom(database, PEN_WARM="0") as running:
        yield running


@pytest.fixture(scope="module")
def server(shared_database):
    """One server for all who are content with whatever was counted before them, with an event `call`."""
    with processes.newsroom(shared_database) as running:
        yield running


def ask(server):
    """The families of `/metrics`, as Prometheus reads them."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert response.headers["Cache-Control"] == "no-store"
        return list(text_string_to_metric_families(response.read().decode()))


def value(server, name, **labels):
    """One sample."""
    samples = [one for family in ask(server) for one in family.samples if one.name == name]
    (found,) = [one.value for one in samples if one.labels == labels]
    return found


async def until(ready, seconds=8.0):
    """Wait until it holds; it asks over HTTP, beside the loop."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(ready):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)


def test_every_metric_is_explained_and_every_explanation_has_its_metric(server):
    told = set()
    for family in ask(server):
        if family.name.startswith("liveblog_"):
            told.add(f"{family.name}_total" if family.type == "counter" else family.name)
    table = (ROOT / "docs" / "metrics.md").read_text().split("\n")
    assert told == {match[1] for line in table if (match := re.match(r"\| `(liveblog_\w+)` \|", line))}


def test_every_label_s_value_is_explained(server):
    words = (ROOT / "docs" / "metrics.md").read_text()
    for family in ask(server):
        for sample in family.samples if family.name.startswith("liveblog_") else ():
            for label, given in sample.labels.items():
                assert label == "le" or (f"`{label}`" in words and f"`{given}`" in words), (family.name, label, given)


async def test_an_update_and_its_readers_are_counted(server):
    before = await asyncio.to_thread(value, server, "liveblog_hub_to_socket_seconds_count")
    async with Reader(server.ws_url) as one, Reader(server.ws_url) as two:
        await until(lambda: value(server, "liveblog_readers", transport="socket") == 2)
        done = await server.write("publish", headline="Counted")
        await asyncio.gather(one.reach(done["sequence"]), two.reach(done["sequence"]))
        await until(lambda: value(server, "liveblog_hub_to_socket_seconds_count") > before)
        ways = [value(server, "liveblog_publish_to_hub_seconds_count", way=way) for way in ("layer", "look")]
        assert sum(ways) >= 1
        assert (await server.write("readers"))["delay"] < 5
    await until(lambda: value(server, "liveblog_readers", transport="socket") == 0)
    assert value(server, "liveblog_layer_up") == 1


async def test_who_comes_back_is_counted_by_what_answered(forgetful):
    server = forgetful
    done = await server.write("publish", headline="Before anybody came")
    async with Reader(server.ws_url) as first:
        await first.reach(done["sequence"])
        await until(lambda: value(server, "liveblog_gaps_healed_total", by="database") >= 1)
        done = await server.write("publish", headline="In memory")
        await first.reach(done["sequence"])
        epoch = first.page.epoch
        async with Reader(server.ws_url) as second:
            await second.reach(done["sequence"])
            second.page.have, second.page.epoch = done["sequence"] - 1, epoch
            async with Reader(server.ws_url) as third:
                third.page.epoch = epoch
        await until(lambda: sum_of(server, "liveblog_gaps_healed_total") >= 2)


def sum_of(server, name):
    """All samples of one name."""
    return sum(one.value for family in ask(server) for one in family.samples if one.name == name)


async def test_who_never_reads_is_counted_when_closed(database):
    with processes.newsroom(database, PEN_SLOW_SECONDS="1") as server, closing(sleeper(server)):
        async with Reader(server.ws_url) as quick:
            await quick.reach(await flood(server, "Flood"))
            await until(lambda: value(server, "liveblog_slow_closed_total", why="stuck") == 1)


async def test_who_finds_no_place_is_counted(database):
    with processes.newsroom(database, SOCKETS_MAX="1") as server:
        async with Reader(server.ws_url):
            with closing(sleeper(server)):
                await until(lambda: value(server, "liveblog_refused_total", by="process") >= 1)


async def test_processes_of_one_supervisor_answer_for_each_other(database, tmp_path):
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    with processes.serve(database, pen=True, **shared) as one, processes.serve(database, pen=True, **shared) as two:
        one.pen("begin")
        async with Reader(one.ws_url), Reader(two.ws_url), Reader(two.ws_url):
            for server in (one, two):
                await until(lambda server=server: value(server, "liveblog_readers", transport="socket") == 3)


async def test_a_process_without_readers_says_too_that_the_database_is_silent():
    port = free_port()
    env = processes.environment(NOWHERE, PORT=str(port), HOST="127.0.0.1")
    process = processes.Process([sys.executable, "manage.py", "serve"], port, env)
    try:
        await asyncio.to_thread(process.restart)
        await until(lambda: value(process, "liveblog_database_silent") == 1)
        # A line says so: a traceback would be a fault of ours.
        await until(lambda: "does not answer the look" in process.log)
        assert "Traceback" not in process.log, process.log
    finally:
        process.close()


def test_lost_announcements_are_counted_once():
    def counted():
        return metrics._OURS.get_sample_value("liveblog_announcements_lost_total", {"how": "failed"})

    before, earlier = counted(), metrics._counted.get("failed", 0)
    metrics.note_lost({"failed": earlier + 2})
    metrics.note_lost({"failed": earlier + 2})
    metrics.note_lost({"failed": earlier + 3})
    assert counted() == before + 3


def test_a_handshake_beyond_the_rate_is_told_when_to_come_back(database):
    with processes.newsroom(database, ACCEPT_RATE="1") as server:
        with closing(sleeper(server)), closing(socket.create_connection(("127.0.0.1", server.port), 5)) as late:
            key = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            late.sendall(
                b"GET /ws/events/call/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + key
                + b"\r\n"
            )
            answer = b""
            while data := late.recv(4096):
                answer += data
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert 2 <= int(re.search(rb"retry-after: (\d+)\r\n", answer, re.IGNORECASE)[1]) <= 10
        assert value(server, "liveblog_refused_total", by="rate") == 1
        assert "Traceback" not in server.log
