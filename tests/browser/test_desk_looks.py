"""How the desk looks, on a phone and on a wide screen, and to axe."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from events import publishing
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_says_who_would_read_it(desk, event):  # noqa: F811
    expect(desk.locator("#visibility")).to_have_text("Public")
    publishing.change(event, by=None, visibility="private")
    expect(desk.locator("#visibility")).to_have_text("Private: no reader sees this")


def test_the_toast_covers_no_button_of_the_composer(desk, event):  # noqa: F811
    desk.set_viewport_size({"width": 360, "height": 640})
    desk.fill("#headline", "Out on a phone")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toast")).to_be_visible()
    boxes = {name: desk.locator(name).bounding_box() for name in ("#toast", ".tabs", "#composer > .send")}
    toast, tabs, bar = boxes.values()
    assert toast["y"] >= tabs["y"] + tabs["height"]
    assert toast["y"] + toast["height"] <= bar["y"]
    # Nor when they need more room, nor in another part, where they are not.
    desk.evaluate("document.getElementById('trouble').hidden = false")
    desk.wait_for_timeout(100)
    toast, bar = (desk.locator(name).bounding_box() for name in ("#toast", "#composer > .send"))
    assert toast["y"] + toast["height"] <= bar["y"]
    desk.locator("[data-tab-to=timeline]").click()
    expect(desk.locator(".composer")).to_be_hidden()


@pytest.mark.parametrize("width", [900, 1360])
def test_on_a_wide_screen_the_toast_stands_at_the_foot_of_the_timeline(desk, event, width):  # noqa: F811
    desk.set_viewport_size({"width": width, "height": 850})
    # The header has all that it says: it may be of two lines by then.
    expect(desk.get_by_text("The clock is not running")).to_be_visible()
    height_before = desk.locator(".timeline").bounding_box()["height"]
    desk.fill("#headline", "Out on a wide screen")
    desk.keyboard.press("Control+Enter")
    toast = desk.locator("#toast")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    said, timeline, composer = (desk.locator(name).bounding_box() for name in ("#toast", ".timeline", ".composer"))
    assert said["x"] >= composer["x"] + composer["width"]
    # It floats over the timeline's foot, and nothing moves.
    assert said["y"] + said["height"] <= timeline["y"] + timeline["height"] <= 850
    assert timeline["height"] == height_before
    height = toast.get_by_role("button", name="Undo").evaluate("node => node.getBoundingClientRect().height")
    assert height < 50
    expect(toast).to_contain_text("Undo leaves readers no trace.")
    expect(toast).to_have_text(
        re.compile(r"^\s*Undo is over\. To take it back now: Withdraw… on the post\."), timeout=12000
    )
    expect(toast.get_by_role("button")).to_have_count(0)
    expect(toast).to_be_hidden(timeout=7000)
    assert desk.locator(".timeline").bounding_box()["height"] == height_before


def test_the_buttons_stay_where_they_are(desk, event):  # noqa: F811
    """A click that moves a button away does nothing."""
    desk.set_viewport_size({"width": 1360, "height": 850})
    main = desk.locator("#publish")
    cast.post(event, "Starts at 7 pm", body="<p>Long.</p>" * 30)
    desk.get_by_role("button", name="Correct…").click()
    expect(desk.locator("#headline")).to_have_value("Starts at 7 pm")
    expect(desk.get_by_role("radio", name="Correction")).to_be_checked()
    note = desk.locator("#composer").get_by_label("Public sentence: what we said, and what is right")
    expect(note).to_be_in_viewport()
    place = main.bounding_box()["y"]
    # What a correction does more is said beside the choice, before.
    expect(desk.locator("#changes")).to_contain_text("Readers also get it as a short entry of its own.")
    note.click()
    assert abs(main.bounding_box()["y"] - place) < 2
    desk.fill("#headline", "Starts at 7:30 pm")
    main.click()
    expect(desk.locator("#trouble")).to_contain_text("Write the correction")
    expect(note).to_have_attribute("aria-invalid", "true")
    assert abs(main.bounding_box()["y"] - place) < 2
    # It is asked for until there is something.
    note.press("Space")
    expect(desk.locator("#trouble")).to_be_visible()
    note.press_sequentially("We")
    expect(desk.locator("#trouble")).to_be_hidden()
    expect(note).not_to_have_attribute("aria-invalid", "true")
    assert abs(main.bounding_box()["y"] - place) < 2
    desk.locator(".sheet").evaluate("node => node.scrollTo(0, node.scrollHeight)")
    assert abs(main.bounding_box()["y"] - place) < 2
    desk.get_by_role("radio", name="Clarification").check(force=True)
    expect(desk.locator("#composer").get_by_label("Public sentence: what we mean")).to_be_visible()
    expect(desk.locator("#changes")).not_to_contain_text("entry of its own")
    # What leaves a post as it is does not sound as if it deleted it.
    desk.get_by_role("button", name="Stop editing").click()
    desk.get_by_role("button", name="Drop my changes").click()
    expect(desk.locator("#headline")).to_have_value("")
    expect(desk.locator("#clear")).to_have_text("Clear…")


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_often_done_to_a_post_is_one_line(desk, event, width):  # noqa: F811
    cast.post(event, "A headline", body="<p>" + "One sentence more. " * 20 + "</p>")
    desk.set_viewport_size({"width": width, "height": 800})
    desk.evaluate("document.querySelector('[data-tab-to=timeline]').click()")
    row = desk.locator("#rows article")
    tops = {
        name: row.get_by_role("button", name=name).bounding_box()
        for name in ("Edit", "Correct…", "Hold", "Pin", "Withdraw…")
    }
    more = row.locator(".rarer > summary")
    assert len({round(box["y"]) for box in tops.values()}) == 1
    assert abs(more.bounding_box()["y"] - tops["Edit"]["y"]) < 8
    assert row.bounding_box()["height"] < (190 if width == 360 else 145)
    expect(row.get_by_role("button", name="Note…")).to_be_hidden()
    more.click()
    for name in ("Key event", "Note…", "History…", "Confirmed?…", "Move in time…", "Retract…"):
        expect(row.get_by_role("button", name=name)).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_pinned_stands_at_the_head_of_the_timeline(desk, event):  # noqa: F811
    first = cast.post(event, "The first").post
    for number in range(62):
        cast.post(event, f"Post {number}")
    expect(desk.locator("#pinned-none")).to_be_visible()
    publishing.pin(event, post=first, by=None)
    title = desk.get_by_role("button", name="The first")
    expect(title).to_be_visible()
    # On a further page of the timeline, and not in what is looked for.
    expect(desk.locator(f"#row-{first.pk}")).to_have_count(0)
    desk.locator(".find summary").click()
    desk.locator("#find [name=q]").fill("Post 60")
    expect(desk.locator("#rows article")).to_have_count(1)
    title.click()
    expect(desk.locator(f"#row-{first.pk}")).to_be_focused()
    desk.locator("#pinned-off").click()
    expect(desk.locator("#pinned-none")).to_be_visible()
    expect(desk.locator("#toast")).to_contain_text("Pinned no longer.")
    expect(desk.locator(f"#row-{first.pk}")).to_be_focused()
    event.refresh_from_db()
    assert event.pinned is None


def test_what_is_to_be_checked_has_its_room_in_the_header(desk, event):  # noqa: F811
    desk.set_viewport_size({"width": 1280, "height": 800})
    post = cast.post(event, "It is so", key_event=True).post
    expect(desk.locator("#rows article")).to_have_count(1)
    button = desk.locator("#open-amber")
    expect(button).to_be_hidden()

    def places() -> list:
        boxes = desk.locator(".facts > :is(button, a, .line)").all()
        return [(box["x"], box["y"]) for one in boxes if (box := one.bounding_box())]

    before = places()
    publishing.stand(post, by=None, standing="disputed")
    expect(button).to_be_visible()
    expect(desk.get_by_role("status").filter(has=button)).to_have_text("1 to check again")
    assert places() == before


def test_the_desk_counts_as_the_page_and_says_what_is_in_the_trash(desk, event):  # noqa: F811
    posts = [cast.post(event, f"Post {number}").post for number in range(3)]
    count, trash = desk.locator("[data-count=posts]"), desk.locator("#trash")
    expect(count).to_have_text("3 published")
    expect(trash).to_have_text("Trash: empty")
    publishing.withdraw(posts[0], by=None)
    publishing.hold(posts[1], by=None)
    expect(count).to_have_text("1 published")
    # What is held stays in the column.
    expect(trash).to_have_text("Trash: 1 withdrawn or undone")
    trash.click()
    expect(desk.locator("#rows article")).to_have_count(1)


def test_an_empty_composer_stands_at_its_top(desk, event):  # noqa: F811
    desk.set_viewport_size({"width": 1000, "height": 500})
    desk.fill("#headline", "Out with a byline")
    desk.get_by_text("Time, byline").click()
    desk.fill("#byline", "By Ada")
    desk.press("#byline", "Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    expect(desk.locator("#kinds")).to_be_in_viewport()
    expect(desk.locator("#byline")).to_be_hidden()
    for moving in (".composer", ".sheet"):
        assert desk.locator(moving).evaluate("node => node.scrollTop") == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_pin_and_label_have_their_room(desk, event, width, height):  # noqa: F811
    desk.set_viewport_size({"width": width, "height": height})
    for key in ("Alt+k", "Alt+p"):
        desk.keyboard.press(key)
    pin, label = desk.locator("#pin-minutes-field"), desk.locator("#key-label-field")
    # “On top” on one line, beside what it is about; the label as wide as the composer.
    select = pin.locator("select").bounding_box()
    assert pin.bounding_box()["height"] <= select["height"] + 1 and select["width"] > 100
    assert label.locator("input").bounding_box()["width"] == desk.locator("#headline").bounding_box()["width"]
    if folder := os.environ.get("SHOTS"):
        desk.locator("#key_label").scroll_into_view_if_needed()
        desk.screenshot(path=f"{folder}/options-{width}.png")


@pytest.mark.parametrize("width", [360, 1360])
def test_nothing_is_wider_than_the_screen(desk, event, width):  # noqa: F811
    cast.post(event, "Word" * 40, body="<p>" + "long" * 200 + "</p>")
    desk.set_viewport_size({"width": width, "height": 740})
    expect(desk.locator("#rows article")).to_have_count(1)
    for name in ("write", "timeline", "inbox"):
        if width < 700:
            desk.locator(f"[data-tab-to={name}]").click()
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("SHOTS"):
        desk.screenshot(path=f"{folder}/desk-{width}.png")


def test_axe_finds_nothing(desk, event):  # noqa: F811
    cast.post(event, attributions=(publishing.Named(source=cast.scavino(), quote="Well."),))
    publishing.save_draft(event, words=cast.words("A draft"), by=None)
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.keyboard.press("Alt+s")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
