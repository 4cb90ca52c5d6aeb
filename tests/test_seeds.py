"""Event files: every mistake by its line, loading whole or not at all, and nothing that nobody said."""

import re
from pathlib import Path

import pytest
import yaml

from events import publishing, seeding
from events.models import Event, Source
from events.seeding.steps import VERBS
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

SMALL = """\
event:
  slug: harbour
  title: The harbour opens
  zone: Europe/London
sources:
  mayor: {name: The mayor}
timeline:
  - open: true
    at: 2025-03-18T10:00
  - post: first
    at: 2025-03-18T10:05
    headline: Ships come in
    attributions:
      - {source: mayor, quote: Welcome}
  - summary:
      - {text: Ships are in., post: first}
    at: 2025-03-18T10:06
"""


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def written(content: str | bytes, name: str = "x.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def mistakes(path: Path) -> list[str]:
    with pytest.raises(seeding.Mistaken) as caught:
        seeding.read(path, "seeds/x.yaml")
    return caught.value.mistakes


def texts(node: object, *, skip: tuple[str, ...] = ("slug", "zone", "language", "starts_at")) -> list[str]:
    """Every text of a file that readers could see."""
    if isinstance(node, dict):
        return [text for name, value in node.items() if name not in skip for text in texts(value, skip=skip)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value, skip=skip)]
    return [node] if isinstance(node, str) else []


def straight(text: str) -> str:
    return text.replace("’", "'")


def test_the_small_file_is_sound(write):
    script = seeding.read(write(SMALL), "x")
    assert [step.verb for step in script.steps] == ["open", "post", "summary"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("  title: The", "  titel: The", 3, "the event has no field “titel”"),
        ("  title: The harbour opens\n", "", 2, "“title” is missing"),
        ("slug: harbour", "slug: the harbour", 2, "slug"),
        ("Europe/London", "Europe/Londinium", 4, "Europe/Londinium"),
        ("{name: The mayor}", "{name: The mayor, speaker_type: king}", 6, "“king” is no speaker type"),
        ("{name: The mayor}", "{name: ''}", 6, "“name” is empty"),
        ("{name: The mayor}", "{name: The mayor, link: mayor}", 6, "“link”"),
        ("headline: Ships", "kind: rumour\n    headline: Ships", 12, "“rumour” is no kind"),
        ("headline: Ships come in", "headlines: Ships come in", 12, "no field “headlines”"),
        ("at: 2025-03-18T10:05", "at: five past ten", 11, "“five past ten” is no time"),
        ("at: 2025-03-18T10:05", "at: 2025-02-30T10:05", 11, "is no time"),
        ("at: 2025-03-18T10:05", "at: 2025-03-18T09:05", 11, "runs forward"),
        ("at: 2025-03-18T10:06", "at: 2999-03-18T10:06", 17, "in the future"),
        ("    at: 2025-03-18T10:05\n", "", 10, "“at” is missing"),
        ("source: mayor, quote", "quote", 14, "a quote needs its speaker"),
        ("source: mayor, quote", "source: major, quote", 14, "there is no source “major”"),
        ("{source: mayor, quote: Welcome}", "{verb: said}", 14, "names nobody"),
        ("post: first}", "post: second}", 16, "there is no post “second”"),
        ("text: Ships are in.", "text: ''", 16, "“text” is empty"),
        ("headline: Ships come in", f"headline: {'x' * 201}", 12, "too long"),
        ("post: first\n", "post: First Post\n", 10, "is no name for a post"),
        ("- open: true", "- shut: true", 8, "does one thing"),
        ("- open: true", "- open: true\n    pause: now", 8, "does one thing"),
        ("- open: true", "- pause: later", 8, "does not fit here"),
        ("event:\n", "event:\n  slug: twice\n", 3, "stands twice"),
        ("  - open: true\n    at: 2025-03-18T10:00\n", "  - open\n", 8, "should have fields"),
        ("    headline: Ships come in\n", "    headline: [Ships]\n", 12, "should be text"),
        ("title: The harbour opens", "title: 'The harbour opens", 3, "is not YAML"),
        ("mayor: {name: The mayor}", "mayor: &m {name: The mayor}\n  other: *m", 7, "aliases"),
        ("zone: Europe/London", "language: xx", 4, "“xx” is no language"),
        ("headline: Ships come in", "headline: Ships\n    html: <p>a</p>\n    body: b", 13, "not both"),
    ],
)
def test_a_mistake_is_named_by_its_line(write, old, new, line, reason):
    assert old in SMALL
    found = mistakes(write(SMALL.replace(old, new, 1)))
    assert any(one.startswith(f"seeds/x.yaml, line {line}: ") and reason in one for one in found), found


