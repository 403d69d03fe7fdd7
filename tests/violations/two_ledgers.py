"""Two ledgers made from a known truth: which cases both hold, how each wrote them down, and what a sheet must say.

Each true event has a day, an area and an act that no other has, unless it is a twin; so whatever a ledger says
otherwise, it says of that event alone.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

AREAS = {  # a point well inside of each district
    "VA01": (-123.75, -48.25),
    "VA02": (-123.25, -48.25),
    "VA03": (-122.75, -48.25),
    "VA04": (-123.75, -48.75),
    "VA05": (-123.25, -48.75),
    "VA06": (-122.75, -48.75),
}
NORTH = {"VA01", "VA02", "VA03"}
ACTS = (
    *("direct_fire", "indirect_fire", "air_strike", "uav_attack", "device", "raid_or_advance", "territory_taken"),
    *("fortification", "mine_laying", "overflight", "flare", "abduction", "detention", "looting", "aid_obstructed"),
)
PARTIES = ("north-army", "south-guard", "river-company", "harbour-brigade")
COLUMNS = (
    *("reference", "their_reference", "date", "time", "place", "area", "longitude", "latitude", "precision"),
    *("act", "alleged", "killed", "injured"),
)
FIRST, DAYS = date(2025, 3, 2), 30
METRE = 1 / 111_195  # of latitude, in degrees

Row = dict[str, str]


@dataclass
class Truth:
    """Two ledgers, and of every row, by its own reference, what the sheet must say."""

    ours: list[Row] = field(default_factory=list)
    theirs: list[Row] = field(default_factory=list)
    # by (ours, theirs): verdict and the fields that differ, and by what they are paired
    pairs: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = field(default_factory=dict)
    only_ours: set[str] = field(default_factory=set)
    only_theirs: set[str] = field(default_factory=set)
    # which rows of the other an undecided row may be
    undecided: dict[str, set[str]] = field(default_factory=dict)
    # two events that are alike in all but one of time, place and act: each list holds one of them (ours, theirs)
    alike: set[tuple[str, str]] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of the sheet have which verdict."""
        verdicts = [verdict for verdict, _differing, _by in self.pairs.values()]
        return {
            "agreed": verdicts.count("agreed"),
            "differing": verdicts.count("differing"),
            "only_ours": len(self.only_ours),
            "only_theirs": len(self.only_theirs),
            "undecided": len(self.undecided),
        }


def two_ledgers(seed: int, cases: int = 300) -> Truth:
    """Make two ledgers of `cases` rows each."""
    return _Scribe(random.Random(seed)).write(cases)


