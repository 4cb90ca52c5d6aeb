"""A reader's client without a browser: keeps the whole rule of the contract, over a real socket."""

import asyncio
import contextlib
import http.client
import json
import random
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import websockets

from tests.page import Page


class Reader:
    """One reader of one event. ``async with Reader(server, "call") as reader: …``.

    Whatever it must fetch, it fetches by coming back with `after=`: the socket answers like
    the catch-up address does. That address is asked where sockets are refused or mute, and for the
    rest of a long answer. A server that
    says nothing for `patience` seconds it takes for dead.
    """

    def __init__(self, base: str, slug: str = "call", *, patience: float | None = None) -> None:
        self.address = f"{base}/ws/events/{slug}/"
        self.updates = f"{base.replace('ws', 'http', 1)}/events/{slug}/updates/"
        self.patience = patience
        self.page = Page("")
        #: Every text heard, in order, with its time (monotonic seconds).
        self.heard: list[tuple[float, str]] = []
        self.gone = False
        self.code: int | None = None
        self.resets = 0
        self.connections = 0
        self.polls = 0
        #: Whether the socket is open and has said nothing.
        self._mute = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Reader":
        self._task = asyncio.create_task(self._follow())
        await self.until(lambda: self.page.epoch != "" and self.connections + self.polls > 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def texts(self) -> list[str]:
        """Every text heard, in order."""
        return [text for _at, text in self.heard]

    async def _follow(self) -> None:
        while not self.gone:
            # Refused, cut or closed: a reader comes back, with jitter.
            with contextlib.suppress(OSError, http.client.HTTPException, websockets.WebSocketException):
                try:
                    await self._connect()
                except websockets.InvalidStatus:
                    await self._poll()
                except TimeoutError:
                    # Open, and not even a greeting: something on the way holds it back.
                    if self._mute:
                        await self._poll()
            await asyncio.sleep(random.uniform(0.02, 0.2))

    async def _poll(self) -> None:
        address = f"{self.updates}?after={self.page.have}&epoch={self.page.epoch}"

        def fetch() -> bytes:
            with urllib.request.urlopen(address, timeout=3) as answer:
                body: bytes = answer.read()
                return body

        text = (await asyncio.to_thread(fetch)).decode()
        self.polls += 1
        self.heard.append((time.monotonic(), text))
        answer = json.loads(text)
        self._take(answer)
        if answer.get("more"):
            await self._poll()

    async def _connect(self) -> None:
        address = f"{self.address}?after={self.page.have}&epoch={self.page.epoch}"
        self._mute = False
        async with websockets.connect(address, compression=None, open_timeout=3, close_timeout=1) as socket:
            self.connections += 1
            self._mute = True
            try:
                while True:
                    async with asyncio.timeout(self.patience):
                        text = await socket.recv()
                    self._mute = False
                    self.heard.append((time.monotonic(), str(text)))
                    frame = json.loads(text)
                    if not self._take(frame):
                        return
                    if frame.get("more"):
                        await self._poll()
            finally:
                self.code = socket.close_code
                self.gone = self.gone or self.code == 4404

    def _take(self, frame: dict[str, Any]) -> bool:
        """Take one frame; return False when the reader must come back for more."""
        if frame["type"] == "gone":
            # The server closes; a reader does not come back.
            self.gone = True
            return True
        if frame["type"] == "hello":
            if frame["epoch"] != self.page.epoch:
                self.page, self.resets = Page(frame["epoch"]), self.resets + 1
                return False
            # The answer to `after=` follows.
            return True
        if frame["type"] == "bye":
            return True
        if frame.get("reset"):
            self.page, self.resets = Page(frame["epoch"]), self.resets + 1
            return False
        return self.page.take(frame)

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> float:
        """Wait until the condition holds; return the seconds. Raises AssertionError when it never does."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, (
                f"Waited in vain at {self.page.have}: {[text[:90] for text in self.texts[-9:]]}"
            )
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def reach(self, sequence: int, seconds: float = 20.0) -> float:
        """Wait until the page has come so far; return the seconds."""
        return await self.until(lambda: self.page.have >= sequence, seconds)
