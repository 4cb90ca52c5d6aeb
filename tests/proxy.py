"""A small TCP proxy of ours, for the network's faults.

``with Proxy(port) as line: …`` listens on `line.port` and passes bytes to one of its
upstream ports. It runs in a thread of its own, so that tests of either kind use it; every
fault is an attribute or a call, and may be changed under way.
"""

import asyncio
import random
import re
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from tests.services import free_port

#: Bytes read at once.
CHUNK = 16_384
_UPGRADE = re.compile(rb"^upgrade:\s*websocket", re.I | re.M)


class Proxy:
    """Passes bytes through, until it is told to do it badly."""

    def __init__(self, *upstreams: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws_url = f"ws://127.0.0.1:{self.port}"
        #: Ports of loopback to pass to; the next is tried where one refuses.
        self.upstreams = list(upstreams)
        #: Seconds that each piece waits, each way.
        self.delay = 0.0
        #: Bytes a second towards the client; 0 for as many as there are.
        self.rate = 0
        #: Websockets only: bytes towards the client that are held together until they are so many.
        self.hold = 0
        #: Seconds without a byte either way after which a connection is cut; 0 for never.
        self.idle = 0.0
        #: The status with which websocket handshakes are refused; 0 for letting them pass.
        self.refusal = 0
        #: How many connections were ever accepted, and how many handshakes were refused.
        self.accepted = self.refused = 0
        self._silent = False
        self._open: set[_Way] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *_error: object) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    # The faults

    def cut(self) -> None:
        """Reset every connection; new ones are taken."""
        self._do(self._cut)

    def down(self) -> None:
        """Reset every connection and refuse new ones, as a port does behind which nobody is."""
        self._do(self._down)

    def up(self) -> None:
        """Listen again, after `down`."""
        self._do(self._up)

    def black_hole(self) -> None:
        """Take every byte and say nothing. The connections of now stay so for ever; new ones until `clear`."""
        self._do(self._swallow)

    def clear(self) -> None:
        """Serve new connections well."""
        self._silent = False
        self.delay = self.idle = 0.0
        self.rate = self.hold = self.refusal = 0

    # In the thread

    def _do(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(act(), self._loop).result(10)

    async def _up(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=CHUNK)

    async def _down(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    async def _cut(self) -> None:
        for way in list(self._open):
            way.abort()
        # A turn, so that the tasks see it before the caller goes on.
        await asyncio.sleep(0.05)

    async def _swallow(self) -> None:
        self._silent = True
        for way in self._open:
            way.lost = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        way = _Way(self, reader, writer)
        way.lost = self._silent
        self._open.add(way)
        try:
            await way.pass_on()
        except OSError:
            pass
        finally:
            self._open.discard(way)
            way.abort()


class _Way:
    """One connection, from its client to an upstream and back."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy, self.reader, self.writer = proxy, reader, writer
        self.lost = self.is_socket = False
        self.back: asyncio.StreamWriter | None = None
        self._moved = 0.0
        self._over = asyncio.Event()

    def abort(self) -> None:
        """Reset both ends."""
        self._over.set()
        for writer in (self.writer, self.back):
            if writer is not None:
                writer.transport.abort()

    async def pass_on(self) -> None:
        """Pass bytes both ways until an end closes."""
        back_reader, self.back = await self._connect()
        self._moved = asyncio.get_running_loop().time()
        tasks = [
            asyncio.create_task(self._forth(self.reader, self.back)),
            asyncio.create_task(self._back(back_reader, self.writer)),
            asyncio.create_task(self._watch()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        ports = random.sample(self.proxy.upstreams, len(self.proxy.upstreams))
        for port in ports:
            try:
                return await asyncio.open_connection("127.0.0.1", port, limit=CHUNK)
            except OSError:
                continue
        raise ConnectionRefusedError("no upstream answers")

    async def _watch(self) -> None:
        """Return when nothing has moved for too long."""
        while True:
            await asyncio.sleep(0.05)
            if self.proxy.idle and asyncio.get_running_loop().time() - self._moved > self.proxy.idle:
                return

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """The next bytes that are not swallowed; nothing at the end."""
        while data := await reader.read(CHUNK):
            await asyncio.sleep(self.proxy.delay)
            if not self.lost:
                self._moved = asyncio.get_running_loop().time()
                return data
        if self.lost:
            # Not even the end is told.
            await self._over.wait()
        return b""

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = True
        while data := await self._read(reader):
            if first and _UPGRADE.search(data):
                self.is_socket = True
                if self.proxy.refusal:
                    await self._refuse()
                    return
            first = False
            writer.write(data)
            await writer.drain()

    async def _refuse(self) -> None:
        self.proxy.refused += 1
        answer = f"HTTP/1.1 {self.proxy.refusal} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.writer.write(answer.encode())
        await self.writer.drain()
        self.writer.close()
        await self.writer.wait_closed()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held, head = b"", True
        while data := await self._read(reader):
            held += data
            if self.is_socket and self.proxy.hold:
                # The handshake's answer passes, whatever stands behind it in the same piece.
                if head and (end := held.find(b"\r\n\r\n") + 4) > 3:
                    writer.write(held[:end])
                    held, head = held[end:], False
                if len(held) < self.proxy.hold:
                    continue
            if self.proxy.rate:
                await asyncio.sleep(len(held) / self.proxy.rate)
            writer.write(held)
            held = b""
            await writer.drain()
