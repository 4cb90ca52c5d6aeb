"""Stored html is made anew when the policy has changed."""

import io

import pytest
from django.core.management import call_command

from events import frames, pages, publishing
from events.arguments import View
from events.models import Deed, Post
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
#: As an earlier policy may have let through.
OLD = "<p>They talk.</p><marquee>canary</marquee>"


def cleaned(*arguments: str) -> list[str]:
    said = io.StringIO()
    call_command("clean_posts", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_what_no_longer_passes_goes_from_every_page_and_nothing_counts_as_an_edit(event):
    fine, old = cast.post(event, "Fine").post, cast.post(event, "Old").post
    draft = publishing.save_draft(event, words=cast.words("Draft"), by=None).post
    Post.objects.filter(pk__in=(old.pk, draft.pk)).update(html=OLD)
    publishing.change(event, by=None, frozen=True)
    event.stream.refresh_from_db()
    before = event.stream.sequence
    assert "canary" in pages.event_page(event.pk, View()).html
    assert sorted(cleaned("--dry-run")[:-1]) == sorted([old.pk, draft.pk])
    assert "canary" in pages.event_page(event.pk, View()).html
    assert cleaned()[-1] == "2 of 3 posts cleaned again (policy 2)."
    page = pages.event_page(event.pk, View())
    assert "canary" not in page.html and not Post.objects.filter(html__contains="canary").exists()
    answer = frames.catch_up(event.pk, before, page.epoch)
    assert [(update["post"], update["action"]) for update in answer["updates"]] == [(old.pk, "revise")]
    assert Post.objects.get(pk=old.pk).revised_at == old.revised_at
    assert Deed.objects.filter(verb="clean", detail="policy 2").count() == 2
    assert Post.objects.get(pk=fine.pk).version == fine.version
    assert cleaned() == ["0 of 3 posts cleaned again (policy 2)."]
