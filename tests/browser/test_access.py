"""The newsroom's own pages for everybody: axe finds nothing, and no width scrolls sideways."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from events import publishing
from events.models import Event, Post
from events.publishing import Line, Named
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]

#: Opens an address on a screen of its own, with Ada logged in.
Show = Callable[..., Page]


@pytest.fixture
def event(transactional_db) -> Event:
    """A live event with a post of every look, a draft and a summary."""
    event = cast.event()
    named = (Named(source=cast.scavino(), verb="wrote", medium="on X", quote="Going well."),)
    key = cast.post(event, "They agreed to talk", attributions=named, key_event=True, standing="not_confirmed").post
    publishing.pin(event, post=key, by=None)
    publishing.hold(cast.post(event, "Being checked").post, by=None)
    publishing.withdraw(cast.post(event, "Withdrawn").post, by=None, note="Said twice.")
    publishing.save_draft(event, words=cast.words("A draft"), by=cast.editor())
    publishing.summarise(event, lines=[Line(text="They talk.", post=key), Line(text="On what.")], by=None)
    return event


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def show(request, browser: Browser, live_server, client) -> Iterator[Show]:
    client.force_login(cast.editor())
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, has_touch=width < 700)
    context.set_default_timeout(20000)

    def show(path: str, *, member: bool = True) -> Page:
        if member:
            context.add_cookies([session])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield show
    context.close()


def check(page: Page, name: str) -> None:
    """No violation, no sideways scroll; a picture into $SHOTS where one is wanted."""
    size = page.viewport_size
    if folder := os.environ.get("SHOTS"):
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=f"{folder}/{name}-{size['width']}-{scheme}.png")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name


def desk(show: Show, event: Event) -> Page:
    page = show(f"/admin/events/event/{event.pk}/desk/")
    expect(page.locator("#rows article")).not_to_have_count(0, timeout=20000)
    return page


def test_the_desk_and_each_of_its_parts(show, event):
    page = desk(show, event)
    for part in ("write", "timeline", "inbox"):
        if page.viewport_size["width"] < 700:
            page.locator(f"[data-tab-to={part}]").click()
        check(page, f"desk-{part}")
    page.locator("[data-tab-to=write]").dispatch_event("click")
    page.get_by_role("button", name="Add a source").click()
    check(page, "desk-source")
    page.locator("#rows [data-act=edit]").first.dispatch_event("click")
    expect(page.locator("#changes")).to_be_visible()
    check(page, "desk-revise")


@pytest.mark.parametrize("name", ["Summary", "End…", "Event…", "Pause…", "Freeze"])
def test_each_dialog(show, event, name):
    page = desk(show, event)
    if page.locator("#unfold").is_visible():
        page.locator("#unfold").click()
    page.locator(".steer, .facts").get_by_text(name, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, f"dialog-{name.strip('…').lower()}")


def test_the_banner_and_what_stands_after_the_end(show, event):
    publishing.change(event, by=None, frozen=True)
    page = desk(show, event)
    expect(page.locator("#closed")).to_be_visible()
    check(page, "desk-frozen")
    publishing.change(event, by=None, frozen=False)
    page.locator(".steer [data-steer=end]").dispatch_event("click")
    page.get_by_role("checkbox", name="Publish a wrap-up first").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("The coverage has ended")
    check(page, "dialog-ended")


def test_an_empty_desk(show, transactional_db):
    event = cast.event("empty", title="Nothing yet", visibility="private")
    page = show(f"/admin/events/event/{event.pk}/desk/")
    expect(page.locator("#line")).not_to_have_text("…", timeout=20000)
    for part in ("write", "timeline", "inbox"):
        if page.viewport_size["width"] < 700:
            page.locator(f"[data-tab-to={part}]").click()
        check(page, f"empty-{part}")
    expect(page.locator("#rows-empty")).to_be_attached()
    check(show(f"/admin/events/event/{event.pk}/desk/article/"), "empty-article")


def test_the_article_page(show, event):
    page = show(f"/admin/events/event/{event.pk}/desk/article/")
    expect(page.locator("#read h3")).to_have_count(1, timeout=20000)
    check(page, "article")
    page.get_by_role("button", name="Markdown", exact=True).click()
    check(page, "article-markdown")


def test_the_plain_forms_and_the_log_in(show, event):
    post = Post.objects.published().get()
    check(show("/admin/login/", member=False), "login")
    for name, path in {
        "admin-add": "/admin/events/post/add/",
        "admin-change": f"/admin/events/post/{post.pk}/change/",
        "admin-history": f"/admin/events/post/{post.pk}/history/",
        "admin-posts": "/admin/events/post/",
        "admin-events": "/admin/events/event/",
        "admin-event": f"/admin/events/event/{event.pk}/change/",
    }.items():
        check(show(path), name)


def test_every_control_of_the_desk_is_large_enough_for_a_thumb(show, event):
    page = desk(show, event)
    # Beside a mouse controls may be smaller.
    least = 44 if page.viewport_size["width"] < 700 else 24
    small = page.evaluate(
        """(least) => [...document.querySelectorAll("button, .button, .chip, select, input[type=text]")]
            .filter((one) => one.checkVisibility() && getComputedStyle(one).visibility !== "hidden")
            .filter((one) => one.getBoundingClientRect().height < least)
            .map((one) => one.outerHTML.slice(0, 80))""",
        least,
    )
    assert small == []
