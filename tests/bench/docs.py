"""docs/performance.md: the last run's tables, and what follows from them for a million readers."""

import math
import re
from typing import Any

from tests.bench.table import markdown, number, report
from tests.services import ROOT

PAGE = ROOT / "docs" / "performance.md"
#: Readers of one process, of all of them, and the seconds in which an update should reach them.
OF_PROCESS, ALL, SECONDS = 10_000, 1_000_000, 2
#: The load average of the last minute before a run that is to be quoted.
MOST_LOAD = 1.0


def write(result: dict[str, Any]) -> None:
    """Put a full run into the page, between its marks. Raises SystemExit for one that is not to be quoted."""
    if result["quick"] or "fanout" not in result["figures"]:
        raise SystemExit("docs/performance.md takes full runs with the fan-out only.")
    refuse_busy(result["machine"])
    for name, text in (("tables", report(result)), ("million", million(result["figures"]))):
        put(name, text)


def refuse_busy(machine: dict[str, str]) -> None:
    """Raise SystemExit where something else was at work on the machine when the run began."""
    if float(machine["load before"]) > MOST_LOAD:
        raise SystemExit(
            f"The load average before was {machine['load before']}: something else was at work here. "
            f"docs/performance.md takes runs on a quiet machine only ({MOST_LOAD:g} at most); wait a few minutes."
        )


def put(name: str, text: str) -> None:
    """Put `text` into the page, between the marks of `name`."""
    page = PAGE.read_text(encoding="utf-8")
    marks = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    page = re.sub(marks, lambda found: f"{found[1]}\n{text.strip()}\n\n{found[2]}", page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8")


def million(figures: dict[str, Any]) -> str:
    """What a million readers need, computed from one process's figures."""
    steps = figures["fanout"]
    most = max(steps, key=int)
    ours = steps[most]["ours"]
    processes = ALL // OF_PROCESS
    base = ours["mb"] - ours["kb"] * int(most) / 1024
    memory = processes * (base + ours["kb"] * OF_PROCESS / 1024) / 1024
    busy = ours["cpu"] * OF_PROCESS / 1e6
    cores = ours["cpu"] * ALL / 1e6 / SECONDS
    egress = figures["frame"] * ALL * 8 / SECONDS / 1e9
    rows = [
        [f"processes of {OF_PROCESS:,} readers", f"{processes}"],
        ["messages through Redis for one update", f"{processes}"],
        ["CPU of one process for one update", f"{number(busy)} s"],
        [f"cores, for one update within {SECONDS} s", f"{math.ceil(cores)}"],
        ["memory of all processes", f"{number(memory)} GB ({number(base)} MB each, {number(ours['kb'])} KB a reader)"],
        [
            f"egress while one news post (a frame of {figures['frame']} bytes) goes out within {SECONDS} s",
            f"{number(egress)} Gbit/s",
        ],
        ["queries for one update", f"one look a process each 1.5 s: {number(processes / 1.5)} a second"],
    ]
    if "reads" in figures:
        rate = figures["reads"]["live page"]["rate"]
        rows.append(
            ["the same million loading the page in a minute, without a cache", f"{math.ceil(ALL / 60 / rate)} cores"]
        )
    return markdown(["a million readers", ""], rows)
