"""What machines read on the page: one block of data, that nothing in it can break out of."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from events import publishing
from events.models import Event
from tests import cast

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def blocks(client: Client, address: str = "/events/call/") -> list[str]:
    return BLOCK.findall(client.get(address).content.decode())


def told(client: Client) -> dict:
    (block,) = blocks(client)
    return json.loads(block)


def test_r33_the_coverage_is_told_with_its_times_and_its_house(client: Client, event: Event):
    publishing.change(event, by=None, standfirst="The two speak about a ceasefire.")
    cast.post(event)
    said = told(client)
    assert (said["@context"], said["@type"]) == ("https://schema.org", "LiveBlogPosting")
    assert said["headline"] == "Two presidents on the phone"
    assert said["description"] == "The two speak about a ceasefire."
    assert said["url"] == f"{settings.SITE_URL}/events/call/"
    assert said["publisher"]["name"] == settings.SITE_NAME and said["author"]
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    for name in ("coverageStartTime", "datePublished", "dateModified"):
        assert stamp.fullmatch(said[name]), name
    assert "coverageEndTime" not in said
    publishing.end(event, by=None)
    assert stamp.fullmatch(told(client)["coverageEndTime"])


def test_r33_the_newest_thirty_updates_are_told_with_plain_bodies(client: Client, event: Event):
    posts = [
        cast.post(event, f"Post {n}.", body="<p>They spoke of <b>grain</b> &amp; ships.</p>").post for n in range(32)
    ]
    updates = told(client)["liveBlogUpdate"]
    assert [row["headline"] for row in updates] == [f"Post {n}." for n in range(31, 1, -1)]
    first = updates[0]
    assert first["@type"] == "BlogPosting"
    assert first["url"] == settings.SITE_URL + posts[31].get_absolute_url()
    assert first["articleBody"] == "They spoke of grain & ships."
    assert first["datePublished"] and first["dateModified"]


def test_r33_a_correction_is_told_with_its_post(client: Client, event: Event):
    post = cast.post(event, "Seven o'clock").post
    publishing.correct(post, words=cast.words("Half past seven"), revision=1, note="We had the hour wrong.", by=None)
    updates = {row["headline"]: row for row in told(client)["liveBlogUpdate"]}
    (note,) = updates["Half past seven"]["correction"]
    assert note["@type"] == "CorrectionComment" and note["text"] == "We had the hour wrong." and note["datePublished"]
    assert "Seven" not in blocks(client)[0].replace("Correction to “Seven”", "")


def test_r33_nothing_in_it_can_end_it_or_begin_a_script(client: Client, event: Event):
    nasty = "</script><script>alert(1)</script> <!-- & \u2028\u2029 -->"
    publishing.change(event, by=None, title=nasty[:190])
    cast.post(event, "About </script> & <b>", body=f"<p>{nasty.replace('<', '&lt;')}</p>")
    (block,) = blocks(client)
    assert not set(block) & set("<>&\u2028\u2029")
    said = json.loads(block)
    assert "</script>" in said["headline"]
    assert "</script><script>alert(1)</script>" in said["liveBlogUpdate"][0]["articleBody"]


def test_r33_no_word_of_a_withdrawn_post_is_told(client: Client, event: Event):
    for deed in (publishing.hold, publishing.withdraw, publishing.remove):
        deed(cast.post(event, "Halibut", body="<p>Halibut.</p>").post, by=None)
    assert told(client).get("liveBlogUpdate") is None
    assert "Halibut" not in blocks(client)[0]


@pytest.mark.parametrize(
    "fields", [{"indexed": False}, {"visibility": "rehearsal"}, {"visibility": "unlisted"}], ids=str
)
def test_r33_a_replay_a_rehearsal_and_the_unlisted_are_no_data(client: Client, event: Event, fields: dict):
    publishing.change(event, by=None, **fields)
    page = client.get("/events/call/").content.decode()
    assert BLOCK.findall(page) == []
    assert '<meta name="robots" content="noindex">' in page


def test_r33_it_stands_on_the_page_that_is_canonical_alone(client: Client, event: Event):
    post = cast.post(event, key_event=True).post
    assert blocks(client)
    for address in ("/events/call/?show=key", "/events/call/?order=oldest", post.get_absolute_url(), "/embed/call/"):
        assert blocks(client, address) == []
