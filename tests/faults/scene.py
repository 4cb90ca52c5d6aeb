"""A live event under way: somebody posts all the time, somebody reads, and what must hold at the end."""

import asyncio
import http.client
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.follower import Reader
from tests.page import Page
from tests.processes import Server

#: Saves at once, and how often they are tried.
AT_ONCE, ROUNDS = 5, 6
_numbers = count(1)
#: What a request raises whose server went away under it.
AWAY = (OSError, http.client.HTTPException, AssertionError)


async def fresh(server: Server) -> Page:
    """The page as somebody has it who comes now."""
    answer = (await server.write("fresh"))["answer"]
    page = Page(answer["epoch"])
    assert page.take(answer)
    while answer["more"]:
        answer = (await server.write("fresh", after=page.have))["answer"]
        assert page.take(answer)
    return page


async def equals_fresh(server: Server, *readers: Reader, seconds: float = 30.0) -> Page:
    """Every reader shows what a fresh page shows, in its order; return that page."""
    page = await fresh(server)
    for reader in readers:
        await reader.until(lambda reader=reader: reader.page.epoch == page.epoch, seconds)
        await reader.reach(page.have, seconds)
        assert reader.page.shown() == page.shown()
        assert reader.page.have == page.have
        known = {name: html for name, html in page.parts.items() if name in reader.page.parts}
        assert reader.page.parts == known
    return page


@dataclass
class Posting:
    """What an editor did, and how it went."""

    #: Ids of the posts that the editor was told are out, in order, and of those withdrawn since.
    posts: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    #: Seconds of each deed.
    took: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def all_out(self, page: Page) -> None:
        """Each post that was told to be out is on the page once, and none besides."""
        assert set(self.posts) <= set(page.posts), "lost"
        shown = Counter(
            headline
            for _order, _post, _version, html in page.shown()
            for headline in self.headlines
            if headline in html
        )
        assert all(times == 1 for times in shown.values()), f"doubled: {shown}"
        for post in self.withdrawn:
            assert "Post number" not in page.posts[post]["html"]


async def quickest(write: Callable[..., Awaitable[dict[str, Any]]]) -> float:
    """Seconds that five saves at once take together, the quickest of some rounds.

    A busy machine is slow now and then. Whoever waits for the layer does so each time: five at once wait for its
    timeout at least, and one after the other where the layer has a lock.
    """
    rounds = []
    for _round in range(ROUNDS):
        began = time.monotonic()
        await asyncio.gather(*(write("summarise", text=f"Line {next(_numbers)}.") for _save in range(AT_ONCE)))
        rounds.append(time.monotonic() - began)
    return min(rounds)


@asynccontextmanager
async def posting(
    write: Callable[..., Awaitable[dict[str, Any]]], *, every: float = 0.2, may_fail: bool = False
) -> AsyncIterator[Posting]:
    """Publish, revise and withdraw all the while; `write` is a server's."""
    work = Posting()
    ended = asyncio.Event()

    async def go_on() -> None:
        while not ended.is_set():
            try:
                work.took.append(await _do_one(write, work, next(_numbers)))
            except AWAY as error:
                work.failures.append(repr(error))
                if not may_fail:
                    raise
            await asyncio.sleep(every)

    task = asyncio.create_task(go_on())
    try:
        yield work
    finally:
        ended.set()
        await task
    assert work.posts, "nothing was posted"


async def _do_one(write: Callable[..., Awaitable[dict[str, Any]]], work: Posting, number: int) -> float:
    open_posts = [post for post in work.posts if post not in work.withdrawn]
    if number % 4 == 0 and open_posts:
        done = await write("revise", post=open_posts[-1], headline=f"Post number {number}, put better.")
    elif number % 7 == 0 and len(open_posts) > 1:
        done = await write("withdraw", post=open_posts[0])
        work.withdrawn.append(open_posts[0])
    else:
        headline = f"Post number {number}."
        done = await write("publish", headline=headline)
        work.posts.append(done["post"])
        work.headlines.append(headline)
    return float(done["seconds"])


class Desk:
    """An editor's browser without a browser: a session, and JSON over HTTP."""

    TOKEN = "a" * 32

    def __init__(self, server: Server, event: int, *, url: str = "", session: str = "") -> None:
        self.base = f"{url or server.url}/admin/events/event/{event}/desk/"
        session = session or server.pen("log_in")["session"]
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={self.TOKEN}",
            "X-CSRFToken": self.TOKEN,
            "Content-Type": "application/json",
        }

    def send(self, verb: str, **content: Any) -> tuple[int, dict[str, Any]]:
        """Do a deed; the status and the answer. Raises OSError where no answer came."""
        body = json.dumps(content).encode()
        request = urllib.request.Request(f"{self.base}deeds/{verb}/", data=body, headers=self.headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            try:
                return error.code, json.loads(said)
            except ValueError as no_json:
                raise AssertionError(f"No sentence, but {error.code}: {said[:400]}") from no_json

    def publish(self, headline: str, *, key: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Publish a post; the status and the answer."""
        words = {"headline": headline, "body": "<p>The two are on the line.</p>", "kind": "news"}
        return self.send("publish", key=key, words=words, **more)

    def revise(self, post: str, headline: str, *, revision: int, key: str) -> tuple[int, dict[str, Any]]:
        """Put a post better; the status and the answer."""
        words = {"headline": headline, "body": "<p>Put better.</p>", "kind": "news"}
        return self.send("revise", key=key, post=post, revision=revision, words=words, change="typo")
