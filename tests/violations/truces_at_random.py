"""Small truces and incidents drawn at random, kept as plain data, and written to the record as rows.

Areas are cells of a grid, so that points on borders and corners come often and are exact.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from monitoring import areas as areas_verb
from monitoring import models
from violations.models import Incident, IncidentReport, ReportLink, ReportParty

EPOCH = datetime(2020, 5, 1, tzinfo=UTC)
RECORDED = datetime(2024, 1, 1, tzinfo=UTC)
NUMBERS = count()

GOVERNORATES = {"G1": box(0, 0, 4, 4), "G2": box(4, 0, 8, 4)}
DISTRICTS = {
    "D1": box(0, 0, 2, 4),
    "D2": box(2, 0, 4, 4),
    "D3": box(4, 0, 6, 4),
    "D4": Polygon(box(6, 0, 8, 4).exterior, [box(6.5, 1, 7.5, 3).exterior]),
}
PARENTS = {"D1": "G1", "D2": "G1", "D3": "G2", "D4": "G2"}
LEVELS = {**dict.fromkeys(GOVERNORATES, "governorate"), **dict.fromkeys(DISTRICTS, "district"), "R": "grouping"}
DRAWINGS = (box(1, 1, 3, 3), box(2, 0, 6, 2), box(0, 0, 8, 4), box(7, 3, 9, 5))


def hour(number: int) -> datetime:
    return EPOCH + timedelta(hours=number)


@dataclass(frozen=True)
class Held:
    """An interval of hours [since, until); None is open."""

    since: int | None
    until: int | None

    def holds(self, at: int) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)

    def columns(self) -> dict:
        return {
            "valid_from": None if self.since is None else hour(self.since),
            "valid_until": None if self.until is None else hour(self.until),
        }


@dataclass(frozen=True)
class Bond:
    """An adherence of a party to one of the instruments A, B (adopted) and C (rival)."""

    party: int
    instrument: str
    reading: str
    kind: str
    own: bool
    held: Held


@dataclass(frozen=True)
class Truce:
    in_force: Held
    scope_area: Polygon | None
    shapes_of: frozenset[str]
    kinds: tuple[str, ...]
    parents: tuple[int | None, ...]
    instruments: dict[str, tuple[str, Held]]
    bonds: tuple[Bond, ...]
    lines: tuple[tuple[str, str, Polygon, Held], ...]  # zone, drawn by, drawing, held


@dataclass(frozen=True)
class Told:
    """A report: what bears on placing, scope and casualties."""

    at: int
    precision: str
    point: Point | None
    polygon: Polygon | None
    stated: str | None
    parties: tuple[tuple[str, str, int | None], ...]
    casualties: dict


@dataclass(frozen=True)
class Linked:
    told: Told
    kind: str
    open: bool


@dataclass(frozen=True)
class Event:
    links: tuple[Linked, ...]


HELD = st.sampled_from([Held(None, None), Held(None, None), Held(None, 5), Held(5, None), Held(3, 8)])
KINDS = ["state_forces", "armed_group", "umbrella", "unknown"]
BONDS = ["signatory", "declared", "bound_through", "non_signatory", "designated", "disputed"]
PRECISIONS = ["exact", "vicinity", "locality", "surroundings", "district", "governorate"]
PRECISIONS += ["country", "line", "sector", "outside"]
PARTIES = 5


@st.composite
def truces(draw) -> Truce:
    parents = tuple(draw(st.sampled_from([None, *range(party)])) for party in range(PARTIES))
    bonds = []
    for party in range(PARTIES):
        for instrument, reading in draw(
            st.sets(st.tuples(st.sampled_from("AAABC"), st.sampled_from(["", "", "X", "Y"])), max_size=3)
        ):
            kind, own, held = draw(st.sampled_from(BONDS)), draw(st.booleans()), draw(HELD)
            bonds.append(Bond(party, instrument, reading, kind, own, held))
    lines = draw(
        st.dictionaries(
            st.tuples(st.sampled_from("YZ"), st.sampled_from(["", "north"])),
            st.tuples(st.sampled_from(DRAWINGS), HELD),
            max_size=4,
        )
    )
    return Truce(
        in_force=draw(st.sampled_from([Held(0, None), Held(2, 9), Held(4, 6)])),
        scope_area=draw(st.none() | st.sampled_from(DRAWINGS)),
        shapes_of=draw(st.frozensets(st.sampled_from(["governorate", "district"]))),
        kinds=tuple(draw(st.sampled_from(KINDS)) for _ in range(PARTIES)),
        parents=parents,
        instruments={"A": ("adopted", draw(HELD)), "B": ("adopted", draw(HELD)), "C": ("rival", Held(None, None))},
        bonds=tuple(bonds),
        lines=tuple((zone, by, drawing, held) for (zone, by), (drawing, held) in lines.items()),
    )


GRID_X = st.integers(-1, 18).map(lambda half: half / 2)
GRID_Y = st.integers(-1, 9).map(lambda half: half / 2)
BOUNDS = st.fixed_dictionaries({}, optional=dict.fromkeys(["low", "best", "high"], st.integers(0, 9)))
CASUALTIES = st.fixed_dictionaries(
    {},
    optional={
        h: st.dictionaries(st.sampled_from(["civilian", "combatant", "unknown"]), BOUNDS) for h in ("killed", "injured")
    },
)


@st.composite
def polygons(draw) -> Polygon:
    x, y = draw(GRID_X), draw(GRID_Y)
    return box(x, y, x + draw(st.sampled_from([0.5, 1, 2])), y + draw(st.sampled_from([0.5, 1, 2])))


@st.composite
def told(draw) -> Told:
    precision = draw(st.sampled_from(PRECISIONS))
    wide = precision in ("line", "sector")
    return Told(
        at=draw(st.integers(0, 10)),
        precision=precision,
        point=draw(st.none() | st.builds(Point, GRID_X, GRID_Y)),
        polygon=draw(st.none() | polygons()) if wide else None,
        stated=draw(st.none() | st.sampled_from(sorted(LEVELS))),
        parties=tuple(
            (role, f"name {number}", party)
            for number, (role, party) in enumerate(
                draw(
                    st.lists(
                        st.tuples(
                            st.sampled_from(["alleged", "target", "involved"]),
                            st.none() | st.integers(0, PARTIES - 1),
                        ),
                        max_size=3,
                    )
                )
            )
        ),
        casualties=draw(CASUALTIES),
    )


LINKED = st.builds(
    Linked,
    told(),
    st.sampled_from(["same_event", "duplicate", "part_of_series", "related"]),
    st.sampled_from([True, True, False]),
)
EVENTS = st.builds(Event, st.lists(LINKED, min_size=1, max_size=3).map(tuple))


@dataclass
class Written:
    """A truce as it stands in the record: its rows by the names of the plain data."""

    agreement: models.Agreement
    version: models.MechanismVersion
    parties: list[models.Party]
    areas: dict[str, models.Area]
    zones: dict[str, models.Zone] = field(default_factory=dict)


def geos(shape) -> GEOSGeometry:
    return GEOSGeometry(shape.wkt, srid=4326)


def multi(shape: Polygon) -> MultiPolygon:
    return MultiPolygon(geos(shape), srid=4326)


def write_truce(truce: Truce) -> Written:
    """Write the truce as an agreement of its own."""
    number, at = next(NUMBERS), {"recorded_at": RECORDED}
    agreement = models.Agreement.objects.create(code=f"random-{number}", simulated=True, **at)
    version = models.MechanismVersion.objects.create(
        agreement=agreement,
        number=1,
        file_sha256="0" * 64,
        in_force_from=hour(truce.in_force.since),
        in_force_until=None if truce.in_force.until is None else hour(truce.in_force.until),
        time_zone="UTC",
        day_begins=time(0),
        day_named_for="start",
        calendar=["day"],
        release="automatic",
        scope_area=multi(truce.scope_area) if truce.scope_area else None,
        unit_of_count="incident",
        filing_grace_hours=0,
        reply_deadline_days=0,
        comment_window_days=0,
        seconding_days=0,
        guarantor_place_level="district",
        guarantor_time_step="hour",
        guarantor_delay_hours=0,
        attribution="published",
        ledgers_from="returns",
        authentic_language="en",
        **at,
    )
    parties = [models.Party.objects.create(agreement=agreement, code=f"p{party}", **at) for party in range(PARTIES)]
    for party, kind, parent in zip(parties, truce.kinds, truce.parents, strict=True):
        above = None if parent is None else parties[parent]
        models.PartyTerms.objects.create(version=version, party=party, kind=kind, parent=above)
    instruments = {}
    for code, (kind, held) in truce.instruments.items():
        instruments[code] = models.Instrument.objects.create(agreement=agreement, code=code, **at)
        models.InstrumentTerms.objects.create(
            version=version, instrument=instruments[code], kind=kind, **held.columns()
        )
    for bond in truce.bonds:
        models.Adherence.objects.create(
            version=version,
            party=parties[bond.party],
            instrument=instruments[bond.instrument],
            kind=bond.kind,
            reading=bond.reading,
            inherited_from=None if bond.own else parties[0],
            **bond.held.columns(),
        )
    written = Written(agreement, version, parties, _write_areas(truce, agreement))
    for zone, by, drawing, held in truce.lines:
        if zone not in written.zones:
            written.zones[zone] = models.Zone.objects.create(agreement=agreement, code=zone, **at)
        models.ZoneLine.objects.create(
            version=version,
            zone=written.zones[zone],
            drawn_by=by,
            boundary=multi(drawing),
            indicative=True,
            **held.columns(),
        )
    return written


def _write_areas(truce: Truce, agreement: models.Agreement) -> dict[str, models.Area]:
    areas = {}
    for code, level in LEVELS.items():
        areas[code] = models.Area.objects.create(
            agreement=agreement, code=code, level=level, parent=areas.get(PARENTS.get(code)), recorded_at=RECORDED
        )
    for level, shapes in (("governorate", GOVERNORATES), ("district", DISTRICTS)):
        if level in truce.shapes_of:
            drawn = models.BoundarySet.objects.create(
                agreement=agreement, level=level, source="grid", file_sha256="0" * 64, recorded_at=RECORDED
            )
            for code, shape in shapes.items():
                models.AreaShape.objects.create(boundary_set=drawn, area=areas[code], boundary=multi(shape))
            areas_verb._subdivide(drawn)
    return areas


def write_event(event: Event, written: Written) -> Incident:
    """Write the incident with its reports and links, each link a minute after the one before."""
    incident = Incident.objects.create(agreement=written.agreement, recorded_at=RECORDED)
    for number, linked in enumerate(event.links):
        report = write_report(linked.told, written)
        at = RECORDED + timedelta(minutes=number)
        ReportLink.objects.create(
            report=report,
            chain=report.chain,
            incident=incident,
            kind=linked.kind,
            recorded_at=at,
            superseded_at=None if linked.open else at + timedelta(hours=1),
        )
    return incident


def write_report(told: Told, written: Written) -> IncidentReport:
    report = IncidentReport.objects.create(
        agreement=written.agreement,
        chain=uuid.uuid4(),
        occurred_from=hour(told.at),
        occurred_until=hour(told.at + 1),
        time_precision="hour",
        point=geos(told.point) if told.point else None,
        place_area=geos(told.polygon) if told.polygon else None,
        place_precision=told.precision,
        stated_area=written.areas.get(told.stated),
        act="direct_fire",
        means="saw",
        casualties=told.casualties,
        content_sha256="0" * 64,
        recorded_at=RECORDED,
    )
    for role, name, party in told.parties:
        ReportParty.objects.create(
            report=report, role=role, as_written=name, party=None if party is None else written.parties[party]
        )
    return report
