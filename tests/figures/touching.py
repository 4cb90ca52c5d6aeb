"""INP with 500 posts on the page: how long after a tap the next picture is drawn."""

import time

from playwright.sync_api import Browser, Page, Route, expect

from tests import processes
from tests.figures.site import follow, open_page, publish

ON_PAGE = 500
#: What a browser notes no interaction below, in ms.
LEAST = 16.0
#: Keeps the slowest interaction where the next page of this tab finds it.
_WATCH = """(() => {
  const keep = (entries) => {
    for (const { interactionId, duration } of entries)
      if (interactionId) sessionStorage.slowest = Math.max(sessionStorage.slowest || 0, duration);
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "event", durationThreshold: 16 });
  addEventListener("pagehide", () => keep(observer.takeRecords()));
})()"""


def touch(browser: Browser, server: processes.Server) -> dict[str, float]:
    """The slowest interaction of each kind in ms; 16 where a browser notes none: {pill, many, older, filter}."""
    page = open_page(browser)
    page.set_default_timeout(60_000)
    page.add_init_script(_WATCH)
    follow(page, server)
    page.route("**/events/call/?*", _late)
    pill, shown = page.locator("#pill"), page.locator("#posts article").count()
    server.pen("publish_many", count=ON_PAGE - shown)
    expect(pill).to_contain_text(f"{ON_PAGE - shown} ", timeout=60_000)
    found = {"many": _slowest(page, "#pill")}
    expect(page.locator("#posts article")).to_have_count(ON_PAGE)
    publish(server, "And one more")
    expect(pill).to_have_text("1 new update")
    found["pill"] = _slowest(page, "#pill")
    found["older"] = _slowest(page, "#older")
    found["filter"] = _slowest(page, ".tools a[href*='show=key']")
    page.context.close()
    return found


def _slowest(page: Page, selector: str) -> float:
    """Click, and wait for what follows; where that is another page, it comes later than the next picture."""
    page.evaluate("sessionStorage.slowest = 0")
    page.locator(selector).click()
    page.wait_for_timeout(2500)
    return max(float(page.evaluate("sessionStorage.slowest")), LEAST)


def _late(route: Route) -> None:
    time.sleep(0.4)
    route.continue_()
