"""How many answers a second a server gives: an HTTP client on raw sockets, one core.

`python -m tests.bench.rates PORT PATH SECONDS CONNECTIONS`: so many connections, kept
alive, one request under way on each. Prints JSON: answers, seconds, bytes of one answer's
body, its headers, and what was not 200.
"""

import json
import select
import socket
import sys
import time
from typing import Any


class Connection:
    """One kept connection and the answer that comes in on it."""

    def __init__(self, port: int, request: bytes) -> None:
        self.request = request
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data = b""
        #: The last whole answer.
        self.answer = b""

    def ask(self) -> None:
        """Send the request once more."""
        self.data = b""
        self.sock.sendall(self.request)

    def take(self) -> bool:
        """Take what has arrived; return whether the answer is whole. Raises ConnectionError at its end."""
        more = self.sock.recv(1 << 18)
        if not more:
            raise ConnectionError("The server closed a connection that should have been kept.")
        self.data += more
        end = self.data.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = self.data[:end].lower().partition(b"content-length: ")[2]
        if length:
            whole = len(self.data) >= end + 4 + int(length.split(b"\r\n", 1)[0])
        else:
            whole = self.data.endswith(b"0\r\n\r\n")
        if whole:
            self.answer = self.data
        return whole


def measure(port: int, path: str, seconds: float, connections: int) -> dict[str, Any]:
    """Ask for so long; raises ConnectionError when the server does not keep connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    epoll, kept = select.epoll(), {}
    for _connection in range(connections):
        one = Connection(port, request)
        kept[one.sock.fileno()] = one
        epoll.register(one.sock.fileno(), select.EPOLLIN)
        one.ask()
    answers, wrong, began = 0, 0, time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        for fd, _event in epoll.poll(1):
            one = kept[fd]
            if one.take():
                answers += 1
                wrong += not one.answer.startswith(b"HTTP/1.1 200")
                one.ask()
    head, body = one.answer.partition(b"\r\n\r\n")[::2]
    return {
        "answers": answers,
        "seconds": now - began,
        "wrong": wrong,
        "bytes": len(body),
        "head": head.decode("latin-1"),
    }


if __name__ == "__main__":
    given = sys.argv[1:]
    print(json.dumps(measure(int(given[0]), given[1], float(given[2]), int(given[3]))))
