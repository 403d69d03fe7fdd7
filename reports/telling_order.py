"""In what order lists of cases were told, as a sheet says it: in words, and for a machine. It judges nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import canonical, days
from reports.renderers import values
from violations.case_list_order import After, told_by_others

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.models import Agreement, GuarantorState
    from violations.case_list_order import InOrder
    from violations.models import CaseList


def document(order: list[InOrder]) -> list[dict[str, Any]]:
    """Return each telling with its instants, to the minute, and what it was told after; the reader's own list first."""
    return [
        {
            "owner": one.case_list.owner.code,
            "from": one.case_list.from_date.isoformat(),
            "until": one.case_list.until_date.isoformat(),
            "told_at": _minute(one.told_at),
            "other_told_at": _minute(one.other_told_at),
            "readable_since": _minute(one.readable_since),
            "after": one.after.value,
        }
        for one in order
    ]


def sentences(order: list[InOrder], names: dict[str, str]) -> list[str]:
    """Return a sentence of each list; `names`: guarantors' names by code."""
    owners = dict.fromkeys(one.case_list.owner.code for one in order)
    return [
        _sentence(one, names, next((owner for owner in owners if owner != one.case_list.owner.code), ""))
        for one in order
    ]


def notices(agreement: Agreement, mine: GuarantorState, names: dict[str, str]) -> list[str]:
    """What each other guarantor told, as soon as it did: of which days, and when; nothing of its rows."""
    return [
        _("%(owner)s told a list of cases, %(first)s to %(last)s, on %(at)s.")
        % {"owner": names[one.owner.code], **_span(one), "at": told_on(one)}
        for one in told_by_others(agreement, mine)
    ]


def told_on(one: CaseList) -> str:
    """When a list was told, to the minute by the truce's clocks; empty of a draft."""
    telling = getattr(one, "telling", None)
    return _instant(telling.recorded_at if telling else None, one.agreement.terms.time_zone)


def _sentence(one: InOrder, names: dict[str, str], other: str) -> str:
    zone = one.case_list.agreement.terms.time_zone
    said = {
        "owner": names[one.case_list.owner.code],
        "other": names.get(other, ""),
        **_span(one.case_list),
        "at": _instant(one.told_at, zone),
        "other_at": _instant(one.other_told_at, zone),
        "since": _instant(one.readable_since, zone),
    }
    return _form(one, other) % said


def _form(one: InOrder, other: str) -> str:
    if one.told_at is None:
        return _("The list of %(owner)s, %(first)s to %(last)s, is a draft: it is not told.")
    if not other:
        return _("The list of %(owner)s, %(first)s to %(last)s, was told on %(at)s.")
    return {
        After.NOTHING: _(
            "The list of %(owner)s, %(first)s to %(last)s, was told on %(at)s, before %(other)s had told one of "
            "these days."
        ),
        After.TOLD: _(
            "The list of %(owner)s, %(first)s to %(last)s, was told on %(at)s, after %(other)s had told one of these "
            "days (on %(other_at)s) and before %(owner)s could read it."
        ),
        After.READABLE: _(
            "The list of %(owner)s, %(first)s to %(last)s, was told on %(at)s, when %(owner)s could read a list of "
            "%(other)s of these days (since %(since)s)."
        ),
    }[one.after]


def _span(one: CaseList) -> dict[str, str]:
    return {
        "first": values.day(one.from_date.isoformat()),
        "last": values.day((one.until_date - days.ONE_DAY).isoformat()),
    }


def _minute(at: datetime | None) -> str | None:
    """To the minute: finer, it would tell more than anybody needs."""
    return canonical.instant(at.replace(second=0, microsecond=0)) if at else None


def _instant(at: datetime | None, zone: str) -> str:
    told = _minute(at)
    return values.instant(told, zone) if told else ""
