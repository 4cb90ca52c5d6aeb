"""Reading in a real browser: without a script, from right to left, by the reader's own clock."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from events import publishing
from events.publishing import Line
from tests import cast, measure, processes
from tests.browser.newsroom import Publish, Show, follow
from tests.browser.test_still import read, top
from tests.browser.wire import Wire, article


def test_r1_every_way_on_the_page_works_without_a_script(show: Show):
    cast.full()
    page = show("/events/call/", java_script_enabled=False)
    expect(page.locator("#posts article")).to_have_count(20)
    assert page.locator("#pill, #connection, #auto").evaluate_all(
        "all => all.every((one) => !one.checkVisibility({ visibilityProperty: true }))"
    )
    page.get_by_role("link", name="Older posts").click()
    expect(page.locator("#posts article")).to_have_count(4)
    page.get_by_role("link", name="Back to the newest posts").click()
    page.get_by_role("link", name="Key events 4").click()
    expect(page.locator("#posts article")).to_have_count(4)
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator("#posts h3").first).to_have_text("Post 0")
    page.locator("#posts article .when").first.click()
    expect(page.get_by_role("article", name="Post 0")).to_be_visible()
    page.get_by_role("link", name="To the live page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two presidents on the phone")


@pytest.mark.parametrize("size", [(360, 640), (1280, 800)])
def test_r5_nothing_shifts_while_the_page_loads(browser: Browser, transactional_db, live_server, size: tuple[int, int]):
    cast.full(starts_at=datetime(2025, 3, 18, 14, 0, tzinfo=UTC))
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Kolkata")
    page = context.new_page()
    measure.watch(page)
    page.goto(f"{live_server.url}/events/call/")
    # The clock of the server has been told: the scripts have said all that they add.
    expect(page.locator(".ago").first).to_be_attached()
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
    assert measure.shifts(page) == [], size
    context.close()


def test_r7_a_post_is_counted_by_socket_and_by_polling(
    server: processes.Server, publish: Publish, page: Page, browser: Browser
):
    publish("Post 1")
    polling = browser.new_page()
    polling.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    for reader in (polling, page):
        follow(reader, server)
    publish("Post 2")
    # The bars are 1 s and 15 s, and tests.figures measures them; this machine may have much else to do.
    expect(page.locator("#pill")).to_have_text("1 new update", timeout=5000)
    expect(polling.locator("#pill")).to_have_text("1 new update", timeout=25000)
    polling.close()


def test_r21_the_pinned_post_is_a_line_in_its_place(show: Show):
    cast.full()
    page = show("/events/call/")
    pinned = page.locator("#posts article").nth(1)
    expect(pinned.locator("h3")).to_have_text("Post 22")
    expect(pinned.locator("h3")).to_be_visible()
    expect(pinned.locator(".words")).to_be_hidden()
    page.locator(".pinned summary").click()
    expect(page.locator(".pinned .words")).to_be_visible()


def test_r21_what_is_wrong_with_it_is_said_where_it_is_folded_and_links_to_it_unfold_it(show: Show):
    event = cast.full()
    event.refresh_from_db()
    pinned = event.pinned
    assert pinned is not None
    words = cast.words("A better headline", body="The two spoke.")
    publishing.correct(pinned, words=words, revision=1, note="The hour was wrong.", by=None)
    publishing.stand(pinned, by=None, standing="false")
    publishing.summarise(event, lines=[Line(text="They spoke.", post=pinned)], by=None)
    page = show("/events/call/")
    expect(page.locator(".pinned summary .standing")).to_be_visible()
    expect(page.locator(f"#p-{pinned.pk} .standing")).to_be_visible()
    expect(page.locator(".pinned .note")).to_be_hidden()
    page.locator(".on").wait_for()
    page.get_by_role("link", name="They spoke.").click()
    expect(page.locator(".pinned .note")).to_be_visible()
    expect(page.locator(".pinned summary")).to_be_focused()


def test_r21_it_is_folded_and_unfolded_while_nobody_looks(wire: Wire, page: Page):
    fold = "id => document.getElementById(`p-${id}`).previousElementSibling?.className === 'pinned-here'"
    wire.open(30)
    read(page, 12)
    before = top(page, 12)
    wire.add({"action": "event"}, pinned='<section data-pinned="12">Post 12</section>')
    expect(page.locator("[data-pinned]")).to_be_attached()
    assert not page.evaluate(fold, "12")
    assert abs(top(page, 12) - before) <= 1
    # Nothing else has to come for that.
    read(page, 3)
    before = top(page, 3)
    page.wait_for_function(f"({fold})('12')")
    assert abs(top(page, 3) - before) <= 1
    wire.add({"action": "event"}, pinned='<section data-pinned="20">Post 20</section>')
    expect(page.locator("#posts > .pinned-here")).to_have_text("Pinned at the top")
    assert page.evaluate(fold, "20")
    wire.add({"action": "event"}, pinned="")
    expect(page.locator("#posts > .pinned-here")).to_have_count(0)


APART = """() => {
    const box = (one) => one.getBoundingClientRect();
    const about = box(document.querySelector(".about > summary"));
    const others = [...document.querySelectorAll(".state > *, h1")].filter((one) => one.checkVisibility());
    return others.map(box).every((other) => other.width > 0 && (other.right <= about.left || other.left >= about.right
        || other.bottom <= about.top || other.top >= about.bottom));
}"""


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_r27_on_a_phone_nothing_lies_on_the_state_in_any_language(show: Show, language: str):
    event = cast.event(language=language, standfirst="They talk.", starts_at=datetime(2025, 3, 18, 14, 0, tzinfo=UTC))
    cast.post(event)
    for path in ("/events/call/", "/embed/call/"):
        page = show(path, viewport={"width": 360, "height": 740})
        page.locator(".on .ago").first.wait_for()
        for width in (340, 360, 390, 430):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate(APART), (path, width)
        page.locator(".about > summary").click()
        assert page.evaluate(APART), path


def test_r26_the_reader_is_told_how_long_ago_and_in_their_own_time(still: Wire, page: Page):
    still.parts = {"header": '<p><time datetime="2025-03-18T14:00:00Z" data-own>14:00 GMT</time></p>'}
    still.told = True
    still.open(56)
    times = page.locator("#p-56 time")
    # By the server's clock, which says three o'clock; the reader is in India.
    expect(times).to_have_text("14:56 GMT 4 min ago")
    expect(times).to_have_attribute("title", "8:26 pm your time")
    expect(page.locator("[data-part=header] time")).to_have_text("14:00 GMT 7:30 pm your time")
    still.run(60_000)
    expect(times).to_have_text("14:56 GMT 5 min ago")
    still.add(article(57))
    assert page.locator("#p-56 time").get_attribute("datetime") == "2025-03-18T14:56:00Z"


def test_r26_a_time_that_changes_is_the_readers_time_too(wire: Wire, page: Page):
    begins = '<p>Begins <time datetime="2025-03-18T{0}:00Z" data-own>{0} GMT</time></p>'
    wire.parts = {"header": begins.format("14:00")}
    wire.open(8)
    time = page.locator("[data-part=header] time")
    expect(time).to_have_text("14:00 GMT 7:30 pm your time")
    wire.add({"action": "event"}, header=begins.format("15:00"))
    expect(time).to_have_text("15:00 GMT 8:30 pm your time")
    expect(time).to_have_attribute("title", "8:30 pm your time")


@pytest.mark.parametrize("path", ["/events/call/", "/embed/call/"])
def test_r27_an_arabic_page_runs_from_right_to_left_with_one_kind_of_digits(show: Show, path: str):
    event = cast.event(title="رئيسان على الهاتف", language="ar", zone="Asia/Riyadh", zone_name="بتوقيت الرياض")
    cast.post(event, "بدأت المكالمة", body="<p>الرئيسان على الخط الآن.</p>")
    cast.post(event, "In English", body="<p>What was said in English stays so.</p>")
    page = show(path, locale="ar-EG", timezone_id="Africa/Cairo")
    expect(page.locator(".ago").first).to_be_attached()
    english, arabic = page.locator("#posts article").all()
    for post, direction in ((english, "ltr"), (arabic, "rtl")):
        for part in ("h3", ".words"):
            assert post.locator(part).evaluate("one => getComputedStyle(one).direction") == direction
    # The rail is where reading begins.
    width = "one => ['Left', 'Right'].map((side) => parseFloat(getComputedStyle(one)[`border${side}Width`]))"
    left, right = arabic.evaluate(width)
    assert left == 0 < right
    shown = page.locator("body").inner_text() + "".join(
        page.locator("time[title]").evaluate_all("all => all.map((time) => time.title)")
    )
    assert any(digit in shown for digit in "0123456789")
    assert not any(digit in shown for digit in "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000


def test_r28_each_post_is_an_article_by_the_name_of_its_heading(show: Show):
    event = cast.event()
    cast.post(event, "The call begins")
    page = show("/events/call/")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("region", name="Posts")).to_have_count(1)
    expect(page.get_by_role("article", name="The call begins")).to_have_count(1)
    expect(page.get_by_role("heading", level=3, name="The call begins")).to_have_count(1)
    expect(page.get_by_role("status")).to_be_empty()
    # By headings alone the posts hang under nothing but their own.
    assert page.locator("h1, h2, h3").evaluate_all("all => all.map((one) => one.localName)") == ["h1", "h2", "h3"]
    expect(page.get_by_role("heading", level=2)).to_have_text("Posts")


def test_r30_a_post_without_a_title_shows_that_it_has_the_focus(show: Show):
    cast.post(cast.event(), "")
    page = show("/events/call/")
    outline = "getComputedStyle(document.querySelector('#posts .words')).outlineStyle"
    assert page.evaluate(outline) == "none"
    page.keyboard.press("Tab")
    page.evaluate("Object.assign(document.querySelector('#posts h3'), { tabIndex: -1 }).focus()")
    assert page.evaluate(outline) == "solid"


@pytest.mark.parametrize("width", [360, 1280])
def test_r31_what_the_switch_shows_begins_its_name(show: Show, width: int):
    cast.post(cast.event())
    page = show("/events/call/", viewport={"width": width, "height": 800})
    shown = page.locator("label[data-script] span:visible").inner_text()
    name = page.locator("#auto").get_attribute("aria-label")
    assert shown in name and (width > 360 or name.startswith(shown))
