"""R4 and R5: what a page weighs, and how it loads on a slow phone and line."""

import gzip
import statistics

from playwright.sync_api import Browser, Response

from tests import measure, processes
from tests.figures.site import open_page

RUNS = 5
#: A line of 150 ms and 1.6 Mbit/s, and a processor four times slower.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
KINDS = {"document": "html", "script": "js", "stylesheet": "css"}
_WATCH = """(() => {
  const seen = (window.loading = { lcp: 0, fcp: 0, long: [] });
  const each = (type, take) => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  };
  each("largest-contentful-paint", ({ startTime }) => (seen.lcp = startTime));
  each("paint", ({ name, startTime }) => name === "first-contentful-paint" && (seen.fcp = startTime));
  each("longtask", ({ startTime, duration }) => seen.long.push([startTime, duration]));
})()"""


def weigh(browser: Browser, server: processes.Server) -> dict[str, float]:
    """KB of the page's html, scripts and styles as they were served, gzipped: {html, js, css}."""
    page = open_page(browser)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{server.url}/events/call/")
    page.locator(".ago").first.wait_for(state="attached")
    sizes = dict.fromkeys(KINDS.values(), 0.0)
    for answer in answers:
        if kind := KINDS.get(answer.request.resource_type):
            sizes[kind] += len(gzip.compress(answer.body(), 9, mtime=0)) / 1024
    page.context.close()
    return sizes


def load(browser: Browser, server: processes.Server) -> dict[str, float]:
    """Median of five loads: largest paint and blocking time in ms, and the worst layout shift of them all."""
    runs = [_once(browser, server) for _run in range(RUNS)]
    return {
        "lcp": statistics.median(run["lcp"] for run in runs),
        "tbt": statistics.median(run["tbt"] for run in runs),
        "cls": max(run["cls"] for run in runs),
    }


def _once(browser: Browser, server: processes.Server) -> dict[str, float]:
    page = open_page(browser, 360, 640)
    page.add_init_script(_WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{server.url}/events/call/")
    page.locator(".ago").first.wait_for(state="attached")
    page.wait_for_timeout(1500)
    seen = page.evaluate("loading")
    # What is over 50 ms in each long task after the first paint (web.dev/tbt).
    blocking = sum(max(0, duration - 50) for start, duration in seen["long"] if start >= seen["fcp"])
    found = {"lcp": seen["lcp"], "tbt": blocking, "cls": measure.cls(page)}
    page.context.close()
    return found
