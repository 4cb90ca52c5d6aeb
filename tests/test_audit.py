"""Who did what to which post when: append-only, in the admin."""

import pytest

from events import publishing
from events.models import Deed
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_draft_that_is_thrown_away_takes_no_line_of_the_audit_with_it(ada, event, editor):
    draft = publishing.save_draft(event, words=cast.words("canary"), by=editor, submit=True).post
    pk = draft.pk
    publishing.delete_draft(draft, by=editor)
    told = Deed.objects.filter(about=pk).order_by("pk").values_list("verb", "detail", "by__username")
    assert list(told) == [("draft", "submitted", "ada"), ("delete", "", "ada")]
    page = ada.get("/admin/events/deed/").content.decode()
    assert page.count(pk) >= 2 and "canary" not in page


def test_a_post_without_a_headline_is_named_by_its_words_and_not_by_its_tags(ada, event, editor):
    publishing.publish(event, words=cast.words("", body="<p>Words alone</p>"), by=editor)
    page = ada.get("/admin/events/deed/").content.decode()
    assert "Words alone (" in page and "&lt;p&gt;" not in page
    assert ">Log<" in ada.get("/admin/").content.decode()


def test_it_says_what_exactly_was_done(event, editor):
    post, better = cast.post(event).post, cast.post(event, "Better").post
    publishing.stand(post, by=editor, standing="disputed")
    publishing.revise(post, words=cast.words("More"), revision=1, by=editor, change="addition")
    publishing.withdraw(post, by=editor, replaced_by=better)
    publishing.change(event, by=editor, frozen=True, coming_up="canary")
    told = dict(Deed.objects.filter(by=editor).values_list("verb", "detail"))
    assert told == {
        "stand": "disputed",
        "revise": "addition",
        "withdraw": f"read instead: {better.pk}",
        "change": "coming_up, frozen=True",
    }


def test_nobody_adds_changes_or_deletes_a_line(ada, event):
    cast.post(event)
    deed = Deed.objects.latest("pk")
    for path, status in (("add/", 403), (f"{deed.pk}/delete/", 403)):
        assert ada.post(f"/admin/events/deed/{path}", {"post": "yes"}).status_code == status
    assert ada.post(f"/admin/events/deed/{deed.pk}/change/", {"verb": "undo"}).status_code == 403
    assert "delete_selected" not in ada.get("/admin/events/deed/").content.decode()


def test_the_log_is_searched_and_costs_the_same_for_many(ada, event, editor, django_assert_max_num_queries):
    for number in range(12):
        publishing.publish(event, words=cast.words(f"Post {number}"), by=editor)
    post = event.posts.first()
    with django_assert_max_num_queries(14):
        ada.get("/admin/events/deed/")
    found = ada.get(f"/admin/events/deed/?q={post.pk}&verb=publish&by__id__exact={editor.pk}").content.decode()
    assert "1 result" in found and str(post) in found
