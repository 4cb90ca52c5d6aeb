"""`python -m tests.bench.desk`: from the click on Publish until it is stored, and until a reader sees it.

A real browser sits at the desk and another on the live page, while so many sockets are open
beside them. Two minutes at most; `--write-docs` puts the table into docs/performance.md.
"""

import argparse
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests import processes
from tests.bench import docs, machine
from tests.bench.readers import Readers, readers
from tests.bench.table import markdown, number
from tests.bench.world import World, start, world
from tests.services import chromium, free_port

SOCKETS, ROUNDS, POSTS = 2000, 60, 200
QUICK = (20, 3, 20)
#: Milliseconds at p95 that each may take.
WANTED = {"empty": 100, "stored": 150, "socket": 1000, "screen": 1000}
SAYS = {
    "empty": "click to the cursor in an empty composer",
    "stored": "click to stored, the answer at the desk",
    "socket": "click to the last of all sockets",
    "screen": "click to a reader's screen, drawn",
}
PASSWORD = "only for the bench"
MEMBER = f"""
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()
from django.contrib.auth.models import User
from events.models import Event
User.objects.create_superuser("bench", password={PASSWORD!r})
print(Event.objects.get(slug="desk").pk)
"""
#: Types a headline, clicks, and waits for an empty composer and for the answer: when each was, and when it was clicked.
PUBLISH = """async (mark) => {
  const headline = document.getElementById("headline");
  headline.value = mark;
  headline.dispatchEvent(new Event("input", { bubbles: true }));
  performance.clearResourceTimings();
  const answered = () => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/deeds/publish/"));
  const times = { clicked: Date.now(), empty: 0, stored: 0 };
  document.getElementById("publish").click();
  while (!times.empty || !times.stored) {
    if (!times.empty && !headline.value && document.activeElement === headline) times.empty = Date.now();
    if (!times.stored && answered()) times.stored = Date.now();
    await new Promise((done) => setTimeout(done, 1));
  }
  return times;
}"""
#: Notes when each headline has been drawn.
WATCH = """() => {
  window.drawn = {};
  document.getElementById("auto").click();
  new MutationObserver(() => {
    const found = Array.from(document.querySelectorAll("#posts h3"), (title) => title.textContent);
    requestAnimationFrame(() => setTimeout(() => { for (const text of found) window.drawn[text] ||= Date.now(); }));
  }).observe(document.body, { childList: true, subtree: true });
}"""

Times = dict[str, list[float]]


@contextmanager
def _serving(made: World, posts: int) -> Iterator[tuple[str, int, str]]:
    """The server as `manage.py serve` runs it, with one event; its address, its port, the desk's path."""
    made.seed("desk", posts)
    event = made.run("-c", MEMBER).strip()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = made.environment(
        PORT=str(port), HOST="127.0.0.1", SITE_URL=url, ACCEPT_RATE="100000", SOCKETS_PER_ADDRESS="100000"
    )
    server = processes.Server([sys.executable, "manage.py", "serve"], port, env)
    try:
        start(server)
        yield url, port, f"/admin/events/event/{event}/desk/"
    finally:
        server.close()


def _pages(browser: Browser, url: str, desk: str) -> tuple[Page, Page]:
    """The desk, logged in, and a reader who has new posts shown by themselves."""
    editor = browser.new_context().new_page()
    editor.goto(f"{url}/admin/login/?next={desk}")
    editor.fill("#id_username", "bench")
    editor.fill("#id_password", PASSWORD)
    editor.press("#id_password", "Enter")
    editor.wait_for_selector("#rows article")
    reader = browser.new_context().new_page()
    reader.goto(f"{url}/events/desk/")
    reader.wait_for_selector(".ago")
    reader.evaluate(WATCH)
    return editor, reader


def _round(editor: Page, reader: Page, crowd: Readers, sockets: int, times: Times) -> None:
    """Publish once, and add what it took, in milliseconds."""
    # Like nothing that went before: the desk asks about twins.
    mark = secrets.token_hex(8)
    crowd.watch(mark, sockets)
    told = editor.evaluate(PUBLISH, mark)
    heard = crowd.hear()
    if heard["received"] != sockets:
        raise RuntimeError(f"{heard['received']} of {sockets} readers have {mark}.")
    reader.wait_for_function("(mark) => window.drawn[mark]", arg=mark)
    clicked = told["clicked"]
    for name in ("empty", "stored"):
        times[name].append(told[name] - clicked)
    # From the clock that all processes share to the one that browsers have.
    times["socket"].append((heard["last"] + time.time() - time.monotonic()) * 1000 - clicked)
    times["screen"].append(reader.evaluate("(mark) => window.drawn[mark]", mark) - clicked)


def measure(made: World) -> tuple[int, Times]:
    """All rounds: how many sockets were open, and the times."""
    sockets, rounds, posts = QUICK if made.quick else (SOCKETS, ROUNDS, POSTS)
    times: Times = {name: [] for name in WANTED}
    with _serving(made, posts) as (url, port, desk), readers(port, "/ws/events/desk/") as crowd:
        crowd.open(sockets)
        with machine.started_on(machine.cores()[1]), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            editor, reader = _pages(browser, url, desk)
            for _number in range(rounds):
                _round(editor, reader, crowd, sockets, times)
                time.sleep(0.2)
            browser.close()
    return sockets, times


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def report(sockets: int, times: Times, notes: list[str], *, quick: bool) -> str:
    """The table, with when and on what it was measured."""
    rows: list[list[str]] = []
    for name, limit in WANTED.items():
        figure = _p95(times[name])
        met = "met" if figure <= limit else "MISSED"
        cells = (statistics.median(times[name]), figure, max(times[name]))
        rows.append([SAYS[name], *(number(cell) for cell in cells), f"≤ {limit}", met])
    about: dict[str, Any] = machine.describe()
    said = f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {about['processor']}: {len(times['stored'])} posts, "
    said += f"{sockets:,} sockets open, times in ms." + (" Quick: not to be quoted." if quick else "")
    table = markdown(["from the desk", "p50", "p95", "most", "wanted at p95", ""], rows)
    return "\n\n".join([said, *[f"- {note}" for note in notes], table])


def main() -> None:
    """Measure, print, and write where that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few readers: proves that it runs, measures nothing")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/performance.md too")
    given = parser.parse_args()
    if given.quick and given.write_docs:
        parser.error("docs/performance.md takes full runs only.")
    if not chromium():
        raise SystemExit("The desk's figures need an installed Chromium.")
    machine.raise_open_files()
    with world(given.quick) as made:
        sockets, times = measure(made)
        text = report(sockets, times, made.notes, quick=given.quick)
    print(text)
    if given.write_docs:
        docs.put("desk", text)


if __name__ == "__main__":
    main()
