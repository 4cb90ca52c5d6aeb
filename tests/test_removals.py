"""What was removed for good stays removed when an older backup comes back."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.utils import timezone

from events import frames, pages, publishing
from events.arguments import View
from events.models import Autosave, Deed, Event, Post, Revision
from events.publishing import removals
from tests import cast
from tests.desks import do

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "mackerel"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """A ledger of its own."""
    settings.REMOVALS_FILE = tmp_path / "not" / "yet" / "removals.jsonl"
    return settings.REMOVALS_FILE


def replay(*arguments: str) -> str:
    said = io.StringIO()
    call_command("replay_removals", *arguments, stdout=said)
    return said.getvalue()


def restored(post: Post) -> None:
    """As a backup from before the removal has it."""
    Post.objects.filter(pk=post.pk).update(
        state="published", withdrawal="", headline=SECRET, body=f"<p>{SECRET}</p>", html=f"<p>{SECRET}</p>"
    )
    Revision.objects.filter(post=post).update(headline=SECRET, body=f"<p>{SECRET}</p>")


def test_a_removal_is_noted_without_a_word_of_it(ledger, event):
    post = cast.post(event, SECRET).post
    publishing.remove(post, by=cast.editor())
    (line,) = ledger.read_text().splitlines()
    assert json.loads(line)["post"] == post.pk and json.loads(line)["event"] == "call"
    assert SECRET not in line and "ada" not in line


def test_what_a_backup_brings_back_is_removed_again(ledger, event):
    post = cast.post(event, SECRET).post
    other = cast.post(event, "Stays").post
    publishing.remove(post, by=None)
    restored(post)
    assert replay("--dry-run").splitlines() == [f"Read {ledger}.", post.pk, "1 of 1 would be removed again."]
    assert SECRET in pages.event_page(event.pk, View()).html
    assert "1 of 1 removed again." in replay()
    page = pages.event_page(event.pk, View())
    answer = frames.dump(frames.catch_up(event.pk, 0, page.epoch))
    assert SECRET not in page.html + answer
    assert not Post.objects.filter(html__contains=SECRET).exists()
    assert not Revision.objects.filter(body__contains=SECRET).exists()
    assert "Stays" in page.html and Post.objects.get(pk=other.pk).is_public
    assert "0 of 1 removed again." in replay()


def test_what_told_of_a_correction_goes_too_and_what_the_admin_keeps(event):
    editor = cast.editor()
    post = cast.post(event, SECRET).post
    told = publishing.correct(post, words=cast.words(SECRET), revision=1, note=f"It is {SECRET}.", by=editor)
    kind = ContentType.objects.get_for_model(Post)
    logged = LogEntry.objects.create(
        user=editor, content_type=kind, object_id=post.pk, object_repr=SECRET, change_message=SECRET, action_flag=2
    )
    publishing.remove(post, by=editor)
    entry = Post.objects.get(pk=told.entry.pk)
    assert (entry.withdrawal, entry.headline, entry.html) == ("remove", "", "")
    page = pages.event_page(event.pk, View())
    assert SECRET not in page.html + frames.dump(frames.catch_up(event.pk, 0, page.epoch))
    logged.refresh_from_db()
    assert SECRET not in logged.object_repr + logged.change_message
    assert {removal.post for removal in removals.noted()} == {post.pk, entry.pk}


def drafted(event, editor) -> Post:
    """A draft that the admin has logged, and that its author and somebody else have in their composers."""
    post = publishing.save_draft(event, words=cast.words(SECRET), by=editor).post
    kind = ContentType.objects.get_for_model(Post)
    given = {"object_repr": SECRET, "change_message": SECRET, "action_flag": 2}
    LogEntry.objects.create(user=editor, content_type=kind, object_id=post.pk, **given)
    for name, user in (("mine", editor), ("theirs", cast.member("bo", "editor"))):
        content = {"post": post.pk, "words": {"headline": SECRET}}
        Autosave.objects.create(event=event, by=user, composer=name, content=content)
    return post


def test_a_draft_that_is_thrown_away_stays_only_where_somebody_else_writes_it(ledger, event):
    editor = cast.editor()
    publishing.delete_draft(drafted(event, editor), by=editor)
    assert [one.composer for one in Autosave.objects.all()] == ["theirs"]
    assert not LogEntry.objects.filter(object_repr=SECRET).exists()
    assert not LogEntry.objects.filter(change_message=SECRET).exists()
    assert not ledger.exists()


def test_a_draft_is_removed_by_law_with_all_that_anybody_has_of_it(event, client):
    editor = cast.editor()
    post = drafted(event, editor)
    client.force_login(editor)
    assert do(client, event, "remove", post=post.pk).json()["ok"]
    assert not Post.objects.exists() and not Autosave.objects.exists()
    assert not LogEntry.objects.filter(object_repr=SECRET).exists()
    assert [removal.post for removal in removals.noted()] == [post.pk]
    assert Deed.objects.get(verb="remove").about == post.pk
    # A backup brings it back.
    Post.objects.create(pk=post.pk, event=event, headline=SECRET)
    assert "1 of 1 removed again." in replay()
    assert not Post.objects.exists()


def test_an_entry_that_is_removed_takes_its_sentence_from_the_post(event):
    post = cast.post(event, "Stays").post
    told = publishing.correct(post, words=cast.words("Stays"), revision=1, note=f"It is {SECRET}.", by=None)
    publishing.remove(told.entry, by=None)
    page = pages.event_page(event.pk, View()).html
    assert SECRET not in page and "Stays" in page


def test_a_correction_that_was_taken_back_leaves_no_words_either(event):
    editor = cast.editor()
    post = cast.post(event, SECRET).post
    told = publishing.correct(post, words=cast.words("Right"), revision=1, note=f"Not {SECRET}.", by=editor, key="k")
    publishing.takeback(event, which="k", by=editor)
    assert SECRET in Post.objects.get(pk=told.entry.pk).html
    publishing.remove(post, by=editor)
    entry = Post.objects.get(pk=told.entry.pk)
    assert (entry.withdrawal, entry.headline, entry.html) == ("remove", "", "")
    assert not Revision.objects.filter(headline__contains=SECRET).exists()
    assert not Revision.objects.filter(body__contains=SECRET).exists()


def test_the_entry_of_an_entry_goes_too(event):
    post = cast.post(event, SECRET).post
    first = publishing.correct(post, words=cast.words(SECRET), revision=1, note=f"It is {SECRET}.", by=None).entry
    second = publishing.correct(first, words=cast.words(SECRET), revision=1, note=f"It was {SECRET}.", by=None).entry
    publishing.remove(post, by=None)
    assert set(Post.objects.values_list("withdrawal", "html")) == {("remove", "")}
    page = pages.event_page(event.pk, View())
    assert SECRET not in page.html + frames.dump(frames.catch_up(event.pk, 0, page.epoch))
    assert {removal.post for removal in removals.noted()} == {post.pk, first.pk, second.pk}


def test_the_summary_keeps_no_line_that_rests_on_it_nor_any_before(ada, event):
    post, other = cast.post(event, SECRET).post, cast.post(event, "Stays").post
    lines = [publishing.Line(text=f"It is {SECRET}.", post=post), publishing.Line(text="This stays.", post=other)]
    publishing.summarise(event, lines=lines, by=cast.editor(), key="first")
    publishing.summarise(event, lines=lines[::-1], by=cast.editor(), key="second")
    kind = ContentType.objects.get_for_model(Event)
    said = f'[{{"changed": {{"name": "summary line", "object": "It is {SECRET}.", "fields": ["Text"]}}}}]'
    given = {"user": cast.editor(), "content_type": kind, "object_id": event.pk, "action_flag": 2}
    logged = LogEntry.objects.create(object_repr=event.title, change_message=said, **given)
    kept = LogEntry.objects.create(object_repr=event.title, change_message='[{"changed": {}}]', **given)
    publishing.remove(post, by=cast.editor())
    page = pages.event_page(event.pk, View())
    answer = frames.dump(frames.catch_up(event.pk, 0, page.epoch))
    assert SECRET not in page.html + answer and "This stays." in page.html
    assert not Deed.objects.filter(before__icontains=SECRET).exists()
    logged.refresh_from_db(), kept.refresh_from_db()
    assert (logged.change_message, kept.change_message) == ("", '[{"changed": {}}]')


def test_what_only_undo_needed_is_forgotten_once_its_window_is_over(event):
    publishing.summarise(event, lines=[publishing.Line(text="One.")], by=None, key="old")
    publishing.summarise(event, lines=[publishing.Line(text="Two.")], by=None, key="new")
    Deed.objects.filter(key="old").update(at=timezone.now() - timedelta(minutes=2))
    call_command("clock", "--once")
    assert Deed.objects.get(key="old").before is None
    assert Deed.objects.get(key="new").before["lines"] == [["One.", "known", None]]


def test_a_deed_that_fails_notes_nothing(ledger, event):
    draft = publishing.save_draft(event, words=cast.words(), by=None).post
    publishing.delete_draft(draft, by=None)
    with pytest.raises(publishing.Refused):
        publishing.remove(draft, by=None)
    assert not ledger.exists()


def test_a_ledger_that_is_not_there_is_named_and_no_success(ledger):
    with pytest.raises(CommandError, match=f"no {ledger}: .* Check REMOVALS_FILE") as refused:
        replay()
    assert refused.value.returncode == 2
    ledger.parent.mkdir(parents=True)
    ledger.write_text("")
    assert replay().splitlines() == [f"Read {ledger}.", "The ledger names no removal."]


def test_a_ledger_that_cannot_be_written_is_loud_and_the_words_are_gone(settings, tmp_path, event, caplog):
    (tmp_path / "file").write_text("")
    settings.REMOVALS_FILE = tmp_path / "file" / "removals.jsonl"
    post = cast.post(event, SECRET).post
    publishing.remove(post, by=None)
    assert post.pk in caplog.text and SECRET not in caplog.text
    assert Post.objects.get(pk=post.pk).html == ""


def test_a_ledger_that_makes_no_sense_is_named_by_its_line(ledger, event):
    ledger.parent.mkdir(parents=True)
    ledger.write_text('{"post": "a", "event": "b", "at": "c"}\nrubbish\n')
    with pytest.raises(CommandError, match="Line 2 of") as refused:
        replay()
    assert refused.value.returncode == 2
