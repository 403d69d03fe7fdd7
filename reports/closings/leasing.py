"""Leases: one worker at a time on a closing, by the database's clock. A dead worker's lease runs out by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from reports.models import Closing
from reports.querysets import ClockTimestamp

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Longer than any task may run (CELERY_TASK_TIME_LIMIT), so that a file that takes long does not lose it. A command,
# which may run longer, writes on as long as no worker has taken the closing over.
LENGTH = timedelta(minutes=5)
# So often a closing is taken up before it is laid aside for a person to look at: it does not hold up others.
ATTEMPTS = 5
BACK_OFF = timedelta(minutes=1)


class LeaseLostError(Exception):
    """The lease ran out and another worker has the closing: what this one did counts for nothing."""


@dataclass(frozen=True)
class Lease:
    """That this worker, and no other, works on the closing."""

    closing_id: int
    holder: uuid.UUID

    def rows(self) -> QuerySet[Closing]:
        """The closing, as long as the lease is ours."""
        return Closing.objects.filter(pk=self.closing_id, lease_holder=self.holder)

    def locked(self) -> Closing:
        """Return the closing, locked, within a transaction. Raises LeaseLostError where another has taken it over."""
        closing = self.rows().select_for_update(of=("self",)).first()
        if closing is None:
            raise LeaseLostError(str(self.closing_id))
        return closing

    def renew(self) -> None:
        """Let the lease run anew from now."""
        self._set(lease_until=ClockTimestamp() + LENGTH)

    def give_back(self, **changes: Any) -> None:
        """End the lease, the work done or laid aside."""
        self._set(lease_holder=None, lease_until=None, **changes)

    def fail(self, reason: str) -> None:
        """Note why the attempt failed. It is tried again after a while, each time a longer one, and then laid aside."""
        closing = self.rows().first()
        if closing is None:
            raise LeaseLostError(str(self.closing_id))
        if closing.attempts >= ATTEMPTS:
            self.give_back(state=Closing.State.FAILED, failure=reason)
        else:
            wait = BACK_OFF * 2 ** (closing.attempts - 1)
            self._set(lease_holder=None, lease_until=ClockTimestamp() + wait, failure=reason)

    def _set(self, **changes: Any) -> None:
        if not self.rows().update(**changes):
            raise LeaseLostError(str(self.closing_id))


def claim(closing_id: int) -> Lease | None:
    """Take the lease of the closing; None where it is another's, done, not yet to be done, or has killed too often."""
    with transaction.atomic():
        closing = (
            Closing.objects.waiting().select_for_update(skip_locked=True, of=("self",)).filter(pk=closing_id).first()
        )
        if closing is None:
            return None
        rows = Closing.objects.filter(pk=closing.pk)
        if closing.attempts >= ATTEMPTS:
            rows.update(
                state=Closing.State.FAILED,
                lease_holder=None,
                lease_until=None,
                failure=closing.failure or _("The worker died %(times)d times at it.") % {"times": closing.attempts},
            )
            return None
        holder = uuid.uuid4()
        rows.update(lease_holder=holder, lease_until=ClockTimestamp() + LENGTH, attempts=F("attempts") + 1)
    return Lease(closing.pk, holder)
