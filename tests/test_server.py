"""`manage.py serve` as a process: its beginning, its end, its health, and readers who misbehave."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import AsyncExitStack, closing

import pytest
import uvicorn
import websockets
from uvicorn.server import ServerState
from websockets.protocol import State

from events.live.protocol import ReaderProtocol
from liveblog import lifeline, workers
from liveblog import server as ours
from tests import processes
from tests.follower import Reader
from tests.services import ROOT, free_port

NOWHERE = "postgres://postgres@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def server(shared_database):
    """One server for all who leave it as it was, with an event `call`."""
    with processes.newsroom(shared_database, PEN_SLOW_SECONDS="1") as running:
        yield running


def status(url):
    """The status and the body of an answer."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def serve_once(**environment):
    """Run `manage.py serve` where it cannot."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=processes.environment(os.environ["DATABASE_URL"], **environment),
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_port_in_use_is_one_sentence():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = serve_once(HOST="127.0.0.1", PORT=str(port))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_that_is_none_is_one_sentence():
    done = serve_once(HOST="no.such.host.invalid", PORT=str(free_port()))
    assert done.returncode == 2
    assert "HOST should be" in done.stderr
    assert "Traceback" not in done.stderr


def test_accepted_sockets_have_a_small_send_buffer():
    with closing(ours.listen("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        listener.setblocking(True)
        accepted, _peer = listener.accept()
        with closing(client), closing(accepted):
            # The kernel doubles what it is given, for its own bookkeeping.
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * ours.SEND_BUFFER


def test_healthy_and_ready(server):
    assert status(f"{server.url}/healthz") == (200, b"ok\n")
    assert status(f"{server.url}/readyz") == (200, b"ready\n")


def test_without_a_database_it_is_healthy_and_not_ready():
    port = free_port()
    env = processes.environment(NOWHERE, PORT=str(port), HOST="127.0.0.1")
    process = processes.Process([sys.executable, "manage.py", "serve"], port, env)
    try:
        process.restart()
        assert status(f"{process.url}/healthz") == (200, b"ok\n")
        assert status(f"{process.url}/readyz") == (503, b"not ready: database\n")
        assert "Traceback" not in process.log
    finally:
        process.close()


async def test_a_server_whose_application_did_not_start_says_to_nobody_that_it_serves(monkeypatch):
    said = []
    monkeypatch.setattr(lifeline, "say", said.append)

    async def gives_up(self, sockets=None):
        """As some versions of Uvicorn do."""
        self.should_exit = True

    monkeypatch.setattr(uvicorn.Server, "startup", gives_up)
    with pytest.raises(SystemExit) as end:
        await ours.Server(ours.config()).startup()
    assert end.value.code == ours.STARTUP_FAILURE
    assert lifeline.SERVING not in said


def test_it_gives_up_when_no_application_starts(monkeypatch, caplog):
    monkeypatch.setattr(workers, "TRIES", 1)
    with closing(ours.listen("127.0.0.1", 0)) as listener:
        program = f"""
import os, socket, django
os.environ["DJANGO_SETTINGS_MODULE"] = "liveblog.settings"
django.setup()
from liveblog import lifeline, server

async def fails(scope, receive, send):
    await receive()
    await send({{"type": "lifespan.startup.failed", "message": "It is broken."}})

