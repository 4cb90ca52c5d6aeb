"""An editor and a contributor at one desk, each in a browser of their own, on a real server with its sockets."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import processes

#: Opens the desk for one of the staff: name, group.
Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, server: processes.Server, errors: list[str]) -> Iterator[Enter]:
    contexts = []

    def enter(name: str, group: str, **settings) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1360, "height": 900}} | settings))
        contexts.append(context)
        given = server.pen("log_in", name=name, group=group)
        context.add_cookies([{"name": "sessionid", "value": given["session"], "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(20000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server.url}/admin/events/event/{given['event']}/desk/")
        expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_visible()
        expect(page.locator("#line")).to_have_text("connected")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []


def submit(page: Page, headline: str) -> None:
    page.fill("#headline", headline)
    page.get_by_role("button", name="Add a source").click()
    page.get_by_label("Basis").select_option("witnessed")
    page.get_by_role("button", name="Submit", exact=False).first.click()
    expect(page.locator("#headline")).to_have_value("")


def inbox(page: Page, name: str):
    return page.locator("#inbox").get_by_role("button", name=name)


def unfold(page: Page) -> None:
    """What is rarely needed, on each row of the inbox."""
    expect(page.locator("#inbox summary").first).to_be_visible()
    folded = page.locator("#inbox details:not([open]) > summary")
    while folded.count():
        folded.first.click()


def test_what_needs_another_editor_says_so_and_who_is_here(enter):
    ada = enter("ada", "editor")
    ada.fill("#headline", "A diplomat says no")
    ada.get_by_role("button", name="Add a source").click()
    ada.get_by_label("Basis").select_option("unnamed")
    ada.get_by_label("Described as").fill("a diplomat")
    ada.get_by_label("Reason for no name").fill("not allowed to speak")
    ada.get_by_role("button", name="Submit to an editor").click()
    line = ada.locator("#inbox [data-another]")
    expect(line).to_have_text("Needs another editor to publish it: nobody else who may is here")
    expect(ada.locator("#inbox .main")).to_have_count(0)
    enter("carl", "contributor")
    bo = enter("bo", "editor")
    expect(line).to_have_text("Needs another editor to publish it. Here now: bo")
    inbox(ada, "Publish").click()
    expect(ada.locator("#toast")).to_contain_text("waits in the inbox until another editor publishes it")
    expect(bo.locator("#inbox [data-another]")).to_have_count(0)
    inbox(bo, "Publish").click()
    expect(bo.locator("#rows h3")).to_have_text("A diplomat says no")


def test_whoever_may_only_read_a_post_sees_who_has_it_open(enter, server):
    server.pen("publish", headline="On the line")
    ada, carl = enter("ada", "editor"), enter("carl", "contributor")
    ada.locator("#rows [data-act=edit]").click()
    # Under its words, as beside the buttons of those who have some.
    expect(carl.locator("#rows .said > .held")).to_have_text("ada has this open")


def test_the_desk_of_a_private_event_is_connected_and_hears_that_it_is_public(enter, server):
    server.pen("change", fields={"visibility": "private"})
    ada = enter("ada", "editor")
    expect(ada.locator("#visibility")).to_have_text("Private: no reader sees this")
    expect(ada.locator("#page")).to_be_hidden()
    server.pen("change", fields={"visibility": "public"})
    expect(ada.locator("#visibility")).to_have_text("Public", timeout=5000)
    expect(ada.locator("#page")).to_be_visible()
    expect(ada.locator("#line")).to_have_text("connected")
    # From now on by the readers' socket.
    server.pen("publish", headline="For all")
    expect(ada.locator("#rows h3")).to_have_text("For all", timeout=5000)


def test_a_post_goes_back_and_forth_while_the_editor_writes(enter):
    ada, carl = enter("ada", "editor"), enter("carl", "contributor")
    expect(ada.locator("#here")).to_have_text("Here: carl")
    title = ada.title()
    ada.fill("#headline", "Half a sentence of")
    expect(carl.locator("#here")).to_have_text("Here: ada (writing)")

    submit(carl, "I saw the car")
    expect(ada.locator("#inbox h3")).to_have_text("I saw the car")
    expect(ada.locator("#inbox-title + span [data-unread]")).to_have_text("1 new")
    expect(ada).to_have_title(f"(1) {title}")

    unfold(ada)
    inbox(ada, "I take this").click()
    expect(ada.locator("#inbox")).to_contain_text("Claimed by you")
    expect(carl.locator("#inbox")).to_contain_text("Claimed by ada")
    expect(ada).to_have_title(title)

    inbox(ada, "Send back").click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_role("button", name="Send back").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Write why it comes back")
    dialog.get_by_role("textbox").fill("Which car?")
    dialog.get_by_role("button", name="Send back").click()
    expect(dialog).to_be_hidden()
    expect(carl.locator("#inbox .why")).to_have_text("Sent back: Which car?")
    expect(carl.locator("#toast")).to_contain_text("“I saw the car” was sent back: Which car?")
    expect(carl.locator("#inbox-title + span [data-unread]")).to_have_text("1 new")

    inbox(carl, "Edit").click()
    expect(carl.locator("#headline")).to_have_value("I saw the car")
    expect(ada.locator("#inbox .held")).to_have_text("carl has this open")
    carl.fill("#headline", "I saw the black car")
    carl.press("#headline", "Control+Enter")
    expect(ada.locator("#inbox h3")).to_have_text("I saw the black car")
    expect(ada.locator("#inbox .held")).to_have_count(0)

    inbox(ada, "Publish").click()
    expect(ada.locator("#rows h3")).to_have_text("I saw the black car")
    expect(carl.locator("#rows h3")).to_have_text("I saw the black car")
    expect(carl.locator("#toast")).to_contain_text("“I saw the black car” is published.")
    expect(ada.locator("#headline")).to_have_value("Half a sentence of")
    expect(carl.locator("#inbox article")).to_have_count(0)


def test_two_editors_claim_and_take_over(enter):
    ada, bo, carl = enter("ada", "editor"), enter("bo", "editor"), enter("carl", "contributor")
    submit(carl, "Who takes it?")
    unfold(ada)
    inbox(ada, "I take this").click()
    expect(bo.locator("#inbox")).to_contain_text("Claimed by ada")
    unfold(bo)
    inbox(bo, "Take over").click()
    bo.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(bo.locator("#inbox")).to_contain_text("Claimed by ada")
    inbox(bo, "Take over").click()
    bo.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(ada.locator("#inbox")).to_contain_text("Claimed by bo")
    inbox(bo, "Give up the claim").click()
    expect(ada.locator("#inbox")).not_to_contain_text("Claimed")


def test_a_submission_without_a_source_is_led_to_one(enter):
    ada, carl = enter("ada", "editor"), enter("carl", "contributor")
    for headline in ("Somebody said so", "I saw the car"):
        carl.fill("#headline", headline)
        carl.press("#headline", "Control+Enter")
        expect(carl.locator("#headline")).to_have_value("")
    rows = ada.locator("#inbox article")
    expect(rows).to_have_count(2)
    car, said = rows.filter(has_text="the car"), rows.filter(has_text="Somebody")
    expect(car.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    unfold(ada)
    car.get_by_role("button", name="We saw it ourselves: publish…").click()
    ada.get_by_role("dialog").get_by_role("button", name="Yes, publish it").click()
    expect(ada.locator("#rows h3")).to_have_text("I saw the car")
    said.get_by_role("button", name="Add a source to publish…").click()
    expect(ada.locator("#headline")).to_have_value("Somebody said so")
    expect(ada.locator("[data-find]")).to_be_focused()
    expect(ada.locator("#composer-title")).to_be_in_viewport(ratio=1)
    # At the very top: nothing is seen above it.
    head, column = (ada.locator(name).bounding_box() for name in (".composer > .head", ".composer"))
    assert abs(head["y"] - column["y"]) < 10
    expect(said).to_have_attribute("aria-current", "true")
    # Whose it is, what Publish means, and what it needs; also after a reload.
    for _time in range(2):
        expect(ada.locator("#composer-title")).to_have_text("carl’s post, sent for approval. Publish approves it.")
        expect(ada.locator("#unsourced")).to_contain_text("Needs a source before it goes out.")
        ada.reload()
    carl.locator("#inbox article").get_by_role("button", name="Edit").click()
    expect(carl.locator("#composer-title")).to_have_text("Your post, sent for approval")


def test_an_unnamed_source_is_submitted_to_another_editor(enter):
    ada, bo = enter("ada", "editor"), enter("bo", "editor")
    ada.fill("#headline", "A diplomat says so")
    ada.get_by_role("button", name="Add a source").click()
    ada.get_by_label("Basis").select_option("unnamed")
    ada.get_by_label("Described as").fill("a diplomat")
    ada.get_by_label("Reason for no name").fill("not allowed to speak")
    ada.press("#headline", "Control+Enter")
    expect(ada.locator("#trouble")).to_contain_text("needs a second editor")
    expect(ada.locator("#headline")).to_have_value("A diplomat says so")
    ada.get_by_role("button", name="Submit to an editor").click()
    expect(bo.locator("#inbox h3")).to_have_text("A diplomat says so")
    inbox(ada, "Publish").click()
    expect(ada.locator("#toast")).to_contain_text("needs a second editor")
    inbox(bo, "Publish").click()
    expect(ada.locator("#rows h3")).to_have_text("A diplomat says so")


def test_notes_reach_the_other_editor_and_two_on_one_post_are_told(enter, publish):
    post = publish("On the line")
    ada, bo = enter("ada", "editor"), enter("bo", "editor")
    ada.locator("#rows .rarer > summary").click()
    ada.locator("#rows").get_by_role("button", name="Note").click()
    ada.get_by_role("dialog").get_by_role("textbox").fill("Ring the spokesman.")
    ada.get_by_role("button", name="Keep the note").click()
    expect(bo.locator(f"#row-{post} .note")).to_contain_text("Ring the spokesman.")
    ada.get_by_role("button", name="Handover").click()
    ada.get_by_role("dialog").get_by_role("textbox").fill("Paris rings at six.")
    ada.get_by_role("button", name="Keep the note").click()
    bo.get_by_role("button", name="Handover note").click()
    expect(bo.get_by_role("dialog").get_by_role("textbox")).to_have_value("Paris rings at six.")
    bo.keyboard.press("Escape")

    ada.locator("#rows").get_by_role("button", name="Edit").click()
    expect(bo.locator(f"#row-{post} .held")).to_have_text("ada has this open")
    bo.locator("#rows").get_by_role("button", name="Edit").click()
    expect(bo.locator("#composing-held")).to_contain_text("ada has this open too")
    expect(ada.locator("#composing-held")).to_contain_text("bo has this open too")
    ada.close()
    expect(bo.locator("#composing-held")).to_be_hidden()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1360, "light")])
def test_axe_finds_nothing_and_nothing_is_too_wide(enter, width, scheme):
    carl = enter("carl", "contributor")
    submit(carl, "Word" * 30)
    ada = enter("ada", "editor", viewport={"width": width, "height": 740}, color_scheme=scheme)
    if width < 700:
        ada.locator("[data-tab-to=inbox]").click()
    unfold(ada)
    inbox(ada, "I take this").click()
    expect(ada.locator("#inbox")).to_contain_text("Claimed by you")
    inbox(ada, "Note").click()
    ada.get_by_role("dialog").get_by_role("textbox").fill("Note" * 60)
    ada.get_by_role("button", name="Keep the note").click()
    expect(ada.locator("#inbox .note")).to_be_visible()
    inbox(ada, "Send back").click()
    ada.get_by_role("dialog").get_by_role("textbox").fill("Why" * 60)
    found = Axe().run(ada)
    assert found.violations_count == 0, found.generate_report()
    ada.get_by_role("dialog").get_by_role("button", name="Send back").click()
    expect(ada.locator("#inbox .why")).to_be_visible()
    assert ada.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(ada)
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("SHOTS"):
        ada.screenshot(path=f"{folder}/together-{width}.png")


def test_the_desk_comes_back_when_a_process_says_bye(server, browser):
    """The first process that the desk hears says that it ends; the desk goes away and comes back at its word."""
    context = browser.new_context()
    given = server.pen("log_in", name="ada", group="editor")
    context.add_cookies([{"name": "sessionid", "value": given["session"], "url": server.url}])
    page, visits = context.new_page(), []

    def hear(socket):
        visits.append(socket)
        if len(visits) == 1:
            socket.on_message(lambda _message: None)
            socket.send('{"type": "bye", "after_ms": 200}')
        else:
            socket.connect_to_server()

    page.route_web_socket("**/ws/events/**", hear)
    page.goto(f"{server.url}/admin/events/event/{given['event']}/desk/")
    expect(page.locator("#line")).to_have_text("connected")
    server.pen("publish", headline="After the restart")
    expect(page.locator("#rows h3")).to_have_text("After the restart")
    assert len(visits) == 2
    context.close()
