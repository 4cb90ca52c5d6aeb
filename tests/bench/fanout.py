"""Bars 1 and 2: one message to thousands of readers, ours beside the others, update by update.

Every candidate holds the same number of readers at the same time, on the same core; each
round publishes once through each, one after the other. The time of a round is that from
handing the message to the candidate's publish door until its 99th-percentile reader has
it; the figure is the median over the rounds. CPU is the serving process's own.
"""

import statistics
import time
from contextlib import ExitStack
from typing import Any

from tests.bench import machine
from tests.bench.candidates import Bare, Candidate, Ours, others
from tests.bench.readers import Readers, readers
from tests.bench.table import Found, number, ratio
from tests.bench.world import World

STEPS, ROUNDS = (1000, 4000, 8000), 20
QUICK_STEPS, QUICK_ROUNDS = (20, 40, 80), 2
#: Rounds that go before, uncounted; and how many rounds pass for each of the stock consumer's, who needs seconds and
#: has one before.
WARM, STOCK_EVERY = 2, 10
#: Seconds that all readers may take to have one message: the stock consumer's sometimes take half a minute.
PATIENCE = 120
NAMES = {"ours": "ours", "nchan": "Nchan (nginx, C)", "bare": "bare C loop of send()", "stock": "stock Channels"}

Times = dict[str, list[float]]


def measure(world: World) -> Found:
    """Run all steps."""
    steps = QUICK_STEPS if world.quick else STEPS
    found = Found()
    with ExitStack() as stack:
        ours = stack.enter_context(world.ours("fanout"))
        rest, missing = others(stack, world.redis_url)
        found.notes += missing
        pairs = [(one, stack.enter_context(readers(one.port, one.path))) for one in [ours, *rest]]
        figures: dict[str, dict[str, dict[str, float]]] = {}
        have = 0
        for step in steps:
            opened = {one.name: crowd.open(step - have)["seconds"] for one, crowd in pairs}
            figures[str(step)] = _step(world, pairs, step)
            for one, _crowd in pairs:
                figures[str(step)][one.name]["handshakes"] = (step - have) / opened[one.name]
            have = step
    found.figures["fanout"] = figures
    found.figures["frame"] = ours.last["bytes"]
    _judge(found, figures, steps)
    return found


def _step(world: World, pairs: list[tuple[Candidate, Readers]], count: int) -> dict[str, dict[str, float]]:
    """Rounds of one number of readers; the figures of each candidate."""
    rounds = QUICK_ROUNDS if world.quick else ROUNDS
    kept: dict[str, list[dict[str, Any]]] = {one.name: [] for one, _crowd in pairs}
    text = ""
    time.sleep(0 if world.quick else 2)
    for at in range(-WARM, rounds):
        # Nobody always comes after the stock consumer, which leaves the core's caches to nobody.
        first = max(at, 0) % len(pairs)
        for one, crowd in pairs[first:] + pairs[:first]:
            if one.name == "stock" and not _is_stocks(at):
                continue
            told = _publish(one, crowd, f"round-{count}-{at}", text, count)
            if isinstance(one, Ours):
                # The others send as many bytes as ours did.
                text = "x" * (one.last["bytes"])
            if at >= 0:
                kept[one.name].append(told)
    return {one.name: _figures(kept[one.name], one, count) for one, _crowd in pairs}


def _is_stocks(at: int) -> bool:
    """Whether the stock consumer takes a round: the last of those that warm, then each tenth."""
    return at == -1 or (at >= 0 and at % STOCK_EVERY == 0)


def _publish(one: Candidate, crowd: Readers, mark: str, text: str, count: int) -> dict[str, Any]:
    """Publish once and wait until every reader has it."""
    crowd.watch(mark, count, PATIENCE)
    used = machine.cpu_seconds(one.pid)
    handed = one.publish(mark, mark + text[len(mark) :])
    told = crowd.hear()
    if told["received"] != count:
        raise RuntimeError(f"{one.name}: {told['received']} of {count} readers have {mark}.")
    if isinstance(one, Bare):
        time.sleep(0.01)
    times = {name: (told[name] - handed) * 1000 for name in ("first", "p50", "p99", "last")}
    if isinstance(one, Ours):
        times["commit_p99"] = (told["p99"] - one.last["committed"]) * 1000
    return {**times, "client": told["client_cpu"], "cpu": machine.cpu_seconds(one.pid) - used}


def _figures(kept: list[dict[str, Any]], one: Candidate, count: int) -> dict[str, float]:
    """Medians over the rounds: ms, µs of CPU a delivery (server and client), KB of memory."""
    figures = {
        name: statistics.median(told[name] for told in kept) for name in kept[0] if name.endswith(("p50", "p99"))
    }
    deliveries = count * len(kept)
    figures["cpu"] = sum(told["cpu"] for told in kept) * 1e6 / deliveries
    figures["client"] = sum(told["client"] for told in kept) * 1e6 / deliveries
    figures["rss"] = machine.rss_kb(one.pid)
    figures["rounds"] = len(kept)
    return figures


def _judge(found: Found, figures: dict[str, dict[str, dict[str, float]]], steps: tuple[int, ...]) -> None:
    """The table, the bars, and whether the client stood in the way."""
    first, last = str(steps[0]), str(steps[-1])
    top = figures[last]
    for step in figures.values():
        for one in step.values():
            one["mb"] = one["rss"] / 1024
    for one in top:
        top[one]["kb"] = (top[one]["rss"] - figures[first][one]["rss"]) / (steps[-1] - steps[0])
    shown = ("p50", "p99", "cpu", "mb", "kb", "handshakes")
    heads = ["way", "readers", "rounds", "p50 ms", "p99 ms", "CPU µs a delivery", "MB", "KB a reader"]
    heads.append("handshakes a second")
    rows = [
        [
            NAMES[one],
            f"{step:,}",
            str(figures[str(step)][one]["rounds"]),
            *(number(figures[str(step)][one].get(name)) for name in shown),
        ]
        for step in steps
        for one in NAMES
        if one in figures[str(step)]
    ]
    found.tables.append(
        (f"Fan-out: one news post, a frame of {found.figures['frame']} bytes, to every reader", heads, rows)
    )
    p99 = {one: top.get(one, {}).get("p99") for one in NAMES}
    found.most(1, f"p99 at {steps[-1]:,} readers, ours by Nchan", ratio(p99["ours"], p99["nchan"]), 1, "×")
    found.most(1, f"p99 at {steps[-1]:,} readers, ours by a bare send() loop", ratio(p99["ours"], p99["bare"]), 3, "×")
    found.least(1, f"p99 at {steps[-1]:,} readers, stock Channels by ours", ratio(p99["stock"], p99["ours"]), 15, "×")
    found.most(2, f"RSS growth a reader from {steps[0]:,} to {steps[-1]:,}, pings on", top["ours"]["kb"], 25, " KB")
    commit = top["ours"]["commit_p99"]
    found.notes.append(
        f"Ours from COMMIT instead of the publish door: p99 {number(commit)} ms at {steps[-1]:,} readers."
    )
    if "bare" in top:
        client = top["bare"]["client"] * steps[-1] / 1000
        busy = client / top["bare"]["p99"]
        found.notes.append(
            f"The load client used {number(client)} ms of its core in the bare loop's {number(top['bare']['p99'])} ms"
            + (": it is the limit there, and the bare loop is faster than shown." if busy > 0.9 else ".")
        )
