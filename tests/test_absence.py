"""What is not public: not there, in no byte of anything; and addresses that moved, or ask for nonsense."""

import json

import pytest
from django.test import Client

from events import publishing
from events.models import Event, Post
from events.publishing import Line, Named
from tests import cast

pytestmark = pytest.mark.django_db

CANARY = "zxcanaryzx"


def everything(client: Client, event: Event, post: Post | None = None) -> str:
    """All that a stranger can fetch of an event, and of one of its posts, as one text."""
    plain = Event.objects.get(pk=event.pk)
    addresses = ["/", "/events/call/", "/events/call/?order=oldest", "/events/call/?show=key", "/embed/call/"]
    addresses += [f"/events/call/updates/?after={after}&epoch={plain.stream.epoch}" for after in (0, 1, 2)]
    addresses += [f"/events/call/since/{after}/" for after in (0, 1, 2)] + ["/events/call/search/?q=about"]
    addresses += [one.get_absolute_url() for one in Post.objects.filter(event=event)]
    answers = [client.get(address) for address in addresses]
    return "".join(f"{answer.headers}{answer.content.decode()}" for answer in answers)


def secret(**fields) -> publishing.Words:
    """Words in which everything that can be typed is the canary."""
    named = Named(basis="on_record", as_named=CANARY, as_role=CANARY, quote=CANARY, medium=CANARY, place=CANARY)
    return publishing.Words(
        headline=f"About {CANARY}",
        body=f"<p>{CANARY}</p>",
        byline=CANARY,
        key_event=True,
        key_label=CANARY,
        attributions=(named,),
        **fields,
    )


def test_the_canary_sings_while_the_post_is_public(client: Client, event: Event):
    publishing.publish(event, words=secret(), by=None)
    assert everything(client, event).count(CANARY) > 20


def test_no_word_of_a_draft_or_submission_is_anywhere(client: Client, event: Event):
    cast.post(event)
    for submit in (False, True):
        publishing.save_draft(event, words=secret(), by=None, submit=submit)
    assert CANARY not in everything(client, event)


@pytest.mark.parametrize("verb", ["hold", "withdraw", "retract", "remove", "undo"])
def test_no_word_of_what_was_taken_down_is_anywhere(client: Client, event: Event, verb: str):
    cast.post(event, "One before")
    post = publishing.publish(event, words=secret(), by=None, pin=True).post
    cast.post(event, "One after")
    publishing.summarise(event, lines=[Line(text="They talk.", post=post)], by=None)
    publishing.mark(post, by=None, key_event=True, key_label=CANARY) if verb != "undo" else None
    note = {"note": "We were wrong."} if verb == "retract" else {}
    getattr(publishing, verb)(post, by=None, **note)
    assert CANARY not in everything(client, event)


def test_a_withdrawn_post_is_gone_with_its_sentence(client: Client, event: Event):
    post, better = cast.post(event).post, cast.post(event, "Better").post
    publishing.withdraw(post, by=None, note="It was said twice.", replaced_by=better)
    answer = client.get(post.get_absolute_url())
    assert answer.status_code == 410
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=0", "s-maxage=2"}
    page = answer.content.decode()
    assert "It was said twice." in page and better.get_absolute_url() in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_removed_post_is_gone_without_a_trace_of_it(client: Client, event: Event):
    post = cast.post(event).post
    publishing.remove(post, by=None)
    answer = client.get(post.get_absolute_url())
    assert answer.status_code == 410
    assert "This post was removed." in answer.content.decode()


