"""A source is called otherwise: its posts keep what was shown, until somebody carries it into them."""

import pytest

from events import publishing
from events.models import Event, Post, Source
from events.publishing import Named
from tests import cast

pytestmark = pytest.mark.django_db


def named(event: Event, source: Source, **fields) -> Post:
    return cast.post(event, attributions=(Named(source=source, **fields),)).post


def form(source: Source, **fields) -> dict:
    return {"name": source.name, "speaker_type": source.speaker_type, "role": source.role,
            "organisation": source.organisation, "link": ""} | fields  # fmt: skip


def shown(post: Post) -> list[str]:
    return [f"{row.as_named}, {row.as_role}" for row in post.attributions.all()]


def test_a_change_is_carried_into_each_post_as_a_revise(ada, event):
    source = cast.scavino()
    public, draft = named(event, source), None
    otherwise = named(event, source, as_role="an old friend")
    draft = publishing.save_draft(event, words=cast.words(attributions=(Named(source=source),)), by=None).post
    held = named(event, source)
    publishing.hold(held, by=None)
    before = event.updates.count()
    address = f"/admin/events/source/{source.pk}/change/"
    assert "4 posts show this source" in ada.get(address).content.decode()
    answer = ada.post(address, form(source, role="chief of staff", carry="on"), follow=True)
    assert "Carried into 3 posts" in answer.content.decode()
    assert shown(public) == shown(draft) == shown(held) == ["Dan Scavino, chief of staff"]
    assert shown(otherwise) == ["Dan Scavino, an old friend"]
    public.refresh_from_db(), held.refresh_from_db()
    assert public.revision == 2 and public.revisions.get(number=2).attributions[0]["as_role"] == "chief of staff"
    assert (event.updates.count(), held.state) == (before + 1, "withdrawn")


def test_without_the_tick_no_post_changes(ada, event):
    source = cast.scavino()
    post = named(event, source)
    answer = ada.post(f"/admin/events/source/{source.pk}/change/", form(source, name="Daniel Scavino"), follow=True)
    assert "1 post keeps what it shows" in answer.content.decode()
    post.refresh_from_db()
    assert shown(post) == ["Dan Scavino, deputy chief of staff"] and post.revision == 1


def test_what_is_frozen_or_not_ones_own_stays_and_is_said(client, event):
    source, other = cast.scavino(), cast.event("other")
    theirs, frozen = named(other, source), named(event, source)
    publishing.change(event, by=None, frozen=True)
    publishing.change(other, by=None, only_named=True)
    client.force_login(cast.member("edith", "editor"))
    page = client.post(
        f"/admin/events/source/{source.pk}/change/", form(source, role="chief of staff", carry="on"), follow=True
    ).content.decode()
    assert "is frozen" in page and "1 post is in an event" in page
    assert shown(theirs) == shown(frozen) == ["Dan Scavino, deputy chief of staff"]
