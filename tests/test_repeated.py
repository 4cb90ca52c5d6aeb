"""A key that comes again, because its answer was lost, with other words than at first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import publishing
from events.models import Post, SummaryLine
from events.publishing import Asks
from tests import cast
from tests.desks import do
from tests.test_plain_deeds import press

pytestmark = pytest.mark.django_db


def words(headline: str, **more) -> dict:
    return {"headline": headline, "body": "<p>On the line.</p>", **more}


@pytest.mark.parametrize("verb", ["draft", "submit", "schedule"])
def test_what_no_reader_has_seen_is_stored_over(ada, event, verb):
    publishing.beat(publishing.CLOCK)
    given = {"key": "k", "due_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    for headline in ("At first", "Then more", "Then more", "And more still"):
        answer = do(ada, event, verb, **given, words=words(headline))
        assert answer.status_code == 200, answer.content
        assert Post.objects.get().headline == headline
    state = {"draft": "draft", "submit": "submitted", "schedule": "scheduled"}[verb]
    assert Post.objects.get().state == state


def test_whoever_chooses_another_way_out_stores_it_over_too(ada, event):
    do(ada, event, "draft", key="k", words=words("At first"))
    do(ada, event, "submit", key="k", words=words("At first"))
    assert Post.objects.get().state == "submitted"
    named = [{"basis": "witnessed"}]
    composed = {"composed_at": timezone.now().isoformat(), "seen": 0}
    for _time in range(2):
        answer = do(ada, event, "publish", key="k", words=words("Out now", attributions=named), **composed)
        assert answer.status_code == 200, answer.content
    assert (Post.objects.get().state, Post.objects.get().headline) == ("published", "Out now")


def test_what_somebody_else_has_touched_since_is_shown(ada, event):
    post = do(ada, event, "draft", key="k", words=words("At first")).json()["post"]
    publishing.save_draft(event, words=cast.words("Theirs"), by=cast.member("bo"), post=Post.objects.get())
    answer = do(ada, event, "draft", key="k", words=words("Mine"))
    assert answer.status_code == 409
    conflict = answer.json()["conflict"]
    assert (conflict["id"], conflict["words"]["headline"]) == (post, "Theirs")
    assert Post.objects.get().headline == "Theirs"


@pytest.mark.parametrize("change", ["typo", "correction"])
def test_what_readers_see_is_shown_beside_it_and_corrected_once(ada, event, change):
    post = cast.post(event, "Seven").post
    given = {"key": "k", "post": post.pk, "revision": 1, "change": change, "note": "It was eight."}
    assert do(ada, event, "revise", **given, words=words("Eight")).json()["ok"]
    assert do(ada, event, "revise", **given, words=words("Eight")).json()["repeated"]
    posts = Post.objects.count()
    answer = do(ada, event, "revise", **given, words=words("Eight in London"))
    assert answer.status_code == 409
    told = answer.json()["conflict"]
    assert (told["words"]["headline"], told["revision"], told["base"]["headline"]) == ("Eight", 2, "Seven")
    other = {"typo": "correction", "correction": "typo"}[change]
    assert do(ada, event, "revise", **given | {"change": other}, words=words("Eight")).status_code == 409
    assert Post.objects.count() == posts


def test_anothers_key_shows_nothing(ada, client, event):
    publishing.save_draft(event, words=cast.words("Not yours"), by=cast.member("bo"), key="k")
    client.force_login(cast.member("carl", "contributor"))
    answer = do(client, event, "draft", key="k", words=words("Mine"))
    assert answer.status_code == 409 and "Not yours" not in answer.content.decode()


def test_a_sentence_is_part_of_it(event):
    post = cast.post(event, "Seven").post
    given = {"words": cast.words("Eight"), "revision": 1, "by": None, "key": "k"}
    publishing.correct(post, note="It was eight.", **given)
    assert publishing.correct(post, note="It was eight.", **given).repeated
    with pytest.raises(Asks, match="stored already"):
        publishing.correct(post, note="It was eight in London.", **given)


def test_a_publication_is_not_doubled_and_its_words_not_lost(ada, event):
    composed = {"composed_at": timezone.now().isoformat(), "seen": 0}
    for sure in (False, True):
        do(ada, event, "publish", key="k", words=words("At first"), **composed)
        answer = do(ada, event, "publish", key="k", words=words("Then more"), sure=sure, **composed)
        assert answer.json()["ask"]["reason"] == "repeated"
    assert do(ada, event, "draft", key="k", words=words("Then more")).json()["conflict"]["words"]["headline"]
    assert Post.objects.get().headline == "At first"


def test_what_the_send_delay_holds_back_is_stored_over(ada, event):
    publishing.beat(publishing.CLOCK)
    publishing.change(event, by=None, send_delay=10)
    for headline in ("At first", "Then more"):
        assert do(ada, event, "publish", key="k", words=words(headline)).status_code == 200
    assert (Post.objects.get().headline, Post.objects.get().state) == ("Then more", "scheduled")


def test_lines_of_a_summary_and_a_wrap_up_are_not_lost(ada, event):
    given = {"key": "s", "seen": []}
    assert do(ada, event, "summarise", **given, lines=[{"text": "They talk."}]).json()["ok"]
    answer = do(ada, event, "summarise", **given, lines=[{"text": "They talk."}, {"text": "For an hour."}])
    assert answer.json()["ask"]["reason"] == "repeated"
    assert SummaryLine.objects.count() == 1
    assert do(ada, event, "end", key="e", wrap_up="Goodbye.").json()["ok"]
    answer = do(ada, event, "end", key="e", wrap_up="Goodbye, and thanks.")
    assert answer.status_code == 400 and "as you sent it first" in answer.json()["error"]
    event.refresh_from_db()
    assert event.state == "ended"


def test_the_plain_form_says_so_and_goes_on_with_another_key(ada, event):
    post = publishing.save_draft(event, words=cast.words("At first"), by=None).post
    press(ada, post, "draft", key="f", headline="Then more")
    page = press(ada, post, "draft", key="f", headline="And more still")
    assert "stored already, as you sent it first" in page and "And more still" in page
    assert 'name="key" value="form-' in page
    press(ada, post, "draft", key="g", headline="And more still")
    post.refresh_from_db()
    assert post.headline == "And more still"


def test_nothing_of_a_removed_post_can_be_guessed(event):
    post = cast.post(event, "Seven", key="k").post
    assert post.deeds.get().digest
    publishing.remove(post, by=None)
    assert post.deeds.get(verb="publish").digest == ""
