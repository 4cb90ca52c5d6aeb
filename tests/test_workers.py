"""`manage.py serve --workers`: processes that are kept, replaced and ended together."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path

import pytest

from events.live import tallies
from liveblog import workers
from liveblog.server import listen
from tests import processes
from tests.follower import Reader
from tests.services import ROOT, answers, free_port
from tests.test_drain import equals_fresh, until, wait_until
from tests.test_server import flood, sleeper, status

#: A release is a folder whose manage.py says which it is, and then does as ours.
MANAGE = f"""
import os, sys
print("release {{name}}", os.getpid(), flush=True)
{{further}}
sys.path.insert(0, {str(ROOT)!r})
import manage
manage.main()
"""


@contextmanager
def supervised(database_url, count, manage="manage.py", redis_url=None, **further):
    """`manage.py serve --workers`, ready."""
    port = free_port()
    env = processes.environment(database_url, redis_url, PORT=str(port), HOST="127.0.0.1", **further)
    server = processes.Server([sys.executable, str(manage), "serve", "--workers", str(count)], port, env)
    server.start()
    try:
        server.wait_ready()
        until(lambda: server.log.count("serves.") == count)
        yield server
    finally:
        # Not killed at once: its workers end with it, and are waited for.
        server.signal(signal.SIGTERM)
        server.wait()
        server.close()


def pids(server):
    """The workers' processes."""
    pid = server._process.pid
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def is_alive(pid):
    """Whether a process runs; one that has ended and waits to be asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def metrics_of(pid):
    """The folder for metrics that a worker was told of."""
    told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return Path(next(one for one in told if one.startswith(b"PROMETHEUS_MULTIPROC_DIR=")).split(b"=", 1)[1].decode())


def test_workers_share_a_port_and_a_folder_and_end_together(database):
    with supervised(database, 2) as server:
        both = pids(server)
        (folder,) = {metrics_of(pid) for pid in both}
        assert folder.is_dir()
        assert "REDIS_URL is not set" in server.log
        assert server.terminate() == 0
        assert not any(map(is_alive, both))
        assert not answers(server.port)
        assert not folder.exists()
        assert "Traceback" not in server.log


def test_a_worker_that_dies_is_replaced(database):
    with supervised(database, 2) as server:
        before = pids(server)
        victim = min(before)
        folder = metrics_of(victim)
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(pids(server)) == 2 and victim not in pids(server))
        until(lambda: not list(folder.glob(f"*_{victim}.db")))
        assert (folder / f"counter_{tallies.NOBODY}.db").exists(), "what it had counted stays"
        assert f"Worker {victim} has died (signal 9)" in server.log
        assert len(pids(server) & before) == 1
        assert server.is_ready()


def test_workers_end_when_their_supervisor_is_killed(database, tmp_path):
    with supervised(database, 2, TMPDIR=str(tmp_path)) as server:
        both = pids(server)
        server.kill()
        until(lambda: not any(map(is_alive, both)))
        assert not answers(server.port)


def test_told_twice_it_ends_at_once(database):
    with supervised(database, 2, DRAIN_NOTICE="300") as server:
        both = pids(server)
        server.signal(signal.SIGINT)
        time.sleep(1.5)
        assert all(map(is_alive, both))
        server.signal(signal.SIGINT)
        assert server.wait() == 0
        assert not any(map(is_alive, both))


async def test_a_rolling_restart_under_load_loses_nothing(database):
    async with AsyncExitStack() as stack:
        store = processes.address(stack.enter_context(processes.redis()))
        desk = stack.enter_context(processes.serve(database, store, pen=True))
        await desk.write("begin")
        server = stack.enter_context(supervised(database, 2, redis_url=store, DRAIN_SECONDS="0.5"))
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for _count in range(12)]
        stack.enter_context(closing(sleeper(server)))
        posts = (await flood(desk, "Flood")) - 1
        done = asyncio.Event()
        asked = Counter()

        async def post():
            nonlocal posts
            while not done.is_set():
                await desk.write("publish", headline=f"Post {posts}")
                posts += 1
                await asyncio.sleep(0.1)

        async def visit():
            while not done.is_set():
                # Raises where no answer comes.
                asked[await asyncio.to_thread(status, f"{server.url}/readyz")] += 1

        async with asyncio.TaskGroup() as load:
            load.create_task(post())
            load.create_task(visit())
            before = pids(server)
            server.signal(signal.SIGHUP)
            await wait_until(lambda: len(pids(server)) == 2 and not pids(server) & before, 90)
            done.set()
        # Each new connection was answered, and never by one that goes. A database that took more than its two
        # seconds is a busy machine's fault and not the restart's, as long as it is the exception.
        ready, late = asked.pop((200, b"ready\n")), asked.pop((503, b"not ready: database\n"), 0)
        assert not asked, asked
        assert late <= ready / 10
        await equals_fresh(desk, *readers)
        assert all(len(reader.page.shown()) == posts for reader in readers)
        assert all(reader.resets <= 1 for reader in readers)
        assert server.log.count("is ready and takes over") == 2
        assert "Traceback" not in server.log, server.log
        assert "killed" not in server.log


def releases(folder, **further):
    """Releases by their names, what each does besides, and a link to the one that runs; how to turn that."""
    for name, more in further.items():
        (folder / name).mkdir()
        (folder / name / "manage.py").write_text(MANAGE.format(name=name, further=more))

    def turn_to(name):
        (folder / "next").symlink_to(folder / name)
        (folder / "next").rename(folder / "current")

    turn_to("one")
    return folder / "current" / "manage.py", turn_to


def test_a_release_that_does_not_start_replaces_nobody(database, tmp_path):
    manage, turn_to = releases(tmp_path, one="", two="sys.exit('It is broken.')", three="")
    with supervised(database, 1, manage=manage) as server:
        (old,) = pids(server)
        turn_to("two")
        server.signal(signal.SIGHUP)
        until(lambda: "does not become ready: the restart ends here, 0 of 1 workers replaced" in server.log)
        assert pids(server) == {old}
        assert server.is_ready()
        turn_to("three")
        server.signal(signal.SIGHUP)
        until(lambda: "takes over" in server.log and old not in pids(server))
        assert "release three" in server.log
        assert server.is_ready()


def test_told_to_restart_amid_a_restart_no_worker_of_the_release_between_stays(database, tmp_path):
    manage, turn_to = releases(tmp_path, one="", two="", three="")
    with supervised(database, 2, manage=manage) as server:
        turn_to("two")
        server.signal(signal.SIGHUP)
        # One has taken over, and the next of the same release has been started.
        until(lambda: server.log.count("release two") == 2)
        turn_to("three")
        server.signal(signal.SIGHUP)
        until(lambda: server.log.count("takes over") == 3 and len(pids(server)) == 2)
        assert pids(server) == {int(pid) for pid in re.findall(r"release three (\d+)", server.log)}
        assert "the restart ends here" not in server.log


def test_a_restart_that_ends_halfway_says_how_far_it_came(database, tmp_path):
    # Two are there from the beginning, the third replaces one of them, and the fourth is broken.
    further = f"""
