"""Measure the reader's page, print a table of what was wanted, and with `--write-docs` put it into docs/performance.md.

Two minutes and a half, best on a machine that does nothing else. The exit code is 1 where a bar is missed.
"""

import argparse
import json
import time
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests import processes
from tests.bench import docs
from tests.bench.table import markdown
from tests.figures import living, loading, touching
from tests.figures.site import chrome, site
from tests.services import ROOT


@dataclass(frozen=True)
class Figure:
    """One bar: the line of docs/reader.md, what was measured, and the most that it may be."""

    line: str
    what: str
    value: float
    most: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is within its bar."""
        return self.value <= self.most

    def row(self) -> list[str]:
        """As the table shows it."""
        digits = 0 if self.unit == "ms" else 3 if not self.unit and self.most < 1 else 1
        value = f"{self.value:.{digits}f} {self.unit}".strip()
        return [self.line, self.what, value, f"≤ {self.most:g} {self.unit}".strip(), "met" if self.is_met else "MISSED"]


def _loading(browser: Browser, server: processes.Server) -> list[Figure]:
    weight, load = loading.weigh(browser, server), loading.load(browser, server)
    return [
        Figure("R4", "JavaScript, gzipped", weight["js"], 10, "KB"),
        Figure("R4", "CSS, gzipped", weight["css"], 8, "KB"),
        Figure("R4", "html of 20 posts, gzipped", weight["html"], 40, "KB"),
        Figure("R5", "LCP", load["lcp"], 1500, "ms"),
        Figure("R5", "TBT", load["tbt"], 100, "ms"),
        Figure("R5", "CLS at load", load["cls"], 0.004),
    ]


def _living(browser: Browser, server: processes.Server) -> list[Figure]:
    life = living.live(browser, server)
    return [
        *(Figure("R14", f"CLS over {living.SECONDS} updates, {at}", life["cls"][at], 0.01) for at in living.PLACES),
        *(Figure("R13", f"the post being read moved, {at}", life["moved"][at], 1, "px") for at in living.PLACES),
        Figure("R7", f"publish to the count on the pill, p95 of {life['counted']}", life["delay"], 1000, "ms"),
        Figure("R29", "announcements for fifty posts in a minute", life["said"], 3),
    ]


def _touching(browser: Browser, server: processes.Server) -> list[Figure]:
    touch = touching.touch(browser, server)
    return [
        Figure("", f"INP with {touching.ON_PAGE} posts: the pill, one new post", touch["pill"], 100, "ms"),
        Figure("", f"INP: the pill, {touching.ON_PAGE - 20} new posts at once", touch["many"], 500, "ms"),
        Figure("", f"INP with {touching.ON_PAGE} posts: older posts", touch["older"], 100, "ms"),
        Figure("", f"INP with {touching.ON_PAGE} posts: the filter", touch["filter"], 100, "ms"),
    ]


SUBJECTS = {"loading": _loading, "living": _living, "touching": _touching}


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--only", choices=SUBJECTS, help="one subject alone")
    asked = parser.parse_args()
    with site() as server, chrome() as browser:
        figures = [
            figure
            for name, subject in SUBJECTS.items()
            if asked.only in (None, name)
            for figure in subject(browser, server)
        ]
    table = markdown(["line", "what", "measured", "wanted", ""], [figure.row() for figure in figures])
    print(table)
    kept = ROOT / "run" / "figures.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps([vars(figure) for figure in figures], indent=1))
    if asked.write_docs and not asked.only:
        docs.put("page", f"Measured {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC\n\n{table}")
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
