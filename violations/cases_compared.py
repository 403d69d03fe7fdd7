"""One row of a list of cases as it is compared with those of another, field by field.

What only one of two rows states is no difference. A count is its lowest and highest; two may be one number where they
overlap. Two places may be one where their areas are equal or one lies in the other and, where both have a point, no
more metres lie between them than both are uncertain by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EARTH_METRES = 6_371_008.8
FIELDS = ("time", "place", "act", "alleged", "killed", "injured")


class Verdict(StrEnum):
    """What becomes of a row."""

    AGREED = "agreed"
    DIFFERING = "differing"
    ONLY_OURS = "only_ours"
    ONLY_THEIRS = "only_theirs"
    UNDECIDED = "undecided"


class By(StrEnum):
    """By what two rows were paired."""

    REFERENCE = "reference"
    EVENT = "event"


Bounds = tuple[int | None, int | None]


@dataclass(frozen=True)
class Case:
    """One row of a list, or one incident, as it is compared. `key` is its own within its list.

    It happened within [earliest, latest), which hold how finely the time is stated. `areas`: the code of its area and
    of every area that holds that one; `area` is the one stated. `point`: longitude and latitude, uncertain by `metres`.
    `killed` and `injured`: lowest and highest told; None: nothing is told.
    """

    key: str
    earliest: datetime
    latest: datetime
    act: str
    reference: str = ""
    their_reference: str = ""
    area: str = ""
    areas: frozenset[str] = frozenset()
    point: tuple[float, float] | None = None
    metres: float = 0
    alleged: frozenset[str] = frozenset()
    killed: Bounds | None = None
    injured: Bounds | None = None


@dataclass(frozen=True)
class Line:
    """One line of the sheet: a pair with how it was found and where it differs, or a row alone.

    `candidates`: keys of rows of the other list that it may be (undecided) or that are near it (alone).
    """

    verdict: Verdict
    ours: Case | None = None
    theirs: Case | None = None
    by: By | None = None
    differing: tuple[str, ...] = ()
    said_by_one: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


def agree(one: Case, other: Case) -> dict[str, bool | None]:
    """Of each field: whether the two agree in it; None where one of them does not state it."""
    return {
        "time": one.earliest < other.latest and other.earliest < one.latest,
        "place": _placed(one, other),
        "act": one.act == other.act if one.act and other.act else None,
        "alleged": bool(one.alleged & other.alleged) if one.alleged and other.alleged else None,
        "killed": _within(one.killed, other.killed),
        "injured": _within(one.injured, other.injured),
    }


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two points, longitude before latitude, in metres."""
    (east, north), (other_east, other_north) = (map(math.radians, point) for point in (one, other))
    haversine = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(haversine)))


def _placed(one: Case, other: Case) -> bool | None:
    """Whether two places may be one: areas within each other, and points no farther apart than both are uncertain."""
    areas = None
    if one.area and other.area:
        areas = one.area in other.areas or other.area in one.areas
    points = None
    if one.point is not None and other.point is not None:
        points = metres_between(one.point, other.point) <= one.metres + other.metres
    if areas is None:
        return points
    return areas and points is not False


def _within(one: Bounds | None, other: Bounds | None) -> bool | None:
    """Whether two counts may be one number."""
    if one is None or other is None:
        return None
    (low, high), (other_low, other_high) = one, other
    return not (
        (low is not None and other_high is not None and low > other_high)
        or (other_low is not None and high is not None and other_low > high)
    )


def agreed(one: Case, other: Case) -> int:
    """In how many of time, place and act two rows agree."""
    said = agree(one, other)
    return sum(bool(said[field]) for field in ("time", "place", "act"))


def paired(one: Case, other: Case, by: By) -> Line:
    """Return the line of a pair: agreed where no field that both state differs."""
    said = agree(one, other)
    differing = tuple(field for field in FIELDS if said[field] is False)
    by_one = tuple(field for field in FIELDS if said[field] is None and (_states(one, field) or _states(other, field)))
    return Line(Verdict.DIFFERING if differing else Verdict.AGREED, one, other, by, differing, by_one)


def _states(case: Case, field: str) -> bool:
    """Whether a row states a field at all."""
    stated = {"place": case.area or case.point, "act": case.act, "alleged": case.alleged}
    return bool(stated[field]) if field in stated else getattr(case, field, None) is not None