if "--socket" in sys.argv:
    with open({str(tmp_path / "started")!r}, "a+") as started:
        started.write("x")
        started.seek(0)
        if len(started.read()) == 4:
            sys.exit("It is broken.")
"""
    manage = tmp_path / "manage.py"
    manage.write_text(MANAGE.format(name="one", further=further))
    with supervised(database, 2, manage=manage) as server:
        before = pids(server)
        server.signal(signal.SIGHUP)
        until(lambda: "the restart ends here, 1 of 2 workers replaced" in server.log)
        until(lambda: len(pids(server)) == 2)
        assert len(pids(server) & before) == 1
        assert server.is_ready()


def test_without_a_database_the_workers_serve_and_wait():
    nowhere = "postgres://postgres@127.0.0.1:1/nothing"
    port = free_port()
    env = processes.environment(nowhere, PORT=str(port), HOST="127.0.0.1")
    server = processes.Process([sys.executable, "manage.py", "serve", "--workers", "1"], port, env)
    try:
        server.restart()
        until(lambda: len(pids(server)) == 1)
        (worker,) = pids(server)
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
            assert answer.status == 200
        assert pids(server) == {worker}
        assert server.terminate() == 0
    finally:
        server.close()


def test_what_the_env_file_gave_is_read_anew_by_each_worker(monkeypatch, settings, tmp_path):
    settings.FROM_ENV_FILE = frozenset({"SITE_NAME"})
    monkeypatch.setenv("SITE_NAME", "The name of last year")
    monkeypatch.setenv("SITE_URL", "http://127.0.0.1:8000")
    told = tmp_path / "told"
    program = f"import os, pathlib; pathlib.Path({str(told)!r}).write_text(' '.join(os.environ))"
    with closing(listen("127.0.0.1", 0)) as listener:
        worker = workers.Worker([sys.executable, "-c", program], listener, str(tmp_path))
        until(lambda: worker.ended() == "exit code 0")
        worker.close()
    assert "SITE_URL" in told.read_text().split()
    assert "SITE_NAME" not in told.read_text().split()


def test_it_gives_up_with_a_sentence_when_no_worker_starts(monkeypatch):
    monkeypatch.setattr(workers, "FIRST_WAIT", 0.01)
    handler = signal.getsignal(signal.SIGTERM)
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with closing(listen("127.0.0.1", 0)) as listener, pytest.raises(workers.CannotStart, match="exit code 3"):
        workers.Supervisor(2, command, listener).run()
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.parametrize("count", ["0", "-1", "two", "1000"])
def test_a_number_of_workers_that_is_none_is_a_sentence(count):
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", f"--workers={count}"],
        cwd=ROOT,
        env=processes.environment("sqlite:////nowhere/at/all"),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert f"“{count}” should be a number from 1 to 128" in done.stderr


def test_the_children_of_a_parent_that_is_killed_end_too(database):
    port = free_port()
    program = (
        "import django; django.setup(); import time\n"
        "from events.management.children import Children\n"
        "children = Children({}); children.start('server', 'serve'); time.sleep(60)"
    )
    env = processes.environment(database, PORT=str(port), DJANGO_SETTINGS_MODULE="liveblog.settings")
    parent = processes.Process([sys.executable, "-c", program], port, env)
    try:
        parent.restart()
        (child,) = pids(parent)
        parent.kill()
        until(lambda: not is_alive(child))
        assert not answers(port)
    finally:
        parent.close()
