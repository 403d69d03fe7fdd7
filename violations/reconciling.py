"""Two lists of cases laid side by side, row by row: agreed, differing in what, only ours, only theirs, undecided.

The rule, in this order; nothing is merged that could be merged otherwise:

1. By reference. A row that names the other's reference, or bears the same one, is paired with the row that has it,
   where each of the two is the only one. Both sides count from 1, so a bare number that both bear says nothing; rows
   that merely bear the same reference must also lie within three days and agree in two of time, place and act.
2. By what happened. Of the rows left, two may be one where the act is the same and their times and places may be one,
   as finely as each is stated. Two that may be each other and nothing else are paired. Where one may be several, all
   of them are undecided, each with its candidates: a person decides. Equal keys are no exception.
3. What is left stands alone, beside what is near it: rows of the other list that stand alone too, lie within three days
   and agree in two of the three.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from violations.cases_compared import By, Case, Line, Verdict, agreed, paired
from violations.naming import plain

MOST_NEAR = 5
MOST_ALIKE = 50  # of what one row may be: of more, no row is told
NEAR = timedelta(days=3)
ONE_DAY = timedelta(days=1)
LONG = timedelta(days=31)  # what is wider is compared with everything


def reconcile(ours: Sequence[Case], theirs: Sequence[Case]) -> list[Line]:
    """Return a line for every pair and every row that has none, in order of time; each row stands in exactly one."""
    desk = _Desk(ours, theirs)
    lines = [paired(ours[one], theirs[other], By.REFERENCE) for one, other in desk.by_reference()]
    edges, groups = desk.by_event()
    of_ours, of_theirs = _beside(edges)
    for some, others in groups:
        if len(some) == len(others) == 1:
            lines.append(paired(ours[some[0]], theirs[others[0]], By.EVENT))
            continue
        lines += [Line(Verdict.UNDECIDED, ours=ours[one], candidates=_keys(theirs, of_ours[one])) for one in some]
        lines += [Line(Verdict.UNDECIDED, theirs=theirs[one], candidates=_keys(ours, of_theirs[one])) for one in others]
    near_ours, near_theirs = _beside(desk.near())
    for one in sorted(desk.ours_left):
        keys = _keys(theirs, near_ours[one][:MOST_NEAR])
        lines.append(Line(Verdict.ONLY_OURS, ours=ours[one], candidates=keys))
    for other in sorted(desk.theirs_left):
        keys = _keys(ours, near_theirs[other][:MOST_NEAR])
        lines.append(Line(Verdict.ONLY_THEIRS, theirs=theirs[other], candidates=keys))
    return sorted(lines, key=_in_order)


Edge = tuple[int, int]


class _Desk:
    """The two lists by number, and which of their rows are still unpaired."""

    def __init__(self, ours: Sequence[Case], theirs: Sequence[Case]) -> None:
        self.ours, self.theirs = ours, theirs
        self.ours_left, self.theirs_left = set(range(len(ours))), set(range(len(theirs)))
        self.our_references = _by_reference(case.reference for case in ours)
        self.their_references = _by_reference(case.reference for case in theirs)

    def by_reference(self) -> list[Edge]:
        """Take out the pairs that references make, those that name the other's first."""
        pairs = self._taken(self._named(), lone_bearers=False)
        return pairs + self._taken(self._same(), lone_bearers=True)

    def by_event(self) -> tuple[set[Edge], list[tuple[list[int], list[int]]]]:
        """Take out the rows left that may be one another: which may be which, and of each group ours and theirs."""
        edges = self._alike(timedelta(0), at_least=3, most=MOST_ALIKE)
        edges |= {edge for edge in self._named() | self._same() if self._open(edge)}
        groups = _groups(edges)
        for some, others in groups:
            self.ours_left.difference_update(some)
            self.theirs_left.difference_update(others)
        return edges, groups

    def near(self) -> list[Edge]:
        """Pairs of rows left alone that are near each other: they agree in two, for in three they would be one."""
        return sorted(self._alike(NEAR, at_least=2, most=MOST_NEAR))

    def _alike(self, reach: timedelta, *, at_least: int, most: int) -> set[Edge]:
        """Pairs of rows left that agree in so many of the three."""
        return _bounded(
            self._within(reach), most, lambda one, other: agreed(self.ours[one], self.theirs[other]) >= at_least
        )

    def _named(self) -> set[Edge]:
        """Pairs of which one names the other's reference."""
        ours_name = (
            (one, other)
            for one, case in enumerate(self.ours)
            for other in self.their_references.get(plain(case.their_reference), ())
        )
        theirs_name = (
            (one, other)
            for other, case in enumerate(self.theirs)
            for one in self.our_references.get(plain(case.their_reference), ())
        )
        return _bounded(ours_name, MOST_ALIKE) | _bounded(theirs_name, MOST_ALIKE)

    def _same(self) -> set[Edge]:
        """Pairs that bear the same reference, no bare number, and are alike enough for it to be no coincidence."""
        bear = (
            (one, other)
            for reference, some in self.our_references.items()
            if not reference.isdecimal()
            for other in self.their_references.get(reference, ())
            for one in some
        )
        return _bounded(
            bear,
            MOST_ALIKE,
            lambda one, other: (
                _apart(self.ours[one], self.theirs[other]) <= NEAR and agreed(self.ours[one], self.theirs[other]) >= 2
            ),
        )

    def _taken(self, edges: Iterable[Edge], *, lone_bearers: bool) -> list[Edge]:
        """Take out the edges whose two rows have no other; `lone_bearers`: and whose reference no other row bears."""
        open_edges = sorted(edge for edge in edges if self._open(edge))
        ours, theirs = _counts(open_edges)
        taken = []
        for one, other in open_edges:
            if not ours[one] == theirs[other] == 1:
                continue
            reference = plain(self.ours[one].reference)
            if lone_bearers and not len(self.our_references[reference]) == len(self.their_references[reference]) == 1:
                continue
            taken.append((one, other))
            self.ours_left.discard(one)
            self.theirs_left.discard(other)
        return taken

    def _open(self, edge: Edge) -> bool:
        return edge[0] in self.ours_left and edge[1] in self.theirs_left

    def _within(self, reach: timedelta) -> Iterator[Edge]:
        """Pairs of rows left whose days are no farther apart than `reach`: what can be compared at all."""
        by_day: dict[date | None, set[int]] = defaultdict(set)
        for other in self.theirs_left:
            for day in _days(self.theirs[other], timedelta(0)):
                by_day[day].add(other)
        for one in sorted(self.ours_left):
            days = _days(self.ours[one], reach)
            beside = self.theirs_left if None in days else set().union(by_day[None], *(by_day[day] for day in days))
            for other in sorted(beside):
                yield one, other


