"""The command line: seed, post, demo and run, with exit codes and sentences."""

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from websockets.sync.client import connect

from events import publishing, seeding
from events.management.children import Children, Died
from events.management.commands import run as run_command
from events.models import Event, Post, Source
from tests import cast
from tests.services import ROOT, free_port

TRAM = ROOT / "seeds" / "nawrasan-tram.yaml"


def call(*arguments: object, **options: object) -> str:
    """Run a command in this process and return what it printed."""
    out = io.StringIO()
    call_command(*[str(argument) for argument in arguments], stdout=out, stderr=out, **options)
    return out.getvalue()


def manage(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a person would, and never see a traceback."""
    answer = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=stdin,
        capture_output=True,
        timeout=60,
    )
    errors = answer.stderr.decode()
    assert "Traceback" not in errors
    return subprocess.CompletedProcess(answer.args, answer.returncode, answer.stdout.decode(), errors)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory) -> str:
    """The address of a migrated and seeded SQLite database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'seeded.sqlite3'}"
    assert manage("migrate", "-v0", DATABASE_URL=url).returncode == 0
    assert manage("seed", DATABASE_URL=url).returncode == 0
    return url


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


# seed


def test_seed_loads_all_files_and_again_changes_nothing(sqlite):
    again = manage("seed", DATABASE_URL=sqlite)
    assert again.returncode == 0
    assert again.stdout.count("nothing to do") == len(list((ROOT / "seeds").glob("*.yaml")))


