"""The soak of R8 and its neighbours: `python -m tests.soak --minutes 60`.

A newsroom does everything that it can do to a page whose frames are dropped, whose line is cut and which
sleeps; meanwhile the post being read may not move, and a screen reader may not be shouted at. At the end the
column must be the canonical one, cut to the page's window, and the parts those of a fresh page.
"""

import argparse
import os
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import measure, processes, services
from tests.browser.newsroom import Line, follow

#: The column as a reader has it: (id, order, version).
POSTS = "all => all.map(post => [post.dataset.post, post.dataset.order, post.dataset.version])"
#: The parts, without what each page adds by its own clock.
PARTS = """all => all.map(part => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll('.ago, .own').forEach(small => small.remove());
    copy.querySelectorAll('[data-text]').forEach(badge => badge.removeAttribute('data-text'));
    return [part.dataset.part, copy.textContent.replace(/\\s+/g, ' ').trim()];
})"""
#: The first post that begins on the screen, and where: what the reader reads.
READ = """() => {
    const tops = [...document.querySelectorAll('#posts [data-post]')]
        .map(post => [post.dataset.post, post.getBoundingClientRect().top]);
    return tops.find(([, top]) => top >= 0 && top < innerHeight) ?? null;
}"""
#: Whether any of a post is on the screen.
SEEN = """id => {
    const box = document.getElementById(`p-${id}`)?.getBoundingClientRect();
    return Boolean(box && box.bottom >= 0 && box.top <= innerHeight);
}"""

DEEDS = ["publish"] * 5 + ["revise"] * 4 + ["withdraw", "restore", "remove", "pin", "move", "mark", "summarise"]
DEEDS += ["offline", "online", "drop", "sleep", "wake", "scroll", "scroll", "tap"]
#: Deeds of the reader's own: what they move is meant to move.
OWN = ("scroll", "tap", "sleep", "wake")
#: What is left out where layout shifts are measured: a whole line, a reader who sits still, no post that lands in view.
UNCALM = (*OWN, "offline", "online", "drop", "move")
#: The largest cumulative layout shift of a calm soak (R14).
CLS = 0.01


def posts_of(page: Page) -> Any:
    """The column: [[id, order, version]], from the top."""
    return page.locator("#posts [data-post]").evaluate_all(POSTS)


def parts_of(page: Page) -> Any:
    """The parts' words."""
    return page.locator("[data-part]").evaluate_all(PARTS)


