"""Sources at the desk: named in the text, carried between fields, shown as readers will read them."""

import re

import pytest
from playwright.sync_api import expect

from events.models import Post, Source
from tests import cast
from tests.browser.test_desk import ada, body, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_at_sign_in_the_text_names_a_source(desk):  # noqa: F811
    cast.scavino(), cast.bloomberg()
    body(desk).click()
    desk.keyboard.type("Write to a@b.example; then @scav")
    expect(desk.locator("#mention").get_by_role("option", name="Dan Scavino")).to_have_attribute(
        "aria-selected", "true"
    )
    desk.keyboard.press("Enter")
    desk.keyboard.type("spoke, and @Ann Lee")
    made = desk.locator("#mention").get_by_role("option", name="New source “Ann Lee”")
    expect(made).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.keyboard.type("mayor")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-find]").nth(1)).to_have_value("Ann Lee, mayor")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    post = Post.objects.get()
    assert post.html == "<p>Write to a@b.example; then Dan Scavino spoke, and Ann Lee </p>"
    assert [row.as_named for row in post.attributions.all()] == ["Dan Scavino", "Ann Lee"]


def test_what_another_outlet_reports_asks_for_its_name(desk):  # noqa: F811
    cast.bloomberg()
    desk.fill("#headline", "A call is planned")
    desk.get_by_role("radio", name="Reported elsewhere").check()
    expect(desk.get_by_label("Which outlet?")).to_be_visible()
    expect(desk.locator("#standing")).to_have_value("not_confirmed")
    # Another kind takes back what the choice had set.
    desk.get_by_role("radio", name="News").check()
    expect(desk.locator("[data-find]")).to_have_count(0)
    expect(desk.locator("#standing")).to_have_value("reported")
    desk.get_by_role("radio", name="Reported elsewhere").check()
    desk.keyboard.press("Control+Enter")
    dialog = desk.get_by_role("dialog", name="Who reported it?")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-find]")).to_be_focused()
    assert not Post.objects.exists()
    desk.keyboard.type("bloom")
    desk.get_by_role("option", name="Bloomberg").click()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    post = Post.objects.get()
    assert (post.standing, post.attributions.get().as_named) == ("not_confirmed", "Bloomberg")