def test_all_mistakes_are_named_at_once(write):
    wrong = SMALL.replace("slug:", "slugg:").replace("name: The", "nome: The").replace("10:05", "25:05")
    found = mistakes(write(wrong.replace("post: first}", "post: third}")))
    assert [int(re.search(r"line (\d+)", one)[1]) for one in found] == [2, 2, 6, 6, 11, 16]


def test_a_post_without_words_is_a_mistake(write):
    wrong = SMALL.replace("    headline: Ships come in\n", "").replace(", quote: Welcome", "")
    assert "line 10" in mistakes(write(wrong))[0]
    assert "empty" in mistakes(write(wrong))[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"event:\n  title: Caf\xe9\n", "line 2: is not UTF-8"),
        (b"", "line 1"),
        (b"just words", "line 1"),
        (b"- a\n- b\n", "line 1"),
        (b"a: \x07\n", "line 1: has a character"),
        (b"a: b\n---\na: b\n", "line 2: is not YAML"),
        (b"[" * 5000, "nested too deeply"),
        (b"timeline: []\n", "“event:” is missing"),
    ],
)
def test_what_is_no_event_file_is_said_so(write, content, sentence):
    assert any(sentence in one for one in mistakes(write(content)))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    assert mistakes(tmp_path / "none.yaml") == ["seeds/x.yaml: cannot be read: no such file or directory."]


def test_times_say_by_their_form_how_exactly_they_are_known(write):
    form = SMALL.replace("headline: Ships", "occurred_at: {}\n    headline: Ships")
    for written, precision in (("2025-03-18", "day"), ("2025-03-18T09", "hour"), ("2025-07-01T09:30", "minute")):
        words = seeding.read(write(form.replace("{}", written, 1)), "x").steps[1].words
        assert words.occurred_precision == precision
    assert words.occurred_at.isoformat() == "2025-07-01T09:30:00+01:00"


def test_the_documentation_shows_every_step_and_can_be_loaded(db, write):
    shown = (ROOT / "docs" / "event-files.md").read_text()
    script = seeding.read(write(re.search(r"```yaml\n(.*?)```", shown, re.DOTALL)[1]))
    assert {step.verb for step in script.steps} == set(VERBS)
    assert ", ".join(f"`{verb}`" for verb in VERBS) in " ".join(shown.split())
    assert seeding.load(script).event.posts.count() == 2


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


def test_a_changed_file_overwrites_nothing_and_says_so(db, write):
    seeding.load(seeding.read(write(SMALL)))
    changed = seeding.load(seeding.read(write(SMALL.replace("Ships", "Boats")), "seeds/x.yaml"))
    assert not changed.new
    assert "has changed" in changed.sentence
    assert changed.event.posts.get().headline == "Ships come in"


def test_an_event_of_the_desks_own_is_left_alone(db, write):
    publishing.create_event(by=None, slug="harbour", title="Ours", visibility="public")
    loaded = seeding.load(seeding.read(write(SMALL)))
    assert not loaded.new
    assert "not from this file" in loaded.sentence
    assert loaded.event.posts.count() == 0


def test_a_step_that_is_refused_leaves_nothing_behind(db, write, monkeypatch):
    def refuse(*_arguments, **_named):
        raise publishing.Refused("No.")

    monkeypatch.setattr(publishing, "summarise", refuse)
    with pytest.raises(seeding.Mistaken, match="x.yaml, line 15: No."):
        seeding.load(seeding.read(write(SMALL)))
    assert not Event.objects.exists()
    assert not Source.objects.exists()


def test_nothing_is_announced_while_loading(db, write, monkeypatch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        seeding.load(seeding.read(write(SMALL)))
    assert callbacks == []


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
