"""A guarantor's own list of cases beside what others hold, as far as the guarantor may know it; the sheet to download.

Others hold lists, each read once it was told for told, and incidents, read as the released editions of the period tell
them: place and hour no finer than there, only what is old enough. Nothing of a draft or of the record enters otherwise.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from monitoring import audit, days
from monitoring.errors import NotFound, NotNow
from reports.models import Edition, PeriodKind
from violations import case_lists
from violations.case_list_order import InOrder, order_of
from violations.case_sources import Told, areas_holding, as_cases, told_of
from violations.cases_compared import Bounds, Case, Line, Verdict
from violations.reconciling import reconcile

if TYPE_CHECKING:
    from monitoring.models import GuarantorState, User
    from violations.models import CaseList

RECORD = "record"
Holding = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Sheet:
    """The lines, and of every row by its key what the reader is told of it. `against`: a guarantor's code, or 'record'.

    `closings`: of the record, which closings were read, each with its period, number, hash, and how many incidents were
    too recent to be told. `order`: when ours was told and, of a guarantor, theirs, and what each could read by then.
    """

    case_list: CaseList
    against: str
    lines: list[Line]
    ours: dict[str, Told]
    theirs: dict[str, Told]
    order: list[InOrder]
    closings: list[Told] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines have which verdict; a pair is one line."""
        found = Counter(line.verdict for line in self.lines)
        return {verdict.value: found[verdict] for verdict in Verdict}


def sheet(public_id: UUID, against: str, *, by: User) -> Sheet:
    """Lay a list of `by`'s guarantor beside those of the guarantor `against`, or beside the released record.

    Raises NotFound (no such list of theirs, no such guarantor), NotNow (`not_told`, `not_released`,
    `not_latest`).
    """
    mine, reader = case_lists.read(public_id, by=by)
    if mine.owner_id != reader.pk:
        raise NotFound(_("There is no such list among yours."), code="not_found")
    case_lists.require_latest(mine)
    holding = areas_holding(mine.agreement)
    with case_lists.reading_own(reader):
        rows = case_lists.cases_of(mine)
    ours = {case.key: case for case in as_cases(rows, holding)}
    if against == RECORD:
        theirs, told, closings = _incidents(mine, reader, by, holding)
        order = [order_of(mine)]
    else:
        lists = _lists(mine, reader, against)
        theirs, told = _cases(mine, reader, lists, holding)
        closings = []
        order = [order_of(mine, lists[0].owner), *(order_of(other, reader) for other in lists)]
    lines = reconcile(list(ours.values()), theirs)
    audit.done("case_list.reconcile", by=by, on=mine)
    return Sheet(mine, against, lines, {str(row.number): told_of(row) for row in rows}, told, order, closings)


def _bounds(case_list: CaseList) -> tuple[datetime, datetime]:
    terms = case_list.agreement.terms
    last = days.day_of(terms, case_list.until_date - days.ONE_DAY)
    return days.day_of(terms, case_list.from_date).starts_at, last.ends_at


def _lists(mine: CaseList, reader: GuarantorState, against: str) -> list[CaseList]:
    """The other's lists that `reader` may read and that have days of `mine`."""
    if against == reader.code or not mine.agreement.guarantors.filter(code=against).exists():
        raise NotFound(_("There is no such other guarantor in this truce."), code="not_found")
    with case_lists.reading_own(reader):
        found = [
            other
            for other in case_lists.readable(mine.agreement, reader)
            if other.owner.code == against and other.from_date < mine.until_date and mine.from_date < other.until_date
        ]
    if not found:
        raise NotNow(
            _("No list of that guarantor is shown to you for these days: each is shown once both have told theirs."),
            code="not_told",
        )
    return found


def _cases(
    mine: CaseList, reader: GuarantorState, lists: list[CaseList], holding: Holding
) -> tuple[list[Case], dict[str, Told]]:
    """The rows of the other's lists that touch the days of `mine`."""
    begins, ends = _bounds(mine)
    cases, told = [], {}
    with case_lists.reading_own(reader):
        for number, other in enumerate(lists, start=1):
            rows = [
                row for row in case_lists.cases_of(other) if row.occurred_from < ends and row.occurred_until > begins
            ]
            for row, case in zip(rows, as_cases(rows, holding), strict=True):
                key = case.key if number == 1 else f"{number}/{case.key}"
                cases.append(_keyed(case, key))
                told[key] = told_of(row)
    return cases, told


def _keyed(case: Case, key: str) -> Case:
    return Case(**{**vars(case), "key": key})


def _incidents(
    mine: CaseList, reader: GuarantorState, by: User, holding: Holding
) -> tuple[list[Case], dict[str, Told], list[Told]]:
    """The incidents of the months that overlap the days of `mine`, as the latest released editions tell them."""
    begins, ends = _bounds(mine)
    editions = (
        Edition.objects.visible_to(by)
        .filter(
            agreement=mine.agreement,
            guarantor=reader,
            closing__kind=PeriodKind.MONTH,
            closing__period_from__lt=ends,
            closing__period_until__gt=begins,
        )
        .select_related("closing__common")
        .order_by("closing__period", "closing__number")
    )
    latest = {edition.closing.period: edition.closing for edition in editions}
    if not latest:
        raise NotNow(_("No report of a month that touches these days has been released yet."), code="not_released")
    cases, told, closings = [], {}, []
    for closing in latest.values():
        annex = json.loads(closing.content() or "")["beside"]["annex"]
        closings.append(
            {
                "period": closing.period,
                "number": closing.number,
                "content_sha256": closing.content_sha256,
                "withheld_recent": annex["withheld_recent"],
            }
        )
        for incident in annex["incidents"]:
            case = _incident(incident, holding)
            if case.earliest < ends and case.latest > begins:
                cases.append(case)
                told[case.key] = _told_of_incident(incident)
    return cases, told, closings


def _incident(incident: Told, holding: Holding) -> Case:
    earliest, latest = (parse_datetime(incident[name]) for name in ("occurred_from", "occurred_until"))
    assert earliest is not None and latest is not None  # noqa: S101, PT018 - the content's own form
    area = incident["area"] or ""
    return Case(
        key=incident["reference"],
        earliest=earliest,
        latest=latest,
        act=incident["act"],
        reference=incident["reference"],
        area=area,
        areas=holding.get(area, frozenset()),
        alleged=frozenset([*incident["alleged"], *incident["attributed"]]),
        killed=_harm(incident["killed"]),
        injured=_harm(incident["injured"]),
    )


def _harm(told: Told) -> Bounds | None:
    """What is told of a harm: at least what was verified, at most the highest reported; None: nothing."""
    known = [number for number in told.values() if number is not None]
    if not known:
        return None
    low = told["verified"] if told["verified"] is not None else told["reported_low"]
    return low, (max(known) if told["reported_high"] is not None else None)


def _told_of_incident(incident: Told) -> Told:
    return {
        "number": None,
        "reference": incident["reference"],
        "occurred_from": incident["occurred_from"],
        "occurred_until": incident["occurred_until"],
        "area": incident["area"],
        "place": "",
        "act": incident["act"],
        "alleged": ", ".join(sorted({*incident["alleged"], *incident["attributed"]})),
        "killed": incident["killed"]["reported_high"],
        "injured": incident["injured"]["reported_high"],
    }
