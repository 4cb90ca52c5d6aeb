"""What most readers ask for comes out of memory, and is what Django's views would have said."""

import asyncio
import gzip
import http.client
import json
from contextlib import contextmanager
from urllib.parse import urlsplit

import brotli
import pytest
from django.db import connection

from events.live.copies import Copy, Shelf, best_coding
from tests import processes
from tests.proxy import Proxy

#: Headers that a server or a coding adds.
OF_THE_WAY = {"date", "content-length", "content-encoding"}


@contextmanager
def with_posts(database):
    """A server with an event `call` of three posts, one of them a key event."""
    with processes.newsroom(database) as running:
        for number in range(3):
            done = running.pen("publish", headline=f"Post number {number}")
        running.pen("mark", post=done["post"], key_event=True)
        yield running


@pytest.fixture(scope="module")
def server(shared_database):
    """One for all who only read."""
    with with_posts(shared_database) as running:
        yield running


@pytest.fixture
def own(database):
    """One for a test that changes the event."""
    with with_posts(database) as running:
        yield running


def ask(server, path, method="GET", **headers):
    """Status, headers and body of an answer, as they come over the wire."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        line.close()


def until(server, path, wanted):
    """Ask again until the body holds `wanted`: another process's update comes by the look."""
    for _try in range(100):
        body = ask(server, path)[2]
        if wanted in body:
            return body
        asyncio.run(asyncio.sleep(0.05))
    raise AssertionError(f"{wanted!r} never came")


def plain(headers):
    return {name: value for name, value in headers.items() if name not in OF_THE_WAY}


PAGES = [
    "/events/call/",
    "/events/call/?show=key",
    "/events/call/?utm_source=x",
    "/embed/call/",
    "/embed/call/?posts=2",
]


@pytest.mark.parametrize("path", PAGES)
def test_memory_and_view_give_the_same_page_with_the_same_headers(server, path):
    status, headers, body = ask(server, path)
    again, by_view, html = ask(server, path, x_pen="django")
    assert (status, body) == (again, html) and status == 200
    assert plain(headers) == plain(by_view)
    assert "set-cookie" not in headers and headers["vary"] == "Accept-Encoding"


def test_memory_and_view_give_the_same_catch_up(server):
    epoch = json.loads(ask(server, "/events/call/updates/?after=0")[2])["epoch"]
    for query in ("after=0", f"after=0&epoch={epoch}", f"after=2&epoch={epoch}", f"after=999&epoch={epoch}"):
        _status, headers, body = ask(server, f"/events/call/updates/?{query}")
        _again, by_view, answer = ask(server, f"/events/call/updates/?{query}", x_pen="django")
        assert json.loads(body) == json.loads(answer), query
        assert plain(headers) == plain(by_view), query


