"""What the calendar asks for: the first closing of every period that is over.

Each is asked for in a transaction of its own, the one that ended first before all others, so that what was missed while
the service was down is made up in order, once. What cannot be asked for is told to operators with its cause, is tried
again with the next tick, and holds up no other period and no other truce.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction

from monitoring import notices
from monitoring.accreditation import Role
from monitoring.errors import Refusal
from monitoring.models import Agreement, Notice
from monitoring.notices import Told
from reports import periods
from reports.closings.held import held
from reports.closings.requesting import request
from reports.models import Closing
from reports.querysets import database_clock

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.models import MechanismVersion
    from reports.periods import Period

logger = logging.getLogger(__name__)
CALENDAR = Closing.RequestedHow.CALENDAR


def request_due(agreement: Agreement) -> list[Closing]:
    """Request the first closing of each period that the calendar closes by itself and nobody has closed or asked for.

    Nothing where the truce names no first period, or is held back after a restore.
    """
    wanted: list[Period] = []
    with isolated(agreement):
        version = agreement.versions.open().first()
        wanted = [] if version is None or held(agreement) else due(version, by=database_clock())
    return [
        closing for period in wanted if (closing := asked(agreement, period.kind, period.code, CALENDAR)) is not None
    ]


def due(version: MechanismVersion, *, by: datetime) -> list[Period]:
    """Return what is over at the instant `by`, with its grace, and was never asked for; of all kinds, by its end.

    Of those that end together the shorter comes first: a day, its week, its month.
    """
    there = set(Closing.objects.filter(agreement=version.agreement_id).values_list("kind", "period"))
    wanted = [
        period
        for kind in version.calendar
        for period in periods.due(version, kind, by=by, but={code for of_kind, code in there if of_kind == kind})
    ]
    return sorted(wanted, key=lambda period: (period.ends_at, len(period.days)))


def asked(agreement: Agreement, kind: str, code: str, how: Closing.RequestedHow) -> Closing | None:
    """The closing that answers the request; None where there can be none, which operators are told of."""
    with isolated(agreement, kind, code):
        return request(agreement, kind, code, how=how)
    return None


@contextmanager
def isolated(agreement: Agreement, kind: str = "", code: str = "") -> Iterator[None]:
    """A transaction of one truce or period: what fails in it leaves nothing, is told to operators, and goes no further.

    With no period it is what is due of the truce as a whole.
    """
    try:
        with transaction.atomic():
            yield
    except Exception as fault:
        _tell(agreement, kind, code, fault)


def _tell(agreement: Agreement, kind: str, code: str, fault: Exception) -> None:
    """Tell operators, once of each period; the worker's log has where it happened."""
    cause = fault.code if isinstance(fault, Refusal) else type(fault).__name__
    logger.error("The calendar could not ask for %s %s of %s.", kind, code, agreement.code, exc_info=fault)
    told = Told(
        Notice.Kind.WORK_FAILED,
        once=f"{kind} {code}",
        object_kind="period",
        object_id=code,
        details={"period": code, "kind": kind, "cause": cause},
        role=Role.OPERATOR,
    )
    try:
        with transaction.atomic():
            notices.give(agreement, [told])
    except DatabaseError:
        logger.exception("Nor could it be told.")
