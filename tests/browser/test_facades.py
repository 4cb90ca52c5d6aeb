"""A link pasted on a line of its own: at the desk, in the preview and on the page."""

import os

import pytest
from playwright.sync_api import Page, expect

from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, body, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PASTE = """(node, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_pasted_address_is_a_link_of_its_own(desk: Page):  # noqa: F811
    body(desk).click()
    desk.keyboard.type("Both speak.")
    desk.keyboard.press("Enter")
    body(desk).evaluate(PASTE, VIDEO)
    desk.keyboard.press("Enter")
    # A typed one is, too.
    desk.keyboard.type("https://www.reuters.com/world/")
    desk.keyboard.press("Enter")
    desk.keyboard.type("It goes on.")
    desk.get_by_role("button", name="Preview").click()
    shown = desk.frame_locator("#preview-frame")
    expect(shown.locator(".facade b")).to_have_text(["Video on YouTube", "reuters.com"])
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    html = Post.objects.get().html
    assert f'<p>Both speak.</p><p><a href="{VIDEO}" rel="noopener nofollow">{VIDEO}</a></p><p><a href="' in html
    assert html.endswith("</a></p><p>It goes on.</p>")


def link(address: str, words: str = "") -> str:
    return f'<p><a href="{address}">{words or address}</a></p>'


BODY = "".join((
    "<p>Both sides spoke of it in public, before and after.</p>",
    link(VIDEO),
    link("https://x.com/Scavino47/status/1902032143215423653"),
    link("https://www.reuters.com/world/europe/" + "a-very-long-address-" * 8 + "/"),
    link("https://mastodon.social/@Gargron/114184390235719204", "What the founder of the network says about it all"),
    link(f"https://{'long-host-' * 5}.example.org/"),
    "<p>And it goes on.</p>",
))  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_facade_loads_nothing_and_fits_on_the_smallest_screen(page: Page, live_server, language, transactional_db):
    arabic = cast.event("news", language=language)
    cast.post(arabic, body=BODY, headline="المكالمة" if language == "ar" else "The call")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path, width in (("events", 320), ("embed", 320), ("events", 1280)):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"{live_server.url}/{path}/news/")
        expect(page.locator(".facade")).to_have_count(5)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator(".facade a").first.bounding_box()
        assert box["height"] >= 44
        if folder := os.environ.get("SHOTS"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=f"{folder}/facade-{path}-{language}-{width}-{scheme}.png", full_page=True)
    assert all(address.startswith((live_server.url, live_server.url.replace("http", "ws"))) for address in asked)
    first = page.locator(".facade").first
    assert first.evaluate("node => getComputedStyle(node).direction") == ("rtl" if language == "ar" else "ltr")
    if folder := os.environ.get("SHOTS"):
        page.emulate_media(forced_colors="active", color_scheme="dark")
        page.screenshot(path=f"{folder}/facade-{language}-forced.png", full_page=True)
        page.emulate_media(media="print", forced_colors="none")
        page.screenshot(path=f"{folder}/facade-{language}-print.png", full_page=True)
