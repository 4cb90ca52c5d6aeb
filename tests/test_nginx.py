"""The nginx sample, in front of two real servers: what it caches, passes on, hides, and survives."""

import asyncio
import gzip
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import websockets

from tests import processes
from tests.faults.scene import equals_fresh
from tests.follower import Reader
from tests.front import Origin, front
from tests.services import free_port

#: Seconds within which a withdrawal is out of every cache (docs/contract.md).
WITHDRAWN = 15.0


def shown(request: BaseHTTPRequestHandler) -> None:
    """Answer with the headers that the path asks for, and show what was asked with."""
    if "slow" in request.path:
        time.sleep(0.3)
    body = json.dumps({name.lower(): value for name, value in request.headers.items()}).encode()
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    if "cookie" in request.path:
        request.send_header("Set-Cookie", "a=b")
    caching = "private, no-store" if "private" in request.path else "public, max-age=0, s-maxage=5"
    request.send_header("Cache-Control", caching)
    request.end_headers()
    request.wfile.write(body)


class Answer:
    """What came back for one request."""

    def __init__(self, port: int, path: str, method: str = "GET", **headers: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        self.status, self.body, self.headers = response.status, response.read(), response.headers
        self.cache = response.headers.get("X-Cache")
        connection.close()


async def ask(front, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request through nginx."""
    return await asyncio.to_thread(Answer, front.port, path, method, **headers)


def early_in_the_minute() -> None:
    """Wait for the next minute when this one ends soon: the cache begins anew with each."""
    if (left := 60 - time.time() % 60) < 15:
        time.sleep(left + 0.1)


def statics(folder: Path) -> Path:
    """A folder as `collectstatic` leaves it, in small."""
    (folder / "static" / "js").mkdir(parents=True)
    for name in ("js/page.0123456789ab.js", "js/page.js", "staticfiles.json", "staticfiles.previous.json"):
        (folder / "static" / name).write_text("export {};\n")
    (folder / "static/js/page.0123456789ab.js.gz").write_bytes(gzip.compress(b"export {};\n"))
    return folder / "static"


@contextmanager
def staged(database: str, folder: Path):
    """nginx in front of two servers of one newsroom with a live event `call`: (nginx, the two)."""
    with ExitStack() as stack:
        # One site, whichever of them answers.
        site = f"http://127.0.0.1:{free_port()}"
        two = [stack.enter_context(processes.serve(database, pen=True, SITE_URL=site)) for _ in range(2)]
        two[0].pen("begin")
        yield stack.enter_context(front(folder / "nginx", two, statics(folder))), two


@pytest.fixture(scope="module")
def stage(shared_database, tmp_path_factory):
    """One stage for all who leave it standing."""
    with staged(shared_database, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture
def brittle(database, tmp_path):
    """A stage whose servers may be killed."""
    with staged(database, tmp_path) as stage:
        yield stage


@pytest.fixture
def origin(tmp_path):
    """nginx in front of a server that shows what it was asked with."""
    with Origin(shown).run() as origin, front(tmp_path / "nginx", [origin], statics(tmp_path)) as nginx:
        yield nginx, origin


async def test_page_catch_up_and_socket_pass_through_it_and_posts_arrive(stage):
    nginx, two = stage
    early_in_the_minute()
    async with Reader(nginx.ws_url) as one, Reader(nginx.ws_url) as other:
        done = await two[0].write("publish", headline="Through the proxy")
        done = await two[1].write("publish", headline="From the other server")
        await equals_fresh(two[0], one, other)
        assert any('"type":"update"' in text for text in one.texts)
        assert other.connections <= 3, "nothing on the way cuts a socket that is open"
        epoch = one.page.epoch
    answer = await ask(nginx, f"/events/call/updates/?after=1&epoch={epoch}")
    assert answer.status == 200
    assert json.loads(answer.body)["sequence"] == done["sequence"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    page = await ask(nginx, "/events/call/")
    assert page.status == 200
    assert b"From the other server" in page.body


async def test_the_second_reader_gets_the_page_from_the_cache_with_the_headers_of_the_first(stage):
    nginx, two = stage
    early_in_the_minute()
    direct = await asyncio.to_thread(Answer, two[0].port, "/events/call/")
    for number in range(10):
        # On a busy machine two seconds may pass between the two.
        page = f"/events/call/?utm_try={number}"
        first, second = await ask(nginx, page), await ask(nginx, page, Cookie="sessionid=x")
        if second.cache == "HIT":
            break
    assert (first.cache, second.cache) == ("MISS", "HIT")
    assert first.body == second.body == direct.body
    for name in ("Cache-Control", "CDN-Cache-Control", "ETag", "Vary", "Content-Security-Policy"):
        assert first.headers[name] == second.headers[name] == direct.headers[name] is not None
    known = await ask(nginx, page, If_None_Match=first.headers["ETag"])
    assert (known.status, known.body) == (304, b"")
    login = await ask(nginx, "/admin/login/")
    assert (login.status, login.cache) == (200, None)
    assert "csrftoken" in login.headers["Set-Cookie"]


async def test_a_withdrawn_post_leaves_the_cache_within_its_time(stage):
    nginx, two = stage
    done = await two[0].write("publish", headline="Withdrawn soon: mackerel")
    epoch = (await two[0].write("fresh"))["answer"]["epoch"]
    catch_up = f"/events/call/updates/?after=0&epoch={epoch}"
    addresses = "/events/call/", catch_up, f"/events/call/posts/{done['post']}/"
    began = time.monotonic()
    for address in addresses:
        while b"mackerel" not in (await ask(nginx, address)).body:
            assert time.monotonic() - began < WITHDRAWN, f"{address} never showed it"
            await asyncio.sleep(0.1)
    await two[1].write("withdraw", post=done["post"])
    began = time.monotonic()
    for address in addresses:
        # Somebody asks all the time, as readers do: a page that is asked for must not live on by that.
        while b"mackerel" in (await ask(nginx, address)).body:
            assert time.monotonic() - began < WITHDRAWN, address
            await asyncio.sleep(0.1)


async def test_one_server_killed_its_readers_go_on_at_the_other(brittle):
    nginx, two = brittle
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(Reader(nginx.ws_url)) for _ in range(6)]
        done = await two[0].write("publish", headline="Before")
        for reader in readers:
            await reader.reach(done["sequence"])
        connections = [reader.connections for reader in readers]
        two[0].kill()
        for number in range(5):
            await two[1].write("publish", headline=f"Meanwhile, {number}")
            assert (await ask(nginx, f"/events/call/?number={number}")).status == 200
        await equals_fresh(two[1], *readers)
        came_back = [reader for reader, before in zip(readers, connections, strict=True) if reader.connections > before]
        assert came_back, "some of them were the killed one's"
        assert len(came_back) < len(readers), "the other's stayed"
        # With nobody left, the page that was known is better than none.
        early_in_the_minute()
        assert (await ask(nginx, "/events/call/")).status == 200
        two[1].kill()
        await asyncio.sleep(4)
        last = await ask(nginx, "/events/call/")
        assert (last.status, last.cache) == (200, "STALE")
        assert (await ask(nginx, "/events/call/updates/?after=0")).status == 502, "the past is no answer"


async def test_what_is_for_operators_is_not_public(stage):
    nginx, _two = stage
    for path in ("/metrics", "/readyz", "/static/staticfiles.json", "/static/staticfiles.previous.json"):
        assert (await ask(nginx, path)).status == 404, path
    assert (await ask(nginx, "/healthz")).status == 200


async def test_static_files_come_from_the_shared_folder_and_hashed_ones_for_ever(stage):
    nginx, _two = stage
    hashed = await ask(nginx, "/static/js/page.0123456789ab.js", Accept_Encoding="gzip")
    assert (hashed.status, gzip.decompress(hashed.body)) == (200, b"export {};\n")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["Access-Control-Allow-Origin"] == "*"
    assert hashed.headers["Vary"] == "Accept-Encoding"
    plain = await ask(nginx, "/static/js/page.js")
    assert (plain.body, plain.headers["Cache-Control"]) == (b"export {};\n", "public, max-age=60")
    for odd in (
        "/static/../nginx.conf",
        "/static/%2e%2e/nginx/nginx.conf",
        "/static../nginx/nginx.conf",
        "/static/js/",
    ):
        answer = await ask(nginx, odd)
        assert answer.status >= 400 and b"worker_connections" not in answer.body, odd


async def test_readers_are_told_apart_and_their_cookies_stay_outside(origin):
    nginx, _origin = origin
    told = json.loads((await ask(nginx, "/events/call/?one", Cookie="sessionid=x", Upgrade="h2c")).body)
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"
    assert not {"cookie", "upgrade", "connection"} & set(told)
    told = json.loads(
        (await ask(nginx, "/events/call/?two", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")).body
    )
    assert told["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    for path in ("/admin/", "/admin/events/event/1/desk/", "/ws/desk/1/"):
        told = json.loads((await ask(nginx, path, Cookie="sessionid=x")).body)
        assert told["cookie"] == "sessionid=x", path
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Cookie": "sessionid=x"}
    told = json.loads((await ask(nginx, "/ws/events/call/", **upgrade)).body)
    assert (told["upgrade"], told["connection"]) == ("websocket", "upgrade")
    assert "cookie" not in told, "a reader's socket has none"


async def test_the_desks_socket_is_let_in_through_it(stage):
    nginx, two = stage
    told = await two[0].write("log_in")
    desk = websockets.connect(
        f"{nginx.ws_url}/ws/desk/{told['event']}/",
        compression=None,
        origin=two[0].env["SITE_URL"],
        additional_headers={"Cookie": f"sessionid={told['session']}"},
    )
    async with desk as socket:
        assert json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] == "changed"


async def test_what_sets_a_cookie_or_is_private_is_never_kept(origin):
    nginx, source = origin
    for path in ("/events/cookie/", "/events/private/", "/admin/", "/ws/events/call/"):
        before = source.asked
        for _time in range(2):
            assert (await ask(nginx, path)).cache in (None, "MISS")
        assert source.asked == before + 2, path


def test_a_crowd_that_wants_what_nobody_has_yet_costs_one_question(origin):
    nginx, source = origin
    early_in_the_minute()
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _reader: Answer(nginx.port, "/events/slow/"), range(20)))
    assert {answer.status for answer in answers} == {200}
    # One; on a busy machine somebody's patience may end (two seconds) before the answer is there.
    assert source.asked <= 3


async def test_whoever_tries_passwords_is_slowed_down_and_readers_are_not(origin):
    nginx, _origin = origin
    tries = [(await ask(nginx, "/admin/login/", "POST")).status for _try in range(30)]
    assert tries[:20] == [200] * 20
    assert tries[-1] == 429
    assert {(await ask(nginx, f"/events/call/?reader={number}")).status for number in range(60)} == {200}
