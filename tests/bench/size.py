"""Bar 7: an event with ten thousand posts beside one with a hundred.

Both in one process, in turns: publish a news post, fetch the page (which is new after it), ask
for what came since, and for what came since a place that the process has not in memory, which
only the database knows. Medians of the turns.
"""

import http.client
import statistics
import time

from tests.bench.candidates import Ours
from tests.bench.table import Found, number, ratio
from tests.bench.world import World

SMALL, LARGE, TURNS = 100, 10_000, 40
QUICK_SMALL, QUICK_LARGE, QUICK_TURNS = 80, 160, 3
#: Updates before the beginning at which that place is: more than a process begins with (`events.live.hub.WARM`).
FAR = 55
#: What still counts as “as fast”: medians of some milliseconds are not steadier than this.
TOLERANCE = 1.25


def measure(world: World) -> Found:
    """Turns of three deeds at each event."""
    small, large = (QUICK_SMALL, QUICK_LARGE) if world.quick else (SMALL, LARGE)
    times: dict[tuple[int, str], list[float]] = {}
    world.seed("large", large)
    with world.ours("small", small) as ours:
        web = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=30)
        starts = {slug: ours.do("head", event=slug)["sequence"] for slug in ("small", "large")}
        for turn in range(-2, QUICK_TURNS if world.quick else TURNS):
            for size, slug in ((small, "small"), (large, "large")):
                for deed, milliseconds in _turn(ours, web, slug, turn, starts[slug]).items():
                    if turn >= 0:
                        times.setdefault((size, deed), []).append(milliseconds)
    medians = {key: statistics.median(values) for key, values in times.items()}
    found = Found()
    rows = []
    for deed in ("publish", "page", "catch-up", "catch-up from the database"):
        few, many = medians[small, deed], medians[large, deed]
        found.most(7, f"{deed}: {large:,} posts by {small}", ratio(many, few), TOLERANCE, "×")
        rows.append([deed, number(few), number(many), f"{number(ratio(many, few))}×"])
        found.figures.setdefault("size", {})[deed] = {"few": few, "many": many}
    heads = ["", f"{small} posts, ms", f"{large:,} posts, ms", "ratio"]
    found.tables.append(("Size of the event: medians, the page just after an update", heads, rows))
    return found


def _turn(ours: Ours, web: http.client.HTTPConnection, slug: str, turn: int, start: int) -> dict[str, float]:
    """Milliseconds of each deed at an event that stood at `start`. Raises RuntimeError when memory answered for all."""
    ours.event = slug
    published = ours.do("publish", mark=f"turn {turn}")
    # The page is that of the new sequence once the process has heard of it.
    while (head := ours.do("head"))["heard"] not in (head["sequence"], None):
        time.sleep(0.01)
    page = _get(web, f"/events/{slug}/")
    updates = f"/events/{slug}/updates/?epoch={head['epoch']}&after="
    near = _get(web, f"{updates}{head['sequence'] - 1}")
    ours.do("queries")
    far = _get(web, f"{updates}{start - FAR}")
    if not ours.do("queries")["readers"]:
        raise RuntimeError(f"What came to “{slug}” since {start - FAR} was answered without the database.")
    deeds = {"publish": published["seconds"] * 1000, "page": page}
    return {**deeds, "catch-up": near, "catch-up from the database": far}


def _get(web: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until the whole answer is here. Raises RuntimeError on anything but 200."""
    began = time.monotonic()
    web.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = web.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return (time.monotonic() - began) * 1000
