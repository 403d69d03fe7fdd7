"""Whether the score finds what belongs together: real events, each told a second time as another source might.

The second telling is the event as recorded, its point and its days drawn anew within what `where_prec` and `date_prec`
leave open, with a fixed seed, under a number of its own. Asked of a second telling, the event it was drawn from is the
one right answer; every other event, and every other second telling, is a wrong one. Events that share day, point and
parties with another are distinct: they are asked for by themselves, as the hardest.
"""

from __future__ import annotations

import csv
import math
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from monitoring import ledger, mechanism, mechanism_file
from monitoring.models import Agreement
from tests.bench import databases
from tests.bench.measuring import Row, step
from tests.bench.sizes import Sizes
from tests.conftest import MECHANISMS
from tests.violations.real_events import TRUCE, load_boundaries
from violations import candidates, nearness
from violations.importing.events import FORMATS, import_events
from violations.models import ReportLink

DATABASE = "bench_candidates"
SEED = 20161230
FIRST = (1, 3, 5)
# How far from its point an event may lie, in metres, and how many days it may be off, by UCDP's precisions.
METRES = {"1": 1_000, "2": 25_000, "3": 25_000, "4": 50_000, "5": 25_000, "6": 150_000, "7": 150_000}
DAYS = {"1": 0, "2": 2, "3": 3, "4": 10, "5": 30}
NUMBER = 10_000_000  # added to the number of an event to make that of its second telling
EARLIEST = date(2016, 12, 30)  # the truce's first day
DEGREE = 111_320.0  # metres of a degree of latitude

Line = dict[str, str]
Listed = Mapping[int, Sequence[int]]


def measure(sizes: Sizes) -> list[Row]:
    """Precision and recall at one, three and five; none of either, and why, where the events are not there."""
    if not TRUCE.exists():
        sys.stderr.write("  Candidates: not measured, for the real events, which are handed in, are not there.\n")
        return []
    events = _events()[: sizes.events or None]
    with tempfile.TemporaryDirectory() as folder, step(f"{len(events):,} real events, each told twice"):
        agreement = _truce()
        for name, lines in (("once", events), ("again", told_again(events))):
            _import(agreement, Path(folder) / f"{name}.csv", lines)
    incidents = _incidents()
    rows = []
    for name, asked in _groups(events).items():
        right = {incidents[_again(number)]: incidents[number] for number in asked}
        rows += _figures(name, right, _listed(candidates.of(right)), _listed(nearness.near(right)))
    rows.append(_time(list(incidents.values())))
    databases.drop(DATABASE)
    return rows


def told_again(events: Iterable[Line]) -> list[Line]:
    """Each event as another source might tell it, within what its precisions leave open; the same each time."""
    draw = random.Random(SEED)
    return [_otherwise(event, draw) for event in events]


def _otherwise(event: Line, draw: random.Random) -> Line:
    off, towards = METRES[event["where_prec"]] * math.sqrt(draw.random()), draw.uniform(0, 2 * math.pi)
    north = off * math.cos(towards) / DEGREE
    east = off * math.sin(towards) / DEGREE / math.cos(math.radians(float(event["latitude"])))
    later = timedelta(days=draw.randint(-DAYS[event["date_prec"]], DAYS[event["date_prec"]]))
    days = {name: str(max(date.fromisoformat(event[name]) + later, EARLIEST)) for name in ("date_start", "date_end")}
    return (
        event
        | days
        | {
            "id": _again(event["id"]),
            "latitude": f"{float(event['latitude']) + north:.6f}",
            "longitude": f"{float(event['longitude']) + east:.6f}",
        }
    )


def _again(number: str) -> str:
    return str(int(number) + NUMBER)


def _events() -> list[Line]:
    with TRUCE.open(newline="") as file:
        return list(csv.DictReader(file))


def _key(event: Line) -> tuple[str, ...]:
    return tuple(event[name] for name in ("date_start", "date_end", "latitude", "longitude", "side_a", "side_b"))


def _groups(events: Sequence[Line]) -> dict[str, list[str]]:
    """The numbers of the events by how finely they are placed; and of those that share their keys with another."""
    alike = Counter(map(_key, events))
    return {
        "events placed to a locality": [event["id"] for event in events if event["where_prec"] == "1"],
        "events placed to their surroundings": [event["id"] for event in events if event["where_prec"] == "2"],
        "events placed to a district or coarser": [event["id"] for event in events if event["where_prec"] in "34567"],
        "events placed to a locality that share days, point and parties with others": [
            event["id"] for event in events if event["where_prec"] == "1" and alike[_key(event)] > 1
        ],
    }


def _truce() -> Agreement:
    databases.create(DATABASE)
    databases.connect(DATABASE)
    with ledger.writing() as entry:
        version = mechanism.record(mechanism_file.read(MECHANISMS / "astana-2016.toml"), by=None, entry=entry)
    load_boundaries()
    return version.agreement


def _import(agreement: Agreement, path: Path, lines: Sequence[Line]) -> None:
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, lines[0])
        table.writeheader()
        table.writerows(lines)
    came = import_events(agreement, path, reader=FORMATS["ucdp-ged"], by=None, anyway=True)
    if came.refused:
        sys.stderr.write(f"  {came.refused} lines of {path.name} were refused.\n")


def _incidents() -> dict[str, int]:
    """The incident of each event by its number."""
    return dict(ReportLink.objects.open().members().values_list("report__external_id", "incident"))


def _listed(found: Mapping[int, Sequence[candidates.Candidate | nearness.Near]]) -> Listed:
    """Which incidents are listed beside each, in order."""
    return {incident: [other.incident_id for other in others] for incident, others in found.items()}


def _figures(name: str, right: Mapping[int, int], by_score: Listed, by_nearness: Listed) -> list[Row]:
    rows = []
    for first in FIRST:
        ours, theirs = (_found(right, listed, first) for listed in (by_score, by_nearness))
        told = [f"{found:,} found of {len(right):,}, {listed:,} listed" for found, listed in (ours, theirs)]
        against = f"by time, then distance, within {nearness.HOURS} h and {nearness.KILOMETRES} km: {told[1]}"
        what = f"Candidates among the first {first} beside {len(right):,} {name}"
        rows.append(Row(f"{what}: recall", told[0], against, ours[0] / len(right)))
        rows.append(Row(f"{what}: precision", told[0], against, ours[0] / ours[1] if ours[1] else 0))
    return rows


def _found(right: Mapping[int, int], listed: Listed, first: int) -> tuple[int, int]:
    """How many right answers are among the first, and how many answers those are."""
    shown = {asked: listed.get(asked, [])[:first] for asked in right}
    return sum(true in shown[asked] for asked, true in right.items()), sum(map(len, shown.values()))


def _time(incidents: Sequence[int]) -> Row:
    """How long one incident's candidates take."""
    took = []
    for incident in random.Random(SEED).sample(incidents, min(100, len(incidents))):
        began = time.perf_counter()
        candidates.of([incident])
        took.append(time.perf_counter() - began)
    what = f"Candidates of one incident among {len(incidents):,} of four months"
    return Row(what, "", "", statistics.median(took), "s", (min(took), max(took)))
