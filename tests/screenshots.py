"""Pictures of the product as its users see it: `make screenshots`.

Loads the seeds and the event in each state into a database of its own, serves it, and takes
every page in every way that somebody may see it, into run/screenshots; index.html there shows
all side by side. Renews docs/components.md and the README's pictures as well.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import component_page
from tests.contact_sheet import Picture, write
from tests.services import ROOT, chromium

OUT = ROOT / "run" / "screenshots"
KEPT = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
#: WCAG 2.2, 1.4.12: what a reader may set for themselves.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } "
    "p { margin-block-end: 2em !important }"
)


@dataclass(frozen=True)
class Way:
    """One way to see a page."""

    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    forced: bool = False
    spaced: bool = False
    printed: bool = False

    def __str__(self) -> str:
        extra = [name for name in ("forced", "spaced", "printed") if getattr(self, name)]
        return "-".join([str(self.width), self.scheme, *extra])


#: What every page is seen in, and what the reader's pages are seen in besides.
ALWAYS = tuple(
    Way(width, height, scheme)
    for scheme in ("light", "dark")
    for width, height in ((360, 640), (768, 1024), (1280, 800))
)  # type: ignore[arg-type]
READERS = (
    Way(320, 256),
    Way(360, 640, spaced=True),
    Way(1280, 800, "dark", forced=True),
    Way(360, 640, forced=True),
    Way(800, 1100, printed=True),
)


def pages() -> Iterator[tuple[str, str, bool]]:
    """Name and path of every page that is pictured, and whether it is a reader's."""
    from events.models import Event, Post
    from tests import states

    call = Event.objects.get(slug="trump-putin-call")
    tram = Event.objects.get(slug="nawrasan-tram")
    yield "home", "/", True
    for event in states.events():
        yield event.slug, event.get_absolute_url(), True
    for event in (call, tram):
        yield event.slug, event.get_absolute_url(), True
        post = Post.objects.published().keys().filter(event=event).newest().last()
        assert post is not None
        yield f"{event.slug}-post", post.get_absolute_url(), True
        yield f"{event.slug}-embed", f"/embed/{event.slug}/", True
    yield "embed-live", "/embed/state-live/", True
    yield "key-events", f"{call.get_absolute_url()}?show=key", True
    many = Event.objects.get(slug="state-many")
    older = Post.objects.published().filter(event=many).newest()[40]
    yield "older", f"{many.get_absolute_url()}?before={older.order}", True
    yield "search", f"{call.get_absolute_url()}search/?q=ceasefire", True
    yield "since", f"{call.get_absolute_url()}since/8/", True
    yield "missing", "/events/no-such-event/", True
    yield "login", "/admin/login/", False
    yield "desk", f"/admin/events/event/{call.pk}/desk/", False
    yield "admin-posts", "/admin/events/post/", False
    yield "admin-add", "/admin/events/post/add/", False


def open_context(browser: Browser, base: str, way: Way, *, member: bool) -> BrowserContext:
    """A window of this way; of somebody who is logged in when `member`."""
    context = browser.new_context(
        viewport={"width": way.width, "height": way.height},
        color_scheme=way.scheme,
        forced_colors="active" if way.forced else "none",
    )
    if member:
        page = context.new_page()
        page.goto(f"{base}/admin/login/")
        page.fill("#id_username", "demo")
        page.fill("#id_password", "demo")
        page.press("#id_password", "Enter")
        page.close()
    return context


def set_spacing(page: Page) -> None:
    """Space the text as a reader may; past the policy, as an extension would."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SPACING,
    )


def take(browser: Browser, base: str, shown: list[tuple[str, str, bool]]) -> Iterator[Picture]:
    """Take every page in every way; the whole page and the first screen."""
    for way in (*ALWAYS, *READERS):
        for member in (False, True):
            context = open_context(browser, base, way, member=member)
            page = context.new_page()
            for name, path, is_readers in shown:
                if (member and (is_readers or name == "login")) or (
                    not is_readers and (not member) != (name == "login")
                ):
                    continue
                if way in READERS and not is_readers:
                    continue
                answer = page.goto(base + path)
                if answer and answer.status == 404 and name != "missing":
                    continue
                if way.spaced:
                    set_spacing(page)
                page.emulate_media(media="print" if way.printed else "screen")
                page.wait_for_timeout(250)
                first, whole = OUT / f"{name}-{way}-first.png", OUT / f"{name}-{way}.png"
                page.screenshot(path=first)
                page.screenshot(path=whole, full_page=True)
                yield Picture(name, str(way), first, whole)
            context.close()


def main() -> None:
    """Load, serve, take, and keep what the documents show."""
    folder = tempfile.mkdtemp(prefix="liveblog-pictures-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/pictures.sqlite3"
    os.environ["MEDIA_ROOT"] = f"{folder}/media"
    os.environ["DJANGO_SETTINGS_MODULE"] = "liveblog.settings"
    os.environ.setdefault("DEBUG", "true")
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from tests import states
    from tests.processes import serve

    call_command("migrate", verbosity=0)
    call_command("seed")
    User.objects.create_superuser("demo", password="demo")
    states.make()
    shown = list(pages())
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    with serve(os.environ["DATABASE_URL"]) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        component_page.make(browser, server.url)
        pictures = list(take(browser, server.url, shown))
        browser.close()
    order = [name for name, _path, _readers in shown]
    write(OUT / "index.html", sorted(pictures, key=lambda picture: order.index(picture.page)))
    for name in ("trump-putin-call-1280-light", "trump-putin-call-360-dark", "desk-1280-light"):
        shutil.copy(
            OUT / f"{name}-first.png", KEPT / Path(name.replace("trump-putin-call", "page")).with_suffix(".png")
        )
    print(f"{len(pictures)} screens: {(OUT / 'index.html').relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
