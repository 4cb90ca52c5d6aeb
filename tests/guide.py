"""The pictures of docs/editors.md: `make guide`.

Loads the seeds into a database of its own, serves it, and takes the desk as an editor has
it before them at each task, into docs/pictures.
"""

import os
import tempfile
from datetime import timedelta

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.screenshots import FLAGS, KEPT
from tests.services import chromium

#: Bytes that a picture may have: they are kept in the repository.
MOST = 80 * 1024


def log_in(browser: Browser, base: str, width: int, height: int, scale: float = 1) -> Page:
    """A page of this size, of somebody who is logged in."""
    screen = {"width": width, "height": height}
    page = browser.new_context(viewport=screen, device_scale_factor=scale, color_scheme="light").new_page()
    page.goto(f"{base}/admin/login/")
    page.fill("#id_username", "demo")
    page.fill("#id_password", "demo")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    return page


def at_desk(page: Page, base: str, event: int) -> None:
    """Open the desk, and wait until its rows are there."""
    page.goto(f"{base}/admin/events/event/{event}/desk/")
    page.wait_for_selector("#rows article", state="attached")
    expect(page.locator("#line")).to_have_attribute("data-is", "on")


def keep(part: Page | Locator, name: str) -> None:
    """Take the picture, of a page or of a part of it; raise SystemExit when it is too large to be kept."""
    path = KEPT / f"guide-{name}.png"
    part.screenshot(path=path)
    if path.stat().st_size > MOST:
        raise SystemExit(f"{path.name} has {path.stat().st_size // 1024} KB, and there is room for {MOST // 1024}.")
    print(path.name)


def take(page: Page, phone: Page, base: str, event: int) -> None:
    """Every picture, in the order of the guide."""
    at_desk(page, base, event)
    page.fill("#headline", "The Kremlin publishes its account of the call")
    page.get_by_role("textbox", name="Text", exact=True).click()
    page.keyboard.type("Both sides say that the talks will go on.")
    page.locator("#kinds").scroll_into_view_if_needed()
    keep(page, "desk")
    page.locator("#rows [data-act=edit]").first.dispatch_event("click")
    page.get_by_role("dialog").get_by_role("button", name="Save it and go on").click()
    page.get_by_role("radio", name="Correction").last.check()
    page.fill("#note", "Our post gave the start as 7 pm in India; 14:00 GMT is 7:30 pm.")
    page.locator("#note").scroll_into_view_if_needed()
    keep(page.locator(".composer"), "correct")
    page.locator("[data-steer=end]").first.click()
    expect(page.locator("#ending")).to_be_visible()
    keep(page.locator("#ending"), "end")
    page.set_viewport_size({"width": 1000, "height": 520})
    page.goto(f"{base}/admin/events/event/{event}/desk/article/")
    page.get_by_role("button", name="Key events only").click()
    expect(page.locator("#chosen")).not_to_contain_text("17 of")
    page.wait_for_timeout(500)
    keep(page, "article")
    at_desk(phone, base, event)
    keep(phone, "phone")


def main() -> None:
    """Load, serve and take."""
    folder = tempfile.mkdtemp(prefix="liveblog-guide-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/guide.sqlite3"
    os.environ["MEDIA_ROOT"] = f"{folder}/media"
    os.environ["DJANGO_SETTINGS_MODULE"] = "liveblog.settings"
    os.environ.setdefault("DEBUG", "true")
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.utils import timezone

    from events import publishing
    from events.models import Beat, Event
    from tests.processes import serve

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    User.objects.create_superuser("demo", password="demo")
    event = Event.objects.get(slug="trump-putin-call")
    publishing.open(event, by=None)
    # As if a clock ran as long as this takes.
    Beat.objects.create(name=publishing.CLOCK, at=timezone.now() + timedelta(minutes=5))
    with serve(os.environ["DATABASE_URL"]) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        wide, narrow = log_in(browser, server.url, 1280, 720, 0.6), log_in(browser, server.url, 360, 640)
        take(wide, narrow, server.url, event.pk)
        browser.close()


if __name__ == "__main__":
    main()
