"""Releasing a closing: to all guarantors at once, when every rendition is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from reports import renderers
from reports.closings.rendering import LANGUAGES
from reports.models import Closing, Edition

if TYPE_CHECKING:
    from reports.closings.leasing import Lease


def release(lease: Lease) -> Closing:
    """Release the closing and its editions in one transaction, at one instant, and give the lease back.

    Only where the truce releases automatically; a truce with drafts and comments is not loaded yet. Raises NotNow where
    a rendition is missing.
    """
    with ledger.writing() as entry:
        closing = lease.locked()
        if closing.state != Closing.State.RENDERED:
            return closing
        assert closing.version is not None  # noqa: S101 - it is computed
        if closing.version.release != MechanismVersion.Release.AUTOMATIC:
            return closing
        editions = Edition.objects.filter(closing=closing)
        complete = editions.complete(formats=list(renderers.FORMATS), languages=list(LANGUAGES))
        if complete.count() != editions.count():
            raise NotNow(_("Not every rendition of this closing is stored."), code="not_rendered")
        released_at = entry.stamp()
        editions.update(released_at=released_at)
        closing.released_at = released_at
        closing.state = Closing.State.RELEASED
        closing.failure = ""
        closing.lease_holder = None
        closing.lease_until = None
        closing.save(update_fields=["released_at", "state", "failure", "lease_holder", "lease_until"])
        audit.done("closing.release", by=None, on=closing)
    return closing
