"""A truce's mechanism file: read TOML and the GeoJSON beside it, and refuse it whole with the place of every fault.

The keys are described in docs/mechanism-file.md; their shape stands in `mechanism_shape`, what must hold between
entries in `mechanism_checks`. Reading knows nothing of the database: what a change may not touch is checked by
`monitoring.mechanism`, which records the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import MultiPolygon
from django.utils.translation import gettext as _
from pydantic import ValidationError

from monitoring import canonical, geojson, mechanism_checks
from monitoring.faults import Fault, FaultyFile
from monitoring.local_time import zone_named
from monitoring.mechanism_shape import (
    SINGLE,
    TABLES,
    Accession,
    Agreement,
    Alerts,
    Area,
    Entry,
    Guarantor,
    Instrument,
    Lanes,
    Observer,
    Party,
    Reservation,
    Side,
    Team,
    Terms,
    Zone,
)
from monitoring.mechanism_values import Known
from monitoring.readable import require_readable

SCHEMA = 1
# Keys that came later: a file that leaves them out says what it said before, and has the hash that it had.
LATER = ("reply_reminder_days", "party_requests", "revision_days", "comment_length", "automatic_release")
LATER_LISTS = ("accessions",)
LATER_TABLES: dict[str, Entry] = {"lanes": Lanes(), "alerts": Alerts()}


class MechanismFileError(FaultyFile):
    """A mechanism file that is refused whole."""


@dataclass(frozen=True)
class MechanismFile:
    """What a mechanism file says, checked; instants are UTC, drawings SRID 4326."""

    name: str
    agreement: Agreement
    terms: Terms
    lanes: Lanes = field(default_factory=Lanes)
    alerts: Alerts = field(default_factory=Alerts)
    sides: list[Side] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    guarantors: list[Guarantor] = field(default_factory=list)
    observers: list[Observer] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    accessions: list[Accession] = field(default_factory=list)
    drawings: Mapping[str, MultiPolygon] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """SHA-256 over the content: the same for two files that say the same, however they are written.

        Lanes and alerts as in general are no content: a file that says nothing of them is what it was before.
        """
        content: dict[str, Any] = {
            "schema": SCHEMA,
            "drawings": {name: shape.hex.decode() for name, shape in self.drawings.items()},
        }
        for table in SINGLE:
            if table not in LATER_TABLES or getattr(self, table) != LATER_TABLES[table]:
                content[table] = getattr(self, table).model_dump(mode="json")
        for key in LATER:
            if getattr(self.terms, key) == Terms.model_fields[key].default and not self._means_otherwise_now(key):
                del content["terms"][key]
        for table in TABLES:
            if table not in LATER_LISTS or getattr(self, table):
                content[table] = [entry.model_dump(mode="json") for entry in getattr(self, table)]
        return canonical.sha256(content)

    def _means_otherwise_now(self, key: str) -> bool:
        """Whether a file that leaves `key` out says something else than it did: two released months alone, once."""
        return key == "automatic_release" and self.terms.release == "by_two"


def read(path: Path | str, **codes: Collection[str]) -> MechanismFile:
    """Read and check the mechanism file at `path`, with the GeoJSON of the same name beside it, if there is one.

    `codes` are those that the codebook knows, by list: `acts`, `units`, `objects`, `weapons`, `means`; of a list that
    is not given any is taken. Raises MechanismFileError with every fault that could be found.
    """
    path = Path(path)
    raw = _toml(path)
    faults, drawings = _drawings(path.with_suffix(".geojson"))
    faults += _unknown_tables(raw)
    known = Known(
        codes=_codes(raw),
        drawings=drawings,
        zone=_zone(raw),
        **{"acts": None, "units": None, **codes},
    )
    entries: dict[str, list[tuple[str, Entry]]] = {}
    for table, shape in SINGLE.items():
        entries[table] = _entries([(table, raw.get(table, {}))], shape, known, faults)
    for table, shape in TABLES.items():
        entries[table] = _entries(_placed(table, raw, faults), shape, known, faults)
    if not faults:
        faults += mechanism_checks.faults_of_the_whole(
            entries, drawings=drawings or {}, geojson=path.with_suffix(".geojson").name
        )
    faults += mechanism_checks.faults_between(entries)
    if faults:
        raise MechanismFileError(path.name, faults)
    values: dict[str, Any] = {table: entries[table][0][1] for table in SINGLE}
    values |= {table: [entry for _place, entry in entries[table]] for table in TABLES}
    return MechanismFile(name=path.name, drawings=drawings or {}, **values)


def _toml(path: Path) -> dict[str, Any]:
    require_readable(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MechanismFileError(
            path.name, [Fault(path.name, _("this is not TOML: %(error)s") % {"error": error})]
        ) from None


def _drawings(path: Path) -> tuple[list[Fault], dict[str, MultiPolygon] | None]:
    """Return what is wrong with the GeoJSON, and its drawings by id: None where it cannot be read."""
    if not path.exists():
        return [], {}
    try:
        features = geojson.features(path)
    except FaultyFile as error:
        return error.faults, None
    faults: list[Fault] = []
    drawings: dict[str, MultiPolygon] = {}
    for feature in features:
        if not feature.id:
            faults.append(Fault(feature.place, _("the feature has no id to be called by")))
        elif feature.id in drawings:
            faults.append(Fault(feature.place, _("another feature has this id, too")))
        else:
            try:
                drawings[feature.id] = geojson.drawing(feature)
            except geojson.NotAPolygonError as error:
                faults.append(Fault(feature.place, str(error)))
                drawings[feature.id] = MultiPolygon(srid=geojson.WGS84)
    return faults, drawings


def _unknown_tables(raw: Mapping[str, Any]) -> list[Fault]:
    known = {"schema", *SINGLE, *TABLES}
    faults = [
        Fault(key, _("this is not known here; known are %(known)s") % {"known": ", ".join(sorted(known))})
        for key in raw
        if key not in known
    ]
    if raw.get("schema") != SCHEMA:
        faults.insert(
            0, Fault("schema", _("write schema = %(schema)d, the only one there is yet") % {"schema": SCHEMA})
        )
    return faults


def _codes(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return every code that the file gives, by table, whether or not its entry is sound."""
    codes = {}
    for table in TABLES:
        listed = raw.get(table, [])
        listed = listed if isinstance(listed, list) else []
        codes[table] = [entry["code"] for entry in listed if isinstance(entry, dict) and "code" in entry]
    agreement = raw.get("agreement")
    codes["agreement"] = [agreement["code"]] if isinstance(agreement, dict) and "code" in agreement else []
    return codes


