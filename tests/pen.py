"""A pen for tests: deeds done inside a real server process, or in a process of their own.

`python -m tests.pen serve` is `manage.py serve` with one further address, which does what
an editor's request would do in that process. `python -m tests.pen '{"verb": …}'` does it
once, as a management command would.
"""

import asyncio
import json
import os
import sys
import time
import traceback
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.utils import timezone  # noqa: E402

from events import frames, publishing  # noqa: E402
from events.live import channel, questions  # noqa: E402
from events.live import hub as hubs  # noqa: E402
from events.models import Event, Post, Stream  # noqa: E402
from events.publishing import Line, Words  # noqa: E402
from liveblog import asgi, server  # noqa: E402
from tests import cast  # noqa: E402
from tests.drawn import put_up  # noqa: E402


def write(order: dict[str, Any]) -> dict[str, Any]:
    """Do what the order says; answer with the post, the sequence and the seconds that it took."""
    began = time.monotonic()
    done = VERBS[order["verb"]](order)
    return {**done, "seconds": time.monotonic() - began}


def _told(done: publishing.Done) -> dict[str, Any]:
    return {"post": done.post.pk if done.post else None, "sequence": done.sequence}


def _event(order: dict[str, Any]) -> Event:
    return Event.objects.get(slug=order.get("event", "call"))


def _post(order: dict[str, Any]) -> Post:
    return Post.objects.get(pk=order["post"])


def _words(order: dict[str, Any]) -> Words:
    body = f"<p>{order.get('body', 'The two are on the line.')}</p>"
    return Words(headline=order["headline"], body=body, kind=order.get("kind", "news"))


def _begin(_order: dict[str, Any]) -> dict[str, Any]:
    return {"pk": cast.event().pk}


def _publish_many(order: dict[str, Any]) -> dict[str, Any]:
    done = [VERBS["publish"]({**order, "headline": f"Post {number}."}) for number in range(order["count"])]
    return {"posts": [one["post"] for one in done], "sequence": done[-1]["sequence"]}


def _revise(order: dict[str, Any]) -> dict[str, Any]:
    post = _post(order)
    return _told(publishing.revise(post, words=_words(order), revision=post.revision, by=None))


def _summarise(order: dict[str, Any]) -> dict[str, Any]:
    return _told(publishing.summarise(_event(order), lines=[Line(text=order["text"])], by=None))


def _move(order: dict[str, Any]) -> dict[str, Any]:
    post = _post(order)
    assert post.sort_at is not None
    return _told(publishing.move(post, by=None, sort_at=post.sort_at + timedelta(seconds=order["seconds"])))


def _schedule(order: dict[str, Any]) -> dict[str, Any]:
    at = timezone.now() + timedelta(seconds=order["seconds"])
    return _told(publishing.schedule(_event(order), words=_words(order), by=None, at=at))


def _renew(order: dict[str, Any]) -> dict[str, Any]:
    event = _event(order)
    return {"renewed": publishing.renew_epoch(event, seen=event.stream.epoch)}


def _set_back(order: dict[str, Any]) -> dict[str, Any]:
    """What a restored backup looks like: an earlier counter, and the posts after it gone."""
    event = _event(order)
    Post.objects.filter(event=event, sequence__gt=order["sequence"]).delete()
    event.updates.filter(sequence__gt=order["sequence"]).delete()
    Stream.objects.filter(event=event).update(sequence=order["sequence"], parts_sequence=order["sequence"])
    return {}


def _log_in(order: dict[str, Any]) -> dict[str, Any]:
    """Give Ada, or another member of the staff, a session, as the login page does."""
    user = cast.member(order["name"], order["group"]) if "name" in order else cast.editor()
    return {"session": cast.session(user), "event": _event(order).pk}


def _publish_and_die(order: dict[str, Any]) -> dict[str, Any]:
    """Commit, and end without a word before the update is announced."""
    channel.announce = lambda *_update: os._exit(9)  # type: ignore[assignment]
    return _told(publishing.publish(_event(order), words=_words(order), by=None))


def _kill_tasks(_order: dict[str, Any]) -> dict[str, Any]:
    """End each task of this process's hub, as an error that nobody thought of would."""
    hub = hubs._hub
    assert hub is not None
    tasks = dict(hub._tasks)
    for task in tasks.values():
        hub.loop.call_soon_threadsafe(task.cancel)
    return {"tasks": sorted(tasks)}