def as_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _Scribe:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.truth = Truth()
        slots = [(day, area, act) for day in range(DAYS) for area in AREAS for act in ACTS]
        chance.shuffle(slots)
        self.free = set(slots)
        self.slots = iter(slots)
        self.numbers = [*range(1, 1000)], [*range(1, 1000)]

    def write(self, cases: int) -> Truth:
        for change, times in CHANGES.items():
            for _time in range(times):
                self._pair(change, by=self.chance.choice(("reference", "their_reference")))
        for change in WITHOUT_REFERENCE * 6:
            self._pair(change, by="event")
        for _time in range(8):
            self._twins(2, 1)
            self._twins(1, 2)
            self._twins(2, 2)
            self._twins(3, 1)
        for what in ("day", "area", "act") * 6:
            self._alike(what)
        for _time in range(30):
            self._alone("ours")
            self._alone("theirs")
        while len(self.truth.ours) < cases - 5:
            self._pair("nothing", by=self.chance.choice(("reference", "their_reference", "event", "event")))
        while len(self.truth.ours) < cases:
            self._alone("ours")
        while len(self.truth.theirs) < cases:
            self._alone("theirs")
        assert len(self.truth.ours) == len(self.truth.theirs) == cases
        self.chance.shuffle(self.truth.ours)
        self.chance.shuffle(self.truth.theirs)
        return self.truth

    def _slot(self) -> tuple[int, str, str]:
        slot = next(slot for slot in self.slots if slot in self.free)
        self.free.discard(slot)
        return slot

    def _event(self, slot: tuple[int, str, str]) -> Row:
        day, area, act = slot
        east, north = AREAS[area]
        return {
            "reference": "",
            "their_reference": "",
            "date": (FIRST + timedelta(days=day)).isoformat(),
            "time": f"{self.chance.randrange(2, 22):02}:{self.chance.randrange(60):02}",
            "place": "by the mill",
            "area": area,
            "longitude": str(east),
            "latitude": str(north),
            "precision": "locality",
            "act": act,
            "alleged": self.chance.choice(PARTIES),
            "killed": str(self.chance.randrange(3)),
            "injured": str(self.chance.randrange(1, 5)),
        }

    def _named(self, which: int) -> str:
        """A reference of one's own: with letters, or a bare number, as the other counts too."""
        number = self.numbers[which].pop(0)
        return self.chance.choice((f"{'AB'[which]}-{number:03}", str(number)))

    def _told(self, event: Row, slot: tuple[int, str, str]) -> tuple[Row, Row]:
        """The same event as each wrote it down: as finely as it says, and no finer."""
        ours, theirs = dict(event), dict(event)
        ours["reference"], theirs["reference"] = self._named(0), self._named(1)
        for row in (ours, theirs):
            if self.chance.random() < 0.3:
                row["time"] = ""
            elif self.chance.random() < 0.5:
                row["time"] = _later(row["time"], self.chance.randrange(-7, 8))
            row["latitude"] = f"{float(row['latitude']) + self.chance.uniform(-900, 900) * METRE:.6f}"
            if self.chance.random() < 0.2:
                row["longitude"] = row["latitude"] = row["precision"] = ""
        if self.chance.random() < 0.2 and self._nothing_else_in_the_north(slot):
            theirs["area"] = "north-shore"
        return ours, theirs

    def _nothing_else_in_the_north(self, slot: tuple[int, str, str]) -> bool:
        """Whether an event is the only one of its day and act in the areas of the north shore, and stays so."""
        day, area, act = slot
        beside = {(day, other, act) for other in NORTH - {area}}
        if area not in NORTH or not beside <= self.free:
            return False
        self.free -= beside
        return True

    def _pair(self, change: str, by: str) -> None:
        slot = self._slot()
        ours, theirs = self._told(self._event(slot), slot)
        if by == "reference":
            theirs["reference"] = ours["reference"] = f"JC/{len(self.truth.pairs)}"
        elif by == "their_reference":
            named, other = self.chance.choice(((ours, theirs), (theirs, ours)))
            named["their_reference"] = other["reference"]
        differing = CHANGE[change](self, slot, ours, theirs)
        verdict = "differing" if differing else "agreed"
        how = "event" if by == "event" else "reference"
        self.truth.pairs[ours["reference"], theirs["reference"]] = (verdict, differing, how)
        self.truth.ours.append(ours)
        self.truth.theirs.append(theirs)

    def _alone(self, which: str) -> None:
        row = self._event(self._slot())
        row["reference"] = self._named(0 if which == "ours" else 1)
        getattr(self.truth, which).append(row)
        getattr(self.truth, f"only_{which}").add(row["reference"])

    def _alike(self, what: str) -> None:
        """Two events that differ in one thing alone; whoever pairs them is wrong, whatever they are called."""
        slot = self._slot()
        close = {"day": lambda one: 1 <= abs(one[0] - slot[0]) <= 2}.get(what, lambda one: True)
        ours, theirs = self._event(slot), self._event(self.elsewhere(slot, **{what: close}))
        for which, row in enumerate((ours, theirs)):
            row["reference"] = self._named(which)
        if what != "day":
            theirs["time"] = ours["time"]
        self.truth.ours.append(ours)
        self.truth.theirs.append(theirs)
        self.truth.only_ours.add(ours["reference"])
        self.truth.only_theirs.add(theirs["reference"])
        self.truth.alike.add((ours["reference"], theirs["reference"]))

    def _twins(self, ours: int, theirs: int) -> None:
        """Rows with equal natural keys: nobody can say which is which."""
        event = self._event(self._slot())
        names: tuple[list[str], list[str]] = ([], [])
        for which, (rows, count) in enumerate(((self.truth.ours, ours), (self.truth.theirs, theirs))):
            for _time in range(count):
                names[which].append(self._named(which))
                rows.append({**event, "reference": names[which][-1]})
        self.truth.undecided |= {f"ours {name}": set(names[1]) for name in names[0]}
        self.truth.undecided |= {f"theirs {name}": set(names[0]) for name in names[1]}

    def elsewhere(self, slot: tuple[int, str, str], **fixed: Callable) -> tuple[int, str, str]:
        """A free slot that differs from `slot` in one thing."""
        (name, allowed), (day, area, act) = next(iter(fixed.items())), slot
        found = [
            one
            for one in sorted(self.free)
            if sum(a != b for a, b in zip(one, slot, strict=True)) == 1
            and one[("day", "area", "act").index(name)] != (day, area, act)[("day", "area", "act").index(name)]
            and allowed(one)
        ]
        chosen = self.chance.choice(found)
        self.free.discard(chosen)
        return chosen


