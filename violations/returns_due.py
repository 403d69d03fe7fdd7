"""Who has filed the return of a day and who has not, until when it was due, and whether it came in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F

from monitoring import days
from violations.codebook import LedgerDay as State
from violations.ledger_days import LedgerDay, ToldReturn, ledger_days
from violations.models import DailyReturn

if TYPE_CHECKING:
    from monitoring.models import Agreement, User


@dataclass(frozen=True)
class DayDue:
    """One day of one guarantor's ledger, as far as the reader may know it.

    `state` is None where a return is there whose numbers are not shown yet. `filed_at`: when the owner first filed it,
    None where it did not. `returns`: what the reader may see of it, the owner's own telling first.
    """

    owner: str
    day: date
    due_at: datetime
    state: str | None
    filed_at: datetime | None
    returns: tuple[ToldReturn, ...]

    @property
    def in_time(self) -> bool | None:
        """Whether the owner filed by the deadline; None: it has not filed."""
        return None if self.filed_at is None else self.filed_at <= self.due_at


def returns_due(agreement: Agreement, *, reader: User, from_date: date, until_date: date, at: datetime) -> list[DayDue]:
    """Return the days [from_date, until_date) of every guarantor's ledger as known at `at`, newest first.

    That a return is there is told to all; its numbers, nil or not, only as `DailyReturn.visible_to` has it.
    """
    version = agreement.terms
    held = ledger_days(agreement, version, from_date=from_date, until_date=until_date, known_at=at)
    filed = _first_filed(agreement, from_date, until_date, at)
    visible = DailyReturn.objects.visible_to(reader, at=at).as_known_at(at)
    of_these = visible.filter(agreement=agreement, bears_date__gte=from_date, bears_date__lt=until_date)
    shown = {str(public_id) for public_id in of_these.values_list("public_id", flat=True)}
    told = []
    for day in held:
        returns = tuple(one for one in day.returns if one.public_id in shown)
        due_at, filed_at = days.due_at(version, day.day), filed.get((day.owner, day.day))
        told.append(DayDue(day.owner, day.day, due_at, _state(day, returns), filed_at, returns))
    return sorted(told, key=lambda row: (-row.day.toordinal(), row.owner))


def _state(day: LedgerDay, shown: Sequence[ToldReturn]) -> str | None:
    """The day's state by the returns that are shown; what is hidden is there, and says neither nil nor not."""
    if not day.held:
        return State(day.state).value
    if not shown:
        return None
    return State.NIL.value if all(told.total == 0 for told in shown) else State.RETURNED.value


def _first_filed(
    agreement: Agreement, from_date: date, until_date: date, at: datetime
) -> dict[tuple[str, date], datetime]:
    """When each owner first told of its own day; a correction does not make it late."""
    rows = (
        DailyReturn.objects.recorded_by(at)
        .filter(agreement=agreement, bears_date__gte=from_date, bears_date__lt=until_date, teller=F("owner"))
        .order_by("recorded_at")
        .values_list("owner__code", "bears_date", "recorded_at")
    )
    first: dict[tuple[str, date], datetime] = {}
    for owner, on, recorded_at in rows:
        first.setdefault((owner, on), recorded_at)
    return first
