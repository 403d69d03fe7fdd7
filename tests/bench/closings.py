"""Closing a month: over a short and a long history, and a month that is large itself against SQL written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from reports import closings, periods
from reports.figures import assemble, comparison, counting
from reports.figures.known import Known
from reports.models import PeriodKind
from tests.bench import by_hand, databases, record
from tests.bench.measuring import Row, compared, interleaved, step
from tests.bench.sizes import Sizes

SHORT, LONG, FULL = "bench_short", "bench_long", "bench_full"


def measure_history(sizes: Sizes) -> list[Row]:
    """Close the same month over histories of other lengths: the work is the month's, not the history's."""
    _make(SHORT, sizes.month, sizes.little_history, sizes.pattern)
    rows = []
    for history in filter(None, (sizes.history, sizes.long_history)):
        _make(LONG, sizes.month, history, sizes.pattern)
        over = {name: f"over {incidents:,}" for name, incidents in ((LONG, history), (SHORT, sizes.little_history))}
        timed = interleaved(
            f"Closing {record.MONTH}, {sizes.month:,} incidents",
            {over[name]: lambda name=name: _close(name) for name in (LONG, SHORT)},  # type: ignore[misc]
            runs=sizes.runs,
        )
        rows.append(
            compared(
                f"Closing a month of {sizes.month:,} incidents: over a history of {history:,} against one of"
                f" {sizes.little_history:,}",
                timed[over[LONG]],
                timed[over[SHORT]],
                most=1.5,
            )
        )
        databases.drop(LONG)
    databases.drop(SHORT)
    return rows


def measure_month(sizes: Sizes) -> list[Row]:
    """Compute the common sections of a large month, and the same tables by hand; both give the same figures."""
    _make(FULL, sizes.full_month, sizes.little_history, sizes.pattern)
    found: dict[str, by_hand.Figures] = {}
    timed = interleaved(
        f"The figures of a month of {sizes.full_month:,} incidents",
        {"figures": lambda: _figures(found), "SQL by hand": lambda: _by_hand(found)},
        runs=sizes.runs,
    )
    if found["figures"] != found["by hand"]:
        differing = [key for key, _number in found["figures"].items() ^ found["by hand"].items()]
        raise AssertionError(f"The figures differ from those counted by hand: {sorted(map(str, differing))[:20]}.")
    if ("compared", None, None, "violations previous") not in found["figures"]:
        raise AssertionError("The month before holds nothing that the month is compared with.")
    databases.drop(FULL)
    return [
        compared(
            f"The sections of a month that holds {sizes.full_month:,} incidents, hashed, against SQL by hand for the"
            f" same tables ({len(found['figures']):,} figures, all equal)",
            timed["figures"],
            timed["SQL by hand"],
            most=1.5,
        )
    ]


def _make(name: str, month: int, history: int, pattern: int) -> None:
    with step(f"A record of {month:,} incidents in a month and {history:,} before it"):
        record.make(name, incidents=month, history=history, pattern=pattern)


def close_and_forget() -> closings.Lease:
    """Request and compute the closing of the month, as a worker does; within a transaction that the caller ends."""
    closing = closings.request(databases.truce(), PeriodKind.MONTH, record.MONTH)
    lease = closings.claim(closing.pk)
    assert lease is not None
    closings.compute(lease)
    return lease


def _close(name: str) -> Callable[[], None]:
    databases.connect(name)

    def work() -> None:
        with transaction.atomic():
            close_and_forget()
            transaction.set_rollback(True)

    return work


def _known() -> Known:
    databases.connect(FULL)
    agreement = databases.truce()
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return Known(agreement, agreement.terms, periods.bounds(agreement.terms, PeriodKind.MONTH, record.MONTH), now)


def _figures(found: dict[str, by_hand.Figures]) -> Callable[[], None]:
    known = _known()

    def work() -> None:
        with transaction.atomic():
            figures = assemble.figures(known)
        found["figures"] = by_hand.figures_of(figures.sections)

    return work


def _by_hand(found: dict[str, by_hand.Figures]) -> Callable[[], None]:
    known = _known()
    before = comparison.compared_with(known)
    assert before is not None
    readings = list(counting.holders(known))

    def work() -> None:
        with transaction.atomic():
            found["by hand"] = by_hand.count(known, before, readings=readings)

    return work
