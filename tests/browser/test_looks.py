"""What a reader sees before touching anything: each state, width and scheme, and what readers set for themselves."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from subprocess import PIPE
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests import processes
from tests.screenshots import set_spacing
from tests.services import ROOT

WIDTHS = (320, 360, 768, 1280)
CALL = "/events/trump-putin-call/"
TRAM = "/events/nawrasan-tram/"
STATES = ("live", "worst", "components", "empty", "one")
LIVE, WORST, PARTS, EMPTY, ONE = (f"/events/state-{name}/" for name in STATES)
SITE = ("/", CALL, TRAM, "/events/none/", "/embed/state-live/")

#: Opens an address on a screen of its own: `screen(address, 360, 640, "dark")`.
Screen = Callable[..., Page]


@pytest.fixture(scope="module")
def site(shared_database: str) -> Iterator[str]:
    """The address of a site with both seed events and some states of the first."""
    code = f"import django; django.setup(); from tests import states; states.make({STATES!r})"
    environment = processes.environment(shared_database, DJANGO_SETTINGS_MODULE="liveblog.settings")
    for command in (["manage.py", "seed"], ["-c", code]):
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, timeout=120, stdout=PIPE)
    with processes.serve(shared_database) as server:
        yield server.url


@pytest.fixture
def screen(browser: Browser) -> Iterator[Screen]:
    contexts = []

    def show(address: str, width: int, height: int, scheme: Any = "light", **more: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more))
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield show
    for context in contexts:
        context.close()


def bottom(page: Page, what: str) -> float:
    box = page.locator(what).first.bounding_box()
    assert box, what
    return box["y"] + box["height"]


def test_the_first_screen_tells_the_newest(site: str, screen: Screen):
    for path in (CALL, TRAM, LIVE, PARTS):
        for width, height in ((360, 640), (1280, 800)):
            page = screen(site + path, width, height)
            for what in (".badge", ".state time", "h1", ".summary li", "#posts .post h3"):
                assert bottom(page, what) <= height, (path, width, what)


def test_the_first_screen_holds_the_longest_words(site: str, screen: Screen):
    for width, height in ((360, 640), (1280, 800)):
        page = screen(site + WORST, width, height)
        for what in (".badge", ".state time", "h1", ".summary li"):
            assert bottom(page, what) <= height, (width, what)
        # Two lines of a headline of two hundred letters.
        headline = page.locator("#posts .post h3").first
        line = headline.evaluate("one => parseFloat(getComputedStyle(one).lineHeight)")
        box = headline.bounding_box()
        assert box and box["y"] + 2 * line <= height, width


def test_key_events_stand_on_a_wide_first_screen(site: str, screen: Screen):
    for path in (CALL, LIVE, TRAM):
        assert bottom(screen(site + path, 1280, 800), ".key-events h2") <= 800, path


def test_what_is_open_on_a_wide_screen_is_no_stop_for_the_keyboard(site: str, screen: Screen):
    page = screen(site + LIVE, 1280, 800)
    assert page.locator(".key-events li a").first.is_visible() and page.locator(".key-events h2").is_visible()
    focus = "one => { one.focus(); return document.activeElement === one; }"
    assert not page.locator(".key-events summary").evaluate(focus)
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.locator(".key-events summary").evaluate(focus)


def test_a_line_that_is_down_and_what_one_has_missed_lie_on_different_places(site: str, screen: Screen):
    for width in (320, 360, 1280):
        page = screen(site + LIVE, width, 640)
        # In one go: the page itself hides the line again as soon as it hears from the server.
        end, begin = page.evaluate(
            """() => {
                const line = document.getElementById("connection");
                line.firstElementChild.textContent = "Reconnecting – last update 14:02 GMT";
                line.hidden = false;
                const away = document.getElementById("away");
                away.append(document.createElement("details"));
                away.firstChild.append(document.createElement("summary"));
                away.hidden = false;
                return [away.getBoundingClientRect().bottom, line.getBoundingClientRect().top];
            }"""
        )
        assert 0 < end <= begin, width


def test_no_width_scrolls_sideways(site: str, screen: Screen):
    for path in (*SITE, f"{CALL}?show=key", WORST, PARTS, EMPTY):
        page = screen(site + path, 1280, 640)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        # WCAG 2.2, 1.4.12: nothing is cut off by the spacing that a reader sets.
        page.set_viewport_size({"width": 320, "height": 256})
        set_spacing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_whoever_zooms_in_is_spared_nothing(site: str, screen: Screen):
    # 400 % on 1280 × 1024.
    page = screen(site + CALL, 320, 256)
    for what in (".standfirst", ".times", ".notice", ".team"):
        assert page.locator(f".head > {what}").is_visible(), what
    phone = screen(site + CALL, 360, 640)
    phone.locator(".about summary").click()
    assert phone.locator(".about .times").is_visible()
    # What unfolds stands under the title, and the permanent line is whole.
    assert bottom(phone, "h1") <= phone.locator(".about .times").bounding_box()["y"]
    assert phone.locator(".notice").evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_axe_finds_nothing(site: str, screen: Screen):
    post = screen(site + CALL, 1280, 800).locator(".post.key .when").first.get_attribute("href")
    assert post
    for path in (*SITE, PARTS, EMPTY, post):
        for width, scheme in ((320, "dark"), (1280, "light")):
            page = screen(site + path, width, 800, scheme)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path} at {width}, {scheme}: {found.generate_report()}"


def test_every_control_is_large_enough_for_a_thumb(site: str, screen: Screen):
    for path in (CALL, TRAM, PARTS, "/embed/state-live/", "/"):
        page = screen(site + path, 360, 640)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, .more, :is(.tools, .masthead, .bar) *")]
                .filter((control) => control.matches("button, summary, a, label"))
                .filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 44)
                .map((control) => control.textContent.trim())"""
        )
        assert small == [], path


