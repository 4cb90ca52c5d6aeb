"""An event's lead picture: put up at the desk, and seen by readers wherever the page is read."""

import base64

import pytest
from playwright.sync_api import Page, expect

from events import publishing
from events.models import Event, Picture
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures
from tests.drawn import drawing, put_up, sent

pytestmark = pytest.mark.django_db(transaction=True)


def file(image=None, name: str = "IMG_0042.jpg", kind: str = "image/jpeg") -> dict:
    return {"name": name, "mimeType": kind, "buffer": sent(image or drawing()).read()}


def open_dialog(desk: Page):  # noqa: F811
    desk.get_by_role("button", name="Event…").click()
    dialog = desk.get_by_role("dialog", name="The event")
    expect(dialog).to_be_visible()
    return dialog


def choose(desk: Page, dialog, chosen) -> None:  # noqa: F811
    with desk.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose").click()
    chooser.value.set_files(chosen)


def test_it_is_chosen_told_of_and_seen_by_readers(desk, event, live_server):  # noqa: F811
    dialog = open_dialog(desk)
    expect(dialog.get_by_label("Caption")).to_be_hidden()
    choose(desk, dialog, file())
    shown = dialog.locator("#picture-shown")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") in (639, 640)
    # Where one goes on: what it shows. Left out, that is asked for, and nothing is lost.
    alt = dialog.get_by_label("What it shows, for readers who do not see it")
    expect(alt).to_be_focused()
    dialog.get_by_label("Caption").fill("As seen on Tuesday")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Say what the picture shows, for readers who do not see it.")
    expect(alt).to_be_focused()
    assert not Event.objects.get().lead_picture
    alt.fill("Two desks")
    dialog.get_by_label("Credit").fill("Roe/Agency")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    desk.goto(f"{live_server.url}/events/call/")
    expect(desk.get_by_role("img", name="Two desks")).to_be_visible()


def test_an_open_page_has_it_by_its_readers_tap(page: Page, server, live):
    server.pen("picture")
    expect(page.locator("#pill")).to_have_text("Top of the page changed")
    expect(page.locator(".lead")).to_have_count(0)
    page.locator("#pill").click()
    picture = page.get_by_role("img", name="Two desks")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.currentSrc.endsWith('.webp'))")
    expect(page.locator("figcaption")).to_have_text("As seen on Tuesday Picture: Roe/Agency")