def test_a_quotation_asks_who_said_it_where_and_when(desk):  # noqa: F811
    cast.scavino()
    desk.get_by_role("radio", name="Quote").check()
    expect(desk.get_by_label("Who said it")).to_be_visible()
    expect(desk.get_by_label("Quotation")).to_be_visible()
    # Another kind takes back what nobody has used, and no more than that.
    desk.get_by_role("radio", name="News").check()
    expect(desk.locator("[data-find]")).to_have_count(0)
    desk.get_by_role("radio", name="Quote").check()
    desk.get_by_label("Quotation").fill("Going well.")
    desk.get_by_role("radio", name="Background").check()
    desk.get_by_role("radio", name="Quote").check()
    expect(desk.locator("[data-find]")).to_have_count(1)
    desk.get_by_label("Who said it").fill("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    desk.get_by_label("Place", exact=True).fill("Washington")
    # Beside the quotation, without unfolding.
    desk.get_by_label("This time is known").first.select_option("day")
    desk.get_by_label("Said at (GMT)").fill("2025-03-15")
    expect(desk.locator("[data-line] b")).to_contain_text("in Washington on 15 March 2025")
    # A quotation goes on asking for whoever said it, however it came here.
    expect(desk.locator("#kept")).to_contain_text("Autosaved")
    desk.reload()
    expect(desk.get_by_label("Who said it")).to_have_value(re.compile("Dan Scavino"))
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    said = Post.objects.get().attributions.get()
    assert (said.as_named, said.quote, said.place) == ("Dan Scavino", "Going well.", "Washington")


def test_people_are_told_and_the_line_that_readers_see_stands_under_it(desk):  # noqa: F811
    cast.scavino()
    desk.fill("#headline", "It goes well")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    desk.get_by_label("On what, or to whom").fill("reporters")
    expect(desk.get_by_label("Verb")).to_have_value("told")
    expect(desk.locator("[data-line] b")).to_contain_text("told reporters")
    desk.get_by_label("On what, or to whom").fill("on X")
    expect(desk.locator("[data-line] b")).to_contain_text("said on X")
    desk.get_by_label("Verb").select_option("wrote")
    desk.get_by_label("On what, or to whom").fill("reporters")
    expect(desk.locator("[data-line] b")).to_contain_text("wrote reporters")


def test_a_name_that_is_typed_is_not_lost_to_the_basis(desk, event):  # noqa: F811
    cast.scavino()
    desk.fill("#headline", "The talks stall")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Somebody near")
    word = desk.locator("[data-unpicked]")
    # There is none to pick.
    expect(word).to_have_text("not known yet: make it a new source")
    desk.locator("[data-find]").fill("scav")
    expect(word).to_have_text("not chosen yet: pick one from the list")
    desk.locator("[data-find]").fill("Somebody near")
    expect(word).to_have_text("not known yet: make it a new source")
    desk.focus("#headline")
    options = desk.get_by_role("option", name="New source")
    expect(options).to_be_hidden()
    desk.locator("[data-find]").click()
    expect(options).to_be_visible()
    basis = desk.locator('[data-field="basis"]')
    basis.select_option("unnamed")
    expect(desk.get_by_label("Described as")).to_have_value("Somebody near")
    expect(desk.locator(".who .nobody")).to_be_visible()
    basis.select_option("on_record")
    expect(desk.locator("[data-find]")).to_have_value("Somebody near")
    expect(word).to_be_visible()
    basis.select_option("unnamed")
    # What is missing is marked, and nothing else.
    marked = desk.locator('[aria-invalid="true"]')
    desk.press("#headline", "Control+Enter")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("data-field", "reason_unnamed")
    desk.keyboard.type("because they may not")
    desk.locator('[data-field="place"]').fill("Kyiv")
    line = desk.locator("[data-line] b")
    expect(line).to_have_text("Source: Somebody near, in Kyiv, not named: they may not.")
    # The second editor is about the basis.
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#trouble")).to_contain_text("needs a second editor")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("data-field", "basis")
    basis.select_option("on_record")
    desk.locator("[data-find]").fill("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    expect(word).to_be_hidden()
    # A source that was chosen describes nobody.
    desk.get_by_label("Described as").evaluate("node => { node.value = ''; }")
    basis.select_option("unnamed")
    expect(desk.get_by_label("Described as")).to_have_value("")


def test_a_name_that_is_like_another_is_offered_before_a_second_is_made(desk):  # noqa: F811
    cast.bloomberg()
    desk.fill("#headline", "A call is planned")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Bloomberg News")
    expect(desk.get_by_role("option", name="New source")).to_have_attribute("aria-selected", "true")
    desk.locator("[data-find]").fill("Bloom")
    known, made = desk.get_by_role("option", name="Bloomberg"), desk.get_by_role("option", name="New source")
    expect(made).to_have_text("New source “Bloom”…")
    expect(known).to_have_attribute("aria-selected", "true")
    # By pointer or by key, one is marked.
    made.hover()
    expect(made).to_have_attribute("aria-selected", "true")
    expect(known).to_have_attribute("aria-selected", "false")
    # A list that opens under a resting pointer is not marked by it.
    desk.locator("[data-find]").fill("Bloomb")
    expect(made).to_have_text("New source “Bloomb”…")
    expect(known).to_have_attribute("aria-selected", "true")
    desk.wait_for_timeout(300)
    expect(known).to_have_attribute("aria-selected", "true")
    desk.locator("[data-find]").fill("Bloomberg News")
    expect(made).to_have_text("New source “Bloomberg News”…")
    # Neither by the list nor by the short way is a second one made unseen.
    desk.keyboard.press("Control+Enter")
    desk.get_by_role("button", name="Keep it and publish").click()
    expect(desk.locator("#trouble")).to_contain_text("A source of a like name is there already")
    made, known = desk.locator(".new-source"), desk.locator("[data-alike] button")
    expect(known).to_have_text(["Bloomberg"])
    made.get_by_label("Name", exact=True).fill("Blumberg")
    expect(known).to_be_hidden()
    made.get_by_label("Name", exact=True).fill("BLOOMBÉRG.")
    known.click()
    expect(made).to_be_hidden()
    expect(desk.locator("[data-find]")).to_have_value("Bloomberg")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    assert Source.objects.count() == 1
    assert Post.objects.get(state="published").attributions.get().as_named == "Bloomberg"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 640)])
