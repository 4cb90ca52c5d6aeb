"""The way from a browser to a real server: opened, followed and cut."""

import random
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests import processes

#: Publishes a post by its headline; returns its id.
Publish = Callable[..., str]
#: Opens an address of the site in a context of its own.
Show = Callable[..., Page]


def follow(page: Page, server: processes.Server, arguments: str = "") -> None:
    """Open the live page and wait until its socket has said hello."""
    page.goto(f"{server.url}/events/call/{arguments}")
    # The first thing that the clock of the server tells.
    expect(page.locator(".ago").first).to_be_attached()


class Line:
    """The way from the page to the server, which can be cut and can lose frames.

    `set_offline` alone leaves sockets open. `drop` is the share of frames that never come.
    """

    def __init__(self, page: Page, chance: random.Random | None = None) -> None:
        self.page, self.is_cut, self.sockets = page, False, []
        self.drop = 0.0
        self.chance = chance or random.Random(1)
        page.route_web_socket("**/ws/**", self.open)

    def open(self, socket: Any) -> None:
        if self.is_cut:
            socket.close(code=1011)
        else:
            server = socket.connect_to_server()
            server.on_message(lambda frame: self.chance.random() < self.drop or socket.send(frame))
            self.sockets.append(socket)

    def cut(self) -> None:
        self.is_cut = True
        self.page.context.set_offline(True)
        for socket in self.sockets:
            socket.close(code=1012)
        self.sockets.clear()

    def mend(self) -> None:
        self.is_cut = False
        self.page.context.set_offline(False)
