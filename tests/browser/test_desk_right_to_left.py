"""The desk of an event in Arabic: its words run from right to left, the desk's own do not."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from events import publishing
from events.models import Event
from events.publishing import Line, Named
from tests import cast
from tests.browser.test_desk import ada, body, desk  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

#: Ends with a full stop, has a number and a name in Latin letters.
HEADLINE = "بدأت المكالمة بين الرئيسين عند الساعة 14:00."
TEXT = "قال البيت الأبيض على منصة X إن المكالمة «تسير جيداً»."


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event(language="ar", title="رئيسان على الهاتف")


def begins_at(page: Page, selector: str) -> str:
    """The side at which a field's text begins."""
    return page.locator(selector).first.evaluate("node => getComputedStyle(node).direction")


def test_every_field_for_readers_begins_at_the_right(desk):  # noqa: F811
    desk.keyboard.press("Alt+s")
    fields = ["#headline", "#key_label", "#note", "#byline", "#ask-note", "#ending-headline", "#ending-wrap_up"]
    fields += ["[data-about=title]", "[data-about=notice]", "#attributions [data-field=quote]", "#bring [name=note]"]
    for field in fields:
        assert (field, begins_at(desk, field)) == (field, "rtl")
        expect(desk.locator(field).first).to_have_attribute("lang", "ar")
    desk.click("#open-summary")
    assert begins_at(desk, "#lines [data-line=text]") == "rtl"
    # What is written in another language runs as that does, its full stop at its end.
    assert desk.locator("#headline").evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
    # The desk itself is in English.
    assert begins_at(desk, "#publish") == "ltr"


def test_the_text_runs_as_readers_will_see_it(desk):  # noqa: F811
    text = body(desk)
    expect(text).to_have_attribute("lang", "ar")
    assert text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    text.click()
    desk.keyboard.type(TEXT)
    assert text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    desk.keyboard.press("Control+a")
    desk.keyboard.type("The White House says so.")
    assert text.evaluate("node => getComputedStyle(node).direction") == "ltr"
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Delete")
    assert text.evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_rows_and_sentences_keep_their_order(desk, event):  # noqa: F811
    said = (Named(source=cast.scavino(), medium="on X", quote="المكالمة تسير جيداً."),)
    done = cast.post(event, HEADLINE, body=f"<p>{TEXT}</p>", attributions=said, key_event=True, key_label="المكالمة")
    publishing.save_draft(event, words=cast.words("مسودة."), by=None)
    publishing.note(done.post, by=None, note="سؤال: هل اتصل الكرملين؟")
    publishing.summarise(event, lines=[Line(text="المكالمة بدأت.", post=done.post)], by=None)
    row = desk.locator("#rows article")
    expect(row.locator(".note")).to_contain_text("سؤال")
    for part in ("h3", ".said > p", ".quote"):
        assert row.locator(part).first.evaluate("node => getComputedStyle(node).direction") == "rtl"
        expect(row.locator(part).first).to_have_attribute("lang", "ar")
    expect(row.locator(".about bdi[lang=ar]").first).to_have_text("المكالمة")
    row.get_by_role("button", name="Withdraw…").click()
    # Isolated, so that the English around it stays in its order.
    expect(desk.locator("#ask-title")).to_have_text(f"Withdraw “\u2068{HEADLINE}\u2069”?")


def test_the_plain_form_indents_at_the_right(desk, event, live_server):  # noqa: F811
    body_html = f"<ul><li><p>{TEXT}</p></li></ul><blockquote><p>{TEXT}</p></blockquote>"
    post = cast.post(event, HEADLINE, body=body_html).post
    desk.goto(f"{live_server.url}/admin/events/post/{post.pk}/change/")
    quote = desk.locator(".ProseMirror[role=textbox] blockquote")
    edges = "node => [getComputedStyle(node).borderLeftWidth, getComputedStyle(node).borderRightWidth]"
    assert quote.evaluate(edges) == ["0px", "2px"]
    assert desk.locator(".ProseMirror[role=textbox] ul").evaluate("node => getComputedStyle(node).paddingLeft") == "0px"


@pytest.mark.parametrize("width", [360, 1360])
def test_nothing_is_wider_than_the_screen_and_axe_finds_nothing(desk, event, width):  # noqa: F811
    desk.set_viewport_size({"width": width, "height": 760})
    cast.post(event, HEADLINE, body=f"<p>{TEXT}</p>")
    publishing.save_draft(event, words=cast.words(HEADLINE), by=None)
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.fill("#headline", HEADLINE)
    desk.keyboard.press("Alt+s")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
