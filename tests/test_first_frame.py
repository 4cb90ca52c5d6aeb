"""The frame of a new post is made of what was just written; it is what a later reading gives."""

from datetime import datetime, timedelta, timezone

import orjson
import pytest

from events import frames, publishing
from events.live import channel
from events.models import Post, Update
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("words", [cast.words, cast.quote])
@pytest.mark.parametrize("hours", [0, 5.5])
def test_the_frame_of_a_new_post_is_that_of_the_stored_one(event, monkeypatch, words, hours):
    told = []
    monkeypatch.setattr(channel, "announce", lambda _event, text, *_place: told.append(orjson.loads(text)))
    zone = timezone(timedelta(hours=hours))
    done = publishing.publish(event, words=words(), by=None, at=datetime.now(zone) - timedelta(hours=1))
    stored = Post.objects.for_readers().get(pk=done.post.pk)
    row = Update.objects.get(event=event, sequence=done.sequence)
    again = orjson.loads(frames.dump(frames.update(row, stored, {}, total=1)))
    assert {name: value for name, value in told[0].items() if name != "parts"} == again
    assert told[0]["published"].endswith("Z")
    kept = stored.revisions.get().attributions
    assert kept == [row.facts() for row in stored.attributions.all()]
