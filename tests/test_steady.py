"""An event that never stands still is read all the same, and whoever reads it converges."""

import pytest

from events import embed_pages, frames, pages, steady
from events.arguments import Choices, View
from events.models import Stream
from tests import cast
from tests.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(event, monkeypatch):
    """The event, in which something is published within each look at its sequence."""
    get = Stream.objects.get

    def publish_and_get(*args, **kwargs):
        stream = get(*args, **kwargs)
        cast.post(event, f"After {stream.sequence}")
        return stream

    class Manager:
        """In the place of ``Stream.objects``, for `steady` alone."""

        def __init__(self):
            self.looks = 0

        def get(self, **kwargs):
            self.looks += 1
            return publish_and_get(**kwargs)

        def values_list(self, *names):
            return Stream.objects.values_list(*names)

    class Moving:
        objects = Manager()

    monkeypatch.setattr(steady, "Stream", Moving)
    return Moving.objects


def test_a_catch_up_ends_and_the_next_one_brings_the_rest(event, busy):
    page = Page(event.stream.epoch)
    for _poll in range(3):
        answer = frames.catch_up(event.pk, page.have, page.epoch)
        assert [row["sequence"] for row in answer["updates"]] == sorted({row["sequence"] for row in answer["updates"]})
        assert all(row["sequence"] <= answer["sequence"] for row in answer["updates"])
        assert page.take(answer)
    assert busy.looks == 3 * steady.TRIES
    busy.get = Stream.objects.get
    assert page.take(frames.catch_up(event.pk, page.have, page.epoch))
    assert page.have == Stream.objects.get(event=event).sequence
    assert len(page.shown()) == event.posts.count() == busy.looks


@pytest.mark.parametrize(
    "make",
    [
        lambda event: pages.event_page(event.pk, View()),
        lambda event: embed_pages.embed_page(event.pk, Choices()),
        lambda event: pages.post_page(event.posts.get()),
    ],
)
def test_a_page_is_stamped_with_what_was_true_before_its_first_row(event, busy, make):
    cast.post(event, "The first")
    begun = Stream.objects.get(event=event).sequence
    page = make(event)
    assert busy.looks == steady.TRIES
    assert page.sequence == begun + steady.TRIES - 1
    # A post's own page does not go on by itself, and says no sequence.
    assert f'data-sequence="{page.sequence}"' in page.html or "data-sequence" not in page.html