def test_what_is_no_picture_gets_a_sentence_and_the_dialog_stays(desk, event):  # noqa: F811
    dialog = open_dialog(desk)
    told = dialog.get_by_role("status").filter(has_text="picture")
    dialog.get_by_label("Short title").fill("The call")
    choose(desk, dialog, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(told).to_have_text("This is no picture that we can read. Send a JPEG, PNG, WebP, GIF or AVIF.")
    # Saved all the same, it would be without the picture that they wanted.
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_visible()
    desk.route("**/pictures/", lambda route: route.abort())
    choose(desk, dialog, file())
    expect(told).to_have_text("The picture did not arrive. Check the connection, and choose it again.")
    desk.unroute("**/pictures/")
    choose(desk, dialog, file())
    expect(dialog.locator("#picture-shown")).to_be_visible()
    expect(dialog.get_by_label("Short title")).to_have_value("The call")


def test_one_that_was_refused_keeps_nobody_from_saving_the_next_time(desk, event):  # noqa: F811
    dialog = open_dialog(desk)
    choose(desk, dialog, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(desk.locator("#picture-told")).to_contain_text("This is no picture")
    # Nor does one that arrives later come into a dialog in which nobody has chosen it.
    late = []
    desk.route("**/pictures/", lambda route: late.append(route))
    choose(desk, dialog, file())
    dialog.get_by_role("button", name="Cancel").click()
    open_dialog(desk)
    with desk.expect_response("**/pictures/"):
        late[0].continue_()
    dialog.get_by_label("Short title").fill("The call")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    saved = Event.objects.get()
    assert (saved.short_title, saved.lead_picture) == ("The call", None)


def test_it_is_dropped_or_pasted_and_taken_away_again(desk, event):  # noqa: F811
    dialog = open_dialog(desk)
    given = base64.b64encode(sent(drawing()).read()).decode()
    for name in ("drop", "paste"):
        dialog.evaluate(
            """(dialog, [name, given]) => {
                const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], "a.jpg", { type: "image/jpeg" }));
                const how = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
                const event = name === "drop" ? new DragEvent(name, how) : new ClipboardEvent(name, how);
                dialog.querySelector("input").dispatchEvent(event);
                if (!event.defaultPrevented) throw new Error("The tab would have gone to the file.");
            }""",
            [name, given],
        )
        expect(dialog.locator("#picture-shown")).to_be_visible()
        dialog.get_by_role("button", name="Take it away").click()
        expect(dialog.locator("#picture-shown")).to_be_hidden()
        expect(dialog.get_by_role("button", name="Choose a picture")).to_be_focused()
    assert Picture.objects.count() == 2


def test_taken_away_it_is_gone_from_the_page(desk, event, live_server):  # noqa: F811
    put_up(event)
    desk.reload()
    expect(desk.locator("#line")).not_to_have_text("…")
    dialog = open_dialog(desk)
    expect(dialog.get_by_label("Caption")).to_have_value("As seen on Tuesday")
    dialog.get_by_role("button", name="Take it away").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    desk.goto(f"{live_server.url}/events/call/")
    expect(desk.locator("h1")).to_be_visible()
    expect(desk.locator(".lead")).to_have_count(0)


LONG = (
    "Two presidents speak by telephone for the first time since the talks in the desert about a pause in the fighting"
)
NOTICE = (
    "A replay of 18 March 2025. Only the start of the call is known to the minute; other times are the desk’s own. " * 2
)


@pytest.mark.parametrize("title", ["Trump and Putin speak by telephone about a ceasefire in Ukraine", LONG])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 640), (768, 900), (1280, 800)])
def test_the_first_screen_has_it_beside_the_news(page, live_server, event, width, height, title):  # noqa: F811
    cast.post(event, "Here the report leaves off")
    publishing.summarise(event, lines=[publishing.Line(text="The call began at 14:00 and goes well.")], by=None)
    publishing.change(event, by=None, title=title, standfirst="They talk about thirty days. " * 3, notice=NOTICE[:220])
    event.refresh_from_db()
    put_up(event)
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/events/call/", "/embed/call/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture, heading = page.locator(".lead img").bounding_box(), page.locator("h1").bounding_box()
        assert picture["width"] >= 70 and picture["height"] >= 50
        # Beside each other: neither lies upon the other, nor is the title pushed down.
        assert heading["x"] + heading["width"] <= picture["x"] + 1
        assert abs(heading["y"] - picture["y"]) < 24
        if width > 320:
            for what in ("h1", ".summary li", "#posts .post h3"):
                box = page.locator(what).first.bounding_box()
                assert box["y"] + box["height"] <= height, (path, what)


def test_on_a_phone_it_is_whole_with_its_caption_when_the_rest_is_unfolded(page, live_server, event):  # noqa: F811
    put_up(event)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{live_server.url}/events/call/")
    expect(page.locator("figcaption")).to_be_hidden()
    page.get_by_text("About", exact=True).click()
    expect(page.locator("figcaption")).to_be_visible()
    assert page.locator(".lead img").bounding_box()["width"] > 300
    page.locator(".lead a").click()
    expect(page).to_have_url(live_server.url + Picture.objects.get().whole.url)


def test_in_a_page_written_from_right_to_left_it_stands_on_the_left(page, live_server, event):  # noqa: F811
    publishing.change(event, by=None, language="ar", title="مكالمة بين رئيسين حول هدنة من ثلاثين يوما")
    event.refresh_from_db()
    put_up(event)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{live_server.url}/events/call/")
        picture, heading = page.locator(".lead img").bounding_box(), page.locator("h1").bounding_box()
        assert picture["x"] + picture["width"] <= heading["x"] + 1
