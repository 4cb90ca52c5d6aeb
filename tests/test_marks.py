"""Standing and key event, which others change without a new revision: nobody sets them back who did not mean to."""

import re

import pytest

from events import publishing
from events.models import Post
from tests import cast
from tests.desks import do
from tests.test_plain_deeds import address, press

pytestmark = pytest.mark.django_db

NONE = {"standing": "reported", "key_event": False, "key_label": ""}


@pytest.fixture
def post(event) -> Post:
    return cast.post(event, "It has begun").post


def revise(ada, event, post: Post, **fields):
    """Ada's revise of a post that she loaded without any mark; `fields` are what she chose."""
    change = fields.pop("change", "typo")
    words = {"headline": "It has begun.", "body": post.body, **NONE, **fields}
    given = {"post": post.pk, "revision": 1, "change": change, "note": "It had."}
    return do(ada, event, "revise", key="k", words=words, was=NONE, **given)


def marks(post: Post) -> tuple[str, bool, str]:
    post.refresh_from_db()
    return post.standing, post.key_event, post.key_label


@pytest.mark.parametrize("change", ["typo", "correction"])
def test_what_another_editor_marked_stays(ada, event, post, change):
    publishing.stand(post, by=None, standing="disputed")
    publishing.mark(post, by=None, key_event=True, key_label="The call")
    assert revise(ada, event, post, change=change).json()["ok"]
    assert marks(post) == ("disputed", True, "The call")
    assert post.headline == "It has begun." and post.standing_changes.count() == 1


def test_what_this_editor_chose_is_stored_beside_what_another_did(ada, event, post):
    publishing.mark(post, by=None, key_event=True, key_label="The call")
    assert revise(ada, event, post, standing="confirmed").json()["ok"]
    assert marks(post) == ("confirmed", True, "The call")


def test_of_two_choices_both_are_shown(ada, event, post):
    publishing.stand(post, by=None, standing="disputed")
    answer = revise(ada, event, post, standing="confirmed")
    assert answer.status_code == 409 and answer.json()["conflict"]["words"]["standing"] == "disputed"
    assert marks(post)[0] == "disputed"
    # A correction waits in no merge.
    assert revise(ada, event, post, standing="confirmed", change="correction").json()["ok"]
    assert marks(post)[0] == "confirmed"


def test_the_same_choice_is_no_conflict(ada, event, post):
    publishing.stand(post, by=None, standing="disputed")
    assert revise(ada, event, post, standing="disputed").json()["ok"]
    assert post.standing_changes.count() == 1


def test_the_plain_form_knows_what_it_was_loaded_with(ada, event, post):
    page = ada.get(address(post)).content.decode()
    loaded = {}
    for name in ("standing", "key_event", "key_label"):
        field = re.search(rf'<input type="hidden" name="initial-{name}"[^>]*>', page)[0]
        loaded[f"initial-{name}"] = (re.findall(r'value="([^"]*)"', field) or [""])[0]
    publishing.stand(post, by=None, standing="disputed")
    publishing.mark(post, by=None, key_event=True, key_label="The call")
    typed = {"standing": "reported", "revision": 1, **loaded}
    press(ada, post, "typo", **typed | {"headline": "It has begun."})
    assert marks(post) == ("disputed", True, "The call") and post.headline == "It has begun."
    page = press(ada, post, "typo", **typed | {"standing": "confirmed", "revision": 2})
    assert "Two texts" in page and "Disputed" in page and marks(post)[0] == "disputed"
    press(ada, post, "typo", **typed | {"standing": "confirmed", "revision": 2, "over": "2"})
    assert marks(post)[0] == "confirmed"