def _later(time: str, minutes: int) -> str:
    hour, minute = map(int, time.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60:02}:{total % 60:02}"


def _nothing(scribe, slot, ours, theirs) -> tuple[str, ...]:
    return ()


def _act(scribe, slot, ours, theirs) -> tuple[str, ...]:
    theirs["act"] = scribe.elsewhere(slot, act=lambda one: True)[2]
    return ("act",)


def _day(scribe, slot, ours, theirs) -> tuple[str, ...]:
    day = scribe.elsewhere(slot, day=lambda one: 1 <= abs(one[0] - slot[0]) <= 2)[0]
    theirs["date"] = (FIRST + timedelta(days=day)).isoformat()
    return ("time",)


def _hours(scribe, slot, ours, theirs) -> tuple[str, ...]:
    ours["time"], theirs["time"] = "05:00", "09:30"
    return ("time",)


def _area(scribe, slot, ours, theirs) -> tuple[str, ...]:
    theirs["area"] = scribe.elsewhere(slot, area=lambda one: True)[1]
    theirs["longitude"] = theirs["latitude"] = theirs["precision"] = ""
    return ("place",)


def _far(scribe, slot, ours, theirs) -> tuple[str, ...]:
    """In the area, and farther apart than both say that they know it."""
    for row in (ours, theirs):
        row["longitude"], row["precision"] = str(AREAS[slot[1]][0]), "locality"
    ours["latitude"] = f"{AREAS[slot[1]][1]}"
    theirs["latitude"] = f"{AREAS[slot[1]][1] + 2300 * METRE:.6f}"
    return ("place",)


def _alleged(scribe, slot, ours, theirs) -> tuple[str, ...]:
    theirs["alleged"] = scribe.chance.choice([party for party in PARTIES if party != ours["alleged"]])
    return ("alleged",)


def _killed(scribe, slot, ours, theirs) -> tuple[str, ...]:
    theirs["killed"] = str(int(ours["killed"]) + 1)
    return ("killed",)


def _both(scribe, slot, ours, theirs) -> tuple[str, ...]:
    _alleged(scribe, slot, ours, theirs)
    theirs["injured"] = str(int(ours["injured"]) + 4)
    return ("alleged", "injured")


def _unsaid(scribe, slot, ours, theirs) -> tuple[str, ...]:
    """What only one says is no difference."""
    theirs["alleged"] = theirs["killed"] = ""
    ours["injured"] = ""
    return ()


CHANGE = {
    "nothing": _nothing,
    "act": _act,
    "day": _day,
    "hours": _hours,
    "area": _area,
    "far": _far,
    "alleged": _alleged,
    "killed": _killed,
    "both": _both,
    "unsaid": _unsaid,
}
CHANGES = {"act": 8, "day": 8, "hours": 8, "area": 8, "far": 8, "alleged": 8, "killed": 8, "both": 8, "unsaid": 8}
WITHOUT_REFERENCE = ("alleged", "killed", "both", "unsaid")