@pytest.mark.parametrize("coding,unpack", [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_page_comes_in_the_coding_that_was_asked_for(server, coding, unpack):
    whole = ask(server, "/events/call/")[2]
    _status, headers, body = ask(server, "/events/call/", accept_encoding=coding)
    assert headers["content-encoding"] == coding
    assert int(headers["content-length"]) == len(body) < len(whole) / 2
    assert unpack(body) == whole


def test_who_has_the_page_is_told_so_in_no_words(server):
    for path in ("/events/call/", "/embed/call/", "/events/call/updates/?after=0"):
        _status, headers, _body = ask(server, path)
        for known in (headers["etag"], headers["etag"].removeprefix("W/"), f'"other", {headers["etag"]}', "*"):
            status, unchanged, body = ask(server, path, if_none_match=known)
            assert (status, body) == (304, b"")
            assert unchanged["etag"] == headers["etag"] and unchanged["cache-control"] == headers["cache-control"]
        assert ask(server, path, if_none_match='"another"')[0] == 200


def test_the_head_has_the_same_headers_and_no_body(server):
    _status, headers, _body = ask(server, "/events/call/")
    status, head, nothing = ask(server, "/events/call/", method="HEAD")
    assert (status, nothing) == (200, b"")
    assert {**head, "date": ""} == {**headers, "date": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_another_method_is_refused(server, method):
    for path in ("/events/call/", "/events/call/updates/?after=0", "/embed/call/"):
        status, headers, _body = ask(server, path, method=method)
        assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_nothing_depends_on_the_host_or_on_a_cookie(server):
    whole = ask(server, "/events/call/")
    for headers in ({"host": "evil.example"}, {"cookie": "sessionid=1"}, {"accept_language": "ar"}):
        status, given, body = ask(server, "/events/call/", **headers)
        assert (status, plain(given), body) == (200, plain(whole[1]), whole[2])


def test_each_update_makes_a_new_page_and_the_old_words_are_gone(own):
    before = ask(own, "/events/call/")
    done = own.pen("publish", headline="Seen on the next page: halibut")
    until(own, "/events/call/", b"halibut")
    assert ask(own, "/events/call/")[1]["etag"] != before[1]["etag"]
    own.pen("withdraw", post=done["post"])
    until(own, "/events/call/", b"withdrawn")
    for path in (*PAGES, "/events/call/updates/?after=0"):
        assert b"halibut" not in ask(own, path)[2], path


def test_readers_cost_no_query(server):
    paths = (*PAGES, "/events/call/updates/?after=0", "/events/call/updates/?after=2")
    for path in paths:
        ask(server, path)
    before = server.pen("asked")["statements"]
    for path in paths * 5:
        assert ask(server, path)[0] == 200
    assert server.pen("asked")["statements"] == before


def test_many_who_ask_at_once_share_one_making(own):
    own.pen("publish", headline="All want this at once")

    async def crowd():
        return await asyncio.gather(*(asyncio.to_thread(ask, own, "/events/call/") for _count in range(12)))

    before = own.pen("asked")["posts"]
    ask(own, "/events/call/?show=key")
    one = own.pen("asked")["posts"] - before
    before = own.pen("asked")["posts"]
    assert len({answer[2] for answer in asyncio.run(crowd())}) == 1
    # Of all posts a page asks a little more than of key events.
    assert own.pen("asked")["posts"] - before <= 2 * one


def test_a_former_address_leads_to_the_present_one(own):
    ask(own, "/events/call/")
    own.pen("change", fields={"slug": "telephone"})
    for path, there in (("/events/call/", "/events/telephone/"), ("/embed/call/", "/embed/telephone/")):
        for _try in range(100):
            status, headers, _body = ask(own, path)
            if status == 301:
                break
        assert (status, headers["location"]) == (301, there)
        assert ask(own, there)[0] == 200
    assert ask(own, "/events/call/updates/?after=0")[0] == 200


def test_what_partners_alone_may_show_has_no_page_and_still_catches_up(own):
    own.pen("change", fields={"visibility": "partners"})
    for _try in range(100):
        codes = [ask(own, path)[0] for path in ("/events/call/", "/embed/call/", "/events/call/updates/?after=0")]
        if codes == [404, 404, 200]:
            return
    raise AssertionError(codes)


def test_a_private_event_is_as_absent_as_one_that_never_was(own):
    ask(own, "/events/call/")
    own.pen("change", fields={"visibility": "private"})
    for path in ("/events/{}/", "/embed/{}/", "/events/{}/updates/?after=0"):
        for _try in range(100):
            status, _headers, body = ask(own, path.format("call"))
            if status == 404:
                break
        assert (status, body) == (404, ask(own, path.format("nothing"))[2])


def test_nonsense_in_a_catch_up_is_a_sentence(server):
    for query in ("", "after=x", "after=-1", "after=1&after=2", "after=9223372036854775808", "after=1&utm=2"):
        status, headers, body = ask(server, f"/events/call/updates/?{query}")
        assert status == 400 and json.loads(body)["error"] and headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "accepted,coding",
    [
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip", "gzip"),
        (b"br;q=0.5, gzip;q=0.8", "gzip"),
        (b"br;q=0, gzip;q=0", ""),
        (b"*", "br"),
        (b"*;q=0", ""),
        (b"identity", ""),
        (b"", ""),
        (b"br;q=x", ""),
        (b"BR", "br"),
    ],
)
def test_the_coding_is_the_one_that_the_reader_likes_best(accepted, coding):
    assert best_coding(accepted) == coding


def test_the_shelf_counts_what_a_copy_takes_beside_its_body():
    shelf = Shelf()
    for number in range(2000):
        shelf.put(number, Copy("", "text/plain", {"ETag": f'"{number}"'}, "e", 1))
    assert 0 < len(shelf._copies) < 1500


def test_the_shelf_forgets_what_the_event_has_left_behind_and_what_is_too_much(monkeypatch):
    def copy(text, sequence, epoch="a"):
        return Copy(text, "text/plain", {"ETag": f'"{text[:5]}"'}, epoch, sequence)

    shelf = Shelf()
    shelf.put("page", copy("page one", 1))
    assert shelf.get("page", "a", 1) is not None
    assert shelf.get("page", "a", 2) is None
    shelf.put("page", copy("page two", 2))
    assert shelf.get("page", "b", 0) is None
    monkeypatch.setattr("events.live.copies.SHELF", 10_000)
    for name in "abc":
        shelf.put(name, copy(name * 400, 1))
    assert [shelf.get(name, "a", 1) is not None for name in "abc"] == [False, True, True]


def test_with_too_many_waiting_for_the_database_it_says_when_to_come_back(database):
    with processes.newsroom(database, PEN_MAX_WAITING="0") as server:
        for path in ("/events/call/", "/events/call/updates/?after=0"):
            status, headers, body = ask(server, path)
            assert (status, headers["cache-control"]) == (503, "no-store")
            assert 2 <= int(headers["retry-after"]) <= 8
            assert b"Try again" in body
            assert headers["content-type"].startswith("text/plain" if "updates" in path else "text/html")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to cut")
def test_without_a_database_what_is_in_memory_is_still_shown(database):
    parts = urlsplit(database)
    login, _at, place = parts.netloc.rpartition("@")
    with Proxy(int(place.partition(":")[2] or 5432)) as line:
        far = parts._replace(netloc=f"{login}@127.0.0.1:{line.port}").geturl()
        _without_database(line, far)


def _without_database(line, far):
    with processes.newsroom(far) as server:
        done = server.pen("publish", headline="Kept in memory")
        paths = (*PAGES, f"/events/call/updates/?after={done['sequence'] - 1}")
        for path in paths:
            ask(server, path)
        line.down()
        for path in paths:
            assert ask(server, path)[0] == 200, path
        status, headers, _body = ask(server, "/embed/call/?posts=7")
        assert status == 503 and int(headers["retry-after"]) > 0
