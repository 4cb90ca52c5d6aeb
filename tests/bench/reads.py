"""Bar 4: pages and catch-up beside a trivial asynchronous view, in the same process.

Each address is asked for by 16 kept connections from the readers' core, gzip accepted, in
turns; the figure is the median of the turns. The trivial view answers two bytes, once with
the project's own middleware around it (the bar is judged against this one: it is what any
view of the project costs) and once with none. Queries are counted in the server, those of the
look, which passes whether anybody reads or not, apart.
"""

import json
import statistics
import subprocess
import sys
from typing import Any

from tests.bench import machine
from tests.bench.candidates import Ours
from tests.bench.table import Found, number, ratio
from tests.bench.world import World
from tests.services import ROOT

CONNECTIONS, SECONDS, TURNS, POSTS = 16, 2.0, 3, 40
TRIVIAL, PLAIN = "trivial view", "trivial view, no middleware"


def measure(world: World) -> Found:
    """Ask for each address in turns."""
    found = Found()
    with world.ours("reads", 5 if world.quick else POSTS) as ours:
        here = ours.do("head")
        after = f"after={here['sequence'] - 3}&epoch={here['epoch']}"
        addresses = {
            TRIVIAL: "/bench/trivial",
            PLAIN: "/bench/plain",
            "live page": "/events/reads/",
            "key page": "/events/reads/?show=key",
            "embed": "/embed/reads/",
            "catch-up": f"/events/reads/updates/?{after}",
        }
        turns: dict[str, list[dict[str, Any]]] = {name: [] for name in addresses}
        for _turn in range(1 if world.quick else TURNS):
            for name, path in addresses.items():
                turns[name].append(ask(ours, path, 0.3 if world.quick else SECONDS))
    rates = {name: statistics.median(one["answers"] / one["seconds"] for one in told) for name, told in turns.items()}
    queries = {name: sum(one["queries"] for one in told) for name, told in turns.items()}
    found.figures["reads"] = {name: {"rate": rates[name], "queries": queries[name]} for name in addresses}
    rows = [
        [
            name,
            number(rates[name]),
            str(turns[name][-1]["bytes"]),
            "gzip" if "content-encoding: gzip" in turns[name][-1]["head"].lower() else "plain",
            str(queries[name]),
            f"{number(ratio(rates[name], rates[TRIVIAL]))}×",
            f"{number(ratio(rates[name], rates[PLAIN]))}×",
        ]
        for name in addresses
    ]
    heads = ["address", "answers a second", "bytes", "", "queries", "by trivial view", "by the same, no middleware"]
    found.tables.append(("Reads: answers a second from one process, 16 connections", heads, rows))
    for name in ("live page", "key page", "embed", "catch-up"):
        found.least(4, f"{name}: answers a second by a trivial view's", ratio(rates[name], rates[TRIVIAL]), 5, "×")
    for name in ("live page", "catch-up"):
        found.most(4, f"{name}: queries beyond the regular look", queries[name], 0)
    if wrong := sum(one["wrong"] for told in turns.values() for one in told):
        found.notes.append(f"{wrong} answers to reads were not 200.")
    return found


def ask(ours: Ours, path: str, seconds: float) -> dict[str, Any]:
    """Load one address from a client on the readers' core; with the queries that it took."""
    client = [sys.executable, "-m", "tests.bench.rates", str(ours.port), path]
    with machine.started_on(machine.cores()[1]):
        # The first answer fills what is kept; it is not counted.
        subprocess.run([*client, "0.1", "1"], cwd=ROOT, check=True, capture_output=True, timeout=60)
        ours.do("queries")
        done = subprocess.run(
            [*client, str(seconds), str(CONNECTIONS)], cwd=ROOT, check=True, capture_output=True, timeout=seconds + 60
        )
    told: dict[str, Any] = json.loads(done.stdout)
    return {**told, "queries": ours.do("queries")["readers"]}
