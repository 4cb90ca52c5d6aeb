"""docs/components.md and its pictures: every part of the reader's page, out of the real templates and styles."""

import base64
import re
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.services import ROOT

KEPT = ROOT / "docs" / "pictures"
PATH = "/events/state-components/"
#: Each part is seen on a wide screen by day and on a phone by night.
SCREENS: tuple[tuple[str, int, int, Literal["light", "dark"]], ...] = (
    ("wide", 1280, 800, "light"),
    ("phone", 360, 640, "dark"),
)
#: Parts that are no posts: name, title, what the page says of them, what is pictured, what is done before.
PARTS = (
    (
        "head",
        "The top",
        "State, time of the last post, title. LIVE is the one thing in red, and turns into “Last update 09:10” when "
        "nobody has posted for 90 minutes. The lead picture stands beside the title and takes the news no "
        "room; on a phone it is small, and whole with its caption where the rest is folded, under “About”.",
        ("[data-part=header]",),
        "",
    ),
    (
        "side",
        "What we know, and key events",
        "What is true now, and what happened. On a wide screen both begin beside the title and stay in sight; on a "
        "phone they are folded, but for the top line.",
        (".side",),
        "",
    ),
    (
        "pinned",
        "The pin and the tools",
        "What to read now: one post, folded. Below it, which posts are shown, as addresses; the chosen one is "
        "underlined in ink. The switch that shows new updates by themselves stands beside LIVE.",
        ("[data-part=pinned]", ".tools"),
        "document.querySelector('.pinned details').open = true",
    ),
    (
        "waiting",
        "What waits, and a line that is down",
        "The pill is at the viewport’s edge as soon as something waits. That the line is down is said after 15 s.",
        ("#pill", "#connection"),
        "Object.assign(document.getElementById('pill'), {hidden: false, textContent: '2 new, 1 correction'});"
        "const line = document.getElementById('connection'); line.hidden = false;"
        "line.firstChild.textContent = 'Reconnecting – last update 14:02 GMT';"
        "for (const one of [line, document.getElementById('pill')]) one.style.cssText = 'position: static; display:"
        " block; margin: 8px'",
    ),
)
OPENING = """# The reader's page, part by part

Made by `make screenshots`, out of the real templates and styles (`templates/reader`, `static/css`) and the invented
event in `tests/components.py`: wide by day, a phone by night. Look here before you add a rule; change it there.

One serif for words, one sans for labels, both from the reader's own system. Ink on warm paper, hairlines, boxes only
around what interrupts. One red, which means LIVE and nothing else. Times stand in a column of their own, on a line that
is broken where nothing was posted for long.

## Tokens

`static/css/tokens.css`; a theme sets these, and nothing else.

| token | light | dark |
| --- | --- | --- |
"""


def make(browser: Browser, base: str) -> None:
    """Take the pictures and write the page. The event of `tests.components` is served at `base`."""
    from events.models import Event
    from tests.component_posts import GROUPS
    from tests.components import groups_of

    posts = groups_of(Event.objects.get(slug="state-components"))
    for screen, width, height, scheme in SCREENS:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(base + PATH)
        page.wait_for_selector(".ago", state="attached")
        for group in GROUPS:
            if not page.locator(f"#p-{posts[group.name][0]}").count():
                page.locator("#older").click()
                page.wait_for_selector(f"#p-{posts[group.name][0]}")
            _picture(page, [f"#p-{post}" for post in posts[group.name]], _path(group.name, screen))
        page.goto(base + PATH)
        for name, _title, _about, selectors, script in PARTS:
            page.evaluate(script) if script else None
            _picture(page, list(selectors), _path(name, screen))
        page.close()
    sections = [(name, title, about) for name, title, about, _selectors, _script in PARTS]
    sections += [(group.name, group.title, group.about) for group in GROUPS]
    text = OPENING + tokens_table() + "".join(_section(*section) for section in sections)
    (ROOT / "docs" / "components.md").write_text(text, encoding="utf-8")


def _path(name: str, screen: str) -> Path:
    return KEPT / f"components-{name}-{screen}.webp"


def _picture(page: Page, selectors: list[str], path: Path) -> None:
    """Take what these elements cover together, with the line and the times beside the posts."""
    boxes = [page.locator(selector).first.bounding_box() for selector in selectors]
    found = [box for box in boxes if box]
    scroll = page.evaluate("scrollY")
    top = min(box["y"] for box in found) + scroll - 8
    bottom = max(box["y"] + box["height"] for box in found) + scroll + 8
    if selectors[0].startswith("#p-"):
        column = page.locator("#content").bounding_box()
        assert column
        found = [column]
    left = max(0, min(box["x"] for box in found) - 16)
    right = min(page.viewport_size["width"], max(box["x"] + box["width"] for box in found) + 16)  # type: ignore[index]
    clip = {"x": left, "y": max(0, top), "width": right - left, "height": bottom - max(0, top), "scale": 1}
    # By the browser's own protocol: Playwright writes no WebP, and these are kept in the repository.
    session = page.context.new_cdp_session(page)
    asked = {"format": "webp", "quality": 75, "clip": clip, "captureBeyondViewport": True}
    path.write_bytes(base64.b64decode(session.send("Page.captureScreenshot", asked)["data"]))
    session.detach()


def tokens_table() -> str:
    """A row for each token, its value by day and by night."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"(--[\w-]+): ([^;]+);", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    )
    return "".join(
        f"| `{name}` | `{value}` | {f'`{dark[name]}`' if name in dark else ''} |\n" for name, value in light.items()
    )


def _section(name: str, title: str, about: str) -> str:
    return (
        f"\n## {title}\n\n{about}\n\n![{title}, wide, by day](pictures/{_path(name, 'wide').name})\n\n"
        f"![{title}, on a phone, by night](pictures/{_path(name, 'phone').name})\n"
    )
