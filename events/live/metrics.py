"""What a process tells Prometheus about delivery; `docs/metrics.md` says when to worry.

No label names an event, a reader or an address. Each value of a label is a series kept for
ever, here and at Prometheus: a newsroom with a thousand events, or whoever invents
addresses, would fill both. Where events differ, the worst of them is told.

With PROMETHEUS_MULTIPROC_DIR in the environment (before this is imported) the processes of
one supervisor share their numbers through files there, and any of them answers for all.
The supervisor empties the directory first, and calls `tallies.fold` when a process has ended.
"""

import asyncio
import os
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from events.live import tallies

# When a series began is nobody's question, and as many lines again.
disable_created_metrics()
_OURS = CollectorRegistry()
ProcessCollector(registry=_OURS)

#: Seconds: from a few milliseconds in one process to what the look needs and beyond.
_DELAYS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0)

to_hub = Histogram(
    "liveblog_publish_to_hub_seconds",
    "From the commit of an update to its arrival in a process with readers of its event.",
    ["way"],
    buckets=_DELAYS,
    registry=_OURS,
)
to_socket = Histogram(
    "liveblog_hub_to_socket_seconds",
    "From the arrival of an update in a process to the write to the last of its sockets.",
    buckets=_DELAYS,
    registry=_OURS,
)
readers = Gauge(
    "liveblog_readers",
    "Open sockets, and catch-up requests in the last 15 seconds.",
    ["transport"],
    multiprocess_mode="livesum",
    registry=_OURS,
)
healed = Counter(
    "liveblog_gaps_healed",
    "Times that a process or a reader had missed updates and was given them, by what did it.",
    ["by"],
    registry=_OURS,
)
merged = Counter(
    "liveblog_messages_merged",
    "Messages that waited behind a fan-out and went out together, as one that says the same.",
    registry=_OURS,
)
slow_closed = Counter(
    "liveblog_slow_closed",
    "Readers closed or cut because they did not keep up.",
    ["why"],
    registry=_OURS,
)
refused = Counter(
    "liveblog_refused",
    "Readers who were sent away for want of a place, or to come back later.",
    ["by"],
    registry=_OURS,
)
head_minus_served = Gauge(
    "liveblog_head_minus_served",
    "How many updates the event that is furthest behind in a process is behind the database, by its last look.",
    multiprocess_mode="livemax",
    registry=_OURS,
)
announcements_lost = Counter(
    "liveblog_announcements_lost",
    "Announcements that did not reach the channel layer.",
    ["how"],
    registry=_OURS,
)
layer_up = Gauge(
    "liveblog_layer_up",
    "Whether the channel layer brings a process's own words back to it.",
    multiprocess_mode="livemin",
    registry=_OURS,
)
database_silent = Gauge(
    "liveblog_database_silent",
    "Whether a process's looks at the database go without an answer.",
    multiprocess_mode="livemax",
    registry=_OURS,
)

# Every label's value is there from the start: a rate needs a zero to begin with.
for _metric, _values in (
    (to_hub, ("layer", "look")),
    (readers, ("socket", "polling")),
    (healed, ("look", "suspect", "ring", "database")),
    (slow_closed, ("stuck", "often", "silent")),
    (refused, ("process", "address", "rate", "busy")),
    (announcements_lost, ("dropped", "failed")),
):
    for _value in _values:
        _metric.labels(_value)


_counted: dict[str, int] = {}


def note_lost(lost: dict[str, int]) -> None:
    """Count the announcements lost since the last call; `lost` is `channel.lost`, which knows no metrics."""
    for how, number in lost.items():
        announcements_lost.labels(how).inc(number - _counted.get(how, 0))
        _counted[how] = number


def text() -> bytes:
    """Everything in Prometheus's text format, version 0.0.4."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return generate_latest(_OURS)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    with tallies.reading(folder):
        return generate_latest(registry)


async def answer(send: Any) -> None:
    """Answer `/metrics` by raw ASGI. For operators: a proxy keeps readers away from it."""
    # With several processes their files are read: not on the loop.
    body = await asyncio.to_thread(text)
    headers = [
        (b"content-type", CONTENT_TYPE_PLAIN_0_0_4.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
