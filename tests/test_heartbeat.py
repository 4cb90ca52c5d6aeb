"""An event loop that hangs is noticed, says where, and its process is replaced; a suspended machine loses nobody."""

import os
import signal
import sys
import time
from contextlib import closing

import pytest

from liveblog import heartbeat, workers
from liveblog.server import listen
from tests import processes
from tests.services import ROOT, free_port
from tests.test_drain import until
from tests.test_workers import pids, supervised

#: A manage.py that does as ours, soon gives up a loop that hangs, and hangs when it is told to.
HANGING = f"""
import signal, sys, time
sys.path.insert(0, {str(ROOT)!r})
from liveblog import heartbeat

def hang_for_ever(*_signal):
    time.sleep(600)

heartbeat.BEAT, heartbeat.SILENT = 0.2, {{silent}}
signal.signal({{hang}}, hang_for_ever)
import manage
manage.main()
"""
HANG, SILENT = signal.SIGRTMIN, 4.0


def hanging(folder):
    """The path of a manage.py whose server hangs on `HANG`, and is given up after `SILENT` seconds."""
    manage = folder / "manage.py"
    manage.write_text(HANGING.format(silent=SILENT, hang=int(HANG)))
    return manage


def test_a_server_that_hangs_ends_by_itself_and_one_that_was_suspended_does_not(database, tmp_path):
    port = free_port()
    env = processes.environment(database, PORT=str(port), HOST="127.0.0.1")
    server = processes.Server([sys.executable, str(hanging(tmp_path)), "serve"], port, env)
    try:
        server.restart()
        server.freeze()
        time.sleep(SILENT + 2)
        server.thaw()
        time.sleep(SILENT - 1)
        assert server.is_ready()
        server.signal(HANG)
        # Not 0: whoever started it starts it again.
        assert server.wait() == heartbeat.HUNG
        assert "The event loop has been silent for" in server.log
        assert "in hang_for_ever" in server.log, "it says where"
    finally:
        server.close()


def test_a_worker_that_hangs_is_replaced_and_one_that_was_suspended_is_not(database, tmp_path):
    with supervised(database, 2, manage=hanging(tmp_path)) as server:
        before = pids(server)
        everybody = [server._process.pid, *before]
        for pid in everybody:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(SILENT + 2)
        # Whoever watches goes on first, and has heard nothing for long.
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)
        time.sleep(SILENT - 1)
        assert pids(server) == before
        assert "killed" not in server.log
        victim = min(before)
        os.kill(victim, HANG)
        until(lambda: len(pids(server)) == 2 and victim not in pids(server), 40)
        assert len(pids(server) & before) == 1
        assert f"Worker {victim} has been silent for" in server.log
        assert f"Worker {victim} has died (signal 9)" in server.log
        assert "in hang_for_ever" in server.log, "it says where"
        until(lambda: server.log.count("serves.") == 3)
        assert server.is_ready()


def test_a_worker_that_hangs_before_it_serves_is_given_up(monkeypatch, caplog):
    monkeypatch.setattr(workers, "TRIES", 2)
    monkeypatch.setattr(workers, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(heartbeat, "READY_SECONDS", 0.5)
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with closing(listen("127.0.0.1", 0)) as listener, pytest.raises(workers.CannotStart, match="signal"):
        workers.Supervisor(1, command, listener).run()
    assert caplog.text.count("does not serve after") == 2
