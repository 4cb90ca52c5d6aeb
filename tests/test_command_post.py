"""`manage.py post`: what it publishes, and in which sentences it refuses."""

import io
import re
import sys
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError

from events import publishing
from events.models import Post, Source
from tests import cast
from tests.command import call, manage


@pytest.fixture
def type_in(monkeypatch):
    """Put bytes on standard input."""

    def typed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    typed(b"")
    return typed


def posted(printed: str) -> tuple[Post, int]:
    pk, sequence = printed.split()
    return Post.objects.get(pk=pk), int(sequence)


def test_post_publishes_standard_input(event, type_in, editor, settings):
    settings.DEBUG = True
    type_in(b"Two lines\nof <text>.\n\nAnd a second paragraph.")
    post, sequence = posted(call("post", event.slug, "--as", "ada", "--headline", "News", "--key-event"))
    assert post.html == "<p>Two lines<br>of &lt;text&gt;.</p><p>And a second paragraph.</p>"
    assert (post.headline, post.kind, post.key_event, post.created_by) == ("News", "news", True, editor)
    assert sequence == post.sequence == post.event.stream.sequence


def test_post_cleans_html(event, type_in, settings):
    settings.DEBUG = True
    type_in(b"<p onclick=x>Hello<script>alert(1)</script></p>")
    post, _sequence = posted(call("post", event.slug, "--html"))
    assert post.html == "<p>Hello</p>"


def test_post_names_sources(event, type_in, settings):
    settings.DEBUG = True
    Source.objects.create(name="Bloomberg", speaker_type="outlet")
    Source.objects.create(name="Dan Scavino", role="deputy chief of staff")
    type_in(b"It goes well.")
    post, _sequence = posted(
        call("post", event.slug, "--source=Bloomberg", "--source=dan scavino", "--kind=elsewhere", "--headline=Two")
    )
    assert [row.as_named for row in post.attributions.all()] == ["Bloomberg", "Dan Scavino"]
    assert post.kind == "elsewhere"


def test_post_keeps_a_draft(event, type_in, settings):
    settings.DEBUG = True
    type_in(b"Not yet.")
    pk, sequence = call("post", event.slug, "--draft").split()
    assert sequence == "-"
    assert Post.objects.get(pk=pk).state == "draft"


def test_post_revises_and_leaves_what_is_not_given(event, type_in, settings):
    settings.DEBUG = True
    publishing.publish(event, words=cast.quote(), by=None)
    first = event.posts.get()
    type_in(b"More is known.")
    call("post", event.slug, "--revise", first.pk, "--change=addition", "--note=Added the reaction.")
    first.refresh_from_db()
    assert (first.html, first.kind, first.revision) == ("<p>More is known.</p>", "quote", 2)
    attribution = first.attributions.get()
    assert (attribution.as_named, attribution.medium, attribution.quote) == (
        "Dan Scavino", "on X", "The call is going well.",
    )  # fmt: skip
    assert first.corrections.get().kind == "addition"


def test_post_corrects_with_an_entry_of_its_own(event, type_in, settings):
    settings.DEBUG = True
    first = cast.post(event).post
    type_in(b"It began at 14:00.")
    call("post", event.slug, "--revise", first.pk, "--change=correction", "--note=We had the wrong hour.")
    assert event.posts.filter(kind="correction").count() == 1


def test_post_withdraws(event, settings):
    settings.DEBUG = True
    first = cast.post(event).post
    other = cast.post(event, "Better").post
    given = ("--withdraw", first.pk, "--note=Said twice.", "--instead", other.pk)
    post, _sequence = posted(call("post", event.slug, *given))
    assert (post.state, post.withdrawn_note, post.replaced_by) == ("withdrawn", "Said twice.", other)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("nowhere",), 2, "There is no event “nowhere”"),
        (("call", "--as", "nobody"), 2, "There is no user “nobody”"),
        (("call", "--source", "Nobody"), 2, "There is no source “Nobody”"),
        (("call", "--revise", "abc"), 2, "There is no post “abc”"),
        (("call", "--withdraw", "abc"), 2, "There is no post “abc”"),
        (("call",), 1, "this post is empty"),
        (("call", "--draft"), 1, "this post is empty"),
        (("call", "--headline", "x" * 201), 1, "too long"),
    ],
)
def test_post_refuses_in_a_sentence(event, type_in, settings, arguments, code, sentence):
    settings.DEBUG = True
    with pytest.raises(CommandError, match=re.escape(sentence)) as caught:
        call("post", *arguments)
    assert caught.value.returncode == code
    assert not event.posts.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"a" * 102_401, "100 KB"), (b"one\ntwo \xff", "is not UTF-8 (line 2)")],
    ids=["too-long", "no-text"],
)
def test_post_refuses_what_is_no_text_or_too_much_of_it(event, type_in, settings, content, sentence):
    settings.DEBUG = True
    type_in(content)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call("post", event.slug)


def test_post_wants_a_user_without_debug(event, type_in, settings):
    settings.DEBUG = False
    type_in(b"Hello")
    with pytest.raises(CommandError, match="--as USER"):
        call("post", event.slug)


def test_post_asks_whether_the_user_may(event, type_in, settings):
    settings.DEBUG = False
    grace = User.objects.create(username="grace", is_staff=True)
    type_in(b"Hello")
    with pytest.raises(CommandError, match="“grace” may not publish"):
        call("post", event.slug, "--as=grace")
    grace.user_permissions.add(Permission.objects.get(codename="add_post"))
    type_in(b"Hello")
    assert call("post", event.slug, "--as=grace", "--draft").split()[1] == "-"
    grace.user_permissions.add(Permission.objects.get(codename="publish_post"))
    type_in(b"Hello")
    assert posted(call("post", event.slug, "--as=grace"))[0].created_by == grace


def test_post_works_as_a_process_on_sqlite(sqlite):
    answer = manage("post", "nawrasan-tram", "--headline=مرحبا", stdin="نص".encode(), DATABASE_URL=sqlite)
    assert answer.returncode == 0, answer.stderr
    assert re.fullmatch(r"\w{10} \d+\n", answer.stdout)
    answer = manage("post", "nawrasan-tram", "--frobnicate", DATABASE_URL=sqlite)
    assert answer.returncode == 2
