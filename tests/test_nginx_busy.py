"""The nginx sample, in front of two processes that have too much to do: a 503 of ours is an answer and no failure."""

import http.client
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler

from tests.front import Origin, front

UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}


def busy(request: BaseHTTPRequestHandler) -> None:
    """Say 503 to whoever reads, and still take sockets and what editors send."""
    status = 101 if request.path.startswith("/ws/") else 503 if request.command == "GET" else 200
    request.send_response(status)
    if status == 101:
        request.send_header("Upgrade", "websocket")
        request.send_header("Connection", "Upgrade")
        request.close_connection = True
    else:
        request.send_header("Content-Length", "0")
        request.send_header("Retry-After", "2")
    request.end_headers()


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
        two = [stack.enter_context(Origin(busy).run()) for _ in range(2)]
        nginx = stack.enter_context(front(tmp_path / "nginx", two, tmp_path / "static"))
        for number in range(20):
            assert status(nginx.port, "GET", f"/events/invented-{number}/") == 503
        assert sum(one.asked for one in two) == 20, "nobody else is asked what one has refused"
        for number in range(20):
            assert status(nginx.port, "GET", f"/events/call/updates/?after={number}") == 503
            assert status(nginx.port, "GET", f"/ws/events/call/?{number}", **UPGRADE) == 101
            assert status(nginx.port, "POST", "/admin/events/event/1/desk/deeds/publish/") == 200
