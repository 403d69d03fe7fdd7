"""How the work stands, truce by truce, as operators look at it: what is due, under way, failed and owed; no contents.

Everything is counted over all truces at once: as many statements for one truce as for a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from monitoring import days
from monitoring.days import ONE_DAY
from monitoring.errors import NotNow
from monitoring.models import GuarantorTerm, MechanismVersion
from monitoring.notices import TOLD_WITHIN
from reports import periods
from reports.closings import held
from reports.models import Closing, Resumption
from violations import replies_seen
from violations.models import BulkJob, BulkTurn, DailyReturn, InformationRequest, RequestAnswer

if TYPE_CHECKING:
    from monitoring.models import Agreement
    from reports.closings.held import Held
    from reports.periods import Period

MOST = 100  # closings and decisions on many that are listed
RETURNS_OF = TOLD_WITHIN  # the days of whose returns it is told who owes them


@dataclass(frozen=True)
class Due:
    """A kind of period that the calendar closes by itself: what it closes next and when, and what it should have.

    `missed` is the last period that was to be asked for and was not, nor any after it: beat or a worker is not there.
    """

    kind: str
    upcoming: Period | None
    closes_at: datetime | None
    missed: Period | None


@dataclass(frozen=True)
class Owed:
    """How many are not there: still in time, and past their time."""

    awaited: int = 0
    late: int = 0


@dataclass(frozen=True)
class Truce:
    """One truce: its calendar, how many closings are in which state by kind, who owes how many returns and replies."""

    agreement: Agreement
    version: MechanismVersion
    due: tuple[Due, ...]
    closings: dict[tuple[str, str], int]
    returns: Owed
    replies: Owed


@dataclass(frozen=True)
class HeldBack:
    """A truce of which nothing is closed or released since a restore, why, and the proposal to go on that waits."""

    agreement: Agreement
    why: Held
    proposal: Resumption | None


@dataclass(frozen=True)
class Operations:
    """How the work stands in some truces at an instant. Of closings and jobs the first MOST, without contents.

    `unreadable`: why the log of releases cannot be read: then nothing of any truce is closed or released.
    """

    at: datetime
    truces: list[Truce]
    held: list[HeldBack]
    unreadable: str
    under_way: list[Closing]
    failed: list[Closing]
    jobs: list[BulkJob]


def of(agreements: Iterable[int], *, at: datetime | None = None) -> Operations:
    """Return how the work stands in the truces of these ids, at `at` (now), in the order of their codes."""
    at = at or timezone.now()
    versions = list(
        MechanismVersion.objects.open()
        .filter(agreement__in=set(agreements))
        .select_related("agreement")
        .order_by("agreement__code")
    )
    ids = [version.agreement_id for version in versions]
    states = _states(ids)
    asked = _asked_until(ids)
    returns = _returns(versions, at)
    replies = _replies(ids, at)
    held_back, unreadable = _held([version.agreement for version in versions])
    closings = Closing.objects.filter(agreement__in=ids).select_related("agreement")
    return Operations(
        at=at,
        truces=[
            Truce(
                agreement=version.agreement,
                version=version,
                due=tuple(_due(version, kind, asked, at) for kind in version.calendar),
                closings=states.get(version.agreement_id, {}),
                returns=returns[version.agreement_id],
                replies=replies.get(version.agreement_id, Owed()),
            )
            for version in versions
        ],
        held=held_back,
        unreadable=unreadable,
        under_way=list(closings.under_way().with_rest().order_by("pk")[:MOST]),
        failed=list(closings.filter(state=Closing.State.FAILED).with_rest().order_by("-pk")[:MOST]),
        jobs=_jobs(ids),
    )


def _held(agreements: list[Agreement]) -> tuple[list[HeldBack], str]:
    """The truces that are held back; and why that cannot be told, if so."""
    try:
        whys = held.of_each(agreements)
    except NotNow as refusal:
        return [], str(refusal)
    back = [agreement for agreement in agreements if whys[agreement.pk]]
    waiting = Resumption.objects.waiting().filter(agreement__in=back) if back else []
    proposals = {proposal.agreement_id: proposal for proposal in waiting}
    return [HeldBack(agreement, whys[agreement.pk], proposals.get(agreement.pk)) for agreement in back], ""


def _states(ids: list[int]) -> dict[int, dict[tuple[str, str], int]]:
    rows = Closing.objects.filter(agreement__in=ids).order_by().values_list("agreement", "kind", "state")
    found: dict[int, dict[tuple[str, str], int]] = {}
    for agreement, kind, state, count in rows.annotate(count=Count("pk")):
        found.setdefault(agreement, {})[kind, state] = count
    return found


def _asked_until(ids: list[int]) -> dict[tuple[int, str], datetime]:
    """Until when periods of each truce and kind were asked for, whatever came of it."""
    rows = Closing.objects.filter(agreement__in=ids).order_by().values_list("agreement", "kind")
    return {(agreement, kind): until for agreement, kind, until in rows.annotate(until=Max("period_until"))}


def _due(version: MechanismVersion, kind: str, asked: dict[tuple[int, str], datetime], at: datetime) -> Due:
    upcoming = periods.next_due(version, kind, after=at)
    last = periods.last_due(version, kind, by=at)
    until = asked.get((version.agreement_id, kind))
    return Due(
        kind=kind,
        upcoming=upcoming,
        closes_at=periods.closes_at(version, upcoming) if upcoming else None,
        missed=last if last and (until is None or until < last.ends_at) else None,
    )


def _returns(versions: list[MechanismVersion], at: datetime) -> dict[int, Owed]:
    """Of the days of late, how many returns are not there; none where a ledger was taken from publications."""
    filed = [version for version in versions if version.ledgers_from == MechanismVersion.LedgersFrom.RETURNS]
    terms = GuarantorTerm.objects.filter(version__in=filed).values_list(
        "version", "guarantor", "valid_from", "valid_until"
    )
    since = {version.pk: days.last_due(version, at - RETURNS_OF) + ONE_DAY for version in filed}
    told = set(
        DailyReturn.objects.open()
        .filter(agreement__in=[version.agreement_id for version in filed])
        .filter(bears_date__gte=min(since.values(), default=at.date()))
        .values_list("owner", "bears_date")
    )
    by_version: dict[int, list[tuple[Any, ...]]] = {}
    for version_id, *term in terms:
        by_version.setdefault(version_id, []).append(tuple(term))
    owed = {version.agreement_id: Owed() for version in versions}
    for version in filed:
        counted = Counter(
            "late" if days.due_at(version, day.date) <= at else "awaited"
            for day in _days(version, since[version.pk], at)
            for guarantor, *term in by_version.get(version.pk, ())
            if _owes(version, term, day) and (guarantor, day.date) not in told
        )
        owed[version.agreement_id] = Owed(**counted)
    return owed


def _days(version: MechanismVersion, since: Any, at: datetime) -> list[days.Day]:
    """The days that are over, from `since`."""
    today = days.day_holding(version, at).date
    return [days.day_of(version, since + ONE_DAY * number) for number in range((today - since).days)]


def _owes(version: MechanismVersion, term: list[Any], day: days.Day) -> bool:
    """Whether a day overlaps a guarantor's term within the truce."""
    starts_at = max(version.in_force_from, *(at for at in term[:1] if at))
    ends = [at for at in (version.in_force_until, term[1]) if at]
    return day.ends_at > starts_at and all(day.starts_at < ends_at for ends_at in ends)


