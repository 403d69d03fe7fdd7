"""What a monitor files of an event, and the rules that it keeps whatever door it comes through.

What is wrong is told all at once, by JSON pointer into the document as the API takes it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Polygon
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from monitoring import canonical
from monitoring.errors import Malformed
from monitoring.geojson import why_invalid
from violations import codebook, sightings
from violations.codebook import PlacePrecision, TimePrecision
from violations.sightings import Faults, Sighting

if TYPE_CHECKING:
    from monitoring.models import Area

MOST_PARTIES = 20
LONGEST_PARTY = 200
# A clock in the field may be ahead of ours by this much.
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

WIDTHS = {TimePrecision.MINUTE: timedelta(minutes=1), TimePrecision.HOUR: timedelta(hours=1)}
AREA_PRECISIONS = {
    "grouping": (PlacePrecision.GOVERNORATE, PlacePrecision.COUNTRY),
    "governorate": (PlacePrecision.GOVERNORATE, PlacePrecision.COUNTRY),
    "district": (PlacePrecision.DISTRICT, PlacePrecision.GOVERNORATE, PlacePrecision.COUNTRY),
    "subdistrict": (PlacePrecision.DISTRICT, PlacePrecision.GOVERNORATE, PlacePrecision.COUNTRY),
}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)


@dataclass(frozen=True)
class NamedParty:
    """A party as the filer names it, in a role (codebook.Role)."""

    role: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """One report, whole. Codes of codebook 1; instants are aware, [occurred_from, occurred_until); SRID 4326.

    `occurred_until` may be left out where the time is known to the minute, hour or day. The place is a `position`
    (longitude, latitude in degrees), an uncertainty polygon or sector, or the code of an area alone; a `sighting` with
    a range draws a sector itself. `team` is needed only of someone in several. `channel` is how it came to the duty
    officer who hands it in. `source` is who told the filer: it is sealed and stands nowhere else.
    """

    occurred_from: datetime
    time_precision: str
    place_precision: str
    act: str
    means: str
    occurred_until: datetime | None = None
    position: tuple[float, float] | None = None
    place_area: Polygon | None = None
    stated_area: str = ""
    place_as_written: str = ""
    objects_hit: tuple[str, ...] = ()
    weapon_family: str = ""
    calibre_mm: int | None = None
    weapon_assessed: bool = False
    count: int | None = None
    count_qualifier: str = ""
    count_unit: str = ""
    observed: str = ""
    phase: str = ""
    sighting: Sighting | None = None
    parties: tuple[NamedParty, ...] = ()
    casualties: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    narrative: str = ""
    narrative_language: str = ""
    consent: str = ""
    channel: str = ""
    team: str = ""
    source: dict[str, str] | None = None

    def sha256(self) -> str:
        """Return the hash of what was filed, the sealed source left out: of a name it would be a way to guess it."""
        seen = [self.observed, self.phase, _texts(self.sighting.written()) if self.sighting else None]
        return canonical.sha256(
            {
                # Absent where nothing is said of it: what was filed before it could be said keeps its hash.
                **({"sighting": seen} if any(seen) else {}),
                **({"channel": self.channel} if self.channel else {}),
                "occurred_from": canonical.instant(self.occurred_from),
                "occurred_until": self.occurred_until and canonical.instant(self.occurred_until),
                "time_precision": self.time_precision,
                "point": self.position and _places(self.position),
                "place_area": self.place_area and [_places(position) for position in self.place_area[0]],
                "place": [self.place_precision, self.stated_area, self.place_as_written],
                "act": self.act,
                "objects_hit": sorted(set(self.objects_hit)),
                "weapon": [self.weapon_family, self.calibre_mm, self.weapon_assessed],
                "means": self.means,
                "observation": [self.count, self.count_qualifier, self.count_unit],
                "parties": sorted([party.role, party.name] for party in self.parties),
                "casualties": self.casualties,
                "narrative": [self.narrative, self.narrative_language],
                "consent": self.consent,
                "team": self.team,
            }
        )

    @property
    def drawn_from(self) -> Sighting | None:
        """The sighting from which the sector follows that is its place; None where the place is given otherwise."""
        placed = self.position is not None or self.place_area is not None
        if placed or self.place_precision != PlacePrecision.SECTOR or self.sighting is None or not self.sighting.draws:
            return None
        return self.sighting


def until(content: ReportContent, zone: ZoneInfo) -> datetime | None:
    """Return the first instant after the event: as filed, or as the precision has it; None where it must be filed.

    A day is one of the truce's `zone`: it may have 23 or 25 hours.
    """
    if content.occurred_until is not None:
        return content.occurred_until
    if content.time_precision == TimePrecision.DAY:
        return (content.occurred_from.astimezone(zone) + timedelta(days=1)).astimezone(UTC)
    width = WIDTHS.get(TimePrecision(content.time_precision))
    return content.occurred_from + width if width else None


def check(content: ReportContent, *, area: Area | None, zone: ZoneInfo, now: datetime) -> None:
    """Raise Malformed, with a pointer and a sentence for each fault, where `content` breaks a rule of filing.

    `area` is the one that `content.stated_area` names, if it is known; `now` the ledger's clock.
    """
    faults: Faults = defaultdict(list)
    _check_codes(content, faults)
    if not faults:
        _check_time(content, zone, now, faults)
        if content.drawn_from is None or (content.stated_area and area is None):
            _check_place(content, area, faults)
        _check_observation(content, faults)
        _check_parties(content, faults)
        _check_words(content, faults)
    if faults:
        raise Malformed(_("The report cannot be filed like this."), code="malformed_report", fields=dict(faults))


def _check_codes(content: ReportContent, faults: Faults) -> None:
    required: dict[str, tuple[Iterable[str], type[TextChoices]]] = {
        "/occurred/precision": ([content.time_precision], codebook.TimePrecision),
        "/place/precision": ([content.place_precision], codebook.PlacePrecision),
        "/act": ([content.act], codebook.Act),
        "/means": ([content.means], codebook.Means),
        "/objects_hit": (content.objects_hit, codebook.ObjectHit),
        "/parties": ([party.role for party in content.parties], codebook.Role),
        "/weapon/family": (filter(None, [content.weapon_family]), codebook.WeaponFamily),
        "/observation/qualifier": (filter(None, [content.count_qualifier]), codebook.CountQualifier),
        "/observation/unit": (filter(None, [content.count_unit]), codebook.CountUnit),
        "/observation/what": (filter(None, [content.observed]), codebook.Observed),
        "/observation/phase": (filter(None, [content.phase]), codebook.Phase),
        "/channel": (filter(None, [content.channel]), codebook.Channel),
        "/consent": (filter(None, [content.consent]), codebook.Consent),
    }
    for pointer, (codes, known) in required.items():
        for code in codes:
            if code not in _codes(known):
                faults[pointer].append(_("%(code)s is not in the code list.") % {"code": code})


@cache
def _codes(known: type[TextChoices]) -> frozenset[str]:
    """The codes of a list; the list itself makes them anew each time that it is asked."""
    return frozenset(known.values)


def _check_time(content: ReportContent, zone: ZoneInfo, now: datetime, faults: Faults) -> None:
    given = {"/occurred/from": content.occurred_from, "/occurred/until": content.occurred_until}
    for pointer, at in given.items():
        if at is not None and at.tzinfo is None:
            faults[pointer].append(_("Give the time with its offset, as 14:20:00Z or 06:20:00-08:00."))
        elif at is not None and at < EARLIEST:
            faults[pointer].append(_("This is before 1900. Check the year."))
    if faults:
        return
    if content.occurred_from > now + CLOCK_SKEW:
        faults["/occurred/from"].append(
            _("This is in the future. Check the date, the clock of the device and the offset.")
        )
        return
    ends = until(content, zone)
    if ends is None:
        faults["/occurred/until"].append(_("A time known no better than this needs its latest instant too."))
    elif ends <= content.occurred_from:
        faults["/occurred/until"].append(_("The latest instant must be after the earliest one."))
    elif content.occurred_until is not None and _earliest_end(content, ends) > now + CLOCK_SKEW:
        faults["/occurred/until"].append(
            _("This is in the future. Check the date, the clock of the device and the offset.")
        )


def _earliest_end(content: ReportContent, ends: datetime) -> datetime:
    """Return when the event may have ended at the earliest: what is known to the day may end with today."""
    widths = {**WIDTHS, TimePrecision.DAY: timedelta(days=1)}
    width = widths.get(TimePrecision(content.time_precision), ends - content.occurred_from)
    return max(content.occurred_from, ends - width)


def _check_place(content: ReportContent, area: Area | None, faults: Faults) -> None:
    if content.stated_area and area is None:
        faults["/place/area"].append(_("This truce has no area of that code."))
        return
    if content.position is not None and content.place_area is not None:
        faults["/place/polygon"].append(_("Give a point or a polygon, not both."))
    elif content.place_area is not None:
        if content.place_precision not in (PlacePrecision.SECTOR, PlacePrecision.LINE):
            faults["/place/precision"].append(_("A polygon is a sector or a line: say which."))
        if why_invalid(content.place_area):
            faults["/place/polygon"].append(_("The ring of the polygon crosses or touches itself."))
    elif content.position is not None:
        if content.place_precision == PlacePrecision.SECTOR:
            faults["/place/polygon"].append(_("A sector needs its polygon, or the observer's coordinates and a range."))
    elif area is None:
        faults["/place"].append(_("Say where: longitude and latitude, a polygon, or the code of an area."))
    elif content.place_precision not in AREA_PRECISIONS[area.level]:
        faults["/place/precision"].append(
            _("An area alone is known no better than: %(precisions)s.")
            % {"precisions": ", ".join(AREA_PRECISIONS[area.level])}
        )


def _check_observation(content: ReportContent, faults: Faults) -> None:
    uncountable = content.count_qualifier == codebook.CountQualifier.UNCOUNTABLE
    if uncountable and content.count is not None:
        faults["/observation/count"].append(_("What is uncountable has no count."))
    if (content.count is not None or content.count_qualifier) and not content.count_unit:
        faults["/observation/unit"].append(_("Say what is counted."))
    if content.count is None and content.count_qualifier and not uncountable:
        faults["/observation/count"].append(_("Give the count, or the qualifier uncountable."))
    if content.count is not None and not content.count_qualifier:
        faults["/observation/qualifier"].append(_("Say how sure the count is: exact, about, at_least or up_to."))
    if (content.calibre_mm is not None or content.weapon_assessed) and not content.weapon_family:
        faults["/weapon/family"].append(_("Say of which weapon: its family, or undetermined."))
    if content.sighting is not None:
        sightings.check(content.sighting, faults)


def _check_parties(content: ReportContent, faults: Faults) -> None:
    if len(content.parties) > MOST_PARTIES:
        faults["/parties"].append(_("At most %(most)s parties can be named in one report.") % {"most": MOST_PARTIES})
        return
    seen = set()
    for index, party in enumerate(content.parties):
        pointer = f"/parties/{index}/name"
        if not party.name.strip() or len(party.name) > LONGEST_PARTY:
            faults[pointer].append(_("Give a name of 1 to %(longest)s characters.") % {"longest": LONGEST_PARTY})
        if party in seen:
            faults[pointer].append(_("The same name stands twice in the same role."))
        seen.add(party)


def _check_words(content: ReportContent, faults: Faults) -> None:
    if content.narrative and not content.narrative_language:
        faults["/narrative_language"].append(_("Say in which language the narrative is, as en or ar."))
    if content.narrative_language and not LANGUAGE.fullmatch(content.narrative_language):
        faults["/narrative_language"].append(_("Give the code of a language, as en or ar."))
    for harm, casualties in content.casualties.items():
        for whom, bounds in casualties.items():
            if not bounds:
                faults[f"/casualties/{harm}/{whom}"].append(_("Give low, best or high, or leave it out."))


def _places(position: tuple[float, ...]) -> list[str]:
    """Return a position as canonical text: seven places are a centimetre."""
    return [f"{degrees:.7f}" for degrees in position[:2]]


def _texts(value: Any) -> Any:
    """Return a document with its numbers as canonical text: seven places."""
    if isinstance(value, dict):
        return {name: _texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return f"{value:.7f}" if isinstance(value, int | float) else value