def test_the_list_and_the_form_of_a_source_have_room_and_cover_no_button(desk, width, height):  # noqa: F811
    for number in range(12):
        Source.objects.create(name=f"Speaker {number}", role="minister")
    desk.set_viewport_size({"width": width, "height": height})
    desk.fill("#headline", "Who said so")
    for number in range(2):
        desk.get_by_role("button", name="Add a source").click()
        desk.keyboard.type("speak")
        found = desk.locator("[data-found]").nth(number)
        expect(found).to_be_visible()
        bar, column, box = (
            one.bounding_box() for one in (desk.locator("#composer > .send"), desk.locator(".composer"), found)
        )
        assert box["y"] + box["height"] <= bar["y"] and box["y"] >= column["y"] - 1
        assert box["height"] > 100
        desk.keyboard.press("ArrowUp")
        desk.keyboard.press("Enter")
        form = desk.locator(".new-source").nth(number)
        expect(form.get_by_role("button", name="Keep this source")).to_be_visible()
        form.get_by_label("Role").fill("minister")
        box = form.bounding_box()
        bar = desk.locator("#composer > .send").bounding_box()
        assert box["y"] + box["height"] <= bar["y"] and box["y"] >= column["y"] - 1
        form.get_by_role("button", name="Keep this source").click()
        expect(form).to_be_hidden()
        desk.locator("[data-find]").nth(number).fill("Speaker 1")
        desk.get_by_role("option", name="Speaker 10").click()
        # What readers see of it comes a moment later, and moves what is below.
        expect(desk.locator("[data-line]").nth(number)).to_be_visible()


def test_a_named_source_in_the_place_of_what_we_saw_is_on_the_record(desk):  # noqa: F811
    Source.objects.create(name="White House", speaker_type="organisation")
    desk.fill("#headline", "The call is over")
    desk.get_by_role("button", name="Tell readers: “We saw it ourselves.”").click()
    basis = desk.get_by_label("Basis")
    expect(basis).to_have_value("witnessed")
    # An article is no hindrance.
    desk.locator("[data-find]").fill("The White House")
    known = desk.get_by_role("option", name="White House", exact=True)
    expect(known).to_have_attribute("aria-selected", "true")
    known.click()
    expect(basis).to_have_value("on_record")
    expect(desk.locator("[data-line] b")).to_have_text("Source: White House.")


def test_tab_comes_last_to_what_takes_a_source_out(desk):  # noqa: F811
    desk.keyboard.press("Alt+s")
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("Quotation")).to_be_focused()
    drop = desk.get_by_role("button", name="Take this source out")
    for _stop in range(20):
        desk.keyboard.press("Tab")
        if drop.evaluate("node => node === document.activeElement"):
            break
    expect(drop).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(desk.locator("[data-attribution] summary")).to_be_focused()
    # It stands beside the name all the same.
    name, box = desk.locator("[data-find]").bounding_box(), drop.bounding_box()
    assert abs(name["y"] + name["height"] - box["y"] - box["height"]) < 2 and box["x"] >= name["x"] + name["width"]


def test_a_whole_name_that_one_source_has_is_that_source(desk):  # noqa: F811
    Source.objects.create(name="Ann Lee", role="mayor")
    Source.objects.create(name="Ann Leeds", role="teacher")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("ann lee")
    expect(desk.get_by_role("option", name="Ann Lee mayor")).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.locator("[data-find]")).to_have_value("Ann Lee, mayor")
    expect(desk.locator("[data-unpicked]")).to_be_hidden()
    # A like name is none.
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Ann L")
    expect(desk.get_by_role("option", name="Ann Lee mayor")).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.locator("[data-unpicked]").nth(1)).to_be_visible()
