"""Several server processes on one listening socket, and the process that keeps them.

The supervisor binds the socket, starts the workers, kills one that hangs, starts a dead one
again, passes the end on to all of them, and on SIGHUP replaces them one after the other: the new one must be
ready before the old one leaves, so that a deploy under load loses nobody. The socket
stays open throughout: whoever connects meanwhile waits in its queue for the next worker.
"""

import logging
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings

from events.live import tallies
from liveblog import heartbeat
from liveblog.lifeline import READY, RELIEVED, SAME_ORDER, SERVING
from liveblog.worker import Worker

log = logging.getLogger(__name__)

#: Seconds between two looks at the workers.
LOOK = 0.1
#: Seconds until a worker that died is started again: doubled each time up to the most, and
#: the first again when one has served for so long.
FIRST_WAIT, MOST_WAIT, STEADY = 0.5, 30.0, 60.0
#: Tries that each place has, as long as no worker at all gets as far as serving.
TRIES = 5
#: Seconds beyond its drain after which a worker is killed: it ends itself before that.
PATIENCE = 20.0


class CannotStart(Exception):
    """No worker gets as far as serving. The message is a sentence for whoever started us."""


class Slot:
    """The place of one worker: who has it, who is to have it, and when the next is started."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.successor: Worker | None = None
        self.due = 0.0
        self.wait = FIRST_WAIT


class Supervisor:
    """Keeps `count` workers of `command` on `listener` until SIGTERM or SIGINT."""

    def __init__(self, count: int, command: list[str], listener: socket.socket) -> None:
        self._command, self._listener = command, listener
        self._slots = [Slot() for _slot in range(count)]
        #: Workers that were told to go, and are not watched for dying.
        self._leaving: list[Worker] = []
        #: Slots whose worker is still to be replaced.
        self._turning: list[Slot] = []
        #: Whether we were told to replace all of them, and have not begun.
        self._to_turn = False
        #: Processes that have ended, and whose numbers are still by themselves.
        self._dead: list[int] = []
        self._failures = 0
        #: When we were told to end, monotonic seconds, and whether we were told twice.
        self._told: float | None = None
        self._hurried = False
        self._metrics = ""

    def run(self) -> None:
        """Run until told to end, and all workers with us. Raises CannotStart."""
        self._metrics = tempfile.mkdtemp(prefix="liveblog-metrics-")
        with self._signals():
            try:
                while self._told is None:
                    for slot in self._slots:
                        self._keep(slot)
                    self._turn()
                    self._bury()
                    self._add_up()
                    time.sleep(LOOK)
                log.info("Told to end: the workers drain.")
            finally:
                self._end()
                self._listener.close()
                shutil.rmtree(self._metrics, ignore_errors=True)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def told(_number: int, _frame: FrameType | None) -> None:
            if self._told is None:
                self._told = time.monotonic()
            elif time.monotonic() - self._told > SAME_ORDER:
                self._hurried = True

        def turn(_number: int, _frame: FrameType | None) -> None:
            self._to_turn = True

        orders = {signal.SIGTERM: told, signal.SIGINT: told, signal.SIGHUP: turn}
        before = {number: signal.signal(number, order) for number, order in orders.items()}
        try:
            yield
        finally:
            for number, order in before.items():
                signal.signal(number, order)

    def _start(self) -> Worker:
        return Worker(self._command, self._listener, self._metrics)

    # Keeping

    def _keep(self, slot: Slot) -> None:
        """See that a slot has a living worker. Raises CannotStart after some tries."""
        now = time.monotonic()
        worker = slot.worker
        if worker is None:
            if now >= slot.due:
                slot.worker = self._start()
            return
        if why := worker.hangs():
            log.error("Worker %d %s; it is killed.", worker.pid, why)
            worker.give_up()
        how = worker.ended()
        if worker.has(SERVING):
            # While one of them serves, we never give up.
            self._failures = 0
        if not how:
            return
        self._forget(worker)
        slot.worker = None
        self._failures += not worker.has(SERVING)
        if self._failures >= TRIES * len(self._slots):
            raise CannotStart(f"No worker gets as far as serving; the last ended with {how}, and says why above.")
        if now - worker.born > STEADY:
            slot.wait = FIRST_WAIT
        slot.due = now + slot.wait
        log.error("Worker %d has died (%s); another is started in %.1f s.", worker.pid, how, slot.wait)
        slot.wait = min(MOST_WAIT, 2 * slot.wait)

    def _forget(self, worker: Worker) -> None:
        worker.close()
        self._dead.append(worker.pid)

    def _add_up(self) -> None:
        """See to the numbers that the dead have left, unless somebody reads them just now."""
        self._dead = [pid for pid in self._dead if not tallies.fold(self._metrics, pid)]

    # Replacing

    def _turn(self) -> None:
        """One step of the rolling restart: one slot at a time, and the next when the old worker has gone."""
        if self._to_turn:
            self._begin_turning()
        if not self._turning or self._leaving:
            return
        slot = self._turning[0]
        if slot.successor is None:
            slot.successor = self._start()
            return
        new = slot.successor
        if new.has(READY):
            log.info("Worker %d is ready and takes over from %s.", new.pid, slot.worker.pid if slot.worker else "none")
            self._turning.remove(slot)
            slot.successor, old, slot.worker = None, slot.worker, new
            if old is not None:
                old.tell(RELIEVED, settings.DRAIN_SECONDS + PATIENCE)
                self._leaving.append(old)
        elif new.ended() or new.age() > heartbeat.READY_SECONDS:
            done, count = len(self._slots) - len(self._turning), len(self._slots)
            log.error(
                "Worker %d does not become ready: the restart ends here, %d of %d workers replaced.",
                new.pid,
                done,
                count,
            )
            slot.successor = None
            self._turning.clear()
            new.kill()
            self._forget(new)

    def _begin_turning(self) -> None:
        """Begin with the first slot. Successors of a restart before this one may be of another release: they go."""
        self._to_turn, self._turning = False, list(self._slots)
        for slot in self._slots:
            if slot.successor is not None:
                log.info("Told to restart again: worker %d goes, another comes in its place.", slot.successor.pid)
                # It listens already, and may have readers.
                slot.successor.tell(RELIEVED, settings.DRAIN_SECONDS + PATIENCE)
                self._leaving.append(slot.successor)
                slot.successor = None

    def _bury(self) -> None:
        """Let go of workers that have left, and kill those that do not."""
        for worker in list(self._leaving):
            if worker.doomed is not None and time.monotonic() > worker.doomed:
                log.error("Worker %d does not end; it is killed.", worker.pid)
                worker.kill()
            if worker.ended():
                self._leaving.remove(worker)
                self._forget(worker)

    # The end

    def _all(self) -> list[Worker]:
        kept = [worker for slot in self._slots for worker in (slot.worker, slot.successor) if worker is not None]
        return [*kept, *self._leaving]

    def _end(self) -> None:
        """Drain all workers at once and wait for them."""
        self._leaving = self._all()
        self._slots = []
        for worker in self._leaving:
            worker.tell(signal.SIGTERM, settings.DRAIN_NOTICE + settings.DRAIN_SECONDS + PATIENCE)
        while self._leaving:
            if self._hurried:
                log.warning("Told a second time: ending at once.")
                for worker in self._leaving:
                    worker.kill()
            self._bury()
            time.sleep(LOOK)
