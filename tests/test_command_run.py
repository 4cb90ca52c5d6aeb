"""`manage.py run`: everything is started together, and ends together."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.contrib.auth.models import User
from websockets.sync.client import connect

from events.management.children import Children, Died
from events.management.commands import run as run_command
from tests.command import manage
from tests.services import ROOT, free_port


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
        assert len(children) == 3
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