def test_seed_loads_nothing_when_any_file_has_a_mistake(db, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("event:\n  slug: x\n")
    with pytest.raises(CommandError) as caught:
        call("seed", TRAM, wrong)
    assert "line 2: “title” is missing" in str(caught.value)
    assert "Nothing was loaded." in str(caught.value)
    assert caught.value.returncode == 1
    assert not Event.objects.exists()


def test_seed_writes_nothing_on_a_dry_run(db):
    assert "no mistakes" in call("seed", TRAM, "--dry-run")
    assert not Event.objects.exists()


def test_seed_says_so_when_the_database_has_no_tables(tmp_path):
    answer = manage("seed", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert answer.returncode == 1
    assert "manage.py migrate" in answer.stderr


# post


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
    post, _sequence = posted(call("post", event.slug, "--withdraw", first.pk, "--note=Said twice."))
    assert (post.state, post.withdrawn_note) == ("withdrawn", "Said twice.")


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


# demo


@pytest.mark.django_db(transaction=True)
def test_demo_plays_everything_but_the_end(settings):
    settings.DEBUG = True
    printed = call("demo", "--speed=1e6", "--once")
    event = Event.objects.get(slug="trump-putin-call-demo")
    assert (event.visibility, event.state, event.indexed) == ("rehearsal", "live", False)
    assert "rehearsal" in event.notice
    assert event.posts.count() == 17
    assert event.pinned is not None
    assert set(event.updates.values_list("verb", flat=True)) >= {"revise", "correct", "pin", "pause", "open"}
    assert "left out" not in printed


def test_demo_puts_eight_posts_there_at_once_at_todays_times(db):
    show = seeding.stage(seeding.read(ROOT / "seeds" / "trump-putin-call.yaml"))
    posts = list(show.event.posts.oldest())
    assert len(posts) == 8
    assert 0 < time.time() - posts[-1].published_at.timestamp() < 60
    assert 15 * 60 < (posts[-1].published_at - posts[0].published_at).total_seconds() < 60 * 60
    assert all(15 <= seconds <= 30 for seconds, _step in show.waits(1))


def test_demo_empties_its_event_and_begins_a_new_epoch(db):
    script = seeding.read(TRAM)
    first = seeding.stage(script)
    epoch = first.event.stream.epoch
    second = seeding.stage(script)
    assert second.event.pk == first.event.pk
    assert second.event.posts.count() == 8
    assert Event.objects.get(pk=first.event.pk).stream.epoch != epoch
    with pytest.raises(seeding.Overtaken):
        first.do(first.steps[0])


def test_demo_goes_on_when_the_desk_was_quicker(db, settings):
    show = seeding.stage(seeding.read(TRAM))
    for post in show.event.posts.all():
        publishing.withdraw(post, by=None)
    refused = 0
    for step in show.steps:
        try:
            show.do(step)
        except publishing.Refused:
            refused += 1
    assert refused == 2
    assert show.event.posts.published().count() == 1


def test_demo_leaves_a_public_event_alone(db, settings):
    settings.DEBUG = True
    kept = cast.event("trump-putin-call-demo")
    cast.post(kept)
    with pytest.raises(CommandError, match="no rehearsal"):
        call("demo", "--once")
    assert kept.posts.count() == 1


def test_demo_plays_only_with_debug(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG"):
        call("demo", "--once")
    assert not Event.objects.exists()


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf"])
def test_demo_refuses_a_speed_that_is_none(db, speed):
    with pytest.raises(CommandError, match="is no speed"):
        call("demo", f"--speed={speed}")


# run


@contextlib.contextmanager
def running(sqlite: str, **environment: str):
    """`manage.py run`, as far as its last line of addresses; yields the process and what it printed."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": sqlite, "DEBUG": "1", "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    printed: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C" in line:
                break
        yield process, "".join(printed)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_starts_everything_and_ends_it(sqlite, number):
    port, partner = free_port(), free_port()
    with running(sqlite, PORT=str(port), PARTNER_PORT=str(partner)) as (process, printed):
        for there in (
            f"http://127.0.0.1:{port}/events/trump-putin-call-demo/",
            f"http://127.0.0.1:{port}/admin/",
            f"http://localhost:{partner}/",
            "log in as editor, password ",
        ):
            assert there in printed
        url = f"http://127.0.0.1:{port}/events/trump-putin-call-demo/updates/?after=0&epoch=x"
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"http://localhost:{partner}/", timeout=5) as answer:
            assert f"http://127.0.0.1:{port}/" in answer.read().decode()
        process.send_signal(number)
        assert process.wait(20) == 0
    assert not answers(port)
    assert not answers(partner)


def test_a_post_from_the_command_line_reaches_an_open_page(sqlite):
    port, partner = free_port(), free_port()
    socket_at = f"ws://127.0.0.1:{port}/ws/events/nawrasan-tram/"
    with (
        running(sqlite, PORT=str(port), PARTNER_PORT=str(partner), DEMO="0"),
        connect(socket_at, proxy=None) as reader,
    ):
        assert json.loads(reader.recv(5))["type"] == "hello"
        answer = manage("post", "nawrasan-tram", "--headline=Just in", DATABASE_URL=sqlite)
        frame = json.loads(reader.recv(5))
    # Another process wrote it, and there is no Redis: the server's look at the database found it.
    (update,) = frame["updates"]
    assert (update["action"], update["post"]) == ("publish", answer.stdout.split()[0])
    assert "Just in" in update["html"]


def test_run_says_which_part_has_ended_and_ends_the_rest(sqlite):
    port, partner = free_port(), free_port()
    with running(sqlite, PORT=str(port), PARTNER_PORT=str(partner), DEMO="0") as (process, printed):
        assert "DEMO=0" in printed
        children = children_of(process.pid)
        assert len(children) == 2
        os.kill(children[-1], signal.SIGKILL)
        assert process.wait(20) == 1
        assert "The partner's page has ended by itself (signal 9)." in process.stdout.read()
    assert not answers(port)


def test_run_says_that_a_port_is_in_use_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        database = tmp_path / "none.sqlite3"
        for name, other in (("PORT", "PARTNER_PORT"), ("PARTNER_PORT", "PORT")):
            given = {name: str(port), other: str(free_port())}
            answer = manage("run", DATABASE_URL=f"sqlite:///{database}", **given)
            assert answer.returncode == 2
            assert re.search(rf"Port {port} on \S+ cannot be used: address already in use.*{name}=", answer.stderr)
        assert not database.exists()


def test_run_works_only_with_debug():
    answer = manage("run", DEBUG="0", SECRET_KEY="x" * 50)
    assert answer.returncode == 2
    assert "DEBUG=1" in answer.stderr


def test_the_demo_login_is_made_once_and_never_overwritten(db, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    said = run_command._demo_login()
    password = said.split()[-1]
    user = User.objects.get(username="editor")
    assert user.is_superuser
    assert user.check_password(password)
    assert (tmp_path / "run" / "demo_login").stat().st_mode & 0o077 == 0
    assert run_command._demo_login() == said
    user.set_password("of my own")
    user.save()
    assert password not in run_command._demo_login()
    user.refresh_from_db()
    assert user.check_password("of my own")


def test_a_child_that_ends_is_named():
    children = Children({})
    children.start("helper", "no-such-command")
    with pytest.raises(Died, match="The helper has ended by itself"):
        children.watch(20)
    children.end()


def test_a_database_that_is_not_there_is_one_sentence():
    answer = manage("seed", DATABASE_URL=f"postgres://postgres@127.0.0.1:{free_port()}/x")
    assert answer.returncode == 1
    assert "The database cannot be used" in answer.stderr
    assert "DATABASE_URL" in answer.stderr
