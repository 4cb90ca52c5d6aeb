"""INP with 500 posts on the page: how long after a tap the next picture is drawn."""

from playwright.sync_api import Browser, Page, Route

from tests import measure, processes
from tests.figures.site import follow, open_page, publish

ON_PAGE = 500


def touch(browser: Browser, server: processes.Server) -> dict[str, float]:
    """The slowest interaction of each kind in ms; 16 where a browser notes none: {pill, many, older, filter}."""
    page = open_page(browser)
    page.set_default_timeout(60_000)
    follow(page, server)
    shown = page.locator("#posts article").count()
    server.pen("publish_many", count=ON_PAGE - shown)
    page.wait_for_function(
        "text => document.getElementById('pill').textContent.includes(text)", arg=f"{ON_PAGE - shown} "
    )
    found = {"many": _slowest(page, "#pill")}
    page.wait_for_function("count => document.querySelectorAll('#posts article').length >= count", arg=ON_PAGE)
    publish(server, "And one more")
    page.wait_for_function("document.getElementById('pill').textContent.startsWith('1 ')")
    found["pill"] = _slowest(page, "#pill")
    found["older"] = _slowest(page, "#older")
    found["filter"] = _slowest(page, ".tools a[href*='show=key']")
    page.context.close()
    return found


def _slowest(page: Page, selector: str) -> float:
    """Click; where that leads to another page, that page is kept waiting until this one has been asked."""
    held: list[Route] = []
    page.route("**/events/call/?*", lambda route: held.append(route))
    page.locator(selector).scroll_into_view_if_needed()
    page.evaluate("(measured.slow.length = 0, window.marked = true)")
    page.locator(selector).click(no_wait_after=True)
    page.wait_for_timeout(1500)
    slowest = measure.slowest(page)
    page.unroute("**/events/call/?*")
    for route in held:
        route.abort() if route.request.is_navigation_request() else route.continue_()
    if held:
        page.wait_for_timeout(1500)
        if page.evaluate("window.marked ?? false"):
            slowest = max(slowest, measure.slowest(page))
    return max(slowest, 16.0)
