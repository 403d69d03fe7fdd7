"""`./run bench [NAMES] [--large]`: measure, tell, and write docs/benchmarks.md where everything was measured."""

from __future__ import annotations

import argparse
import sys
import time

import django

django.setup()

from tests.bench import alerts, candidates, closings, databases, editions, exports, filing, imports, page, queue  # noqa: E402 - Django first
from tests.bench.measuring import step  # noqa: E402
from tests.bench.sizes import LARGE, ORDINARY, TOY  # noqa: E402

MEASUREMENTS = {
    "import": imports.measure,
    "history": closings.measure_history,
    "month": closings.measure_month,
    "pdf": editions.measure,
    "queue": queue.measure,
    "filing": filing.measure,
    "candidates": candidates.measure,
    "alerts": alerts.measure,
    "exports": exports.measure,
}
# What is the same at every size, so that its rows may come to a page that has none of it.
OF_NO_SIZE = {"candidates", "alerts", "exports"}


def main() -> int:
    """Return 0 where every limit was held."""
    asked = _arguments()
    sizes = TOY if asked.toy else LARGE if asked.large else ORDINARY
    began = time.monotonic()
    with step("A simulated truce"):
        databases.make_truce()
    databases.connect(databases.TRUCE)
    on = page.machine()
    names = asked.names or list(MEASUREMENTS)
    rows = [row for name in MEASUREMENTS if name in names for row in MEASUREMENTS[name](sizes)]
    print(page.table(rows))  # noqa: T201 - what was asked for
    if set(names) == set(MEASUREMENTS) and not asked.toy:
        page.write(rows, on=on, sizes=sizes, took=time.monotonic() - began)
        sys.stderr.write("Written to docs/benchmarks.md.\n")
    elif asked.again:
        new = set(names) <= OF_NO_SIZE
        page.PAGE.write_text(page.mend(page.PAGE.read_text(), rows, names=names, on=on, new=new))
        sys.stderr.write("Written into docs/benchmarks.md, in the place of what stood there.\n")
    missed = [row.what for row in rows if row.held is False]
    for what in missed:
        sys.stderr.write(f"bench: a limit was missed: {what}.\n")
    return 1 if missed and not asked.toy else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"What to measure: {', '.join(MEASUREMENTS)}.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--large", action="store_true", help="What takes an hour and more, too.")
    size.add_argument("--toy", action="store_true", help="Tiny sizes, one run: tries the bench, measures nothing.")
    parser.add_argument(
        "--again", action="store_true", help="Of named measurements: write their rows into docs/benchmarks.md anew."
    )
    asked = parser.parse_args()
    if asked.again and (asked.toy or not asked.names or not page.PAGE.exists()):
        parser.error("--again is for named measurements, where docs/benchmarks.md has the others.")
    unknown = sorted(set(asked.names) - set(MEASUREMENTS))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(MEASUREMENTS)}.")
    return asked


sys.exit(main())
