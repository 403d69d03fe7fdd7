"""What a team files of its own work, as it is handed in, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from monitoring import canonical, days
from violations.codebook import CountQualifier, PatrolKind

LONGEST = timedelta(hours=72)
MOST_STRETCHES = 50
MOST_OBSERVATIONS = 2000
MOST_COUNTED = 1_000_000
FARTHEST_METRES = 100_000
Fault = tuple[str, str]


@dataclass(frozen=True)
class Stretch:
    """A part of a patrol in one area (its code), over [started_at, ended_at)."""

    area: str
    started_at: datetime
    ended_at: datetime
    position: str = ""


@dataclass(frozen=True)
class Observation:
    """One line of a watch log. `bearing` in degrees from true north, `metres` as estimated; None: not told."""

    observed_at: datetime
    observed: str
    qualifier: str
    count: int | None = None
    phase: str = ""
    bearing: int | None = None
    metres: int | None = None


@dataclass(frozen=True)
class PatrolContent:
    """Hours of observation, over [started_at, ended_at). At a post and on watch there is one stretch."""

    kind: str
    started_at: datetime
    ended_at: datetime
    stretches: tuple[Stretch, ...]
    observations: tuple[Observation, ...] = ()
    team: str = ""
    note: str = ""

    def sha256(self) -> str:
        """SHA-256 over the canonical JSON of what was filed."""
        return _sha256(self)

    def faults(self, areas: set[str], now: datetime) -> Iterator[Fault]:
        """What is wrong, as (JSON pointer, what to do about it)."""
        yield from _faults_of_hours(self, now)
        if not 1 <= len(self.stretches) <= MOST_STRETCHES:
            yield "/stretches", _("Say in which areas the team was: 1 to %(most)d.") % {"most": MOST_STRETCHES}
        elif self.kind != PatrolKind.PATROL and len(self.stretches) > 1:
            yield "/stretches", _("A post or a watch is at one place.")
        for number, stretch in enumerate(self.stretches):
            if stretch.area not in areas:
                yield f"/stretches/{number}/area", _("There is no such area in this agreement.")
            if not self.started_at <= stretch.started_at < stretch.ended_at <= self.ended_at:
                yield (
                    f"/stretches/{number}/until",
                    _("A stretch must lie within the hours of the patrol, in their order."),
                )
        for number, (before, after) in enumerate(pairwise(self.stretches), 1):
            if after.started_at < before.ended_at:
                yield f"/stretches/{number}/from", _("A stretch begins when the one before has ended.")
        yield from self._faults_of_log()

    def _faults_of_log(self) -> Iterator[Fault]:
        if self.observations and self.kind != PatrolKind.WATCH:
            yield "/observations", _("A log belongs to a watch.")
        if len(self.observations) > MOST_OBSERVATIONS:
            yield (
                "/observations",
                _("A log has at most %(most)d lines: file it in parts.") % {"most": MOST_OBSERVATIONS},
            )
        for number, seen in enumerate(self.observations):
            place = f"/observations/{number}"
            if not self.started_at <= seen.observed_at < self.ended_at:
                yield f"{place}/at", _("An observation must lie within the hours of the watch.")
            if (seen.qualifier == CountQualifier.UNCOUNTABLE) != (seen.count is None):
                yield f"{place}/count", _("Give a count, or say that it was uncountable.")
            elif seen.count is not None and not 1 <= seen.count <= MOST_COUNTED:
                yield f"{place}/count", _("A count is a whole number from 1 to %(most)d.") % {"most": MOST_COUNTED}
            if seen.metres is not None and not 0 <= seen.metres <= FARTHEST_METRES:
                yield f"{place}/metres", _("At most %(most)d metres.") % {"most": FARTHEST_METRES}


@dataclass(frozen=True)
class RestrictionContent:
    """That a team was kept from going somewhere, over [started_at, ended_at). `area`: a code, or ''."""

    kind: str
    started_at: datetime
    ended_at: datetime
    area: str = ""
    place_as_written: str = ""
    by_as_written: str = ""
    team: str = ""
    note: str = ""

    def sha256(self) -> str:
        """SHA-256 over the canonical JSON of what was filed."""
        return _sha256(self)

    def faults(self, areas: set[str], now: datetime) -> Iterator[Fault]:
        """What is wrong, as (JSON pointer, what to do about it)."""
        yield from _faults_of_hours(self, now)
        if self.area and self.area not in areas:
            yield "/area", _("There is no such area in this agreement.")
        if not self.area and not self.place_as_written:
            yield "/place", _("Say where: an area, or the place as the team names it.")


def written(content: PatrolContent | RestrictionContent) -> dict[str, Any]:
    """Return the document that says this, in the members of the API; what says nothing is left out."""
    return _named(_plain(asdict(content)))


_MEMBERS = {
    "started_at": "from",
    "ended_at": "until",
    "observed_at": "at",
    "place_as_written": "place",
    "by_as_written": "restricted_by",
}


def _named(value: Any) -> Any:
    if isinstance(value, list):
        return [_named(one) for one in value]
    if isinstance(value, dict):
        return {_MEMBERS.get(name, name): _named(one) for name, one in value.items() if one not in (None, "", [])}
    return value


def _faults_of_hours(content: PatrolContent | RestrictionContent, now: datetime) -> Iterator[Fault]:
    if content.ended_at <= content.started_at:
        yield "/until", _("It ends after it begins.")
    elif content.ended_at - content.started_at > LONGEST:
        yield "/until", _("What lasts longer than %(most)d hours is filed in parts.") % {"most": LONGEST.days * 24}
    if content.started_at.date() < days.FIRST_DATE:
        yield "/from", _("This is before 1900. Check the year.")
    if content.ended_at > now:
        yield "/until", _("It is filed when it is over.")


def _sha256(content: Any) -> str:
    return canonical.sha256(_plain(asdict(content)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return canonical.instant(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value