def _bounded(
    pairs: Iterable[Edge], most: int, holds: Callable[[int, int], bool] = lambda _one, _other: True
) -> set[Edge]:
    """Those of the pairs that hold. Each row keeps all of its own, or at least `most`: two long lists are alike by
    millions of pairs, and which rows have none, one or several is the same with fewer.
    """
    found: set[Edge] = set()
    of_ours: Counter[int] = Counter()
    of_theirs: Counter[int] = Counter()
    for one, other in pairs:
        if (of_ours[one] < most or of_theirs[other] < most) and (one, other) not in found and holds(one, other):
            found.add((one, other))
            of_ours[one] += 1
            of_theirs[other] += 1
    return found


def _beside(edges: Iterable[Edge]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Of each row the rows of the other list that it has an edge to, in their order: (of ours, of theirs)."""
    of_ours: dict[int, list[int]] = defaultdict(list)
    of_theirs: dict[int, list[int]] = defaultdict(list)
    for one, other in sorted(edges):
        of_ours[one].append(other)
        of_theirs[other].append(one)
    return of_ours, of_theirs


def _keys(cases: Sequence[Case], numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(cases[number].key for number in numbers)


def _apart(one: Case, other: Case) -> timedelta:
    """How long lies between two cases; nothing where their times may be one."""
    return max(one.earliest - other.latest, other.earliest - one.latest, timedelta(0))


def _by_reference(references: Iterable[str]) -> dict[str, list[int]]:
    bearing: dict[str, list[int]] = defaultdict(list)
    for number, reference in enumerate(references):
        if plain(reference):
            bearing[plain(reference)].append(number)
    return bearing


def _days(case: Case, reach: timedelta) -> list[date | None]:
    """The days (UTC) that a case touches, `reach` farther on both sides; None alone for one that spans too many."""
    if case.latest - case.earliest > LONG:
        return [None]
    first, last = ((at + by).astimezone(UTC).date() for at, by in ((case.earliest, -reach), (case.latest, reach)))
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]


def _counts(edges: Iterable[Edge]) -> tuple[dict[int, int], dict[int, int]]:
    ours: dict[int, int] = defaultdict(int)
    theirs: dict[int, int] = defaultdict(int)
    for one, other in edges:
        ours[one] += 1
        theirs[other] += 1
    return ours, theirs


def _groups(edges: Iterable[Edge]) -> list[tuple[list[int], list[int]]]:
    """Rows that hang together by edges: (ours, theirs) of each group."""
    beside: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for one, other in edges:
        beside["ours", one].add(("theirs", other))
        beside["theirs", other].add(("ours", one))
    groups, seen = [], set()
    for start in sorted(beside):
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            new = beside[waiting.pop()] - group
            group |= new
            waiting += new
        seen |= group
        groups.append(tuple(sorted(row for side, row in group if side == which) for which in ("ours", "theirs")))
    return groups  # type: ignore[return-value]


def _in_order(line: Line) -> tuple[datetime, str, str]:
    case = line.ours or line.theirs
    assert case is not None  # noqa: S101 - a line has one of the two
    return case.earliest, "ours" if line.ours else "theirs", case.key
