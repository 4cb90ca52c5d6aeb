"""Bar 3: the readers of a killed process come back to the restarted one.

They had everything; two posts are published while the process is dead. The clock starts
when the new process answers: each reader comes back at a random moment of ten seconds
with `after=` and `epoch=`, and is caught up when its answer reaches what was published.
An editor publishes twice a second meanwhile, from the desk of the same process, with a
session and all that a request of theirs passes through; that is the time an editor waits.
The server is as it is shipped, with its limit of handshakes a second.
"""

import threading
import time
from typing import Any

from tests.bench import world as worlds
from tests.bench.candidates import Ours
from tests.bench.readers import Readers, readers
from tests.bench.table import Found, number
from tests.bench.world import World
from tests.faults.scene import Desk
from tests.processes import Server

READERS, JITTER, QUICK_READERS, QUICK_JITTER = 4000, 10.0, 40, 1.0
EDITOR_PAUSE = 0.5


def measure(world: World) -> Found:
    """Fill, kill, restart, and watch them come back."""
    count, jitter = (QUICK_READERS, QUICK_JITTER) if world.quick else (READERS, JITTER)
    world.seed("storm", 40)
    server = world.server()
    try:
        worlds.start(server)
        ours = worlds.candidate(server, "storm")
        with readers(ours.port, ours.path) as crowd:
            crowd.open(count, rate=500)
            before = ours.do("head")
            server.kill()
            world.run("-m", "tests.bench.seed", "--publish", "storm", "2")
            worlds.start(server)
            ours = worlds.candidate(server, "storm")
            told = _storm(server, ours, crowd, before, count, jitter)
    finally:
        server.close()
    return _judge(told, count, jitter)


def _storm(
    server: Server, ours: Ours, crowd: Readers, before: dict[str, Any], count: int, jitter: float
) -> dict[str, Any]:
    """The storm itself; the editor goes on until all are back."""
    target = ours.do("head")["sequence"]
    desk = Desk(server, ours.do("head")["pk"], session=ours.do("log_in")["session"])
    # What a process does once, it has done before.
    _publish(desk, "before the storm")
    ours.do("queries")
    crowd.path = f"{ours.path}?after={before['sequence']}&epoch={before['epoch']}"
    crowd.tell("come_back", count=count, target=target, jitter=jitter, seconds=jitter * 3)
    waits: list[float] = []
    failed: list[Exception] = []
    over = threading.Event()
    editor = threading.Thread(target=_edit, args=(desk, waits, failed, over))
    editor.start()
    told = crowd.hear()
    over.set()
    editor.join()
    if failed:
        raise failed[0]
    asked = ours.do("queries")
    return {**told, "waits": sorted(waits), "queries": asked["readers"] + asked["looks"], **asked}


def _edit(desk: Desk, waits: list[float], failed: list[Exception], over: threading.Event) -> None:
    """Publish until it is over; note what an editor waits, in milliseconds, and what went wrong."""
    try:
        while not over.wait(EDITOR_PAUSE):
            began = time.monotonic()
            _publish(desk, f"meanwhile {len(waits)}")
            waits.append((time.monotonic() - began) * 1000)
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        failed.append(error)


def _publish(desk: Desk, headline: str) -> None:
    status, said = desk.publish(headline, key=headline)
    if status != 200:
        raise RuntimeError(f"The desk answered {status}: {said}")


def _judge(told: dict[str, Any], count: int, jitter: float) -> Found:
    found = Found()
    waits = told.pop("waits")
    p99 = waits[round((len(waits) - 1) * 0.99)] if waits else None
    seconds = told["seconds"] if told["caught_up"] == count else None
    found.figures["storm"] = {**told, "editor_p99": p99, "publishes": len(waits)}
    heads = ["readers", "jitter s", "caught up", "after s", "tries", "queries", "publishes", "editor p99 ms"]
    row = [f"{count:,}", number(jitter), f"{told['caught_up']:,}", number(told["seconds"]), f"{told['tries']:,}"]
    row += [str(told["queries"]), str(len(waits)), number(p99)]
    found.tables.append(("Storm: a killed process's readers come back", heads, [row]))
    found.most(3, f"seconds until all {count:,} are caught up", seconds if seconds else jitter * 3, 15, " s")
    found.most(3, "database queries, looks included, editors' left out", told["queries"], 20)
    found.most(3, "an editor's publish meanwhile, p99", p99, 300, " ms")
    return found