def _zone(raw: Mapping[str, Any]) -> ZoneInfo:
    """Return the truce's time zone; UTC where it gives none that there is, which is a fault of its own."""
    terms = raw.get("terms")
    name = terms.get("time_zone") if isinstance(terms, dict) else None
    return (zone_named(name) if isinstance(name, str) else None) or ZoneInfo("UTC")


def _placed(table: str, raw: Mapping[str, Any], faults: list[Fault]) -> list[tuple[str, Any]]:
    listed = raw.get(table, [])
    if not isinstance(listed, list):
        faults.append(Fault(table, _("this is a list: write [[%(table)s]]") % {"table": table}))
        return []
    return [(_numbered(table, number, entry), entry) for number, entry in enumerate(listed, start=1)]


def _numbered(name: str, number: int, entry: Any) -> str:
    """Return the place of an entry of a list, as `parties[4] (river-company)`; counted from 1."""
    code = entry.get("code") if isinstance(entry, dict) else None
    return f"{name}[{number}]" + (f" ({code})" if isinstance(code, str) else "")


def _entries(
    placed: list[tuple[str, Any]], shape: type[Entry], known: Known, faults: list[Fault]
) -> list[tuple[str, Entry]]:
    """Return the sound entries with their places; add what is wrong with the others to `faults`."""
    sound = []
    for place, raw in placed:
        try:
            sound.append((place, shape.model_validate(raw, context=known)))
        except ValidationError as error:
            faults.extend(_fault(place, raw, details) for details in error.errors(include_url=False))
    return sound


def _fault(place: str, raw: Any, details: Any) -> Fault:
    """Say pydantic's error with the place as a reader of the file would."""
    for step in details["loc"]:
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) else None
            place = f"{place}" + _numbered("", step + 1, raw)
        else:
            raw = raw.get(step) if isinstance(raw, dict) else None
            place = f"{place}.{step}"
    match details["type"]:
        case "missing":
            message = _("this is missing")
        case "extra_forbidden":
            message = _("this key is not known here")
        case "fault":
            message = details["msg"]
        case _:
            message = details["msg"][:1].lower() + details["msg"][1:]
    return Fault(place, message)
