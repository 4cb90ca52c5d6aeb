"""Event files: every mistake by its line, and loading whole or not at all."""

import re
from pathlib import Path

import pytest

from events import publishing, seeding
from events.models import Event, Source
from events.seeding.steps import VERBS
from tests.services import ROOT

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