def _column(order: dict[str, Any]) -> dict[str, Any]:
    """All posts with a place in the column, newest first: [id, order, version], as articles carry them."""
    return {"posts": [[post.pk, post.order, str(post.version)] for post in _event(order).posts.visible().newest()]}


def _readers(order: dict[str, Any]) -> dict[str, Any]:
    """Who reads the event now, and how late its last update was, as the desk is told."""
    hub, event = hubs.held(), _event(order)
    assert hub is not None
    return {**hub.readers(event.pk)._asdict(), "delay": hub.delay(event.pk)}


def _fresh(order: dict[str, Any]) -> dict[str, Any]:
    """What a fresh catch-up from nothing says, or its next page from `after`."""
    event = _event(order)
    answer = frames.catch_up(event.pk, order.get("after", 0), event.stream.epoch)
    return {"answer": answer}


_asked = {"statements": 0, "posts": 0}


def _count_statements() -> None:
    """Count what this process asks of the posts' table: the look, which never ends, asks others alone."""
    execute = CursorWrapper.execute

    def counted(cursor: CursorWrapper, sql: Any, params: Any = None) -> Any:
        if "event" in str(sql):
            _asked["posts"] += '"events_post"' in str(sql)
            _asked["statements"] += "events_stream" not in str(sql) or '"events_post"' in str(sql)
        return execute(cursor, sql, params)

    CursorWrapper.execute = counted  # type: ignore[method-assign]


VERBS = {
    "asked": lambda _order: dict(_asked),
    "begin": _begin,
    "publish": lambda order: _told(publishing.publish(_event(order), words=_words(order), by=None)),
    "publish_many": _publish_many,
    "publish_and_die": _publish_and_die,
    "log_in": _log_in,
    "kill_tasks": _kill_tasks,
    "readers": _readers,
    "revise": _revise,
    "withdraw": lambda order: _told(publishing.withdraw(_post(order), by=None)),
    "pin": lambda order: _told(publishing.pin(_event(order), post=_post(order), by=None)),
    "remove": lambda order: _told(publishing.remove(_post(order), by=None)),
    "restore": lambda order: _told(publishing.restore(_post(order), by=None)),
    "mark": lambda order: _told(publishing.mark(_post(order), by=None, key_event=order["key_event"])),
    "move": _move,
    "pause": lambda order: _told(publishing.pause(_event(order), by=None)),
    "end": lambda order: _told(publishing.end(_event(order), by=None)),
    "schedule": _schedule,
    "summarise": _summarise,
    "picture": lambda order: {"picture": put_up(_event(order)).name},
    "change": lambda order: _told(publishing.change(_event(order), by=None, **order["fields"])),
    "renew": _renew,
    "set_back": _set_back,
    "fresh": _fresh,
    "column": _column,
}


def _write_in_thread(body: bytes) -> bytes:
    try:
        return json.dumps(write(json.loads(body))).encode()
    except Exception:  # noqa: BLE001 - the test shows it
        return json.dumps({"error": traceback.format_exc()}).encode()
    finally:
        connections.close_all()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Our application, and the pen's address in front of it; `x-pen: django` asks Django's views alone."""
    if (b"x-pen", b"django") in scope.get("headers", ()):
        await asgi._django(scope, receive, send)
        return
    if scope["type"] != "http" or scope["path"] != "/pen":
        await asgi.application(scope, receive, send)
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    answer = await asyncio.to_thread(_write_in_thread, body)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": answer})


def _serve() -> None:
    _count_statements()
    hubs.SLOW_SECONDS = float(os.environ.get("PEN_SLOW_SECONDS", hubs.SLOW_SECONDS))
    hubs.WARM = int(os.environ.get("PEN_WARM", hubs.WARM))
    questions.MAX_WAITING = int(os.environ.get("PEN_MAX_WAITING", questions.MAX_WAITING))
    settings.PULSE_SECONDS = float(os.environ.get("PEN_PULSE_SECONDS", settings.PULSE_SECONDS))
    config = server.config()
    config.app = "tests.pen:application"
    server.Server(config).run(sockets=[server.listen(settings.HOST, settings.PORT)])


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve()
    else:
        print(json.dumps(write(json.loads(sys.argv[1]))))
        channel.flush()
