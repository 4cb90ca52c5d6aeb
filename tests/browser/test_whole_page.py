"""Whatever happens to a page, it ends as a fresh one."""

import random
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import processes
from tests.browser.newsroom import Line, Publish, follow

#: The column as a reader has it: (id, order, version).
POSTS = "all => all.map(post => [post.dataset.post, post.dataset.order, post.dataset.version])"
#: The parts, without what each page adds by its own clock.
PARTS = """all => all.map(part => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll('.ago, .own').forEach(small => small.remove());
    copy.querySelectorAll('[data-text]').forEach(badge => badge.removeAttribute('data-text'));
    return [part.dataset.part, copy.textContent.replace(/\\s+/g, ' ').trim()];
})"""

DEEDS = ["publish"] * 4 + ["revise"] * 3 + ["withdraw", "restore", "remove", "pin", "move", "mark"]
DEEDS += ["summarise", "offline", "online", "scroll", "tap"]


def posts_of(page: Page) -> Any:
    return page.locator("#posts [data-post]").evaluate_all(POSTS)


def parts_of(page: Page) -> Any:
    return page.locator("[data-part]").evaluate_all(PARTS)


@pytest.mark.parametrize("seed", [3])
def test_whatever_happens_the_page_ends_as_a_fresh_one(
    line: Line, live, server: processes.Server, publish: Publish, page: Page, browser: Browser, seed: int
):
    chance = random.Random(seed)
    posts, withdrawn = list(live), set()
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        post = chance.choice(posts)
        deed = chance.choice(DEEDS)
        if deed == "publish":
            posts.append(publish(f"News {len(posts)}", kind=chance.choice(["news", "news", "background"])))
        elif deed == "summarise":
            server.pen("summarise", text=f"Line {chance.random()}")
        elif deed in ("offline", "online"):
            line.cut() if deed == "offline" else line.mend()
        elif deed == "scroll":
            page.evaluate("y => scrollTo(0, y)", chance.choice([0, 300, 1200, 5000]))
        elif deed == "tap" and page.locator("#pill").is_visible():
            page.locator("#pill").evaluate("pill => pill.click()")
        elif deed == "restore" and withdrawn:
            server.pen("restore", post=withdrawn.pop())
        elif post in withdrawn or deed in ("tap", "restore"):
            continue
        elif deed == "revise":
            server.pen(
                "revise", post=post, headline=f"Again {chance.random():.3f}", body="Other. " * chance.randrange(60)
            )
        elif deed == "withdraw":
            server.pen("withdraw", post=post)
            withdrawn.add(post)
        elif deed == "remove":
            server.pen("remove", post=post)
            posts.remove(post)
        elif deed == "pin":
            server.pen("pin", post=post)
        elif deed == "move":
            server.pen("move", post=post, seconds=chance.choice([-20, -5, -1]))
        elif deed == "mark":
            server.pen("mark", post=post, key_event=chance.random() < 0.7)
        page.wait_for_timeout(chance.randrange(20, 250))
    line.mend()
    head = server.pen("fresh")["answer"]["sequence"]
    expect(page.locator("#live")).to_have_attribute("data-sequence", str(head), timeout=20000)
    page.locator("#pill").evaluate("pill => pill.click()")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)
    fresh = browser.new_context(timezone_id="Asia/Kolkata", locale="en-IN").new_page()
    follow(fresh, server)
    seen, canonical = posts_of(page), posts_of(fresh)
    assert seen[: len(canonical)] == canonical
    assert parts_of(page) == parts_of(fresh)
    fresh.context.close()
