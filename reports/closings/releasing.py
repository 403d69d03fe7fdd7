"""Releasing a closing: to all guarantors at once, when every rendition is stored and those agree who must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotNow
from reports.closings import held
from reports.closings.preparing import preparing
from reports.closings.rendering import LANGUAGES
from reports.models import Closing, Edition
from reports.querysets import Agreed

if TYPE_CHECKING:
    from reports.closings.leasing import Lease


def release(lease: Lease) -> Closing:
    """Release the closing and its editions in one transaction, at one instant, and give the lease back.

    One that two people release and have not yet, or not any more, waits for them. Raises NotNow where a rendition is
    missing.
    """
    with ledger.writing() as entry, preparing():
        closing = lease.locked()
        if closing.state != Closing.State.RENDERED:
            return closing
        if closing.by_two and not Closing.objects.filter(Agreed("pk"), pk=closing.pk).exists():
            lease.give_back(attempts=0, failure="")
            return closing
        editions = Edition.objects.filter(closing=closing)
        complete = editions.complete(stage="final", formats=closing.formats, languages=list(LANGUAGES))
        if complete.count() != editions.count():
            raise NotNow(_("Not every rendition of this closing is stored."), code="not_rendered")
        released_at = entry.stamp()
        held.enter(closing, released_at)
        closing.released_at = released_at
        closing.state = Closing.State.RELEASED
        closing.failure = ""
        closing.lease_holder = None
        closing.lease_until = None
        closing.save(update_fields=["released_at", "state", "failure", "lease_holder", "lease_until"])
        editions.update(released_at=released_at)
        audit.done("closing.release", by=None, on=closing)
    return closing
