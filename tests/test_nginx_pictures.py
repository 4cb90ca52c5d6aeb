"""A picture as heavy as may be, on its way through nginx: in by the desk, out to readers, and gone when taken away."""

import http.client
import json
import os
import time
from typing import Any

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from events import uploads
from tests.drawn import sent
from tests.test_nginx import Answer, staged

#: Seconds within which nginx has heard of it: its own two, and some.
GONE = 8.0


def post(port: int, path: str, body: bytes, kind: str, session: str) -> tuple[int, Any]:
    """Send something as the desk's scripts do."""
    token = "a" * 32
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token, "Content-Type": kind}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    said = answer.status, answer.read()
    connection.close()
    return said[0], json.loads(said[1]) if said[1].startswith(b"{") else said[1]


@pytest.fixture
def stage(database, tmp_path):
    with staged(database, tmp_path) as (nginx, servers):
        yield nginx, servers


def test_fifteen_megabytes_go_in_come_out_and_are_gone_when_taken_away(stage):
    nginx, servers = stage
    told = servers[0].pen("log_in")
    session, event = told["session"], told["event"]
    desk = f"/admin/events/event/{event}/desk/"
    heavy = sent(Image.frombytes("RGB", (2260, 2260), os.urandom(2260 * 2260 * 3)), "PNG")
    assert uploads.MAX_BYTES * 0.95 < heavy.size < uploads.MAX_BYTES
    body = encode_multipart(BOUNDARY, {"picture": heavy})
    status, told = post(nginx.port, f"{desk}pictures/", body, MULTIPART_CONTENT, session)
    assert status == 200, told
    fields = {"key": "p", "lead_picture": told["picture"], "picture_alt": "Snow"}
    status, told = post(nginx.port, f"{desk}deeds/change/", json.dumps(fields).encode(), "application/json", session)
    assert (status, told["message"]) == (200, "Changed.")
    page = Answer(nginx.port, f"/events/call/?fresh={time.time()}").body.decode()
    address = page[page.index("/media/pictures/") :].split('"')[0]
    # By whichever process: they share the folder.
    answers = [Answer(nginx.port, address) for _time in range(3)]
    assert {answer.status for answer in answers} == {200} and answers[-1].cache == "HIT"
    assert answers[0].headers["Content-Type"] == "image/jpeg"
    fields = {"key": "q", "lead_picture": ""}
    status, told = post(nginx.port, f"{desk}deeds/change/", json.dumps(fields).encode(), "application/json", session)
    assert status == 200
    began = time.monotonic()
    while Answer(nginx.port, address).status != 404:
        assert time.monotonic() - began < GONE
        time.sleep(0.2)
    # More than nginx lets through, or the server would read.
    status, told = post(nginx.port, f"{desk}pictures/", body + b"x" * 2_000_000, MULTIPART_CONTENT, session)
    assert status == 413
