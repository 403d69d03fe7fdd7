"""An import holds no more of a long file than of a short one."""

from __future__ import annotations

import csv
import tracemalloc

from tests.violations.test_import_events import EVENT
from violations.importing import ucdp
from violations.importing.events import import_events


def test_memory_does_not_grow_with_the_lines(astana, tmp_path):
    """Traced within Python, of lines that are taken and lines that are not: ten times as many need no more."""

    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.csv"
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, EVENT)
            table.writeheader()
            for number in range(lines):
                odd = {"best": "many"} if number % 3 == 0 else {}
                table.writerow(EVENT | {"id": str(1 + number), "source_headline": "A headline" * 20} | odd)
        tracemalloc.start()
        try:
            told = import_events(astana, path, reader=ucdp, by=None, rejects=tmp_path / "rejects.csv", dry_run=True)
            assert told.new + told.refused == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    few, many = peak(500), peak(5_000)
    assert many < few + 256 * 1024, f"{few:,} bytes for 500 lines, {many:,} for 5,000"
