"""The way in: login, the second step and one's account, by keyboard, on a phone and on a desk, light and dark."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests import cast
from tests.browser.test_access import check
from tests.members import PASSWORD, code_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[(360, "dark"), (1280, "light")], ids=("phone", "desk"))
def door(request, browser: Browser, live_server, transactional_db, settings) -> Page:
    """A browser of an editor who must have a second step, sent to the login from where she wanted to go."""
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    edith = cast.member("edith", "editor")
    edith.set_password(PASSWORD)
    edith.save()
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme)
    context.set_default_timeout(20000)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/events/source/?q=x")
    yield page
    context.close()


def test_an_editor_comes_in_with_the_keyboard_alone(door: Page):
    expect(door.get_by_role("heading", level=1, name="Log in")).to_be_visible()
    expect(door.get_by_label("Username")).to_be_focused()
    check(door, "login")
    door.keyboard.type("edith")
    door.keyboard.press("Tab")
    door.keyboard.type("wrong")
    door.keyboard.press("Enter")
    expect(door.get_by_role("alert")).to_contain_text("do not belong together")
    expect(door.get_by_label("Username")).to_have_value("edith")
    check(door, "login-wrong")
    door.get_by_label("Password").press_sequentially(PASSWORD)
    door.keyboard.press("Enter")
    expect(door.get_by_role("heading", level=1)).to_have_text("Set up the second step")
    check(door, "set-up")
    secret = door.locator(".secret").inner_text()
    door.get_by_label("Authenticator code").press_sequentially(code_for(secret))
    door.keyboard.press("Enter")
    expect(door.locator(".codes li")).to_have_count(10)
    check(door, "codes")
    door.get_by_role("link", name="go on").press("Enter")
    door.wait_for_url("**/admin/events/source/?q=x")
    door.get_by_role("link", name="Your account").click()
    expect(door.locator(".sessions li")).to_have_count(1)
    check(door, "account")
    door.get_by_role("button", name="Log out").press("Enter")
    expect(door.get_by_role("heading", level=1)).to_have_text("You are logged out")
    check(door, "logged-out")
    door.get_by_role("link", name="Log in again").press("Enter")
    door.get_by_label("Username").press_sequentially("edith")
    door.get_by_label("Password").press_sequentially(PASSWORD)
    door.keyboard.press("Enter")
    expect(door.get_by_role("heading", level=1)).to_have_text("The code from your phone")
    check(door, "code")
    door.get_by_label("Code").press_sequentially(code_for(secret, 1))
    door.keyboard.press("Enter")
    door.wait_for_url("**/admin/")
