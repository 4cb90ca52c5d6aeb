"""Two editors on what is not public yet: the second sees both texts, and nothing is stored over the first."""

import pytest

from events import publishing
from events.models import Post
from events.publishing import Conflict, Named, Refused
from tests import cast
from tests.desks import at, do
from tests.test_admin import change_address, form
from tests.waiting import ahead, scheduled

pytestmark = pytest.mark.django_db

WITNESSED = (Named(basis="witnessed"),)


def draft(event, **more) -> Post:
    return publishing.save_draft(event, words=cast.words("As it was"), by=None, **more).post


def submission(event) -> Post:
    return draft(event, submit=True)


@pytest.fixture(params=[draft, submission, scheduled], ids=["draft", "submission", "scheduled"])
def waiting(request, event) -> Post:
    """A post that is not public yet."""
    return request.param(event)


def overtake(event, post: Post) -> None:
    """Somebody else changes the text, and leaves the state as it is."""
    words = cast.words("Somebody was faster")
    if post.state == "scheduled":
        publishing.schedule(event, words=words, by=None, post=post, at=post.due_at)
    else:
        publishing.save_draft(event, words=words, by=None, post=post, submit=post.state == "submitted")


@pytest.mark.parametrize("verb", ["draft", "submit", "publish", "schedule"])
def test_the_second_sees_both_texts_and_loses_neither(ada, event, waiting, verb):
    publishing.beat(publishing.CLOCK)
    loaded = ada.get(at(event, f"posts/{waiting.pk}/")).json()
    overtake(event, waiting)
    mine = loaded["words"] | {"headline": "Mine", "attributions": [{"basis": "witnessed"}]}
    given = {"post": waiting.pk, "words": mine, "due_at": "2036-03-18T14:00"}
    answer = do(ada, event, verb, began=loaded["began"], **given)
    assert answer.status_code == 409
    theirs = answer.json()["conflict"]
    assert theirs["words"]["headline"] == "Somebody was faster" and theirs["by"] == "somebody"
    waiting.refresh_from_db()
    assert waiting.headline == "Somebody was faster"
    assert do(ada, event, verb, began=theirs["began"], **given).status_code == 200
    waiting.refresh_from_db()
    assert waiting.headline == "Mine"


def test_with_a_send_delay_it_is_no_other(ada, event):
    publishing.beat(publishing.CLOCK)
    publishing.change(event, by=None, send_delay=10)
    post = draft(event)
    began = publishing.imprint(post)
    overtake(event, post)
    answer = do(ada, event, "publish", post=post.pk, began=began, words={"headline": "Mine"})
    assert answer.status_code == 409


def test_the_same_words_twice_are_nobodys_loss(ada, event, waiting):
    began = publishing.imprint(waiting)
    overtake(event, waiting)
    same = ada.get(at(event, f"posts/{waiting.pk}/")).json()["words"]
    assert do(ada, event, "draft", post=waiting.pk, began=began, words=same).status_code == 200


def test_a_source_alone_is_another_text(event):
    post = draft(event)
    began = publishing.imprint(post)
    publishing.save_draft(event, words=cast.words("As it was", attributions=WITNESSED), by=None, post=post)
    with pytest.raises(Conflict):
        publishing.publish(event, words=cast.words("As it was"), by=None, post=post, began=began)


def test_whoever_stops_a_post_goes_on_from_the_words_that_were_sent(ada, event):
    publishing.beat(publishing.CLOCK)
    publishing.change(event, by=None, send_delay=10)
    post = draft(event)
    words = {"headline": "Sent off"}
    do(ada, event, "publish", post=post.pk, began=publishing.imprint(post), words=words)
    began = do(ada, event, "unschedule", post=post.pk).json()["began"]
    assert do(ada, event, "draft", post=post.pk, began=began, words={"headline": "Better"}).status_code == 200


def test_the_plain_form_shows_both_texts_too(ada, event, waiting):
    page = ada.get(change_address(waiting))
    began = page.context["adminform"].form.initial.get("began") or page.context["adminform"].form["began"].value()
    overtake(event, waiting)
    mine = form(event, headline="My own headline", body="<p>My own text.</p>", deed="draft", began=began)
    answer = ada.post(change_address(waiting), mine)
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "Somebody was faster" in told and "My own headline" in told and "My own text." in told
    assert "it was never public" in told
    waiting.refresh_from_db()
    assert waiting.headline == "Somebody was faster"
    assert ada.post(change_address(waiting), mine | {"over": publishing.imprint(waiting)}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.headline == "My own headline"


def test_what_was_thrown_away_meanwhile_gets_a_sentence(event):
    post = draft(event)
    publishing.delete_draft(post, by=None)
    for deed in (publishing.publish, publishing.send):
        with pytest.raises(Refused, match="deleted this draft"):
            deed(event, words=cast.words(), by=None, post=post)
    with pytest.raises(Refused, match="deleted this draft"):
        publishing.schedule(event, words=cast.words(), by=None, post=post, at=ahead())
    for deed in (publishing.hold, publishing.restore, publishing.undo):
        with pytest.raises(Refused, match="not there any more"):
            deed(post, by=None)
    with pytest.raises(Refused, match="not there any more"):
        publishing.note(post, by=None, note="Ring her.")
    with pytest.raises(Refused, match="not there any more"):
        publishing.revise(post, words=cast.words(), revision=1, by=None)


def test_to_save_it_and_go_on_changes_the_words_alone(ada, event, waiting, editor):
    if waiting.state == "scheduled":
        publishing.schedule(
            event, words=cast.words(), by=None, post=waiting, at=waiting.due_at, pin=True, pin_minutes=15
        )
    if waiting.state == "submitted":
        publishing.claim(waiting, by=editor)
    waiting.refresh_from_db()
    names = ("state", "due_at", "pin_when_out", "pin_minutes", "claimed_by_id", "submitted_by_id", "handed_at")
    before = {name: getattr(waiting, name) for name in names}
    given = {"post": waiting.pk, "keep": True, "words": {"headline": "Better"}}
    answer = do(ada, event, "draft", began=publishing.imprint(waiting), **given).json()
    said = {"draft": "Saved as a draft.", "submitted": "as before", "scheduled": "goes out at its time"}
    assert said[waiting.state] in answer["message"]
    waiting.refresh_from_db()
    assert waiting.headline == "Better"
    assert {name: getattr(waiting, name) for name in names} == before
    assert do(ada, event, "draft", began="0" * 32, **given | {"words": {"headline": "Mine"}}).status_code == 409


def test_what_waits_for_its_time_is_not_emptied_by_it(ada, event):
    post = scheduled(event)
    answer = do(ada, event, "draft", post=post.pk, keep=True, words={"headline": ""})
    assert answer.status_code == 400 and "this post is empty" in answer.json()["error"]
    post.refresh_from_db()
    assert (post.state, post.headline) == ("scheduled", "At its time")
