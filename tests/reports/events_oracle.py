"""The events of UCDP GED counted once more, from the files alone: what assessments and closings are compared with.

Reads the CSV with pandas, the governorates with shapely and the mechanism file with tomllib, and counts by
the rules as they are written down. Nothing of the service is used here, neither its reader nor its SQL: a stranger can
read this and come to the same numbers. Every date is a local day in Damascus; the truce's days begin at midnight.

Events have no findings, so they stand out of scope, in dispute, or pending.
"""

from __future__ import annotations

import json
import math
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pandas
import shapely
from shapely.geometry import shape

# The first that applies is the answer, of where and when it was and of everybody who is named.
PRECEDENCE = (
    "outside_period",
    "outside_area",
    "excluded_designated",
    "excluded_non_signatory",
    "disputed",
    "not_assessed",
    "in_scope",
)
COLUMN = dict.fromkeys(PRECEDENCE, "pending") | {"disputed": "scope_disputed"} | {out: out for out in PRECEDENCE[:4]}
BINDING = {"signatory", "declared", "bound_through"}

# where_prec: 1 exact place, 2 near a place, 3 district, 4 governorate; 5 a line, 6 a country, 7 the sea or the air.
# The first four are known finely enough to be counted in the governorate that holds the point.
IN_A_GOVERNORATE = {1, 2, 3, 4}
# How far from the point, in metres, the event may have been: a place as such, the air; else 25 km around.
METRES = {1: 1_000, 7: 0}
AROUND = 25_000
ONE_SIDED = 3
EVER, NEVER = datetime(1900, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - local, as all dates here

Count = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Event:
    """One line: its days [first, after), where it counts, who is named, and what that makes of it."""

    number: int
    first: date
    after: date
    governorates: tuple[str, ...]
    role: str
    parties: frozenset[str]
    classes: frozenset[str]
    killed: tuple[int | None, int | None]

    @property
    def scope(self) -> str:
        return min(self.classes, key=PRECEDENCE.index)

    @property
    def column(self) -> str:
        return COLUMN[self.scope]


class Mechanism:
    """What the mechanism file says of names, of who is bound, and when."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            said = tomllib.load(file)
        self.from_, self.until = _interval({"from": said["terms"]["in_force_from"]})
        self.parties = {party["code"]: party for party in said["parties"]}
        self.texts = {text["code"]: _interval(text) for text in said["instruments"] if text["kind"] == "adopted"}
        self.answered_for = {u["party"] for guarantor in said["guarantors"] for u in guarantor.get("undertakings", ())}
        assert not any("reading" in a for p in said["parties"] for a in p.get("adherences", ())), "a rival reading"
        self.names: dict[str, set[str]] = {}
        for code, party in self.parties.items():
            aliases = party.get("aliases", {})
            for name in (code, *party["names"].values(), *aliases.get("any", ()), *aliases.get("ucdp", ())):
                self.names.setdefault(plain(name), set()).add(code)

    def party(self, name: str) -> str | None:
        """The one party that bears the name; none where nobody or several do."""
        bearers = self.names.get(plain(name), set())
        return next(iter(bearers)) if len(bearers) == 1 else None

    def kind(self, code: str) -> str:
        return self.parties[code]["kind"]

    def bound(self, code: str, day: date) -> dict[str, tuple[str, bool]]:
        """By adopted text in force on `day`: how it binds the party, its own adherence or that of who is above it."""
        instant = datetime.combine(day, time())
        found: dict[str, tuple[str, bool]] = {}
        at, own = code, True
        while at:
            here = {}
            for adherence in self.parties[at].get("adherences", ()):
                text = adherence["to"]
                if text in self.texts and _holds(self.texts[text], instant) and _holds(_interval(adherence), instant):
                    here[text] = (adherence["kind"], own)
            found = here | found
            at, own = self.parties[at].get("parent", ""), False
        return found

    def class_of(self, code: str, day: date) -> str | None:
        """In scope, designated, non-signatory, disputed; none where the file does not say."""
        bound = self.bound(code, day)
        if self.kind(code) in {"umbrella", "unknown"} and not any(own for _kind, own in bound.values()):
            below = {self.class_of(other, day) for other in self.parties if self._is_under(other, code)} - {None}
            return "disputed" if self.kind(code) == "umbrella" and len(below) > 1 else None
        kinds = {kind for kind, _own in bound.values()}
        if "designated" in kinds:
            return "excluded_designated"
        if kinds & BINDING:
            return "in_scope"
        if "disputed" in kinds:
            return "disputed"
        return "excluded_non_signatory" if "non_signatory" in kinds else None

    def _is_under(self, code: str, above: str) -> bool:
        parent = self.parties[code].get("parent", "")
        return bool(parent) and (parent == above or self._is_under(parent, above))


def plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _interval(said: dict) -> tuple[datetime, datetime]:
    def instant(value: date | None, otherwise: datetime) -> datetime:
        if value is None:
            return otherwise
        return value if isinstance(value, datetime) else datetime.combine(value, time())

    return instant(said.get("from"), EVER), instant(said.get("until"), NEVER)


def _holds(interval: tuple[datetime, datetime], instant: datetime) -> bool:
    return interval[0] <= instant < interval[1]


def governorates(path: Path) -> dict[str, shapely.Geometry]:
    """The shape of each governorate, by its code."""
    return {
        feature["properties"]["adm1_pcode"]: shapely.make_valid(shape(feature["geometry"]))
        for feature in json.loads(path.read_text())["features"]
    }


def events(table: Path, shapes: dict[str, shapely.Geometry], mechanism: Mechanism) -> list[Event]:
    """Every line of the file as the event that it tells. None lacks place or day, and so none is refused."""
    lines = pandas.read_csv(table, dtype=str, keep_default_na=False)
    numbers = ["id", "longitude", "latitude", "where_prec", "type_of_violence", "low", "best", "high"]
    lines[numbers] = lines[numbers].apply(pandas.to_numeric)
    for column in ("date_start", "date_end"):
        lines[column] = pandas.to_datetime(lines[column]).dt.date
    assert lines["id"].is_unique
    assert lines[["longitude", "latitude", "date_start", "date_end", "where_prec"]].notna().all(axis=None)
    country = shapely.union_all(list(shapes.values()))
    return [_event(line, shapes, country, mechanism) for line in lines.itertuples()]


def _event(line, shapes: dict[str, shapely.Geometry], country: shapely.Geometry, mechanism: Mechanism) -> Event:
    point = shapely.Point(line.longitude, line.latitude)
    inside = [code for code, drawn in shapes.items() if line.where_prec in IN_A_GOVERNORATE and drawn.covers(point)]
    sides = [line.side_a] if line.type_of_violence == ONE_SIDED else [line.side_a, line.side_b]
    known, classes = set(), set()
    for side in sides:
        named = [mechanism.party(name) for name in side.split(", ")]
        known |= set(named) - {None}
        judged = [None if code is None else mechanism.class_of(code, line.date_start) for code in named]
        mixed = len(set(judged) - {None}) > 1  # several written as one, of different classes: nobody can say which
        classes |= {"disputed" if mixed else one or "not_assessed" for one in judged}
    if not _holds((mechanism.from_, mechanism.until), datetime.combine(line.date_start, time())):
        classes.add("outside_period")
    if metres_from(point, country) > METRES.get(line.where_prec, AROUND):
        classes.add("outside_area")
    bounds = [int(bound) for bound in (line.low, line.best, line.high) if not pandas.isna(bound)]
    return Event(
        number=int(line.id),
        first=line.date_start,
        after=line.date_end + timedelta(days=1),
        governorates=tuple(sorted(inside)),
        role="alleged" if line.type_of_violence == ONE_SIDED else "involved",
        parties=frozenset(known),
        classes=frozenset(classes),
        killed=(min(bounds), max(bounds)) if bounds else (None, None),  # in some lines low and high are out of order
    )


def metres_from(point: shapely.Point, country: shapely.Geometry) -> float:
    """How far the point lies from the country, on a plane that touches the earth at the point; 0 within."""
    if country.covers(point):
        return 0.0
    north = 111_132.0
    east = 111_320.0 * math.cos(math.radians(point.y))
    flat = shapely.transform(country, lambda places: (places - [point.x, point.y]) * [east, north])
    return shapely.distance(flat, shapely.Point(0, 0))


def counted(found: list[Event], first: date, after: date, mechanism: Mechanism) -> Count:
    """What a report of the days [first, after) must say, figure by figure. An event is of the day on which it began."""
    figures: Count = Counter()
    for event in found:
        if first <= event.first < after:
            figures.update(_figures(event, after, mechanism))
    return figures


def listed(found: list[Event], first: date, after: date) -> Count:
    """What the annex of a report of the days [first, after) must list, incident by incident."""
    lines: Count = Counter()
    for event in found:
        if first <= event.first < after:
            day = _day(event, after)
            lines[
                event.first.isoformat(),
                day if day[0].isdigit() else "not dated",
                next(iter(event.governorates), "not placed"),
                event.scope,
                event.column,
                event.role,
                ", ".join(sorted(event.parties)),
                "killed {}-{}".format(*event.killed),
            ] += 1
    return lines


def _figures(event: Event, after: date, mechanism: Mechanism) -> Count:
    figures: Count = Counter()
    rows: list[tuple[str, ...]] = [("total",), ("act", "force_undetermined"), ("object hit", "-"), ("weapon", "-")]
    rows += [("governorate", code) for code in event.governorates or ("not placed at this level",)]
    rows.append(("day", _day(event, after)))
    concerned = event.parties if event.role == "alleged" else frozenset()
    nobody = "involved" if event.role == "involved" and event.parties else "not_named"
    rows += [("party", code, _group(code, mechanism)) for code in concerned] or [("party", "-", nobody)]
    rows += {("side", *_side(code, mechanism)) for code in concerned} or [("side", "-", nobody)]
    rows += [("named", code, event.role) for code in event.parties]
    for row in rows:
        figures[*row, event.column] += 1
        figures[*row, "registered"] += 1
    figures["several rows", "governorate"] += len(event.governorates) > 1
    figures["several rows", "party"] += len(concerned) > 1
    for reason in PRECEDENCE[:4]:
        figures["out of scope", reason, "stands there"] += event.column == reason
        figures["out of scope", reason, "also applies"] += reason in event.classes and event.column != reason
    reach = ["not_discounted", "across_the_edge"] if event.after > after else ["not_discounted"]
    for population in reach:
        figures["killed", population, "reported_maximum"] += event.killed[1] or 0
        figures["killed", population, "incidents_unknown"] += event.killed[1] is None
        figures["injured", population, "incidents_unknown"] += 1  # the source does not count the injured
    return figures


def _day(event: Event, after: date) -> str:
    if event.after > after:
        return "across_the_edge"
    return event.first.isoformat() if event.after - event.first == timedelta(days=1) else "not_dated_to_the_day"


def _group(code: str, mechanism: Mechanism) -> str:
    if mechanism.kind(code) == "guarantor_forces":
        return "guarantor_forces"
    return "undertaken" if code in mechanism.answered_for else "not_undertaken"


def _side(code: str, mechanism: Mechanism) -> tuple[str, str]:
    own = mechanism.kind(code) == "guarantor_forces"
    return mechanism.parties[code].get("side", "-"), "guarantor_forces" if own else "parties"
