"""What comes in while somebody at the desk is in the middle of something takes neither their words nor their place."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_waits_for_the_one_that_somebody_answers(desk, event):  # noqa: F811
    post, other = (cast.post(event, headline).post for headline in ("Seven", "Eight"))
    expect(desk.locator("#rows article")).to_have_count(2)
    desk.fill("#headline", "Half a sentence")
    late = []
    desk.route(f"**/posts/{post.pk}/", lambda route: late.append(route))
    desk.locator(f"#row-{post.pk}").get_by_role("button", name="Edit").click()
    desk.locator(f"#row-{other.pk}").get_by_role("button", name="Withdraw…").click()
    desk.fill("#ask-note", "It went out by mistake.")
    desk.select_option("#ask-instead", post.pk)
    with desk.expect_response(f"**/posts/{post.pk}/"):
        late[0].continue_()
    desk.wait_for_timeout(200)
    expect(desk.locator("#ask-title")).to_have_text("Withdraw “Eight”?")
    expect(desk.locator("#ask-note")).to_have_value("It went out by mistake.")
    desk.locator("#ask-yes").click()
    # Then the other one, about the composer.
    expect(desk.locator("#ask-title")).to_have_text("Put your text aside?")
    desk.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(desk.locator(f"#row-{other.pk}")).to_contain_text("It went out by mistake.")
    other.refresh_from_db()
    assert other.replaced_by == post
    expect(desk.locator("#headline")).to_have_value("Half a sentence")
