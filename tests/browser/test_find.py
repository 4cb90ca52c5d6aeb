"""Search in the timeline; the address keeps it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_search_stands_in_the_address_and_survives_a_reload(desk, event):  # noqa: F811
    cast.post(event, "Markets fall")
    cast.post(event, "A key moment", key_event=True)
    titles = desk.locator("#rows h3")
    expect(titles).to_have_count(2)
    desk.get_by_text("Search and filter").click()
    desk.get_by_label("Words").fill("markets")
    expect(titles).to_have_text(["Markets fall"])
    desk.reload()
    expect(titles).to_have_text(["Markets fall"])
    expect(desk.get_by_label("Words")).to_have_value("markets")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    desk.get_by_role("checkbox", name="Key events only").check()
    expect(desk.locator("#find-none")).to_be_visible()
    expect(desk.locator("#rows-empty")).to_be_hidden()
    desk.get_by_role("button", name="Show all").click()
    expect(titles).to_have_count(2)
    assert "#" not in desk.url
