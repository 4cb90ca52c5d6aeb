"""The production server: the only place that knows its flags."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from django.conf import settings

from events.live import farewell, health
from events.live import hub as hubs
from events.live.opened import OpenSocket
from events.live.protocol import ReaderProtocol
from liveblog import heartbeat, lifeline
from liveblog.heartbeat import Watchdog
from liveblog.lifeline import READY, RELIEVED, SAME_ORDER, SERVING

log = logging.getLogger(__name__)

#: Bytes of the kernel's send buffer for each connection: beyond it, slowness shows.
SEND_BUFFER = 32 * 1024
#: Bytes of a message from a reader, who has nothing to say.
MAX_MESSAGE = 1024
#: Seconds that the request of the last accepted connection has to come: Uvicorn closes a
#: connection without one.
SETTLE = 0.5
#: Seconds that the closes of sockets still at the door may take; then they are cut, since whoever
#: does not read takes no close either.
CLOSE_SECONDS = 1.0
#: Seconds (whole ones, for Uvicorn) that running requests may take to finish: more than a save
#: takes that succeeds. One that hangs longer is cut, and the desk keeps the text.
GRACEFUL = 10
#: Seconds for whatever comes after all of it, the hub's and the database's end above all; then the
#: process ends come what may. With GRACEFUL it is less than the supervisor's PATIENCE, who would kill.
LAST = 8.0
#: Objects made and not freed until the youngest are looked through, and how many times that is
#: done until the next older are (CPython's own are 700, 10 and 10).
COLLECT = (20_000, 20, 50)
#: The exit code of a server that did not get as far as serving, as Uvicorn's own.
STARTUP_FAILURE = 3


class CannotListen(Exception):
    """The address cannot be had. The message is a sentence for whoever started us."""


class Server(uvicorn.Server):
    """Uvicorn's server, with an end of our own.

    Told to end, Uvicorn closes every socket at one instant, then waits for the slowest.
    We say so to the load balancer first, send the readers away one after the other, let
    running requests finish, and cut what is left.
    """

    #: Who is told that the loop lives, beside the parent.
    watchdog: Watchdog | None = None
    #: When we were first told to end, monotonic seconds.
    _told: float | None = None
    #: Whether another process already listens in our place.
    _relieved = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals until the process has ended; none is raised a second time, so that the exit code is 0."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT, RELIEVED):
                signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM and SIGINT end us in good order, and the second of them at once; `RELIEVED` is a softer SIGTERM."""
        self.should_exit = True
        if sig == RELIEVED:
            self._relieved = True
        elif self._told is None:
            self._told = time.monotonic()
        elif time.monotonic() - self._told > SAME_ORDER:
            log.warning("Told a second time: ending at once.")
            os._exit(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell the parent that we live, when we serve and when we are ready."""
        self._beat = asyncio.create_task(heartbeat.beat(self.watchdog), name="heartbeat")
        await super().startup(sockets)
        if not self.started:
            # Uvicorn has said why. Some of its versions end the process by themselves, some do not.
            sys.exit(STARTUP_FAILURE)
        settle_memory()
        lifeline.say(SERVING)
        self._report = asyncio.create_task(_report_ready(), name="report-ready")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain: notice, no new connections, `bye` in slices, running requests, the end."""
        self._report.cancel()
        hub = hubs.current()
        hub.draining, hub.relieved = True, self._relieved
        notice = 0.0 if self._relieved else settings.DRAIN_NOTICE
        end_in(notice + settings.DRAIN_SECONDS + GRACEFUL + LAST)
        await asyncio.sleep(notice)
        for server in self.servers:
            server.close()
        # Whoever was accepted at the last moment has a request on the way, which Uvicorn would cut.
        await asyncio.gather(farewell.send_away(hub, settings.DRAIN_SECONDS), asyncio.sleep(SETTLE))
        await self._close_readers()
        await super().shutdown(sockets)

    async def _close_readers(self) -> None:
        """Close the sockets that were just being let in, wait a moment for all, and cut the rest."""
        for reader in self._readers():
            if isinstance(reader, OpenSocket) or not reader.close_sent:
                reader.shutdown()
        for _look in range(round(CLOSE_SECONDS / 0.05)):
            if not self._readers():
                return
            await asyncio.sleep(0.05)
        for reader in self._readers():
            reader.abort()
        # Uvicorn would close them a second time: let the loop take them off its list.
        await asyncio.sleep(0.05)

    def _readers(self) -> list[ReaderProtocol | OpenSocket]:
        """The websockets at the door, and those that were let in."""
        connections: set[object] = {*self.server_state.connections}
        return [one for one in connections if isinstance(one, (ReaderProtocol, OpenSocket))]


async def _report_ready() -> None:
    """Tell the parent as soon as the database answers, for it may replace another with us then."""
    while True:
        if not await health.why_not_ready(hubs.current()):
            lifeline.say(READY)
            return
        await asyncio.sleep(0.5)


def settle_memory() -> None:
    """Spare the garbage collector what stays for good, and let it pass seldom.

    With thousands of open sockets a full pass takes as long as a fan-out, and a fan-out
    allocates enough to cause some. What has no cycles, which is nearly everything here,
    is freed without it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def end_in(seconds: float) -> None:
    """End this process then, come what may: a thread that hangs in a statement would hold it for ever."""

    def end() -> None:
        log.warning("Something did not end in %.0f s; it is left behind.", seconds)
        os._exit(0)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def listen(host: str, port: int) -> socket.socket:
    """Return our own listening socket; accepted ones inherit its send buffer.

    Raises CannotListen with a sentence.
    """
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CannotListen(f"HOST should be an address of this machine; “{host}” is none.") from error
    listener = socket.socket(family, kind, proto)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    try:
        listener.bind(address)
        listener.listen(4096)
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Port {port} on {host} cannot be had ({error.strerror}): "
            "end what listens there, or choose another with PORT."
        ) from error
    listener.setblocking(False)
    return listener


def config() -> uvicorn.Config:
    """Every flag of the server."""
    return uvicorn.Config(
        "liveblog.asgi:application",
        interface="asgi3",
        lifespan="on",
        ws="events.live.protocol:ReaderProtocol",
        # Compression's memory for each socket is what sinks Python servers.
        ws_per_message_deflate=False,
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=15,
        ws_ping_timeout=10,
        timeout_graceful_shutdown=GRACEFUL,
        timeout_keep_alive=20,
        backlog=4096,
        server_header=False,
        access_log=False,
        # Whose forwarded headers count is the proxy setting's business; ours are Django's.
        proxy_headers=False,
        log_config=None,
    )


def serve(listener: socket.socket, *, alone: bool = True) -> None:
    """Serve on a listening socket until a signal ends it. `alone` when no supervisor sees whether the loop hangs."""
    server = Server(config())
    heartbeat.tell_where()
    if alone:
        server.watchdog = Watchdog()
        server.watchdog.start()
    server.run(sockets=[listener])