@dataclass
class Soak:
    """One page that much happens to. `page` is measured and follows `server`; `posts` are their ids."""

    page: Page
    server: processes.Server
    line: Line
    posts: list[str]
    chance: random.Random
    #: Whether all that happens is out of sight, so that nothing may shift.
    is_calm: bool = False
    withdrawn: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    #: Deeds under which the post being read moved: (deed, px).
    moved: list[tuple[str, float]] = field(default_factory=list)
    #: The sequence of the last deed, and of the last one that changes what is seen: it may come late.
    head: int = 0
    loud: int = 0
    #: The cumulative layout shift; that of edits in view and of taps is meant.
    shift: float = 0.0

    def run(self, seconds: float) -> None:
        """One deed after another for so long; then a quiet line, all caught up, the pill pressed."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.step()
            self.page.wait_for_timeout(self.chance.randrange(20, 250))
        self.shift = measure.cls(self.page)
        self.line.mend()
        self.line.drop = 0
        self.wake()
        head = self.server.pen("fresh")["answer"]["sequence"]
        expect(self.page.locator("#live")).to_have_attribute("data-sequence", str(head), timeout=40000)
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        self.page.wait_for_timeout(300)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.locator("#pill").evaluate("pill => pill.click()")
        expect(self.page.locator(".left")).to_have_count(0)

    def step(self) -> None:
        """One deed, and a look at whether it moved what is read."""
        deed, post = self.chance.choice(DEEDS), self.chance.choice(self.posts)
        before = self.page.evaluate(READ)
        was_seen = self.page.evaluate(SEEN, post)
        if self.is_calm and (was_seen or deed in UNCALM):
            return
        is_late = self.loud > int(self.page.locator("#live").get_attribute("data-sequence") or 0)
        if not self.do(deed, post):
            return
        if was_seen:
            self.loud = self.head
        self.done[deed] = self.done.get(deed, 0) + 1
        # What is seen to change may take another height; whatever else happens may not be felt.
        if deed in OWN or was_seen or is_late or before is None:
            return
        self.page.wait_for_timeout(60)
        now = self.page.evaluate("id => document.getElementById(`p-${id}`)?.getBoundingClientRect().top", before[0])
        if now is not None and abs(now - before[1]) > 1:
            self.moved.append((deed, now - before[1]))

    def pen(self, verb: str, **order: Any) -> Any:
        """Do it as an editor would, and note how far that has brought the event."""
        answer = self.server.pen(verb, **order)
        self.head = answer.get("sequence") or self.head
        return answer

    def do(self, deed: str, post: str) -> bool:
        """Do it; return whether there was anything to do."""
        chance, pen = self.chance, self.pen
        own = getattr(self, deed, None)
        if own is not None:
            return own() is not False
        if deed == "publish":
            words = {"headline": f"News {len(self.posts)}", "body": "It is said. " * chance.randrange(5, 60)}
            self.posts.append(pen("publish", **words, kind=chance.choice(["news", "news", "background"]))["post"])
        elif deed == "summarise":
            pen("summarise", text=f"Line {chance.random()}")
        elif deed == "restore" and self.withdrawn:
            pen("restore", post=self.withdrawn.pop())
        elif deed == "restore" or post in self.withdrawn:
            return False
        elif deed == "revise":
            pen("revise", post=post, headline=f"Again {chance.random():.3f}", body="Other. " * chance.randrange(60))
        elif deed == "withdraw":
            pen("withdraw", post=post)
            self.withdrawn.append(post)
        elif deed == "remove":
            pen("remove", post=post)
            self.posts.remove(post)
        elif deed == "pin":
            pen("pin", post=post)
        elif deed == "move":
            pen("move", post=post, seconds=chance.choice([-20, -5, -1]))
        elif deed == "mark":
            pen("mark", post=post, key_event=chance.random() < 0.7)
        return True

    def offline(self) -> None:
        """The line is cut."""
        self.line.cut()

    def online(self) -> None:
        """And mended."""
        self.line.mend()

    def drop(self) -> None:
        """Some of the next frames never come."""
        self.line.drop = self.chance.choice([0, 0.3, 0.7])

    def sleep(self) -> None:
        """The browser puts the page away."""
        self.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")

    def wake(self) -> None:
        """And takes it out again."""
        self.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    def scroll(self) -> None:
        """The reader goes elsewhere."""
        self.page.evaluate("y => scrollTo(0, y)", self.chance.choice([0, 300, 1200, 5000]))

    def tap(self) -> bool:
        """The reader asks for what waits."""
        if not self.page.locator("#pill").is_visible():
            return False
        self.page.locator("#pill").evaluate("pill => pill.click()")
        return True

    def faults(self, fresh: Page) -> list[str]:
        """All in which the page differs from the canonical column, and from the page `fresh`; and what it did."""
        canon = self.server.pen("column")["posts"]
        oldest = self.page.locator("#live").get_attribute("data-oldest") or ""
        wanted = [row for row in canon if row[1] >= oldest]
        found = []
        if (seen := posts_of(self.page)) != wanted:
            lost = [row for row in wanted if row not in seen]
            more = [row for row in seen if row not in wanted]
            found.append(f"The column differs: {lost} lost, {more} too many, of {len(wanted)}.")
        for part, other in zip(parts_of(self.page), parts_of(fresh), strict=True):
            if part != other:
                found.append(f"A part differs: {part}, {other} on a fresh page.")
        found += [f"The post being read moved {px:.1f} px: {deed}." for deed, px in self.moved]
        if self.is_calm and self.shift > CLS:
            found.append(f"The layout shifted by {self.shift:.4f}: {measure.shifts(self.page)}")
        told = measure.told(self.page)
        if any(later - sooner < 29_500 for sooner, later in zip(told, told[1:], strict=False)):
            found.append(f"A screen reader was told too often, at {told} ms.")
        return found


def soak(
    browser: Browser, server: processes.Server, seconds: float, seed: int, *, is_calm: bool = False
) -> tuple[Soak, list[str]]:
    """Run one soak with a browser before a newsroom with the live event; return it and its faults."""
    posts = [
        server.pen("publish", headline=f"Post {number}", body="Both say so. " * 40)["post"] for number in range(25)
    ]
    context = browser.new_context(viewport={"width": 1000, "height": 700}, timezone_id="Asia/Kolkata", locale="en-IN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"A script failed: {error}"))
    chance = random.Random(seed)
    line = Line(page, chance)
    measure.watch(page)
    follow(page, server)
    run = Soak(page, server, line, posts, chance, is_calm)
    if is_calm:
        measure.read(page, posts[12])
        page.evaluate("measured.shifts.length = 0")
    run.run(seconds)
    other = browser.new_context(timezone_id="Asia/Kolkata", locale="en-IN")
    fresh = other.new_page()
    follow(fresh, server)
    found = complaints + run.faults(fresh)
    other.close()
    return run, found


def main() -> int:
    """Soak for so many minutes; say what was done, and end with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--calm", action="store_true", help="only what happens out of sight: then nothing may shift")
    given = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    services.find()
    with (
        processes.migrated() as empty,
        processes.copied(empty) as database,
        processes.newsroom(database) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=["--no-sandbox"])
        run, found = soak(browser, server, given.minutes * 60, given.seed, is_calm=given.calm)
        print(f"seed {given.seed}: {sum(run.done.values())} deeds, {run.done}")
        print(f"CLS {run.shift:.4f}; announcements {len(measure.said(run.page))}")
        print("\n".join(found) or "The page equals a fresh one, and nothing moved.")
        browser.close()
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
