"""Our server as `manage.py serve` runs it, with addresses for the bench in front.

`python -m tests.bench.ours`. What an editor does is done here, in the process that serves,
as an editor's request would do it. Queries are counted, those of the editors apart.
"""

import asyncio
import json
import os
import re
import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.test import override_settings  # noqa: E402

from events import publishing  # noqa: E402
from events.live import channel, database  # noqa: E402
from events.live import hub as hubs  # noqa: E402
from events.models import Event, Stream  # noqa: E402
from events.publishing import Words  # noqa: E402
from liveblog import asgi, server  # noqa: E402
from tests import cast  # noqa: E402
from tests.bench.machine import raise_open_files  # noqa: E402

#: Queries since the last question, by who asked: editors, the look (which passes whether anybody reads or not), or
#: all others, who are the readers.
queries: Counter[str] = Counter()
#: The readers' statements among them.
statements: Counter[str] = Counter()
_here = threading.local()
#: Whether an editor's deed is done: it follows a request into the thread that answers it.
_edits: ContextVar[bool] = ContextVar("edits", default=False)
_editors = ThreadPoolExecutor(8, thread_name_prefix="editors")
_announce = channel.announce
_read_heads = database.read_heads


def _count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if _edits.get():
        queries["editors"] += 1
    elif getattr(_here, "looks", False):
        queries["looks"] += 1
    else:
        queries["readers"] += 1
        statements[_short(sql)] += 1
    return execute(sql, params, many, context)


def _short(sql: str) -> str:
    """What a statement does to which table, enough to tell it from others."""
    return " ".join(re.findall(r"^[A-Z]+|(?<=FROM |INTO )\S+|(?<=WHERE ).{0,60}|(?<=UPDATE )\S+", sql))


def _count_on(connection: Any, **_signal: Any) -> None:
    if _count not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count)


def _handed(*arguments: Any) -> None:
    """The publish door: the moment at which it is passed is noted."""
    _here.handed, _here.size = time.monotonic(), len(arguments[1])
    _announce(*arguments)


def _look(*arguments: Any) -> Any:
    """The look's one question: what it asks is its own. What it then heals is for readers."""
    _here.looks = True
    try:
        return _read_heads(*arguments)
    finally:
        _here.looks = False


def publish(order: dict[str, Any]) -> dict[str, Any]:
    """Publish a news post of `size` further letters; say when it was committed and handed over.

    Its frame carries the post and the header that it changes, as nearly all do.
    """
    event = Event.objects.get(slug=order["event"])
    words = Words(headline=order["mark"], body=f"<p>{'x' * order.get('size', 0)}</p>", kind="news")
    began = time.monotonic()
    with transaction.atomic():
        transaction.on_commit(lambda: setattr(_here, "committed", time.monotonic()))
        done = publishing.publish(event, words=words, by=None)
    return {
        "sequence": done.sequence,
        "handed": _here.handed,
        "committed": _here.committed,
        "bytes": _here.size,
        "seconds": time.monotonic() - began,
    }


def head(order: dict[str, Any]) -> dict[str, Any]:
    """Which event it is, where it is, and where this process has it in memory (None: it has not)."""
    stream, hub = Stream.objects.get(event__slug=order["event"]), hubs.held()
    known = hub.known(order["event"]) if hub else None
    heard = known.sequence if known else None
    return {"pk": stream.event_id, "epoch": stream.epoch, "sequence": stream.sequence, "heard": heard}


def log_in(_order: dict[str, Any]) -> dict[str, Any]:
    """An editor's session."""
    return {"session": cast.session(cast.editor())}


def count(_order: dict[str, Any]) -> dict[str, Any]:
    """The queries since the last such question, by who asked, and the readers' most frequent statements."""
    told: dict[str, Any] = {who: queries[who] for who in ("editors", "looks", "readers")}
    told["statements"] = statements.most_common(12)
    queries.clear()
    statements.clear()
    return told


DEEDS = {"publish": publish, "head": head, "log_in": log_in, "queries": count}


def _do(body: bytes) -> bytes:
    edits = _edits.set(True)
    try:
        order = json.loads(body)
        return json.dumps(DEEDS[order["do"]](order)).encode()
    except Exception:  # noqa: BLE001 - the bench shows it
        return json.dumps({"error": traceback.format_exc()}).encode()
    finally:
        _edits.reset(edits)
        connections.close_all()


def _without_middleware() -> Any:
    """Django's own handler for the same view, with nothing around it."""
    with override_settings(MIDDLEWARE=[]):
        return ASGIHandler()


_trivial = _without_middleware()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Our application, behind the bench's addresses."""
    if scope["type"] == "http" and scope["path"] == "/bench/do":
        body = (await receive())["body"]
        answer = await asyncio.get_running_loop().run_in_executor(_editors, _do, body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": answer})
    elif scope["type"] == "http" and scope["path"] == "/bench/plain":
        await _trivial(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/admin/"):
        edits = _edits.set(True)
        try:
            await asgi.application(scope, receive, send)
        finally:
            _edits.reset(edits)
    else:
        await asgi.application(scope, receive, send)


def main() -> None:
    """Serve, with the server's own flags."""
    raise_open_files()
    connection_created.connect(_count_on)
    channel.announce = _handed
    database.read_heads = _look
    settings.ROOT_URLCONF = "tests.bench.addresses"
    config = server.config()
    config.app = application
    server.Server(config).run(sockets=[server.listen(settings.HOST, settings.PORT)])


if __name__ == "__main__":
    main()
