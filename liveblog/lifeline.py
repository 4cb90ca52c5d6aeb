"""What ties a process of ours to its parent: when the parent is gone, however it went, the child ends too.

A pair of sockets joins the two. When the parent ends, and be it by SIGKILL, the kernel
closes its side, and a thread of the child that reads the other raises SIGTERM: the child
ends in its usual order. The child may say a word to its parent on the same line.
"""

import contextlib
import os
import signal
import socket
import threading

#: How a child learns of its line: the number of a file descriptor. Not a setting: parents of ours set it.
VARIABLE = "LIVEBLOG_LIFELINE"
#: What a server tells its parent: it accepts connections; its database answers; and, again and again, that it lives.
SERVING, READY, ALIVE = "s", "r", "a"
#: What a parent tells a server: another has your place, end without a notice to anybody.
RELIEVED = signal.SIGUSR1
#: Seconds within which two signals are one order: systemd tells the whole group, and a parent passes it on.
SAME_ORDER = 1.0

_held: socket.socket | None = None


class Lifeline:
    """The parent's side. Keep it for as long as the child is to live."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)

    @property
    def environment(self) -> dict[str, str]:
        """What the child's environment must have."""
        return {VARIABLE: str(self._there.fileno())}

    @property
    def descriptor(self) -> int:
        """The file descriptor that the child must inherit."""
        return self._there.fileno()

    def started(self) -> None:
        """The child has its side: ours of it is closed, so that its end can be seen."""
        self._there.close()

    def heard(self) -> str:
        """What the child has said since the last call, a letter each; empty when nothing, or when it has ended."""
        try:
            return self._here.recv(100).decode("ascii", "replace")
        except OSError:
            return ""

    def close(self) -> None:
        """Let go of the child."""
        self._here.close()
        self._there.close()


def hold() -> None:
    """In a child: end with the parent from now on. Does nothing in a process that was not given a line."""
    global _held  # noqa: PLW0603 - one parent a process
    # Taken out, so that a child of ours does not hold on to a number that means something else there.
    number = os.environ.pop(VARIABLE, "")
    if number.isdigit():
        _held = socket.socket(fileno=int(number))
        _held.setblocking(True)
        os.set_inheritable(_held.fileno(), False)
        threading.Thread(target=_wait, args=(_held,), name="lifeline", daemon=True).start()


def say(letter: str) -> None:
    """In a child: tell the parent, if there is one. Never waits, never raises."""
    if _held is not None:
        with contextlib.suppress(OSError):
            _held.send(letter.encode("ascii"), socket.MSG_DONTWAIT)


def _wait(line: socket.socket) -> None:
    """Nothing ever comes down the line but its end."""
    with contextlib.suppress(OSError):
        while line.recv(1):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