def test_a_post_on_hold_is_there_and_being_checked(client: Client, event: Event):
    post = cast.post(event).post
    publishing.hold(post, by=None)
    answer = client.get(post.get_absolute_url())
    assert answer.status_code == 200
    assert answer.content.decode().count("We are checking this post.") == 3
    publishing.restore(post, by=None)
    assert "The call begins" in client.get(post.get_absolute_url()).content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_never_public_and_never_written_are_the_same_bytes(client: Client, event: Event, settings, debug: bool):
    settings.DEBUG = debug
    draft = publishing.save_draft(event, words=secret(), by=None).post
    undone = cast.post(event).post
    publishing.undo(undone, by=None)
    private = cast.event("secret", visibility="private")
    inside = cast.post(private).post
    partners = cast.event("partners", visibility="partners")
    plain = client.get("/events/nothing/")
    assert plain.status_code == 404
    assert b"There is nothing here" in plain.content
    for address in (
        draft.get_absolute_url(),
        undone.get_absolute_url(),
        private.get_absolute_url(),
        inside.get_absolute_url(),
        partners.get_absolute_url(),
        "/events/call/posts/abcdefghij/",
        "/events/secret/since/1/",
        "/events/secret/card-12345678.png",
        f"/events/call/posts/{draft.pk}/card-12345678.png",
        f"/events/call/posts/{undone.pk}/card-12345678.png",
        "/events/secret/search/?q=call",
        "/events/partners/search/",
        "/events/nothing/posts/abcdefghij/",
        "/embed/secret/",
        "/embed/partners/",
        "/embed/call/p_abcdef/",
        "/no/such/page",
        "/events/a b/",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, plain.content), address
        assert dict(answer.headers) == dict(plain.headers), address


def test_the_catch_up_of_what_is_not_public_is_not_there(client: Client):
    cast.event("secret", visibility="private")
    unknown, private = (client.get(f"/events/{slug}/updates/?after=0") for slug in ("nothing", "secret"))
    assert unknown.status_code == private.status_code == 404
    assert unknown.content == private.content
    assert dict(unknown.headers) == dict(private.headers)


def test_an_event_that_went_private_is_not_there(client: Client, event: Event):
    post = cast.post(event).post
    publishing.change(event, by=None, visibility="private")
    for address in ("/events/call/", post.get_absolute_url(), "/events/call/updates/?after=0", "/embed/call/"):
        assert client.get(address).status_code == 404
    assert b"Two presidents" not in client.get("/").content


def test_a_former_address_leads_to_the_present_one(client: Client, event: Event):
    post = cast.post(event).post
    publishing.change(event, by=None, slug="the-call")
    for former, present in (
        ("/events/call/", "/events/the-call/"),
        ("/events/call/?utm_source=x&show=key", "/events/the-call/?show=key"),
        (f"/events/call/posts/{post.pk}/", f"/events/the-call/posts/{post.pk}/"),
    ):
        answer = client.get(former)
        assert (answer.status_code, answer["Location"]) == (301, present)
        assert not answer.cookies
    answer = client.get("/events/call/updates/?after=0")
    assert answer.status_code == 200
    assert answer.content == client.get("/events/the-call/updates/?after=0").content


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?epoch=abc",
        "?after=",
        "?after=-1",
        "?after=+1",
        "?after=%201",
        "?after=1.0",
        "?after=9223372036854775808",
        "?after=1234567890123456",
        "?after=abc",
        "?after=%D9%A1%D9%A2",
        "?after=1%0A",
        "?after=1&after=2",
        "?after=1&utm_source=x",
        "?after=1&epoch=a&epoch=b",
        "?after=1&epoch=" + "a" * 41,
    ],
)
def test_the_catch_up_refuses_nonsense_in_a_sentence(client: Client, event: Event, query: str):
    answer = client.get(f"/events/call/updates/{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"
    sentence = json.loads(answer.content)["error"]
    assert sentence.endswith(".") and ("after=" in sentence or "epoch=" in sentence)


def test_the_catch_up_brings_a_page_up_to_date(client: Client, event: Event):
    before = Event.objects.get(pk=event.pk).stream
    post = cast.post(event).post
    answer = client.get(f"/events/call/updates/?after={before.sequence}&epoch={before.epoch}").json()
    assert [update["post"] for update in answer["updates"]] == [post.pk]
    assert (answer["after"], answer["sequence"], answer["reset"]) == (before.sequence, before.sequence + 1, False)


def test_beyond_the_head_there_is_nothing_yet(client: Client, event: Event):
    stream = Event.objects.get(pk=event.pk).stream
    answer = client.get(f"/events/call/updates/?after=999999999999999&epoch={stream.epoch}").json()
    assert (answer["updates"], answer["parts"], answer["reset"], answer["more"]) == ([], {}, False, False)


def test_another_epoch_takes_the_page_again(client: Client, event: Event):
    cast.post(event)
    for epoch in ("&epoch=other", ""):
        answer = client.get(f"/events/call/updates/?after=1{epoch}").json()
        assert answer["reset"] is True and answer["updates"] == []
