"""Thousands of websocket readers in one process and one core: the load client.

Raw non-blocking sockets under epoll, a minimal handshake, no library in the hot path. Run
as `python -m tests.bench.crowd`: it takes one JSON order a line on standard input and
answers each with one JSON line. Times are CLOCK_MONOTONIC, which is the same in every
process of a machine.

Orders: ``open`` (count, port, path, parallel, rate, read, receive_buffer), ``watch`` (mark,
expect, seconds), ``come_back`` (query, target, jitter, seconds), ``count``, ``close``.
"""

import json
import os
import select
import socket
import sys
import time
from array import array
from collections import deque
from typing import Any

from tests.bench import storming
from tests.bench.machine import raise_open_files

READ = 1 << 16
#: A masked pong without content is enough where the ping has none; others echo it.
MASK = b"\x00\x00\x00\x00"
TEXT, CLOSE, PING = 1, 8, 9


class Reader:
    """One open socket: what is left of an incomplete frame, and how it reads."""

    __slots__ = ("greeted", "read", "rest", "sock")

    def __init__(self, sock: socket.socket, read: str) -> None:
        self.sock, self.read = sock, read
        self.rest = b""
        self.greeted = False


class Crowd:
    """All readers of this process."""

    def __init__(self) -> None:
        self.epoll = select.epoll()
        self.readers: dict[int, Reader] = {}
        self.lost = 0
        self.greeted = 0
        #: The last answer to a handshake that was none.
        self.refused = ""
        self.mark = b""
        self.stamps = array("d")
        self.pings = 0
        self.trickling: deque[tuple[float, Reader]] = deque()
        #: Called with (reader, text) while a storm is on.
        self.on_text: Any = None
        self.on_lost: Any = None

    # One reader

    def connect(self, order: dict[str, Any]) -> Reader:
        """Begin a connection; its handshake goes out when it is writable."""
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if order.get("receive_buffer"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, order["receive_buffer"])
        sock.connect_ex(("127.0.0.1", order["port"]))
        reader = Reader(sock, order.get("read", "all"))
        self.readers[sock.fileno()] = reader
        self.epoll.register(sock.fileno(), select.EPOLLOUT)
        return reader

    def shake(self, reader: Reader, request: bytes) -> None:
        """Send the handshake's request."""
        try:
            reader.sock.send(request)
            self.epoll.modify(reader.sock.fileno(), select.EPOLLIN)
        except OSError:
            self.drop(reader)

    def drop(self, reader: Reader) -> None:
        """Forget a reader that was closed or cut."""
        if self.readers.pop(reader.sock.fileno(), None) is None:
            return
        reader.sock.close()
        self.lost += 1
        if self.on_lost:
            self.on_lost(reader)

    def take(self, reader: Reader, data: bytes, now: float) -> None:
        """Take what arrived: the handshake's answer, then frames."""
        if reader.rest:
            data = reader.rest + data
        if not reader.greeted:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                reader.rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.refused = data[:end].decode("latin-1")
                self.drop(reader)
                return
            reader.greeted = True
            self.greeted += 1
            data = data[end + 4 :]
            self._slow_down(reader, now)
        reader.rest = self._frames(reader, data, now)

    def _frames(self, reader: Reader, data: bytes, now: float) -> bytes:
        """Go through whole frames (RFC 6455, unmasked) and return what is left."""
        at, size = 0, len(data)
        while size - at >= 2:
            length, head = data[at + 1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            end = at + head + length
            if end > size or size - at < head:
                break
            opcode = data[at] & 15
            if opcode == TEXT:
                if self.mark and data.find(self.mark, at, end) >= 0:
                    self.stamps.append(now)
                if self.on_text:
                    self.on_text(reader, data[at + head : end])
            elif opcode == PING:
                self.pings += 1
                self._send(reader, bytes((0x8A, 0x80 | length)) + MASK + data[at + head : end])
            elif opcode == CLOSE:
                self.drop(reader)
                return b""
            at = end
        return data[at:]

    def _send(self, reader: Reader, data: bytes) -> None:
        try:
            reader.sock.send(data)
        except OSError:
            self.drop(reader)

    def _slow_down(self, reader: Reader, now: float) -> None:
        """Readers that never read, or a little each second, leave the poll."""
        if reader.read != "all":
            self.epoll.unregister(reader.sock.fileno())
        if reader.read == "trickle":
            self.trickling.append((now + 1, reader))

    def _trickle(self, now: float) -> None:
        """Let each of those who read 1 KB a second do so."""
        while self.trickling and self.trickling[0][0] <= now:
            reader = self.trickling.popleft()[1]
            if reader.sock.fileno() < 0:
                continue
            try:
                data = reader.sock.recv(1024)
                if not data:
                    raise ConnectionResetError
                self.take(reader, data, now)
            except BlockingIOError:
                pass
            except OSError:
                self.drop(reader)
                continue
            self.trickling.append((now + 1, reader))

    # The loop

    def turn(self, seconds: float, connected: Any = None) -> None:
        """Take what has arrived, waiting for it at most so long."""
        readers, read, monotonic = self.readers, os.read, time.monotonic
        if self.trickling:
            seconds = min(seconds, 0.05)
        for fd, event in self.epoll.poll(seconds, 512):
            reader = readers.get(fd)
            if reader is None:
                continue
            if event & select.EPOLLOUT:
                if event & (select.EPOLLERR | select.EPOLLHUP):
                    self.drop(reader)
                else:
                    connected(reader)
                continue
            try:
                data = read(fd, READ)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if data:
                self.take(reader, data, monotonic())
            else:
                self.drop(reader)
        if self.trickling:
            self._trickle(monotonic())

    def open(self, order: dict[str, Any]) -> dict[str, Any]:
        """Open `count` further readers: at most `parallel` at once, at most `rate` a second."""
        request = handshake(order["port"], order["path"])
        began, before, lost, begun = time.monotonic(), self.greeted, self.lost, 0
        limit = began + order.get("seconds", 120)
        parallel, rate = order.get("parallel", 64), order.get("rate", 1e9)
        while (opened := self.greeted - before) < order["count"] and time.monotonic() < limit:
            # Who is refused or cut is replaced by somebody else.
            waiting = begun - opened - (self.lost - lost)
            allowed = (time.monotonic() - began) * rate + 1
            while waiting + opened < order["count"] and waiting < parallel and begun < allowed:
                self.connect(order)
                begun, waiting = begun + 1, waiting + 1
            self.turn(0.005, lambda reader: self.shake(reader, request))
        seconds = time.monotonic() - began
        return {"opened": self.greeted - before, "lost": self.lost - lost, "refused": self.refused, "seconds": seconds}

    def watch(self, order: dict[str, Any]) -> dict[str, Any]:
        """Note when `mark` reaches each of `expect` readers; say at once that we are ready."""
        self.mark, self.stamps = order["mark"].encode(), array("d")
        say({"ready": True})
        limit, used = time.monotonic() + order.get("seconds", 30), time.process_time()
        while len(self.stamps) < order["expect"] and time.monotonic() < limit:
            self.turn(0.05)
        used = time.process_time() - used
        stamps, self.mark = sorted(self.stamps), b""
        return {"received": len(stamps), "client_cpu": used, **percentiles(stamps)}

    def idle(self, order: dict[str, Any]) -> dict[str, Any]:
        """What is open and what was lost; nothing else."""
        del order
        slow = sum(reader.read != "all" for reader in self.readers.values())
        return {"open": len(self.readers), "slow": slow, "lost": self.lost, "pings": self.pings}

    def close(self, order: dict[str, Any]) -> dict[str, Any]:
        """Cut all connections."""
        for reader in list(self.readers.values()):
            if order.get("read") in (None, reader.read):
                self.drop(reader)
        return {"open": len(self.readers)}


def percentiles(stamps: list[float]) -> dict[str, float | None]:
    """First, middle, 99th and last of sorted times; None where there are none."""
    if not stamps:
        return dict.fromkeys(("first", "p50", "p99", "last"))
    last = len(stamps) - 1
    return {
        "first": stamps[0],
        "p50": stamps[round(last * 0.5)],
        "p99": stamps[round(last * 0.99)],
        "last": stamps[-1],
    }


def handshake(port: int, path: str) -> bytes:
    """The smallest request that opens a websocket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def say(answer: dict[str, Any]) -> None:
    """Answer with one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Take orders until standard input ends; read on between them."""
    raise_open_files()
    crowd = Crowd()
    deeds = {"open": crowd.open, "watch": crowd.watch, "count": crowd.idle, "close": crowd.close}
    deeds["come_back"] = lambda order: storming.come_back(crowd, order, handshake(order["port"], order["path"]))
    orders = select.poll()
    orders.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)
    while True:
        crowd.turn(0.02)
        if not orders.poll(0):
            continue
        line = sys.stdin.readline()
        if not line:
            return
        order = json.loads(line)
        say(deeds[order["do"]](order))


if __name__ == "__main__":
    main()
