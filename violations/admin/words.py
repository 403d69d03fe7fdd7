"""The record in words, for those who decide: times in the truce's zone, age, casualties, who acts for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from violations import codebook
from violations.models import Finding, ReportLink

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.gis.geos import Point

    from monitoring.accreditation import Capacity
    from monitoring.models import Side
    from violations.queue import Proposed

SOON = timedelta(days=1)
GRACE = timedelta(hours=1)  # after a date, before anything is called late
YEARS = range(1990, 2051)
_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)

ROLES = {  # of parties, in a list
    "alleged": gettext_lazy("alleged"),
    "target": gettext_lazy("against"),
    "involved": gettext_lazy("involved"),
}
CASUALTY_KINDS = {"killed": gettext_lazy("killed"), "injured": gettext_lazy("injured")}
CASUALTY_GROUPS = {
    "civilian": gettext_lazy("civilian"),
    "combatant": gettext_lazy("combatant"),
    "unknown": gettext_lazy("status unknown"),
    "all": gettext_lazy("all together"),
    "women": gettext_lazy("of these women"),
    "children": gettext_lazy("of these children"),
}
ESTIMATES = {"low": gettext_lazy("lowest"), "best": gettext_lazy("best"), "high": gettext_lazy("highest")}


def reference(public_id: UUID) -> str:
    """The short form of a public id by which people quote a case; reports quote incidents by the same."""
    return public_id.hex[:10]


def zone_name(zone: ZoneInfo) -> str:
    """The zone that times stand in: "UTC-08:00"; its name where its clocks were moved: each time has its offset.

    So is it where they are moved no more: what a truce of 2017 tells of was dated by the clocks of 2017. The names
    Etc/GMT+8 have their sign turned round: there the offset alone says it right.
    """
    if not _steady(zone.key):
        return zone.key
    offset = _offset(_SOME_INSTANT, zone)
    return offset if zone.key.startswith("Etc/") else f"{zone.key}, {offset}"


def instant(at: datetime, zone: ZoneInfo) -> str:
    """An instant to the minute, as the clocks of the truce show it; with its offset where the zone has several."""
    return f"{_clock(at, zone)}{_own_offset(at, zone)}"


def instant_with_offset(at: datetime, zone: ZoneInfo) -> str:
    """The same with its offset whatever the zone: where no line above says which it is."""
    return f"{_clock(at, zone)}{_own_offset(at, zone, always=True)}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local)}, {local:%H:%M}"


def _own_offset(at: datetime, zone: ZoneInfo, *, always: bool = False) -> str:
    return f" ({_offset(at, zone)})" if always or not _steady(zone.key) else ""


def _offset(at: datetime, zone: ZoneInfo) -> str:
    offset = f"{at.astimezone(zone):%z}"
    return f"UTC{offset[:3].replace('-', '−')}:{offset[3:]}"


@cache
def _steady(name: str) -> bool:
    """Whether the clocks of the zone showed one offset all through the years that truces here are of."""
    zone = ZoneInfo(name)
    months = (datetime(year, month, 1, tzinfo=UTC) for year in YEARS for month in range(1, 13))
    return len({at.astimezone(zone).utcoffset() for at in months}) == 1


def day(local: date) -> str:
    """A local date."""
    return date_format(local, "j F Y")


def occurred(start: datetime, end: datetime, precision: str, zone: ZoneInfo, *, offset: bool = False) -> str:
    """When it happened, no finer than it is known; [start, end) in the clocks of the truce.

    With `offset`, a time has its offset whatever the zone, as in `instant_with_offset`.
    """
    first, last = start.astimezone(zone), (end - timedelta(microseconds=1)).astimezone(zone)
    if precision == codebook.TimePrecision.MINUTE and end - start <= timedelta(minutes=1):
        return f"{_clock(start, zone)}{_own_offset(start, zone, always=offset)}"
    if precision in {codebook.TimePrecision.MINUTE, codebook.TimePrecision.HOUR}:
        until = end.astimezone(zone)
        moved = until.utcoffset() != first.utcoffset()
        beginning = instant(start, zone) if moved else _clock(start, zone)
        ending = f"{until:%H:%M}" if until.date() == first.date() else _clock(end, zone)
        said = {"start": beginning, "end": f"{ending}{_own_offset(end, zone, always=offset)}"}
        return _("%(start)s to %(end)s") % said
    if first.date() == last.date():
        return day(first)
    return _("%(start)s to %(end)s") % {"start": day(first), "end": day(last)}


def age(since: datetime) -> str:
    """How long ago, in words of one unit: "3 days"."""
    return timesince(since, timezone.now(), depth=1)


def casualties(filed: dict[str, Any]) -> list[str]:
    """Casualties as filed, a line each: low, best, high as the source gives them; a broken order is said."""
    lines = []
    for kind, kind_name in CASUALTY_KINDS.items():
        for group, group_name in CASUALTY_GROUPS.items():
            numbers = (filed.get(kind) or {}).get(group)
            if not numbers:
                continue
            given = [(name, numbers[key]) for key, name in ESTIMATES.items() if numbers.get(key) is not None]
            said = ", ".join(f"{name} {number}" for name, number in given)
            line = f"{kind_name}, {group_name}: {said}"
            values = [number for _name, number in given]
            if values != sorted(values):
                line += " " + _("(the order of low, best and high is broken, as filed)")
            lines.append(line)
    return lines


def harm(killed: tuple[int | None, int | None], injured: tuple[int | None, int | None]) -> str:
    """Reported casualties of an incident, lowest to highest: "2 killed, 3 to 5 injured"; '' where none are known."""
    parts = []
    for (low, high), name in ((killed, _("killed")), (injured, _("injured"))):
        if not low and not high:
            continue
        number = str(high) if low == high or low is None else f"{low}–{high}"
        parts.append(f"{number} {name}")
    return ", ".join(parts)


def acting_for(capacity: Capacity) -> str:
    """For whom a moderator acts: "North side, sent by Alder", or independent."""
    accreditation = capacity.accreditation
    sender = accreditation.sent_by_guarantor or accreditation.sent_by_party
    if capacity.side is None:
        return _("independent, sent by no side")
    return _("%(side)s, sent by %(sender)s") % {"side": capacity.side.name, "sender": sender}


def side(of: Side | None) -> str:
    """A side by name; independent where there is none."""
    return of.name if of is not None else _("independent")


def who_seconds(proposed_side: Side | None) -> str:
    """Who must second what this side proposed."""
    if proposed_side is None:
        return _("any other moderator")
    return _("a moderator of another side than %(side)s, or an independent one") % {"side": proposed_side.name}


def deadline(proposal: Finding, zone: ZoneInfo, days: int, at: datetime | None = None) -> str:
    """By when a proposal is to be seconded, or, of a finding, that it now reads as one-sided; nothing where agreed.

    `days`: those that the truce gives for it. Told at `at`, or now.
    """
    if proposal.second_by is None:
        return ""
    date, now = instant(proposal.second_by, zone), at or timezone.now()
    is_word = proposal.effect == Finding.Effect.FINDING
    if begins_one_sided(proposal, days):
        if is_word:
            return _("one-sided until it is seconded: this truce gives no days for that, so every proposal begins so")
        return _("it waits to be seconded; this truce sets no date for that")
    if proposal.second_by <= now:
        said = _("one-sided since %(date)s") if is_word else _("it was to be seconded by %(date)s")
        return _("%(what)s; it can still be seconded") % {"what": said % {"date": date}}
    return _("to be seconded by %(date)s (in %(left)s)") % {"date": date, "left": _left(now, proposal.second_by)}


def deadline_in_short(proposal: Finding | Proposed, zone: ZoneInfo, days: int) -> str:
    """The same in a few words."""
    if proposal.second_by is None:
        return ""
    is_word = proposal.effect == Finding.Effect.FINDING
    if begins_one_sided(proposal, days):
        if is_word:
            return _("this truce counts a proposal as one-sided until it is seconded")
        return _("this truce sets no date for that")
    if proposal.second_by > timezone.now():
        said = _("to be seconded by %(date)s")
    elif is_word:
        said = _("one-sided since %(date)s")
    else:
        said = _("was to be seconded by %(date)s")
    return said % {"date": instant(proposal.second_by, zone)}


def begins_one_sided(proposal: Finding | Proposed, days: int) -> bool:
    """Whether a proposal had its date the instant that it was made, for its truce gives no `days` to second it."""
    return days == 0 and proposal.second_by is not None and proposal.second_by <= proposal.recorded_at


def _left(now: datetime, until: datetime) -> str:
    """How long it is until then: "3 days"."""
    if until - now < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(now, until, depth=1)


def due(by: datetime, zone: ZoneInfo, said: Any) -> tuple[str, str]:
    """By when something is due, in words, and how near that is by a code that a style may mark: late, soon, in_time.

    `said` is the sentence of what is due, with %(date)s. Nothing is called late in the first hour after its date.
    """
    now = timezone.now()
    left = by - now
    date = said % {"date": instant(by, zone)}
    if abs(left) < timedelta(minutes=1):
        return _("%(what)s: now") % {"what": date}, "soon"
    if timedelta() >= left > -GRACE:
        return _("%(what)s: within the last hour") % {"what": date}, "soon"
    if left <= timedelta():
        return _("%(what)s: late by %(time)s") % {"what": date, "time": timesince(by, depth=1)}, "late"
    told = _("%(what)s: in %(time)s") % {"what": date, "time": timesince(now, by, depth=1)}
    return told, "soon" if left <= SOON else "in_time"


def distance(metres: float | None) -> str:
    """A distance to two figures: "350 m", "4.2 km"; where a place is not a point, the same area."""
    if metres is None:
        return _("same area")
    if metres < 1000:
        return f"{round(metres, -1):.0f} m"
    return f"{metres / 1000:.1f} km"


def coordinates(point: Point) -> str:
    """Latitude and longitude to about ten metres."""
    north = f"{abs(point.y):.4f}° {'N' if point.y >= 0 else 'S'}"
    east = f"{abs(point.x):.4f}° {'E' if point.x >= 0 else 'W'}"
    return f"{north}, {east}"


def span(hours: float) -> str:
    """A length of time in words of one unit: "48 hours", "12 days"."""
    if hours < 72:
        return ngettext("%(n)d hour", "%(n)d hours", round(hours)) % {"n": round(hours)}
    return ngettext("%(n)d day", "%(n)d days", round(hours / 24)) % {"n": round(hours / 24)}


def gap(seconds: float) -> str:
    """How far two times lie apart."""
    if seconds <= 0:
        return _("at the same time")
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(n)d minute apart", "%(n)d minutes apart", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)d hour apart", "%(n)d hours apart", hours) % {"n": hours}


def observer(sighting: dict[str, Any] | None) -> str:
    """From where it was observed, and who controls that ground."""
    seen = (sighting or {}).get("observer", {})
    coordinates = f"{seen['latitude']:.5f}, {seen['longitude']:.5f}" if "latitude" in seen else ""
    held = _("ground held by %(party)s") % {"party": seen["controlled_by"]} if seen.get("controlled_by") else ""
    return "; ".join(filter(None, (seen.get("as_written", ""), coordinates, held)))


def directions(sighting: dict[str, Any] | None) -> str:
    """In which directions, as read, and how far away."""
    seen = sighting or {}
    read = [
        " ".join(
            str(part)
            for part in (
                bearing.get("point") or f"{bearing['value']:g}",
                "" if bearing["unit"] == codebook.BearingUnit.COMPASS else codebook.BearingUnit(bearing["unit"]).label,
                "" if bearing["north"] == codebook.North.TRUE else codebook.North(bearing["north"]).label,
                f"({bearing['declination']:+g}°)" if "declination" in bearing else "",
            )
            if part
        )
        for bearing in seen.get("bearings", [])
    ]
    if seen.get("range_km"):
        read.append(_("%(low)g to %(high)g km away") % seen["range_km"])
    return "; ".join(read)


def linked(made: ReportLink | Finding) -> str:
    """What came of linking a report: it was linked, or that is a proposal."""
    if isinstance(made, ReportLink):
        return _("The report was linked.")
    return _(
        "Something is found or proposed on one of the two incidents, or two persons linked a report there, so "
        "your link is a proposal: %(who)s must second it."
    ) % {"who": who_seconds(made.proposed_side)}
