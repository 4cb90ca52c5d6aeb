"""`python -m tests.bench.editing SLUG EDITORS POSTS NAME`: editors of one process, all at once, each as fast as it can.

Prints the moment of the first and of the last publish (monotonic seconds), and the errors.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from django.db import connection  # noqa: E402

from events import publishing  # noqa: E402
from events.live import channel  # noqa: E402
from events.models import Event  # noqa: E402
from events.publishing.words import Busy  # noqa: E402
from liveblog.server import settle_memory  # noqa: E402

#: Times that an editor presses again before it counts as an error.
PRESSES = 5


def _press(publish: Callable[[], Any]) -> None:
    """Publish; where the event is busy for longer than anybody waits, press again, as an editor is told to."""
    for _time in range(PRESSES):
        with contextlib.suppress(Busy):
            publish()
            return
    publish()


def _edit(event: Event, name: str, posts: int) -> list[str]:
    errors = []
    for number in range(posts):
        try:
            words = publishing.Words(headline=f"{name}/{number}", body="<p>The two are on the line.</p>")
            _press(partial(publishing.publish, event, words=words, by=None, key=f"{name}-{number}"))
        except Exception as error:  # noqa: BLE001 - counted
            errors.append(repr(error))
        finally:
            connection.close()  # as the end of a request does
    return errors


if __name__ == "__main__":
    slug, editors, posts, process = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    event = Event.objects.get(slug=slug)
    connection.close()
    # As each server process does once it has started.
    settle_memory()
    # All processes begin at one word.
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    with ThreadPoolExecutor(editors) as pool:
        told = list(pool.map(lambda editor: _edit(event, f"{process}.{editor}", posts), range(editors)))
    print(json.dumps({"began": began, "ended": time.monotonic(), "errors": sum(told, [])}), flush=True)
    channel.flush()
