"""R7, R13, R14, R29: a minute of updates, one a second, under the eyes of three readers."""

import statistics
import time
from typing import Any

from playwright.sync_api import Browser, Page

from tests import measure, processes
from tests.figures.site import BODY, follow, open_page, publish

SECONDS = 60
#: Where each reader is, as a part of the page's height.
PLACES = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
#: What comes instead of a new post, each ten seconds: fifty new posts are left.
OTHERWISE = ("revise", "withdraw", "summarise", "pin", "longer", "remove")
#: Chooses the post that is read, and notes each moment at which the count on the pill changed.
_READ = """(part) => {
  scrollTo(0, part * (document.documentElement.scrollHeight - innerHeight));
  const posts = [...document.querySelectorAll("#posts [data-post]")];
  window.reading = posts.find((post) => post.getBoundingClientRect().top > 60) ?? posts.at(-1);
  window.counted = [];
  new MutationObserver(() => counted.push([document.getElementById("pill").textContent, Date.now()]))
    .observe(document.getElementById("pill"), { childList: true, characterData: true, subtree: true });
  return reading.dataset.post;
}"""
_TOP = "reading.getBoundingClientRect().top"


def live(browser: Browser, server: processes.Server) -> dict[str, Any]:
    """Shifts by place, how far the post being read moved (px), announcements, and the delay at p95 (ms)."""
    pages: dict[str, Page] = {}
    read = set()
    for name, part in PLACES.items():
        pages[name] = open_page(browser)
        follow(pages[name], server)
        read.add(pages[name].evaluate(_READ, part))
        pages[name].wait_for_timeout(600)
        pages[name].evaluate("measured.shifts.length = 0")
    # What is changed stands on every page and is read by nobody: what waits would change the count.
    posts = pages["top"].locator("#posts [data-post]").evaluate_all("all => all.map((post) => post.dataset.post)")
    shown = [post for post in posts if post not in read]
    before = {name: page.evaluate(_TOP) for name, page in pages.items()}
    moved = dict.fromkeys(PLACES, 0.0)
    sent: dict[int, float] = {}
    began = time.monotonic()
    for second in range(SECONDS):
        sent |= _update(server, second, shown, len(sent))
        while time.monotonic() < began + second + 1:
            pages["top"].wait_for_timeout(50)
        for name, page in pages.items():
            moved[name] = max(moved[name], abs(page.evaluate(_TOP) - before[name]))
    seen = {int(text.split()[0]): at for text, at in reversed(pages["top"].evaluate("counted")) if text[:1].isdigit()}
    delays = [seen[count] - at for count, at in sent.items() if count in seen]
    found = {
        "cls": {name: measure.cls(page) for name, page in pages.items()},
        "moved": moved,
        "said": max(len(measure.said(page)) for page in pages.values()),
        "delay": statistics.quantiles(delays, n=20)[18],
        "counted": len(delays),
    }
    for page in pages.values():
        page.context.close()
    return found


def _update(server: processes.Server, second: int, shown: list[str], count: int) -> dict[int, float]:
    """One update; for a new post the count that the pill should show, and when it was sent (ms)."""
    at = time.time() * 1000
    if second % 6 != 5:
        publish(server, f"News of second {second}")
        return {count + 1: at}
    what = OTHERWISE[second // 6 % len(OTHERWISE)]
    post = shown.pop(second * 7 % len(shown))
    if what in ("revise", "longer"):
        server.pen("revise", post=post, headline=f"Said again in second {second}", body=BODY * (1 + (what == "longer")))
    elif what == "summarise":
        server.pen("summarise", text=f"What is known in second {second}.")
    else:
        server.pen(what, post=post)
    return {}
