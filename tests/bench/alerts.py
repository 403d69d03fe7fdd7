"""False alarms of what is told as more than chance would give, on real daily counts, against what is stated of it.

Real counts have surges of their own, so what is flagged as the days came is no false alarm. The same days of each area
in an order drawn at random have none: they keep every day as unevenly filled as it was, and lose what grew or fell over
weeks. What is flagged there is false. A day on which no return is held
is no zero and is in no series; a governorate that a complete breakdown leaves out had none.
"""

from __future__ import annotations

import csv
import random
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from monitoring.days import ONE_DAY
from reports.chance import P_LIMIT
from reports.surges import Tested, series_of, weighed
from tests.bench.measuring import Row, step
from tests.bench.sizes import Sizes
from tests.real_data import BESIDE, EVENTS

RETURNS = BESIDE / "joint-commission"
SEED = 20161230
ORDERS = 40  # of the days, drawn at random
STATED = "stated: 0.4 to 0.8 % of even counts, 1.3 to 1.5 % of clustered ones"  # where 28 days before are held
MOST = 0.015  # of what moderators are told
SIDES = {"RU": "the Russian side's ledger", "TR": "the Turkish side's ledger"}

Counts = Mapping[date, int]
Areas = Mapping[str, Counts]  # by area; every area of one ledger has the same days, those that are held


def measure(sizes: Sizes) -> list[Row]:
    """The rates on both sources; none, and why, where they are not there."""
    if not (RETURNS.is_dir() and EVENTS.exists()):
        sys.stderr.write("  Alerts: not measured, for the real counts, which are handed in, are not there.\n")
        return []
    rows = []
    with step("False alarms on real daily counts"):
        for name, areas in {"UCDP's events by governorate": events(), **ledgers()}.items():
            rows += _rates(name, areas, ORDERS if sizes.runs > 1 else 1)
    return rows


def events() -> Areas:
    """Events dated to a day and placed no coarser than a governorate; the data set covers every day."""
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    with EVENTS.open(newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["date_prec"] == "1"]
    held = [date.fromisoformat(line["date_start"]) for line in lines]
    for line in lines:
        if line["where_prec"] in "1234" and line["adm_1"]:
            counted[line["adm_1"]][date.fromisoformat(line["date_start"])] += 1
    days = [min(held) + ONE_DAY * number for number in range((max(held) - min(held)).days + 1)]
    return {area: {day: counts[day] for day in days} for area, counts in counted.items()}


def ledgers() -> dict[str, Areas]:
    """What each side of the joint commission registered by province, on the days whose breakdown is complete."""
    with (RETURNS / "joint_commission_daily_totals_2017H1.csv").open(newline="") as file:
        told = [line for line in csv.DictReader(file) if line["breakdown_complete"] == "yes"]
    with (RETURNS / "joint_commission_daily_by_province_2017H1.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    found = {}
    for side, name in SIDES.items():
        held = {date.fromisoformat(line["bulletin_date"]) for line in told if line["registered_by"] == side}
        by_province: dict[str, dict[date, int]] = defaultdict(lambda held=held: dict.fromkeys(sorted(held), 0))
        for line in lines:
            day = date.fromisoformat(line["bulletin_date"])
            if line["registered_by"] == side and day in held:
                by_province[line["province"]][day] = int(line["count"])  # two outlets of one day say the same
        found[f"{name} by province"] = dict(by_province)
    return found


def in_order(areas: Areas) -> Iterator[list[Tested]]:
    """The areas tested together on every day from the first to the last held, as they would have been."""
    held = sorted({day for counts in areas.values() for day in counts})
    for number in range((held[-1] - held[0]).days + 1):
        last = held[0] + ONE_DAY * number
        yield weighed({area: series_of(dict(counts), held, None, last=last) for area, counts in areas.items()})


def at_random(areas: Areas, orders: int) -> Iterator[list[Tested]]:
    """The same with each area's days in another order, so many times; the same orders each time."""
    draw = random.Random(SEED)
    for _order in range(orders):
        yield from in_order({area: _otherwise(counts, draw) for area, counts in areas.items()})


def _otherwise(counts: Counts, draw: random.Random) -> Counts:
    values = list(counts.values())
    draw.shuffle(values)
    return dict(zip(counts, values, strict=True))


def _rates(name: str, areas: Areas, orders: int) -> list[Row]:
    came = [one for tested in in_order(areas) for one in tested if one.p is not None]
    drawn = [one for tested in at_random(areas, orders) for one in tested if one.p is not None]
    if not came:
        return []
    phis = [float(one.phi) for one in came if one.phi is not None and sum(one.series.before)]
    before = [statistics.mean(one.series.before) for one in came]
    of = f"{len(areas)} areas, {len(came):,} area-days; a mean day before {statistics.mean(before):.2f}"
    clusters = f"{of}, median phi {statistics.median(phis):.1f}"
    deviating = _share(_by_deviation(drawn_series(areas, orders)))
    what = f"More than chance would give, on {name}"
    return [
        Row(
            f"{what}, days in random order: tests with p of at most {P_LIMIT}, all false",
            f"{_below(drawn):,} of {len(drawn):,}; {clusters}",
            f"{STATED}; mean and three standard deviations of 7 days: {deviating}",
            _below(drawn) / len(drawn),
            "share",
        ),
        Row(
            f"{what}, days in random order: flagged, q too, all false",
            f"{sum(one.flagged for one in drawn):,} of {len(drawn):,}",
            "",
            sum(one.flagged for one in drawn) / len(drawn),
            "share",
            most=MOST,
        ),
        Row(
            f"{what}, days as they came: flagged, real surges among them",
            f"{sum(one.flagged for one in came):,} of {len(came):,}; p of at most {P_LIMIT} in {_below(came):,}",
            "",
            sum(one.flagged for one in came) / len(came),
            "share",
        ),
    ]


def _below(tested: Sequence[Tested]) -> int:
    return sum(one.p is not None and one.p <= P_LIMIT for one in tested)


def drawn_series(areas: Areas, orders: int) -> Iterator[list[int]]:
    """The counts of each area, in the orders that `at_random` draws."""
    draw = random.Random(SEED)
    for _order in range(orders):
        for counts in areas.values():
            yield list(_otherwise(counts, draw).values())


def _by_deviation(series: Iterator[list[int]]) -> list[bool]:
    """Whether a day lies beyond the mean and three standard deviations of the 7 held days before it."""
    flags = []
    for days in series:
        for at in range(7, len(days)):
            before = days[at - 7 : at]
            flags.append(days[at] > statistics.mean(before) + 3 * statistics.stdev(before))
    return flags


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags) / len(flags):.1%} of {len(flags):,}" if flags else "no 7 days before any"