def _replies(ids: list[int], at: datetime) -> dict[int, Owed]:
    """How many requests stand unanswered, by whether their date is past: of whom and about what is not read."""
    unanswered = ~Exists(RequestAnswer.objects.filter(request=OuterRef("pk")))
    with replies_seen.reading_for(ids):
        rows = InformationRequest.objects.open().filter(unanswered, agreement__in=ids).order_by().values("agreement")
        counted = rows.annotate(
            awaited=Count("pk", filter=Q(due_at__gt=at)), late=Count("pk", filter=Q(due_at__lte=at))
        )
        return {row["agreement"]: Owed(row["awaited"], row["late"]) for row in counted}


def _jobs(ids: list[int]) -> list[BulkJob]:
    """Decisions on many that are not done: `left` rows of `count`; `turn_until` while a worker is at them."""
    turn = BulkTurn.objects.open().filter(job=OuterRef("pk")).values("until")[:1]
    jobs = BulkJob.objects.unfinished().filter(agreement__in=ids).select_related("agreement")
    counted = jobs.annotate(
        count=Count("rows"), left=Count("rows", filter=Q(rows__outcome__isnull=True)), turn_until=turn
    )
    return list(counted[:MOST])


def waiting_since(operations: Operations, *, patience: timedelta) -> list[Closing]:
    """Closings that could be worked on for longer than `patience` and that nobody holds: is a worker running?"""
    limit = operations.at - patience
    return [closing for closing in operations.under_way if not closing.rests and lies_since(closing) < limit]  # type: ignore[attr-defined]


def lies_since(closing: Any) -> datetime:
    """Since when a closing of `with_rest` could be worked on and nobody holds it."""
    since = (closing.recorded_at, closing.cutoff_at, closing.lease_until, closing.comments_until, closing.let_at)
    return max(at for at in since if at is not None)
