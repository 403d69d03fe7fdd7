"""Releasing a closing: to all guarantors at once, when every rendition is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from reports import renderers
from reports.closings import held
from reports.closings.preparing import preparing
from reports.closings.rendering import LANGUAGES
from reports.models import Closing, Edition

if TYPE_CHECKING:
    from reports.closings.leasing import Lease

AUTOMATIC = MechanismVersion.Release.AUTOMATIC


def release(lease: Lease) -> Closing:
    """Release the closing and its editions in one transaction, at one instant, and give the lease back.

    Raises NotNow where a rendition is missing, or where the truce does not release automatically: drafts and comments
    are not made yet, and a closing that cannot be released is laid aside with its reason like any that fails.
    """
    with ledger.writing() as entry, preparing():
        closing = lease.locked()
        if closing.state != Closing.State.RENDERED:
            return closing
        assert closing.version is not None  # noqa: S101 - it is computed
        if closing.version.release != AUTOMATIC:
            raise NotNow(
                _("This truce releases drafts to be commented on, which this service does not do yet."),
                code="not_automatic",
            )
        editions = Edition.objects.filter(closing=closing)
        complete = editions.complete(formats=list(renderers.FORMATS), languages=list(LANGUAGES))
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
