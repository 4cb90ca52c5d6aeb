"""The nginx sample, in front of two processes that have too much to do: a 503 of ours is an answer and no failure."""

import http.client
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.front import front

UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}


class Busy:
    """A process that says 503 to whoever reads, and still takes sockets and what editors send."""

    def __init__(self) -> None:
        self.asked = 0
        busy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                busy.asked += 1
                self._answer(101 if self.path.startswith("/ws/") else 503)

            def do_POST(self) -> None:
                self._answer(200)

            def _answer(self, status: int) -> None:
                self.send_response(status)
                if status == 101:
                    self.send_header("Upgrade", "websocket")
                    self.send_header("Connection", "Upgrade")
                    self.close_connection = True
                else:
                    self.send_header("Content-Length", "0")
                    self.send_header("Retry-After", "2")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @contextmanager
    def run(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        yield self
        self.server.shutdown()
        self.server.server_close()


def status(port: int, method: str, path: str, **headers: str) -> int:
    """The status of one request through nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    found = connection.getresponse().status
    connection.close()
    return found


def test_what_we_refuse_takes_no_process_out_and_is_asked_once(tmp_path):
    (tmp_path / "static").mkdir()
    with ExitStack() as stack:
        two = [stack.enter_context(Busy().run()) for _ in range(2)]
        nginx = stack.enter_context(front(tmp_path / "nginx", two, tmp_path / "static"))
        for number in range(20):
            assert status(nginx.port, "GET", f"/events/invented-{number}/") == 503
        assert sum(one.asked for one in two) == 20, "nobody else is asked what one has refused"
        for number in range(20):
            assert status(nginx.port, "GET", f"/events/call/updates/?after={number}") == 503
            assert status(nginx.port, "GET", f"/ws/events/call/?{number}", **UPGRADE) == 101
            assert status(nginx.port, "POST", "/admin/events/event/1/desk/deeds/publish/") == 200
