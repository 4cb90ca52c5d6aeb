"""The archive: every public record, and nothing that no reader could see."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from events import archive, publishing
from events.models import Event, Post
from events.publishing import Line, Named, Words
from tests import cast
from tests.command import manage

pytestmark = pytest.mark.django_db

CANARY = "Zwölfboxkämpfer"
EARLY = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)


def read(event: Event) -> dict:
    return json.loads(archive.files(event)["archive.json"])


@pytest.fixture
def kept(event, editor) -> Event:
    """An event with a post of every fate, and the canary wherever no reader sees it."""
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="Going well.")
    post = publishing.publish(
        event,
        words=Words(headline="It goes well", standing="not_confirmed", attributions=(named,)),
        by=editor,
        at=EARLY,
    ).post
    publishing.stand(post, by=editor, standing="confirmed")
    publishing.correct(
        post, words=Words(headline="It goes on", standing="confirmed", attributions=(named,)), revision=1,
        note="We said “well”.", by=editor,
    )  # fmt: skip
    for verb in (publishing.hold, publishing.withdraw, publishing.undo, publishing.remove):
        verb(cast.post(event, f"{CANARY} {verb.__name__}", byline=CANARY).post, by=editor)
    publishing.save_draft(event, words=Words(headline=f"{CANARY} draft"), by=editor)
    revised = cast.post(event, f"{CANARY} before").post
    publishing.revise(revised, words=Words(headline="After"), revision=1, by=editor)
    Post.objects.filter(pk=post.pk).update(note=f"{CANARY} note", sent_back_reason=CANARY)
    publishing.change(event, by=editor, handover=f"{CANARY} handover")
    publishing.summarise(event, lines=[Line(text="They talk.", post=post)], by=editor)
    event.refresh_from_db()
    return event


def test_nothing_that_no_reader_sees_is_in_it(kept, editor):
    for content in archive.files(kept).values():
        assert CANARY not in content.decode()
        assert editor.username not in content.decode()
        assert editor.email not in content.decode()


def test_the_json_has_every_public_record(kept):
    told = read(kept)
    assert (told["format"], told["version"]) == ("liveblog-archive", 1)
    assert told["event"]["slug"] == kept.slug
    assert [line["text"] for line in told["summary"]] == ["They talk."]
    first = told["posts"][0]
    assert first["headline"] == "It goes on"
    assert first["attributions"][0]["as_named"] == "Dan Scavino"
    assert first["attributions"][0]["sentence"].startswith("Dan Scavino, deputy chief of staff")
    assert [row["kind"] for row in first["corrections"]] == ["correction"]
    assert first["corrections"][0]["entry"] in {post["id"] for post in told["posts"]}
    assert [row["standing"] for row in first["standing_changes"]] == ["not_confirmed", "confirmed"]
    assert [post["withdrawn"]["because"] for post in told["posts"] if "withdrawn" in post] == ["hold", "withdraw"]
    assert told["summary"][0]["post"] == first["id"]


def test_the_updates_have_no_hole_and_name_nobody_and_nothing_without_a_trace(kept):
    told = read(kept)
    assert [row["sequence"] for row in told["updates"]] == list(range(1, kept.stream.sequence + 1))
    shown = {post["id"] for post in told["posts"]}
    assert {row["post"] for row in told["updates"]} - {None} == shown
    assert set(told["updates"][0]) == {"sequence", "action", "post", "at"}


def test_the_page_needs_nothing_beside_itself(kept):
    page = archive.files(kept)["archive.html"].decode()
    assert page.startswith("<!doctype html>")
    for loading in ("<script", "<link", "<img", "<iframe", "@import", "url(", " src="):
        assert loading not in page
    assert "We are checking this post." in page and "This post was withdrawn." in page
    assert "They talk." in page and "It goes on" in page


def test_the_same_event_makes_the_same_bytes(kept):
    assert archive.zipped(kept) == archive.zipped(kept)
    with zipfile.ZipFile(io.BytesIO(archive.zipped(kept))) as packed:
        assert packed.namelist() == ["call/archive.json", "call/archive.html"]
        assert packed.read("call/archive.json") == archive.files(kept)["archive.json"]


def test_a_private_event_that_it_continues_is_not_named(kept):
    before = publishing.create_event(by=None, slug="before", title="A secret", visibility="private")
    publishing.change(kept, by=None, continues=before)
    kept.refresh_from_db()
    assert read(kept)["event"]["continues"] is None


def test_an_empty_event_has_an_archive_too(event):
    assert read(event)["posts"] == []
    assert event.title in archive.files(event)["archive.html"].decode()


def test_it_is_downloaded_at_the_desk(client, editor, kept):
    client.force_login(editor)
    answer = client.get(f"/admin/events/event/{kept.pk}/desk/archive/")
    assert answer["Content-Disposition"] == 'attachment; filename="call-archive.zip"'
    assert answer.content == archive.zipped(kept)


def test_the_command_writes_both_files(sqlite, tmp_path):
    folder = tmp_path / "new" / "archive"
    done = manage("archive", "trump-putin-call", "--output", str(folder), DATABASE_URL=sqlite)
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "archive.json").read_text())["event"]["slug"] == "trump-putin-call"
    assert (folder / "archive.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(("slug", "sentence", "code"), [("none", "There is no event “none”", 2)])
def test_the_command_says_what_is_wrong(sqlite, tmp_path, slug, sentence, code):
    done = manage("archive", slug, "--output", str(tmp_path), DATABASE_URL=sqlite)
    assert done.returncode == code and sentence in done.stderr


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(sqlite, tmp_path):
    (tmp_path / "file").write_text("")
    done = manage("archive", "nawrasan-tram", "--output", str(tmp_path / "file"), DATABASE_URL=sqlite)
    assert done.returncode == 1 and "cannot be written to" in done.stderr
