"""Pictures of the product as its users see it: `make screenshots`.

Loads the seeds into a database of its own, serves it, and takes every page at three
widths, light and dark, into run/screenshots. Two of them are the README's.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.services import ROOT, chromium

WIDTHS = {360: 640, 768: 1024, 1280: 800}
SCHEMES = ("light", "dark")
OUT = ROOT / "run" / "screenshots"
KEPT = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """Name and path of every page that is pictured."""
    from events.models import Event, Post

    yield "home", "/"
    yield "missing", "/events/no-such-event/"
    for event in Event.objects.filter(visibility="public"):
        yield event.slug, event.get_absolute_url()
        yield f"{event.slug}-embed", f"/embed/{event.slug}/"
        post = Post.objects.published().filter(event=event).newest().last()
        if post is not None:
            yield f"{event.slug}-post", post.get_absolute_url()
    call = Event.objects.get(slug="trump-putin-call")
    yield "login", "/admin/login/"
    yield "desk", f"/admin/events/event/{call.pk}/desk/"
    yield "admin-posts", "/admin/events/post/"
    yield "admin-add", "/admin/events/post/add/"


def take(browser: Browser, base: str, shown: list[tuple[str, str]]) -> None:
    """Take every page at every width, light and dark; the whole page and the first screen."""
    for scheme in SCHEMES:
        for width, height in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{base}/admin/login/")
            page.fill("#id_username", "demo")
            page.fill("#id_password", "demo")
            page.press("#id_password", "Enter")
            for name, path in shown:
                if name == "login":
                    context.clear_cookies()
                page.goto(base + path)
                page.wait_for_timeout(250)
                page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True)
                page.screenshot(path=OUT / f"{name}-{width}-{scheme}-first.png")
            context.close()


def main() -> None:
    """Load, serve, take, and keep what the README shows."""
    folder = tempfile.mkdtemp(prefix="liveblog-pictures-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/pictures.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "liveblog.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from tests.processes import serve

    call_command("migrate", verbosity=0)
    call_command("seed")
    User.objects.create_superuser("demo", password="demo")
    shown = sorted(pages(), key=lambda row: row[0] == "login")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with serve(os.environ["DATABASE_URL"]) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        take(browser, server.url, shown)
        browser.close()
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in ("trump-putin-call-1280-light-first", "trump-putin-call-360-dark-first", "desk-1280-light-first"):
        shutil.copy(
            OUT / f"{name}.png",
            KEPT / Path(name.replace("trump-putin-call", "page").replace("-first", "")).with_suffix(".png"),
        )
    print(f"{len(list(OUT.iterdir()))} pictures in {OUT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
