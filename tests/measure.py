"""What a page does to its reader, measured inside the page: shifts, slowness, words to a screen reader.

`watch(page)` before the page is opened, `Watch` to ask afterwards. For tests, the soak and figures.
"""

from typing import Any

from playwright.sync_api import Page

_WATCH = """(() => {
  const seen = (window.measured = { shifts: [], slow: [], said: [] });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, startTime, sources } of list.getEntries()) {
      const what = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
      if (!hadRecentInput) seen.shifts.push({ value, at: startTime, what });
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.interactionId) seen.slow.push([e.name, e.duration]);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  addEventListener("DOMContentLoaded", () => {
    const status = document.getElementById("status");
    if (!status) return;
    const say = () => status.textContent && seen.said.push([status.textContent, performance.now()]);
    new MutationObserver(say).observe(status, { childList: true, characterData: true, subtree: true });
  });
})()"""


def watch(page: Page) -> None:
    """Measure every page that is opened in this tab from now on."""
    page.add_init_script(_WATCH)


def shifts(page: Page) -> list[dict[str, Any]]:
    """Layout shifts that no input excuses: {value, at (ms), what}."""
    found: list[dict[str, Any]] = page.evaluate("measured.shifts")
    return found


def cls(page: Page) -> float:
    """Cumulative layout shift: the largest window of shifts, at most 1 s apart and 5 s long (web.dev/cls)."""
    worst = total = 0.0
    first = last = float("-inf")
    for shift in shifts(page):
        at = shift["at"]
        if at - last > 1000 or at - first > 5000:
            first, total = at, 0.0
        last, total = at, total + shift["value"]
        worst = max(worst, total)
    return worst


def slowest(page: Page) -> float:
    """Interaction to next paint in ms, as the slowest interaction so far; 0 below 16 ms."""
    return float(page.evaluate("Math.max(0, ...measured.slow.map(([, duration]) => duration))"))


def said(page: Page) -> list[str]:
    """What a screen reader was told."""
    words: list[str] = page.evaluate("measured.said.map(([text]) => text)")
    return words


def told(page: Page) -> list[float]:
    """When it was told, in ms since the page was opened."""
    times: list[float] = page.evaluate("measured.said.map(([, at]) => at)")
    return times


def top(page: Page, post: str) -> float:
    """Where a post is on the screen, in px."""
    return float(page.locator(f"#p-{post}").evaluate("post => post.getBoundingClientRect().top"))


def read(page: Page, post: str, below: int = 50) -> None:
    """Scroll so that the post begins so many px below the top of the screen."""
    page.evaluate(
        "([id, below]) => scrollBy(0, document.getElementById(id).getBoundingClientRect().top - below)",
        [f"p-{post}", below],
    )
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
