"""An event that shows every kind of post in every state: what docs/components.md is pictured from.

City, people and figures are invented.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from events import publishing
from events.models import Correction, Event, Post
from events.publishing import Line, Words
from tests import drawn
from tests.component_posts import APART, GROUPS, Deed, Group, said, words


def make(slug: str) -> None:
    """Make the event with all that is above, and all that stands on top."""
    now = timezone.now()
    event = publishing.create_event(
        by=None,
        slug=slug,
        title="Nawrasan opens its first tram line, two years late",
        short_title="Nawrasan’s tram",
        standfirst="From the first ride at the harbour to the questions about the cost that nobody has answered yet.",
        zone="Etc/UTC",
        zone_name="GMT",
        zones=[{"zone": "Asia/Kolkata", "name": "in India"}],
        visibility="unlisted",
        starts_at=now - timedelta(hours=2),
        notice="An invented event: city, people and figures are made up to show every part of this page.",
        team_line="Reporting by Noor Haddad in Nawrasan",
        coming_up="At noon: the mayor answers questions.",
    )
    publishing.open(event, by=None, at=now - timedelta(days=2))
    picture = publishing.take_in(event, drawn.sent(drawn.tram()), by=None)
    told = {"picture_alt": "A red tram on a bridge", "picture_caption": "The first tram on the harbour bridge."}
    publishing.change(event, by=None, lead_picture=picture, picture_credit="An invented picture", **told)
    at = now
    made: dict[str, Post] = {}
    # From the last to the first, as a reader reads; published from the first to the last.
    for group, post, deed, back in reversed(list(_all())):
        at = now - timedelta(minutes=back)
        entry = publishing.publish(event, words=post, by=None, at=at).post
        assert entry is not None
        made.setdefault(group.name, entry)
        if deed:
            deed(entry, at + timedelta(minutes=3))
    lines = (
        Line(text="The first tram ran from the harbour to the market in eleven minutes.", post=made["key"]),
        Line(text="What the line has cost in the end.", knowing="not_known", post=made["standing"]),
        Line(text="Whether the council or the mayor had the idea.", knowing="disputed"),
    )
    publishing.summarise(event, lines=lines, by=None)
    publishing.pin(event, post=made["background"], by=None)


def _all() -> Iterator[tuple[Group, Words, Deed | None, int]]:
    """Each post in reading order, with the minutes since it went out."""
    back = 4
    for group in GROUPS:
        for post, deed in group.posts:
            back += APART.get(group.name, 7)
            yield group, post, deed, back


def groups_of(event: Event) -> dict[str, list[str]]:
    """The ids of each group's posts, in reading order; a correction's own entry belongs to its post's group."""
    names = {(post.headline, post.kind): group.name for group, post, _deed, _back in _all()}
    found: dict[str, list[str]] = {group.name: [] for group in GROUPS}
    last = GROUPS[0].name
    for post in event.posts.visible().newest():
        correction = Correction.objects.filter(entry=post).first()
        told = correction.post if correction else post
        last = names.get((told.headline, told.kind), last)
        found[last].append(post.pk)
    return found


def hindi(slug: str) -> None:
    """A page in Devanagari, where the house speaks Hindi."""
    if "hi" not in dict(settings.LANGUAGES):
        return
    now = timezone.now()
    event = publishing.create_event(
        by=None,
        slug=slug,
        language="hi",
        title="युद्धविराम पर दो राष्ट्रपतियों की टेलीफ़ोन पर बातचीत",
        standfirst="यूक्रेन तीस दिन के युद्धविराम पर सहमत है; मॉस्को ने अपनी शर्तें रखी हैं।",
        zone="Asia/Kolkata",
        zone_name="भारत में",
        visibility="unlisted",
        starts_at=now - timedelta(hours=1),
    )
    publishing.open(event, by=None)
    named = said("दिमित्री पेस्कोव", "क्रेमलिन के प्रवक्ता")
    body = "दोनों राष्ट्रपति टेलीफ़ोन पर हैं, व्हाइट हाउस ने कहा। बातचीत लगभग एक घंटे से चल रही है।"
    first = publishing.publish(event, words=words("बातचीत शुरू हुई", body, key_event=True, attributions=(named,)), by=None)
    quoted = said("डैन स्कैविनो", "व्हाइट हाउस के उप प्रमुख", quote="बातचीत अच्छी चल रही है।")
    publishing.publish(event, words=words(kind="quote", attributions=(quoted,)), by=None)
    publishing.summarise(event, lines=[Line(text="बातचीत जारी है, व्हाइट हाउस का कहना है।", post=first.post)], by=None)
