"""The inbox: what waits goes out from there, and all of it is counted."""

import pytest
from playwright.sync_api import Route, expect

from events import publishing
from events.models import Post
from events.views.desk.inbox import WAITING
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_goes_out_from_the_inbox(desk):  # noqa: F811
    desk.fill("#headline", "For later")
    desk.click("#draft")
    expect(desk.locator("#inbox h3")).to_have_text("For later")
    desk.locator("#inbox").get_by_role("button", name="Publish").click()
    expect(desk.locator("#rows article h3")).to_have_text("For later")
    expect(desk.locator("#inbox article")).to_have_count(0)


def test_the_inbox_says_how_much_waits_and_shows_more_of_it(desk, event):  # noqa: F811
    for number in range(WAITING + 2):
        publishing.save_draft(event, words=cast.words(f"Waits {number}"), by=None, submit=True)
    desk.reload()
    rows, unread = desk.locator("#inbox article"), desk.locator("#inbox-title + span [data-unread]")
    expect(rows).to_have_count(WAITING)
    expect(desk.locator("#inbox-title + span [data-count]")).to_have_text(f"{WAITING + 2} in all")
    expect(unread).to_have_text(f"{WAITING + 2} new")
    desk.locator("#tab-inbox").hover()
    expect(unread).to_have_text("2 new")
    desk.get_by_role("button", name="Show more that waits").click()
    expect(rows).to_have_count(WAITING + 2)
    expect(rows.nth(WAITING)).to_be_focused()
    expect(desk.locator("#waiting")).to_be_hidden()
    expect(unread).to_be_hidden()
    desk.locator("summary", has_text="Search and filter").click()
    desk.get_by_label("Words").fill("Nobody")
    expect(rows).to_have_count(0)
    expect(desk.locator("#inbox-none")).to_be_visible()
    expect(desk.locator("#inbox-empty")).to_be_hidden()


#: Where each button of the inbox's rows stands, by its row and deed.
PLACES = """() => {
  const buttons = Array.from(document.querySelectorAll("#inbox article :is([data-act], summary)"));
  return Object.fromEntries(buttons.map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [`${node.closest("article").id} ${node.dataset.act || "more"}`, [x, y, width, height]];
  }));
}"""


def test_nothing_in_the_inbox_moves_under_a_pointer(desk, event):  # noqa: F811
    desk.set_viewport_size({"width": 1280, "height": 800})
    words = cast.words("What each side has said before the call", body="<p>Both have accepted a truce.</p>")
    first = publishing.save_draft(event, words=words, by=None, submit=True).post
    row = desk.locator("#inbox article")
    expect(row).to_have_attribute("data-unread-row", "")
    before = desk.evaluate(PLACES)
    row.get_by_role("button", name="Add a source to publish…").hover()
    expect(row).not_to_have_attribute("data-unread-row", "")
    assert desk.evaluate(PLACES) == before
    # Nor when something comes in above it, goes, or is said of it.
    timed = publishing.save_draft(event, words=cast.words("Goes out later"), by=None).post
    Post.objects.filter(pk=timed.pk).update(state="scheduled", due_at="2099-01-01T00:00Z")
    publishing.note(first, by=None, note="Ring them. " * 20)
    expect(desk.locator("#inbox article")).to_have_count(2)
    expect(desk.locator("#inbox .note")).to_be_visible()
    rests = {name: pytest.approx(place, abs=1) for name, place in before.items()}
    assert {name: place for name, place in desk.evaluate(PLACES).items() if name in before} == rests
    publishing.delete_draft(timed, by=None)
    publishing.note(first, by=None, note="")
    expect(row).to_have_count(1)
    expect(desk.locator("#inbox .note")).to_have_count(0)
    assert desk.evaluate(PLACES) == rests
    desk.mouse.move(5, 5)
    assert desk.evaluate("document.getElementById('inbox').style.marginBlockStart") == ""


def test_that_we_saw_it_is_asked_about_before_readers_are_told(desk, event):  # noqa: F811
    publishing.save_draft(event, words=cast.words("I saw the car"), by=None, submit=True)
    row = desk.locator("#inbox article")
    # Apart from the other way.
    saw = row.get_by_role("button", name="We saw it ourselves: publish…")
    expect(saw).to_be_hidden()
    for answer in ("Cancel", "Yes, publish it"):
        row.locator("summary", has_text="More").click()
        saw.click()
        dialog = desk.get_by_role("dialog", name="Did we see it ourselves?")
        expect(dialog).to_contain_text("Readers are told: “We saw it ourselves.” “I saw the car” goes out with it.")
        dialog.get_by_role("button", name=answer).click()
        if answer == "Cancel":
            row.locator("summary", has_text="More").click()
            assert not Post.objects.filter(state="published").exists()
    expect(desk.locator("#rows h3")).to_have_text("I saw the car")
    assert Post.objects.get().attributions.get().basis == "witnessed"


def test_one_post_is_one_row_under_the_heading_of_its_state(desk, event):  # noqa: F811
    publishing.save_draft(event, words=cast.words("Handed in"), by=None, submit=True)
    post = publishing.save_draft(event, words=cast.words("For later"), by=None).post
    Post.objects.filter(pk=post.pk).update(state="scheduled", due_at="2099-01-01T00:00Z")
    publishing.save_draft(event, words=cast.words("Half"), by=None)
    parts = desk.locator("#inbox > *")
    expect(parts).to_contain_text(["Scheduled", "For later", "Submitted", "Handed in", "Drafts", "Half"])
    headings = desk.locator("#inbox").get_by_role("heading", level=3)
    expect(headings).to_have_text(["Scheduled", "For later", "Submitted", "Handed in", "Drafts", "Half"])

    # A post that goes on while its rows are read may be in an answer twice.
    def twice(route: Route) -> None:
        answer = route.fetch()
        data = answer.json()
        timed = next(row for row in data["inbox"] if row["state"] == "scheduled")
        data["inbox"].append(timed | {"state": "draft", "mark": "later", "html": timed["html"].replace("later", "now")})
        data["posts"].append(timed | {"order": "z"})
        route.fulfill(response=answer, json=data)

    desk.route("**/timeline/", twice)
    publishing.save_draft(event, words=cast.words("More"), by=None)
    expect(parts).to_contain_text(["Submitted", "Handed in", "Drafts", "More", "Half", "For now"])
    expect(desk.locator(f'[id="row-{post.pk}"]')).to_have_count(1)
