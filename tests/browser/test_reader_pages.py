"""The reader's other pages in a browser: search, what has changed since, a permalink; and data that is no script."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from events import publishing
from events.models import Event, Stream
from events.publishing import Line
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(transactional_db) -> Event:
    """A live event with something of everything that these pages tell of."""
    event = cast.event()
    wrong, doubted, gone = (cast.post(event, headline).post for headline in ("Seven o'clock", "A truce", "Said twice"))
    publishing.summarise(event, lines=[Line(text="They talk.", post=wrong)], by=None)
    publishing.correct(wrong, words=cast.words("Half past seven"), revision=1, note="The hour was wrong.", by=None)
    publishing.stand(doubted, by=None, standing="disputed")
    publishing.withdraw(gone, by=None, replaced_by=wrong)
    for n in range(4):
        cast.post(event, f"Grain and ships {n}", key_event=n == 1)
    return event


@pytest.fixture
def screens(browser: Browser) -> Iterator:
    """Pages of their own: `screens(320, "dark", script=False)`."""
    contexts = []

    def show(width: int, scheme: str = "light", *, script: bool = True) -> Page:
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=script
            )
        )
        return contexts[-1].new_page()

    yield show
    for context in contexts:
        context.close()


def addresses(event: Event) -> list[str]:
    post = event.posts.published().newest()[2]
    return [
        "/events/call/search/",
        "/events/call/search/?q=grain",
        "/events/call/search/?q=halibut",
        "/events/call/since/3/",
        f"/events/call/since/{Stream.objects.get(event=event).sequence}/",
        post.get_absolute_url(),
    ]


def test_r33_the_data_on_the_page_violates_no_policy(event: Event, live_server, screens):
    page = screens(1000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('violation', e.blockedURI));"
    )
    page.goto(f"{live_server.url}/events/call/")
    expect(page.locator("script[type='application/ld+json']")).to_have_count(1)
    assert '"LiveBlogPosting"' in page.locator("script[type='application/ld+json']").text_content()
    assert [line for line in said if "violat" in line.lower() or "Content Security" in line] == []


def test_r25_the_search_works_from_the_live_page_without_a_script(event: Event, live_server, screens):
    page = screens(360, script=False)
    page.goto(f"{live_server.url}/events/call/")
    page.get_by_role("searchbox").fill("grain")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/events/call/search/?q=grain")
    assert page.locator(".hit").count() == 4
    assert page.locator(".hit mark").first.text_content() == "Grain"
    page.get_by_role("link", name="Grain and ships 3").click()
    page.wait_for_url("**/posts/*/")
    assert page.locator("#posts h3").text_content() == "Grain and ships 3"


GAPS = """() => {
    const shown = [...document.querySelectorAll(".state, .column > *")].filter((one) =>
        one.checkVisibility() && one.textContent.trim());
    const boxes = shown.map((one) => one.getBoundingClientRect());
    return boxes.slice(1).map((box, index) => box.top - boxes[index].bottom);
}"""


def test_on_a_phone_nothing_touches_on_the_other_pages_and_none_offers_to_share_itself(
    event: Event, live_server, screens
):
    page = screens(360)
    for address in addresses(event):
        page.goto(live_server.url + address)
        assert min(page.evaluate(GAPS)) >= 5, (address, page.evaluate(GAPS))
        masthead, state = (page.locator(what).bounding_box() for what in (".masthead", ".state"))
        assert masthead and state and state["y"] - masthead["y"] - masthead["height"] >= 8, address
        assert not any(page.locator(".share").evaluate_all("all => all.map((one) => one.checkVisibility())")), address


def test_what_was_withdrawn_stands_within_the_page(event: Event, live_server, screens):
    for width in (360, 768, 1280):
        page = screens(width)
        page.goto(f"{live_server.url}/events/call/since/4/")
        gone, new = page.locator(".tombstone .when").bounding_box(), page.locator("#posts .when").first.bounding_box()
        assert gone and new and gone["x"] == new["x"] >= 0, width


def test_axe_finds_nothing_on_the_other_pages_and_none_scrolls_sideways(event: Event, live_server, screens):
    for width, scheme in ((320, "dark"), (1280, "light")):
        page = screens(width, scheme)
        for address in addresses(event):
            page.goto(live_server.url + address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address} at {width}: {found.generate_report()}"
