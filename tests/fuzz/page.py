"""What came of a long run, told on docs/api-fuzzed.md: by role, and a row's cases by their answers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "api-fuzzed.md"
KINDS = {
    "2xx": range(200, 300),
    "304": [304],
    "400": [400],
    "401": [401],
    "403": [403],
    "404": [404],
    "405": [405],
    "406": [406],
    "409": [409],
    "other 4xx": [status for status in range(400, 500) if status not in {400, 401, 403, 404, 405, 406, 409}],
    "5xx": range(500, 600),
}
HEAD = """# The API, fuzzed

What came of asking every operation of the API, as every role, what Schemathesis makes of the description (the test is
`tests/test_api_fuzzed.py`; `FUZZED=1000 ./run test tests/test_api_fuzzed.py` writes this page, a row for each role that
it asked as). A case's answer must be one that is described, in its status, form, headers and content, and what the
description forbids must be refused; where it is not so, there is a fault. What was taken is read and sent again; those
requests are not counted here. Of an operation that can be asked in few ways only, all of them are.

"""


def write(asker: Any, examples: int, *, of: int) -> None:
    """Put the row of this role, with the operations asked so far `of` so many, in place of the one that was there."""
    statuses = sum(asker.statuses.values(), Counter())
    columns = ["role", "operations", "most cases each", "cases", *KINDS, "faults", "on"]
    row = [asker.role, f"{len(asker.statuses)} of {of}", examples, statuses.total()]
    row += [sum(statuses[status] for status in kind) for kind in KINDS.values()]
    row += [len(asker.faults), f"{datetime.now(UTC):%Y-%m-%d}"]
    rows = {
        **_rows(),
        asker.role: "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |",
    }
    lines = ["| " + " | ".join(columns) + " |", "|---" + "|---:" * (len(columns) - 2) + "|---|"]
    PAGE.write_text(HEAD + "\n".join([*lines, *rows.values()]) + "\n")


def _rows() -> dict[str, str]:
    there = PAGE.read_text().splitlines() if PAGE.exists() else []
    return {
        line.split("|")[1].strip(): line for line in there if line.startswith("| ") and not line.startswith("| role |")
    }