lifeline.hold()
config = server.config()
config.app = fails
server.Server(config).run(sockets=[socket.socket(fileno={listener.fileno()})])
"""
        command = [sys.executable, "-c", program]
        with pytest.raises(workers.CannotStart, match=f"exit code {ours.STARTUP_FAILURE}"), caplog.at_level("INFO"):
            workers.Supervisor(1, command, listener).run()
    assert "serves." not in caplog.text


async def test_other_addresses_fall_through_to_django(server):
    code, _body = await asyncio.to_thread(status, f"{server.url}/admin/login/")
    assert code == 200


@pytest.mark.parametrize("signal_number", ["SIGTERM", "SIGINT"])
async def test_told_to_end_it_says_bye_and_ends_well(database, signal_number):
    with processes.newsroom(database) as server:
        async with websockets.connect(f"{server.ws_url}/ws/events/call/", compression=None) as reader:
            assert json.loads(await reader.recv())["type"] == "hello"
            server.signal(getattr(signal, signal_number))
            assert json.loads(await asyncio.wait_for(reader.recv(), 5))["type"] == "bye"
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(reader.recv(), 5)
            assert reader.close_code == 1012
        assert await asyncio.to_thread(server.wait) == 0
        assert "Traceback" not in server.log


async def test_who_talks_is_closed_and_who_shouts_too(server):
    for said in ("hello?", "x" * 5000, b"x" * 70000):
        async with websockets.connect(f"{server.ws_url}/ws/events/call/", compression=None) as reader:
            await reader.recv()
            await reader.send(said)
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(reader.recv(), 5)
            assert reader.close_code == 4400


def test_a_bad_handshake_leaves_no_trace(server):
    before = server.log
    request = b"GET /ws/events/call/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=5)) as client:
        client.sendall(request)
        assert client.recv(100).startswith(b"HTTP/1.1 4")
    assert "Traceback" not in server.log[len(before) :]


async def test_many_hear_the_same_bytes_at_once(server):
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for _count in range(40)]
        await asyncio.gather(*(reader.reach(1) for reader in readers))
        done = await server.write("publish", headline="To everybody")
        await asyncio.gather(*(reader.reach(done["sequence"]) for reader in readers))
        assert len({next(text for text in reader.texts if "To everybody" in text) for reader in readers}) == 1


class Transport:
    """A transport that notes what is written."""

    def __init__(self):
        self.written, self.closing, self.aborted = [], False, False

    def write(self, data):
        self.written.append(data)

    def is_closing(self):
        return self.closing

    def abort(self):
        self.aborted = True


async def test_a_ping_without_an_answer_cuts():
    config = ours.config()
    config.load()
    reader = ReaderProtocol(config=config, server_state=ServerState(), app_state={})
    reader.transport = Transport()
    reader.transport.close = lambda: None
    reader.handshake_complete = True
    reader.conn.state = State.OPEN
    reader.keepalive_timeout()
    assert reader.transport.aborted


def sleeper(server):
    """A reader's raw socket with a small window, after the handshake; it reads no more."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    key = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    client.sendall(
        b"GET /ws/events/call/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + key + b"\r\n"
    )
    assert client.recv(12) == b"HTTP/1.1 101"
    # After a time with a full window the kernel looks into it again only every some seconds.
    client.settimeout(60)
    return client


async def flood(server, name, count=30):
    """Publish more bytes than a socket's buffers hold; return the last sequence."""
    for number in range(count):
        done = await server.write("publish", headline=f"{name} {number}", body="water " * 1500)
    return done["sequence"]


def read_on(client, wanted):
    """Read until the bytes have come; return all that was read."""
    read = b""
    while wanted not in read and (data := client.recv(65536)):
        read += data
    return read


async def test_a_slow_reader_is_skipped_and_told_when_it_reads_again(database):
    # A server of its own, patient with the slow.
    with processes.newsroom(database) as server:
        async with AsyncExitStack() as stack:
            slow = stack.enter_context(closing(sleeper(server)))
            quick = await stack.enter_async_context(Reader(server.ws_url))
            last = await flood(server, "Tide")
            await quick.reach(last)
            read = await asyncio.to_thread(read_on, slow, b'"behind"')
        assert re.search(rb'{"type":"behind","epoch":"[0-9a-f]+","sequence":%d}' % last, read)
        assert b"Tide 29" not in read


async def test_a_reader_that_never_reads_is_cut_and_holds_nobody_up(server):
    with closing(sleeper(server)) as stuck:
        async with Reader(server.ws_url) as quick:
            await quick.reach(await flood(server, "Flood"))
            await asyncio.sleep(5)
            read = await asyncio.to_thread(read_to_end, stuck)
            done = await server.write("publish", headline="Afterwards")
            await quick.reach(done["sequence"])
    assert not all(f"Flood {number}".encode() in read for number in range(30))
    assert "Traceback" not in server.log


def read_to_end(client):
    """All that is left in a socket until its end; raise TimeoutError when it is still open."""
    read = b""
    try:
        while data := client.recv(65536):
            read += data
    except ConnectionResetError:
        pass
    return read
