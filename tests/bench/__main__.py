"""`python -m tests.bench`: measure, print one table, write it as JSON.

`--only fanout,reads` measures those alone; `--quick` proves in seconds that it runs.
"""

import argparse
import json
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import docs, editors, fanout, machine, reads, size, slow, storm, table
from tests.bench.world import world
from tests.services import ROOT

#: Each subject and the bars that it measures.
SUBJECTS = {
    "fanout": fanout.measure,
    "storm": storm.measure,
    "reads": reads.measure,
    "editors": editors.measure,
    "slow": slow.measure,
    "size": size.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", metavar="NAMES", default=",".join(SUBJECTS), help="of: %(default)s")
    parser.add_argument("--quick", action="store_true", help="few readers: proves that it runs, measures nothing")
    parser.add_argument("--json", metavar="PATH", type=Path, default=ROOT / "run" / "bench.json")
    parser.add_argument("--write-docs", action="store_true", help="put the result into docs/performance.md too")
    parser.add_argument("--from", dest="source", metavar="PATH", type=Path, help="show an earlier run instead")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := set(given.only) - set(SUBJECTS):
        parser.error(f"--only knows {', '.join(SUBJECTS)}; not {', '.join(unknown)}.")
    return given


def main() -> None:
    """Measure what was asked for, or read it, and print it."""
    given = _arguments()
    failed: list[str] = []
    if given.source:
        result = json.loads(given.source.read_text(encoding="utf-8"))
    else:
        result, failed = _measure(given)
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n" + table.report(result))
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")
    if given.write_docs:
        docs.write(result)


def _measure(given: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """All subjects that were asked for; what fails is named, and costs the others nothing."""
    about = machine.describe()
    if given.write_docs:
        docs.refuse_busy(about)
    files = machine.raise_open_files()
    found: list[table.Found] = []
    failed: list[str] = []
    with world(given.quick) as made:
        if files < machine.WANTED_FILES:
            made.notes.append(f"Only {files} open files are allowed (ulimit -n); 20,000 are needed for all readers.")
        if len(set(machine.cores())) == 1:
            made.notes.append("Only one core: servers and readers share it, and all times are longer than in earnest.")
        for name in given.only:
            print(f"Measuring {name} …", flush=True)
            began = time.monotonic()
            try:
                found.append(SUBJECTS[name](made))
            except Exception as error:  # noqa: BLE001 - the others are measured all the same
                failed.append(name)
                made.notes.append(f"“{name}” could not be measured: {str(error).strip().splitlines()[-1:]}")
                traceback.print_exc()
            print(f"  {time.monotonic() - began:.0f} s", flush=True)
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        return table.result(found, machine=about, when=when, quick=given.quick, notes=made.notes), failed


if __name__ == "__main__":
    main()
