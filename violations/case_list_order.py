"""When lists of cases were told, and what their owners could read by then.

That another guarantor told a list is shown to all at once, as it is of returns; its rows are read told for told
(`case_lists`). Once they are, either may tell a list of the same days anew: nothing forbids it, and whoever reads the
two side by side is told which was told when the other could be read. All of it follows from when lists were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from monitoring.english_order import by_english_name
from violations.case_lists import days_of
from violations.models import CaseList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.models import Agreement, GuarantorState


class After(TextChoices):
    """What was there of the other guarantor when a list was told, or is there while it is a draft."""

    NOTHING = "nothing"
    TOLD = "told"
    READABLE = "readable"


@dataclass(frozen=True)
class InOrder:
    """A list in the order of tellings. `told_at` is None of a draft.

    `other_told_at`: when the other guarantor first told a list that has days of this one; `readable_since`: since when
    the owner of this one could read such a list. None: not yet.
    """

    case_list: CaseList
    told_at: datetime | None
    other_told_at: datetime | None = None
    readable_since: datetime | None = None

    @property
    def after(self) -> After:
        """What it was told after. A list by which its owner earned the reading of the other's was told before that."""
        if self._is_after(self.readable_since):
            return After.READABLE
        return After.TOLD if self._is_after(self.other_told_at) else After.NOTHING

    def _is_after(self, at: datetime | None) -> bool:
        return at is not None and (self.told_at is None or self.told_at > at)


def told_by_others(agreement: Agreement, reader: GuarantorState) -> list[CaseList]:
    """Return the lists that stand and that others told, whether or not `reader` may read their rows."""
    told = CaseList.objects.open().filter(agreement=agreement, telling__isnull=False).exclude(owner=reader)
    return list(
        told.select_related("owner", "telling", "agreement").order_by("-from_date", *by_english_name("owner__"), "-pk")
    )


def order_of(case_list: CaseList, other: GuarantorState | None = None) -> InOrder:
    """Return when a list was told, and what its owner could read by then of the guarantor `other`."""
    telling = getattr(case_list, "telling", None)
    told_at = telling.recorded_at if telling else None
    if other is None:
        return InOrder(case_list, told_at)
    own, others = (_ever_told(case_list.agreement, owner) for owner in (case_list.owner, other))
    alike = [one for one in others if not days_of([one]).isdisjoint(days_of([case_list]))]
    return InOrder(
        case_list,
        told_at,
        other_told_at=min((one.telling.recorded_at for one in alike), default=None),
        readable_since=_readable_since(own, alike),
    )


def _ever_told(agreement: Agreement, owner: GuarantorState) -> list[CaseList]:
    """Every list that was told, also those in whose place another stands."""
    told = CaseList.objects.filter(agreement=agreement, owner=owner, telling__isnull=False)
    return list(told.select_related("telling").order_by("telling__recorded_at"))


def _readable_since(own: list[CaseList], others: list[CaseList]) -> datetime | None:
    """The first instant at which what stood of `own` covered all days of one of the `others` that stood."""
    for at in sorted(one.telling.recorded_at for one in (*own, *others)):
        covered = days_of(_standing(own, at))
        if any(days_of([one]) <= covered for one in _standing(others, at)):
            return at
    return None


def _standing(lists: Iterable[CaseList], at: datetime) -> list[CaseList]:
    return [
        one for one in lists if one.telling.recorded_at <= at and (one.superseded_at is None or one.superseded_at > at)
    ]