def test_no_text_is_smaller_than_twelve_pixels(site: str, screen: Screen):
    for path in (PARTS, CALL, "/embed/state-live/", "/"):
        small = screen(site + path, 320, 640).evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
                .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 12)
                .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == [], path


def test_a_line_has_sixty_to_seventy_letters(site: str, screen: Screen):
    page = screen(site + PARTS, 1280, 800)
    # The width of the measure in letters of running text, in the serif that is here.
    letters = page.locator(".post .words p").first.evaluate(
        """(one) => {
            const probe = document.createElement("span");
            const text = one.textContent.slice(0, 60);
            probe.append(text);
            probe.style.whiteSpace = "nowrap";
            one.append(probe);
            const width = probe.getBoundingClientRect().width / text.length;
            probe.remove();
            return one.getBoundingClientRect().width / width;
        }"""
    )
    assert 60 <= letters <= 71


def test_red_means_live_and_nothing_else(site: str, screen: Screen):
    for scheme in ("light", "dark"):
        page = screen(site + LIVE, 1280, 800, scheme)
        red = page.evaluate(
            """() => {
                const live = getComputedStyle(document.querySelector(".badge")).color;
                const paints = ["color", "backgroundColor", "borderTopColor", "borderInlineStartColor"];
                const isRed = (one) => paints.some((name) => getComputedStyle(one)[name] === live);
                return [...document.querySelectorAll("body *")].filter(isRed).map((one) => one.className);
            }"""
        )
        assert red == ["badge"]


def test_forced_colours_keep_what_colour_said(site: str, screen: Screen):
    page = screen(site + LIVE, 1280, 800, "dark", forced_colors="active")
    assert page.locator("[data-live]").inner_text() == "LIVE"
    assert _style(page, ".tools [aria-current]", "borderBlockEndWidth") == "3px"
    assert _style(page, ".note", "borderBlockEndWidth") == "1px"
    mark = "one => getComputedStyle(one, '::before').backgroundColor"
    key, plain = (page.locator(what).first.evaluate(mark) for what in (".post.key", ".post:not(.key)"))
    assert key != plain


def test_nothing_moves_for_those_who_asked_for_stillness(site: str, screen: Screen):
    fresh = """() => {
        const post = document.querySelector(".post");
        post.classList.add("fresh");
        return getComputedStyle(post, "::after").animationName;
    }"""
    assert screen(site + ONE, 1280, 800).evaluate(fresh) == "fade"
    assert screen(site + ONE, 1280, 800, reduced_motion="reduce").evaluate(fresh) == "none"


def test_print_has_absolute_times_addresses_and_nothing_fixed(site: str, screen: Screen):
    page = screen(site + PARTS, 800, 1100)
    page.locator("time .ago").first.wait_for(state="attached")
    page.evaluate("document.getElementById('pill').hidden = false")
    page.emulate_media(media="print")
    assert not page.locator("time .ago").first.is_visible()
    fixed = """() => [...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility() && ["fixed", "sticky"].includes(getComputedStyle(one).position))
        .map((one) => one.id || one.className)"""
    assert page.evaluate(fixed) == []
    address = page.locator(".words a").first.evaluate("one => getComputedStyle(one, '::after').content")
    assert "example.org" in address
    # What is folded on the screen is on paper.
    assert page.locator(".summary details li").first.is_visible()
    assert page.locator(".key-events li").first.is_visible()


def _style(page: Page, what: str, name: str) -> str:
    value: str = page.locator(what).first.evaluate("(one, name) => getComputedStyle(one)[name]", name)
    return value


#: What Chrome 80 does not know; it drops a declaration with such a name or value, and a rule with such a selector.
NEWER_PROPERTIES = re.compile(
    r"(?<=[{;\s])(?:inset[\w-]*|(?:margin|padding)-(?:block|inline)|translate|text-wrap|scroll-padding-block|"
    r"scroll-margin-block[\w-]*)\s*:[^;}]*;?"
)
NEWER_VALUES = re.compile(r"[\w-]+\s*:[^;{}]*(?:light-dark|color-mix)\([^;}]*;?")
NEWER_SELECTORS = re.compile(
    r"[^{}]*:(?:is|has|where|not\([^)]*[ ,])[^{}]*\{[^{}]*\}|[^{};]*:focus-visible[^{}]*\{[^{}]*\}"
)


def as_of_2020(css: str) -> str:
    """A style as Chrome 80 reads it."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    while (start := re.search(r"@(?:layer|supports (?!not))[^{;]*\{", css)) is not None:
        end, depth = start.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        css = css[: start.start()] + css[end:]
    return NEWER_SELECTORS.sub("", NEWER_VALUES.sub("", NEWER_PROPERTIES.sub("", css)))


def test_an_engine_of_2020_shows_live_labels_and_what_is_chosen(site: str, browser: Browser):
    def old(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(body=as_of_2020(answer.text()), content_type="text/css")

    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.route("**/*.css", old)
    page = context.new_page()
    page.goto(site + LIVE)
    assert _style(page, ".badge", "color") == "rgb(196, 18, 47)"
    assert _style(page, ".tools [aria-current]", "boxShadow") != "none"
    assert _style(page, ".post .kind", "fontWeight") == "700"
    assert _style(page, "html", "backgroundColor") == "rgb(253, 252, 249)"
    for what in ("h1", ".post h3", ".post .words"):
        box = page.locator(what).first.bounding_box()
        # Inside the page, and below what stands before it.
        assert box and box["x"] >= 30 and box["x"] + box["width"] <= 1250, what
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()
