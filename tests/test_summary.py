"""What stands beside a line of the summary, on the page and wherever else the line goes."""

import pytest

from events import archive, frames, publishing, render
from events.models import SummaryLine
from events.models.summary import Knowing
from events.publishing import Line
from events.templatetags import summary
from tests import cast

pytestmark = pytest.mark.django_db


def line(event, standing="not_confirmed", knowing=Knowing.KNOWN) -> SummaryLine:
    """A line that rests on a post which stands so."""
    post = cast.post(event, "It may be over", standing=standing).post
    publishing.summarise(event, lines=[Line(text="The call is over", knowing=knowing, post=post)], by=None)
    return event.summary_lines.select_related("post", "event").get()


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("reported", "The call is over"),
        ("confirmed", "The call is over"),
        ("not_confirmed", "The call is over Not confirmed by us."),
        ("disputed", "The call is over This is disputed."),
        ("false", "The call is over This is false."),
    ],
)
def test_a_line_says_how_its_post_stands(event, standing, said):
    assert summary.line_text(line(event, standing)) == said


def test_a_line_that_claims_nothing_has_its_label_alone(event):
    rests = line(event, knowing=Knowing.NOT_KNOWN)
    assert summary.line_text(rests) == "Not known: The call is over"
    assert not summary.line_standing(rests)


def test_a_line_without_a_post_and_one_whose_post_is_gone_say_nothing_of_it(event):
    rests = line(event)
    publishing.withdraw(rests.post, by=None, note="")
    assert not summary.line_standing(SummaryLine.objects.select_related("post").get())
    publishing.summarise(event, lines=[Line(text="The call is over")], by=None)
    assert summary.line_text(SummaryLine.objects.select_related("post").get()) == "The call is over"


def test_readers_have_it_on_the_page_at_once_and_in_the_archive(event):
    rests = line(event)
    told = '<span class="label standing">Not confirmed by us.</span>'
    assert told in render.part_html(event, "summary")
    assert "The call is over Not confirmed by us." in archive.files(event)["archive.html"].decode()
    before = publishing.stand(rests.post, by=None, standing="confirmed").sequence - 1
    event.refresh_from_db()
    now = frames.catch_up(event.pk, before, event.stream.epoch)["parts"]["summary"]
    assert told not in now == render.part_html(event, "summary")


def test_it_is_said_in_the_language_of_the_event(client, event):
    publishing.change(event, by=None, language="ar")
    line(event)
    client.force_login(cast.editor())
    shown = client.get(f"/admin/events/event/{event.pk}/desk/timeline/").json()["summary"]
    assert [row["standing"] for row in shown] == ["لم نتأكد من صحة ذلك."]
    assert shown[0]["says"] == "The call is over لم نتأكد من صحة ذلك."
