"""What has changed since a reader left: the same bytes for everyone who left there, and no word that was taken back."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from events import publishing
from events.models import Event, Stream
from events.publishing import Line, Words
from tests import cast

pytestmark = pytest.mark.django_db


def head(event: Event) -> int:
    return Stream.objects.get(event=event).sequence


def read(client: Client, after: int, query: str = "") -> str:
    answer = client.get(f"/events/call/since/{after}/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def section(page: str, name: str) -> str:
    """The part of the page under one heading; empty when it is not there."""
    found = re.search(rf'aria-labelledby="since-{name}">(.*?)</(?:section|nav)>', page, re.S)
    return found[1] if found else ""


def posts(page: str) -> list[str]:
    return re.findall(r'<article[^>]* data-post="(\w+)"', section(page, "new"))


def test_what_is_new_is_told_newest_first_and_whole(client: Client, event: Event):
    cast.post(event, "Known")
    left = head(event)
    new = [cast.post(event, f"New {n}").post for n in range(3)]
    page = read(client, left)
    assert posts(page) == [post.pk for post in reversed(new)]
    assert "3 new posts" in page and "Known" not in page
    assert "The two are on the line." in page
    assert "What has changed since " in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/events/call/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "<script" not in page


def test_a_pinned_post_that_is_new_is_told_whole(client: Client, event: Event):
    left = head(event)
    post = cast.post(event, "Read this now").post
    publishing.pin(event, post=post, by=None)
    page = read(client, left)
    assert posts(page) == [post.pk] and "The two are on the line." in page
    assert "pinned-here" not in page


def test_a_correction_comes_first_and_a_spelling_is_not_told(client: Client, event: Event):
    wrong, spelt = cast.post(event, "Seven o'clock").post, cast.post(event, "Speling").post
    left = head(event)
    publishing.revise(spelt, words=cast.words("Spelling"), revision=1, by=None)
    publishing.correct(wrong, words=cast.words("Half past seven"), revision=1, note="We had the hour wrong.", by=None)
    page = read(client, left)
    told = section(page, "corrections")
    assert "We had the hour wrong." in told and "Half past seven" in told and wrong.get_absolute_url() in told
    assert page.index("since-corrections") < page.index("since-new")
    assert "Spel" not in page
    assert "Seven o'clock" not in page.replace("Correction to “Seven o'clock”", "")
    # Who left after it is not told again.
    assert section(read(client, head(event)), "corrections") == ""


def test_clarifications_and_additions_are_told_after_corrections(client: Client, event: Event):
    post = cast.post(event, "Talks").post
    left = head(event)
    for number, (change, note) in enumerate((("addition", "In Jeddah."), ("clarification", "Only for thirty days."))):
        publishing.revise(
            post, words=cast.words(f"Talks {number}"), revision=number + 1, by=None, change=change, note=note
        )
    told = section(read(client, left), "corrections")
    assert told.index("Only for thirty days.") < told.index("In Jeddah.")


def test_the_lines_of_the_summary_that_were_not_there_are_told(client: Client, event: Event):
    publishing.summarise(event, lines=[Line(text="They talk."), Line(text="On what.", knowing="not_known")], by=None)
    left = head(event)
    publishing.summarise(event, lines=[Line(text="They talk."), Line(text="A plan.")], by=None)
    publishing.summarise(event, lines=[Line(text="They talk."), Line(text="A truce.")], by=None)
    told = section(read(client, left), "summary")
    assert "A truce." in told and "They talk." not in told
    assert "A plan." not in told and "On what." not in told
    assert section(read(client, head(event)), "summary") == ""


def test_key_events_are_told_old_posts_that_became_one_too(client: Client, event: Event):
    old = cast.post(event, "They agree").post
    cast.post(event, "Key before", key_event=True)
    left = head(event)
    publishing.mark(old, by=None, key_event=True)
    cast.post(event, "They sign", key_event=True)
    told = section(read(client, left), "keys")
    assert "They agree" in told and "They sign" in told and "Key before" not in told


def test_what_is_confirmed_by_now_is_told(client: Client, event: Event):
    post = cast.post(event, "A truce, they say", standing="not_confirmed").post
    left = head(event)
    publishing.stand(post, by=None, standing="confirmed")
    told = section(read(client, left), "standings")
    assert "Confirmed by us" in told and "A truce, they say" in told


@pytest.mark.parametrize("deed", ["hold", "withdraw", "retract", "remove", "undo"])
def test_no_word_of_what_was_taken_back_is_told(client: Client, event: Event, deed: str):
    known = cast.post(event, "Halibut", body="<p>Halibut.</p>", key_event=True).post
    publishing.summarise(event, lines=[Line(text="Halibut is served.", post=known)], by=None)
    publishing.summarise(event, lines=[], by=None)
    left = head(event)
    new = cast.post(event, "Halibut too", body="<p>Halibut.</p>").post
    given = {"note": "Said twice."} if deed in ("withdraw", "retract") else {}
    for post in (new,) if deed == "undo" else (known, new):
        getattr(publishing, deed)(post, by=None, **given)
    for after in (0, left - 1, left, left + 1, head(event), head(event) + 1):
        shown = read(client, after)
        # What was not taken back may be told: with an undo, of the new post alone.
        assert ("Halibut too" if deed == "undo" else "Halibut") not in shown, after
    told = section(read(client, left), "withdrawn")
    assert ("Said twice." in told) is bool(given)
    assert told.count("<article") == (deed in ("hold", "withdraw", "retract"))


def test_a_post_that_is_shown_again_is_new_to_whoever_missed_it(client: Client, event: Event):
    post = cast.post(event, "Being checked").post
    publishing.hold(post, by=None)
    left = head(event)
    publishing.restore(post, by=None)
    assert posts(read(client, left)) == [post.pk]


def test_an_edit_that_the_page_shows_is_told_and_leads_to_the_post(client: Client, event: Event):
    at = timezone.now() - timedelta(minutes=10)
    post = publishing.publish(event, words=cast.words("A snap"), by=None, at=at).post
    left = head(event)
    publishing.revise(post, words=cast.words("A snap", body="<p>And its whole story.</p>"), revision=1, by=None)
    told = section(read(client, left), "edited")
    assert post.get_absolute_url() in told and "A snap" in told


def test_more_than_a_page_goes_on_below(client: Client, event: Event):
    left = head(event)
    made = [cast.post(event, f"Post {n}.").post for n in range(23)]
    page = read(client, left)
    assert posts(page) == [post.pk for post in made[:2:-1]] and "23 new posts" in page
    way = re.search(r'rel="next" href="([^"]*)"', page)
    older = html.unescape(client.get(way[1]).content.decode())
    assert re.findall(r'<article[^>]* data-post="(\w+)"', older)[:3] == [post.pk for post in made[2::-1]]


def test_whoever_is_up_to_date_or_ahead_hears_so(client: Client, event: Event):
    cast.post(event)
    assert "Nothing has changed since." in read(client, head(event))
    assert "Nothing as late as this has been published yet." in read(client, head(event) + 1)
    assert "Nothing as late" in read(client, 999999999999999)


def test_a_place_too_long_ago_leads_to_what_is_true_now(client: Client, event: Event, monkeypatch):
    monkeypatch.setattr("events.pages.since.MOST", 2)
    publishing.summarise(event, lines=[Line(text="They talk.")], by=None)
    for n in range(3):
        cast.post(event, f"Post {n}", key_event=True)
    page = read(client, 1)
    assert "So much has changed" in page and "They talk." in page and "Key events" in page
    assert posts(page) == []


def test_another_history_is_said_to_be_one(client: Client, event: Event):
    cast.post(event)
    epoch = Stream.objects.get(event=event).epoch
    assert "set up anew" in read(client, 1, "?epoch=abcdefabcdef")
    assert posts(read(client, 1, f"?epoch={epoch}")) != []
    assert read(client, 1, "?epoch=nonsense&utm_source=x") == read(client, 1)


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "1234567890123456", "١", "%2B1"])
def test_what_is_no_number_was_never_an_address(client: Client, event: Event, place: str):
    answer = client.get(f"/events/call/since/{place}/")
    assert (answer.status_code, answer.content) == (404, client.get("/events/nothing/").content)


def test_everyone_who_left_there_gets_the_same_bytes_and_may_keep_them_like_the_page(
    client: Client, event: Event, editor
):
    left = head(event)
    post = cast.post(event).post
    answer = client.get(f"/events/call/since/{left}/")
    somebody = Client()
    somebody.force_login(editor)
    other = somebody.get(f"/events/call/since/{left}/?utm_source=x", headers={"accept-language": "ar"})
    assert other.content == answer.content and not other.cookies
    page = client.get("/events/call/")
    for name in ("Cache-Control", "CDN-Cache-Control", "Vary", "Content-Security-Policy"):
        assert answer[name] == page[name]
    again = client.get(f"/events/call/since/{left}/", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publishing.withdraw(post, by=None)
    assert client.get(f"/events/call/since/{left}/", headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_it_moves_with_its_event_and_is_hidden_with_it(client: Client, event: Event):
    publishing.change(event, by=None, slug="the-call")
    answer = client.get("/events/call/since/7/?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (301, "/events/the-call/since/7/")
    publishing.change(event, by=None, visibility="private")
    assert client.get("/events/the-call/since/1/").status_code == 404


def test_nothing_to_tell_but_a_pin_is_nothing(client: Client, event: Event):
    post = publishing.publish(event, words=Words(headline="Pinned"), by=None).post
    left = head(event)
    publishing.pin(event, post=post, by=None)
    assert "Nothing has changed since." in read(client, left)


def test_it_costs_a_fixed_number_of_queries(client: Client, event: Event, django_assert_max_num_queries):
    # Without headlines, so that each is called by its quotation.
    posts = [publishing.publish(event, words=cast.quote(), by=None).post for _n in range(8)]
    left = head(event)

    def change(some: list) -> None:
        for post in some[::2]:
            publishing.stand(post, by=None, standing="confirmed")
        for post in some[1::2]:
            words = Words(**vars(cast.quote()) | {"body": "<p>In Jeddah.</p>"})
            publishing.revise(post, words=words, revision=1, change="addition", note="In Jeddah.", by=None)

    change(posts[:2])
    with django_assert_max_num_queries(40) as few:
        read(client, left)
    change(posts[2:])
    with django_assert_max_num_queries(len(few)):
        page = read(client, left)
    assert page.count("Confirmed by us") == 4 and page.count("In Jeddah.") == 4
