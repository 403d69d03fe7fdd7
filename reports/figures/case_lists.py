"""Section 2, where guarantors list their cases one by one: each two told lists beside one another, in numbers.

Only days that both cover are compared, and each case on the day of its earliest instant, as incidents stand in their
period; a pair across the edge of these days reads as two cases alone. Each list's own cases make up its own figures:
agreed, differing, undecided and only there. Drafts are never read. Listed cases are counted nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from violations.case_sources import areas_holding, as_cases
from violations.cases_compared import FIELDS, Case, Verdict
from violations.models import CaseList, CaseListRow
from violations.reconciling import reconcile

if TYPE_CHECKING:
    from reports.figures.known import Known


@dataclass
class Told:
    """What one guarantor told of the period: the dates that its lists cover, and each case with its date."""

    dates: set[date] = field(default_factory=set)
    cases: list[tuple[date, Case]] = field(default_factory=list)

    def within(self, dates: set[date]) -> list[Case]:
        """The cases of these dates."""
        return [case for day, case in self.cases if day in dates]


def beside_one_another(known: Known) -> list[dict[str, Any]]:
    """Return each two guarantors that told lists of the same days of the period, in the order of their codes."""
    told = _told(known)
    return [
        _beside(one, other, told[one], told[other])
        for one, other in combinations(sorted(told), 2)
        if told[one].dates & told[other].dates
    ]


def _told(known: Known) -> dict[str, Told]:
    """By guarantor: the lists that stood, and were told, as known at the cut-off."""
    lists = (
        CaseList.objects.as_known_at(known.known_at)
        .filter(
            agreement=known.agreement,
            telling__recorded_at__lte=known.known_at,
            from_date__lte=known.period.dates[-1],
            until_date__gt=known.period.dates[0],
        )
        .select_related("owner")
        .order_by("pk")
    )
    told: dict[str, Told] = defaultdict(Told)
    holding = areas_holding(known.agreement)  # areas and what they lie in are written once
    for one in lists:
        whose = told[one.owner.code]
        days = (one.until_date - one.from_date).days
        whose.dates |= {one.from_date + timedelta(days=number) for number in range(days)} & set(known.period.dates)
        rows = list(
            CaseListRow.objects.filter(
                case_list=one, occurred_from__gte=known.period.starts_at, occurred_from__lt=known.period.ends_at
            )
            .select_related("area", "alleged")
            .order_by("number")
        )
        for row, case in zip(rows, as_cases(rows, holding), strict=True):
            day = next(day for day in known.period.days if day.starts_at <= row.occurred_from < day.ends_at)
            whose.cases.append((day.date, replace(case, key=f"{one.pk}/{case.key}")))
    return told


def _beside(one: str, other: str, ours: Told, theirs: Told) -> dict[str, Any]:
    dates = ours.dates & theirs.dates
    lines = reconcile(ours.within(dates), theirs.within(dates))
    pairs = Counter(line.verdict for line in lines if line.ours and line.theirs)
    differing = Counter(name for line in lines for name in line.differing)
    return {
        "guarantor": one,
        "beside": other,
        "days": len(dates),
        "agreed": pairs[Verdict.AGREED],
        "differing": pairs[Verdict.DIFFERING],
        "differing_in": {name: differing[name] for name in FIELDS},
        "of_guarantor": _own([line.verdict for line in lines if line.ours], Verdict.ONLY_OURS),
        "of_beside": _own([line.verdict for line in lines if line.theirs], Verdict.ONLY_THEIRS),
    }


def _own(verdicts: list[Verdict], alone: Verdict) -> dict[str, int]:
    """One list's own figures: its cases, of them those that may be several of the other's, and those only there."""
    return {
        "cases": len(verdicts),
        "undecided": verdicts.count(Verdict.UNDECIDED),
        "only_there": verdicts.count(alone),
    }
