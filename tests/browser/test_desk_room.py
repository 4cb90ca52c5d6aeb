"""Words, buttons and frames of the desk have their room: nothing is cut, broken into letters or ragged."""

import pytest
from playwright.sync_api import Locator, Page, expect

from events import publishing
from events.publishing import Line
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

#: How much wider a select would have to be for the choice that it shows, in pixels; negative where there is room.
LACKS = """node => {
  const alone = node.cloneNode();
  alone.style.cssText = "position: absolute; inline-size: max-content";
  alone.append(new Option(node.selectedOptions[0].text));
  node.after(alone);
  const lacks = alone.offsetWidth - node.offsetWidth;
  alone.remove();
  return lacks;
}"""


def tops(*parts: Locator) -> set[int]:
    return {round(part.bounding_box()["y"]) for part in parts}


def style(part: Locator, name: str, of: str = "") -> str:
    return part.evaluate("(node, [name, of]) => getComputedStyle(node, of || null)[name]", [name, of])


def to_timeline(page: Page) -> None:
    page.evaluate("document.querySelector('[data-tab-to=timeline]').click()")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_a_line_of_the_summary_claims_is_whole(desk, event, size):  # noqa: F811
    post = cast.post(event, "It is so").post
    publishing.summarise(event, lines=[Line(text="When.", knowing="not_known", post=post)], by=None)
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.set_viewport_size(size)
    desk.evaluate("document.getElementById('open-summary').click()")
    knowing = desk.locator("#lines [data-line=knowing]")
    expect(knowing).to_be_visible()
    assert knowing.evaluate(LACKS) <= 0


def test_on_a_phone_the_basis_of_a_source_is_whole(desk, event):  # noqa: F811
    desk.set_viewport_size(PHONE)
    desk.keyboard.press("Alt+s")
    basis = desk.locator("[data-field=basis]")
    basis.select_option("unnamed")
    assert basis.evaluate(LACKS) <= 0


def test_what_a_post_is_stands_on_one_line(desk, event):  # noqa: F811
    desk.set_viewport_size(WIDE)
    chips = desk.locator(".options > .chip")
    expect(chips).to_have_count(2)
    assert len(tops(chips.first, chips.last)) == 1


def test_more_stands_beside_what_is_often_done_on_a_pinned_post_too(desk, event):  # noqa: F811
    post = cast.post(event, "On top").post
    publishing.pin(event, post=post, by=None)
    publishing.stand(post, by=None, standing="disputed")
    desk.set_viewport_size(WIDE)
    row = desk.locator("#rows article.amber")
    expect(row.get_by_role("button", name="Unpin")).to_be_visible()
    assert len(tops(row.get_by_role("button", name="Edit"), row.locator(".rarer > summary"))) == 1


def test_what_kind_of_change_it_is_takes_one_line_of_a_phone(desk, event):  # noqa: F811
    cast.post(event, "Starts at 7 pm")
    desk.locator("#rows [data-act=edit]").click()
    # The words are there: on a phone the composer is by then the part that is shown.
    expect(desk.locator("#changes")).to_be_visible()
    desk.set_viewport_size(PHONE)
    chips = desk.locator("#changes .chip")
    expect(chips).to_have_count(4)
    assert len(tops(chips.first, chips.last)) == 1


def test_a_refused_source_is_framed_above_the_buttons_and_not_beside_them(desk, event):  # noqa: F811
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Nobody known")
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+Enter")
    source = desk.locator(".attribution")
    expect(desk.locator("#trouble")).to_be_visible()
    frame, bar = source.bounding_box(), desk.locator("#composer > .send").bounding_box()
    out = sum(float(style(source, name).removesuffix("px")) for name in ("outlineOffset", "outlineWidth"))
    assert bar["x"] <= frame["x"] - out
    assert bar["x"] + bar["width"] >= frame["x"] + frame["width"] + out


def test_a_refused_sentence_is_framed_once(desk, event):  # noqa: F811
    cast.post(event, "Starts at 7 pm")
    desk.get_by_role("button", name="Correct…").click()
    expect(desk.locator("#headline")).to_have_value("Starts at 7 pm")
    desk.fill("#headline", "Starts at 7:30 pm")
    desk.locator("#publish").click()
    expect(desk.locator("#note")).to_have_attribute("aria-invalid", "true")
    assert style(desk.locator("#changes"), "outlineStyle") == "none"


def test_a_version_has_its_room_on_a_phone(desk, event):  # noqa: F811
    post = cast.post(event, "White House confirms that the conversation goes on").post
    publishing.revise(post, words=cast.words("Other"), revision=1, by=None)
    expect(desk.locator("#rows h3")).to_have_text("Other")
    desk.set_viewport_size(PHONE)
    to_timeline(desk)
    desk.locator("#rows .rarer > summary").click()
    desk.get_by_role("button", name="History…").click()
    restore = desk.get_by_role("button", name="Restore…")
    expect(restore).to_be_visible()
    assert restore.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert restore.bounding_box()["height"] < 50
    assert desk.locator(".versions td > strong").first.evaluate("node => node.parentElement.clientWidth") > 150


def test_the_menu_of_the_toolbar_is_as_high_as_its_buttons(desk, event):  # noqa: F811
    bar = desk.locator(".composer .prose-menubar")
    menu, button = (bar.locator(name).first.bounding_box() for name in (".prose-menubar__selected", "[title=bold]"))
    assert (round(menu["y"]), round(menu["height"])) == (round(button["y"]), round(button["height"]))


def test_dark_hints_and_links_can_be_read(desk, event):  # noqa: F811
    desk.emulate_media(color_scheme="dark")
    desk.keyboard.press("Alt+s")
    find = desk.locator("[data-find]")
    assert style(find, "color", "::placeholder") == style(desk.locator("#composer .label").first, "color")
    link = desk.locator("#event-dialog a").first
    assert style(link, "color") == style(desk.locator("#event-dialog p:has(> a)").first, "color")


def test_the_actions_of_a_plain_list_stand_under_one_another_on_a_phone(desk, live_server, event):  # noqa: F811
    desk.set_viewport_size(PHONE)
    desk.goto(f"{live_server.url}/admin/events/post/")
    cast.post(event)
    desk.reload()
    action, sentence = (desk.locator(f"#changelist .actions [name={name}]") for name in ("action", "sentence"))
    above, below = action.bounding_box(), sentence.bounding_box()
    assert above["x"] == below["x"] and above["y"] + above["height"] < below["y"]
    assert below["width"] > 300


def test_a_title_is_read_whole_where_it_is_changed(desk, live_server, event):  # noqa: F811
    desk.set_viewport_size(WIDE)
    publishing.change(event, by=None, title="Trump and Putin speak by telephone about a ceasefire in Ukraine")
    desk.goto(f"{live_server.url}/admin/events/event/{event.pk}/change/")
    assert desk.locator("#id_title").evaluate("node => node.scrollWidth <= node.clientWidth")
