"""How much is measured: in a quarter of an hour, with --large, and to try the bench itself."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Sizes:
    """Numbers of lines, of incidents and of runs; 0 where that is not measured."""

    runs: int = 5
    lines: int = 20_000  # of an imported set
    many_lines: int = 0
    month: int = 5_000  # incidents of the month that is closed
    pattern: int = 5_000  # drawn, of which the others are copies
    little_history: int = 10_000
    history: int = 1_000_000
    long_history: int = 0
    full_month: int = 1_000_000
    queue: int = 1_000_000
    little_queue: int = 10_000
    events: int = 0  # of the real ones; 0: all that there are
    filings: int = 50
    posts: int = 300  # reports filed over HTTP in a run; of documents to the smallest views twice as many


ORDINARY = Sizes()
LARGE = replace(ORDINARY, many_lines=200_000, long_history=10_000_000)
# Says nothing of what anything costs; it tries that everything is measured.
TOY = Sizes(
    runs=1, lines=200, many_lines=400, month=200, pattern=200, little_history=200, history=400, long_history=600,
    full_month=400, queue=400, little_queue=200, events=200, filings=3, posts=20,
)  # fmt: skip
