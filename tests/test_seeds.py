"""The seed events: they can be loaded and rehearsed, and nothing is in them that nobody said."""

import re

import pytest
import yaml

from events import seeding
from events.models import Source
from tests.services import ROOT

SEEDS = sorted((ROOT / "seeds").glob("*.yaml"))
CALL = ROOT / "seeds" / "trump-putin-call.yaml"
TRAM = ROOT / "seeds" / "nawrasan-tram.yaml"

#: What was said in public on the day, by whom: the only words that may stand between quotation marks.
SAID = {
    "Donald Trump": (
        "We're doing pretty well, I think, with Russia",
        "I think we'll be talking about land; it's a lot of land… "
        "It's a lot different than it was before the war, as you know.",
        "We'll be talking about power plants",
        "dividing up certain assets",
    ),
    "Dmitry Peskov": ("a large number of issues from the normalisation of our relations and the Ukrainian issue",),
    "Dan Scavino": ("The call is going well and is still in progress",),
}
#: Every number in the file's words; the last two are our slip and what it should have been.
NUMBERS = {"18", "2025", "14:00", "30", "1945", "7", "7:30"}
#: Every name in it.
NAMES = (
    "Trump Donald Putin Vladimir Zelensky Volodymyr Rubio Marco Peskov Dmitry Scavino Dan Stalin Churchill Roosevelt "
    "Kyiv Moscow Washington Yalta Kremlin Bloomberg White House Zaporizhzhia Saudi Arabia Ukraine Ukrainian Russia "
    "Russian US United States American Western European Europe India Indian March Sunday GMT X"
)


def texts(node: object, *, skip: tuple[str, ...] = ("slug", "zone", "language", "starts_at")) -> list[str]:
    """Every text of a file that readers could see."""
    if isinstance(node, dict):
        return [text for name, value in node.items() if name not in skip for text in texts(value, skip=skip)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value, skip=skip)]
    return [node] if isinstance(node, str) else []


def straight(text: str) -> str:
    return text.replace("’", "'")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_loading_twice_changes_nothing(db, path):
    first = seeding.load(seeding.read(path))
    assert first.new
    before = (list(first.event.posts.values()), list(first.event.updates.values()), Source.objects.count())
    again = seeding.load(seeding.read(path))
    assert not again.new
    assert "nothing to do" in again.sentence
    assert before == (list(first.event.posts.values()), list(first.event.updates.values()), Source.objects.count())


def test_posts_have_the_files_own_times(db):
    event = seeding.load(seeding.read(CALL)).event
    begins = event.posts.get(headline="The call has begun")
    assert f"{begins.published_at:%Y-%m-%d %H:%M}" == "2025-03-18 14:02"
    assert f"{begins.occurred_at:%Y-%m-%d %H:%M} {begins.occurred_precision}" == "2025-03-18 14:00 minute"
    assert begins.significant_at == begins.corrections.get().at
    assert max(event.posts.values_list("published_at", flat=True)) < event.ended_at


def test_the_replay_says_what_it_is(db):
    event = seeding.load(seeding.read(CALL)).event
    assert event.notice.startswith("A replay of 18 March 2025")
    assert not event.indexed
    assert event.zone_name == "GMT"
    assert [zone["name"] for zone in event.zones] == ["in Washington", "in Moscow", "in India"]
    assert 14 <= event.posts.count() <= 18
    kinds = list(event.posts.values_list("corrections__kind", flat=True))
    assert (kinds.count("correction"), kinds.count("clarification")) == (1, 1)
    assert event.pinned is not None
    assert set(event.summary_lines.values_list("knowing", flat=True)) == {"known", "not_known", "disputed"}
    assert event.posts.get(attributions__as_named="Bloomberg").standing == "not_confirmed"


def test_the_replays_correction_is_of_our_own_slip(db):
    event = seeding.load(seeding.read(CALL)).event
    post = event.posts.get(headline="The call has begun")
    assert "7 pm in India" in post.revisions.get(number=1).body
    assert "7:30 pm in India" in post.body
    note = post.corrections.get().note
    assert "our mistake" in note
    assert "14:00 GMT is 7:30 pm in India" in note


def test_only_the_start_of_the_call_is_known_to_the_minute():
    steps = yaml.safe_load(CALL.read_text())["timeline"]
    assert [step["post"] for step in steps if "occurred_at" in step] == ["begins"]
    for step in steps:
        for said in step.get("attributions", ()):
            assert len(str(said.get("said_at", "2025-03-18"))) == 10


def test_every_quotation_was_said_by_its_speaker():
    content = yaml.safe_load(CALL.read_text())
    everything = " | ".join(words for said in SAID.values() for words in said)
    quotes = 0
    for step in content["timeline"]:
        for said in step.get("attributions", ()):
            if "quote" in said:
                assert straight(said["quote"]) in SAID[content["sources"][said["source"]]["name"]]
                quotes += 1
        for text in texts(step):
            for quoted in re.findall(r"“([^”]*)”", straight(text)):
                assert quoted in everything
    assert quotes == 6


def test_no_number_and_no_name_is_there_that_the_report_does_not_have():
    content = yaml.safe_load(CALL.read_text())
    del content["event"]["zones"]
    shown = straight(" \n".join(texts(content["event"]) + [text for step in content["timeline"] for text in texts(
        {name: value for name, value in step.items() if name not in ("at", "occurred_at", "post", "attributions")},
        skip=("said_at", "post", "pin", "correct", "revise", "kind"),
    )]))  # fmt: skip
    shown = re.sub(r"<[^>]+>", "\n", shown)
    assert set(re.findall(r"\d+(?::\d+)?", shown)) <= NUMBERS
    inside = re.findall(r"(?<=[\w,;’'-] )[A-Z][A-Za-z]*", shown)
    assert {name.removesuffix("'s") for name in inside} <= set(NAMES.split())


def test_the_second_event_is_invented_and_says_so(db):
    event = seeding.load(seeding.read(TRAM)).event
    assert event.direction == "rtl"
    assert event.notice.startswith("حدث متخيَّل")
    assert (event.state, event.indexed) == ("ended", False)
    assert event.tz.utcoffset(event.starts_at) != event.tz.utcoffset(event.starts_at) * 0
    assert event.posts.filter(corrections__kind="correction").count() == 1


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_after_the_eighth_post_there_is_one_of_everything_to_rehearse(path):
    steps = [step for step in seeding.read(path).steps if step.verb != "end"]
    eighth = [place for place, step in enumerate(steps) if step.verb == "post"][seeding.EIGHT - 1]
    later = [step.verb for step in steps[eighth + 1 :]]
    assert {verb: later.count(verb) for verb in ("revise", "correct", "pin", "pause")} == {
        "revise": 1,
        "correct": 1,
        "pin": 1,
        "pause": 1,
    }
    assert "post" in later
    assert later.index("pause") < len(later) - 1 - later[::-1].index("open")
