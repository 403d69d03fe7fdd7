"""Two lists side by side: the verdicts do not hang on how many pairs are kept, and long lists stay small."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from violations import reconciling
from violations.cases_compared import Case, Verdict

BEGAN = datetime(2025, 3, 1, tzinfo=UTC)


def case(key: str, *, day: int = 0, area: str = "VA01", act: str = "direct_fire", **more) -> Case:
    begins = BEGAN + timedelta(days=day)
    return Case(key, begins, begins + timedelta(days=1), act, area=area, areas=frozenset([area]), **more)


def drawn(seed: int) -> tuple[list[Case], list[Case]]:
    """Two lists whose rows are alike by the dozen, some by reference."""
    draw = random.Random(seed)
    lists: tuple[list[Case], list[Case]] = ([], [])
    for name, rows in zip("at", lists, strict=True):
        for number in range(60):
            rows.append(
                case(
                    f"{name}{number}",
                    day=draw.randrange(4),
                    area=draw.choice(["VA01", "VA02"]),
                    act=draw.choice(["direct_fire", "device", "looting"]),
                    reference=draw.choice(["", "", f"R-{draw.randrange(12)}"]),
                    their_reference=draw.choice(["", "", "", f"R-{draw.randrange(12)}"]),
                )
            )
    return lists


def verdicts(ours: list[Case], theirs: list[Case]) -> dict[str, tuple[Verdict, str]]:
    """Of each row its verdict, and of a pair whom it is with."""
    told = {}
    for line in reconciling.reconcile(ours, theirs):
        one, other = (row.key if row else "" for row in (line.ours, line.theirs))
        told |= {key: (line.verdict, with_whom) for key, with_whom in ((one, other), (other, one)) if key}
    return told


@pytest.mark.parametrize("seed", range(12))
def test_no_verdict_hangs_on_how_many_pairs_are_kept(monkeypatch, seed):
    ours, theirs = drawn(seed)
    few = {}
    for most in (2, 3, 50, 10_000):
        monkeypatch.setattr(reconciling, "MOST_ALIKE", most)
        few[most] = verdicts(ours, theirs)
    assert few[2] == few[3] == few[50] == few[10_000]
    assert len(few[2]) == 120
    assert len({verdict for verdict, _with in few[2].values()}) >= 3, "the lists are no easy ones"


def test_of_rows_that_are_all_alike_each_is_undecided_with_some_of_those_it_may_be():
    ours, theirs = ([case(f"{name}{number}") for number in range(400)] for name in "at")
    lines = reconciling.reconcile([*ours, case("a-own", area="VA09")], [*theirs, case("t-own", act="looting")])
    assert Counter(line.verdict for line in lines) == {
        Verdict.UNDECIDED: 800,
        Verdict.ONLY_OURS: 1,
        Verdict.ONLY_THEIRS: 1,
    }
    told = [len(line.candidates) for line in lines if line.verdict == Verdict.UNDECIDED]
    assert min(told) >= reconciling.MOST_ALIKE
    assert sum(told) <= 2 * reconciling.MOST_ALIKE * 800, "not a hundred and sixty thousand pairs, twice"
