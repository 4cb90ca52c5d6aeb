"""Bar 5: twenty editors publish into one event at once.

Two processes of ten threads each, on all cores, as two server processes would have them.
Every publish takes the event's lock, so this is the rate of one event, not of a newsroom.
Afterwards the database is asked for holes and for what was lost.
"""

import json
import subprocess
import sys
from typing import Any

from tests.bench.table import Found, number
from tests.bench.world import World
from tests.services import ROOT

PROCESSES, EDITORS, POSTS = 2, 10, 50


def measure(world: World) -> Found:
    """Let them write, then count."""
    found = Found()
    posts = 2 if world.quick else POSTS
    world.seed("editors")
    told = _write(world, posts)
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    written = PROCESSES * EDITORS * posts
    held = json.loads(world.run("-m", "tests.bench.seed", "--count", "editors"))
    errors = [error for one in told for error in one["errors"]]
    found.figures["editors"] = {"rate": written / seconds, "errors": len(errors), **held}
    rows = [
        [str(written), number(seconds), number(written / seconds), str(held["holes"]), str(written - held["deeds"])]
    ]
    heads = ["publishes", "seconds", "a second", "holes", "lost"]
    found.tables.append(("Editors: 20 at once in one event", heads, rows))
    found.least(5, "publishes a second, 20 editors in one event", written / seconds, 100)
    found.most(5, "holes in the sequence, and updates lost", held["holes"] + written - held["deeds"], 0)
    if errors:
        found.notes.append(f"{len(errors)} publishes were refused; the first: {errors[0]}")
    return found


def _write(world: World, posts: int) -> list[dict[str, Any]]:
    """Start the editors' processes and give all of them one word to begin."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.editing", "editors", str(EDITORS), str(posts), str(number)],
            cwd=ROOT,
            env=world.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    try:
        for process in processes:
            process.stdout.readline()
        for process in processes:
            process.stdin.write("begin\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait(10)
