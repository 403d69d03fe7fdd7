"""Trying again what failed and was laid aside: by an operator, once its cause is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotNow
from monitoring.models import Agreement
from reports.closings.requesting import where_it_stood
from reports.models import Closing

if TYPE_CHECKING:
    from monitoring.models import User

State = Closing.State


def try_again(closing: Closing, *, by: User | None) -> Closing:
    """Let workers take up the closing where it stands: its cut-off stays, and a content that is frozen stays frozen,
    a draft that was shown stays shown.

    Why it failed stands on its row until another attempt says otherwise. Raises NotNow where it did not fail (somebody
    else tried again already), or where its period was asked for anew meanwhile.
    """
    with ledger.writing():
        Agreement.objects.select_for_update(no_key=True).get(pk=closing.agreement_id)
        closing = Closing.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=closing.pk)
        if closing.state != State.FAILED:
            raise NotNow(_("This closing is not laid aside: it is being worked on, or done."), code="not_failed")
        of_period = Closing.objects.of_period(closing.agreement, closing.kind, closing.period)
        if of_period.filter(pk__gt=closing.pk).exclude(state=State.FAILED).exists():
            raise NotNow(_("The period was asked for again after this closing failed."), code="asked_for_anew")
        closing.state = where_it_stood(closing)
        closing.attempts = 0
        closing.lease_until = None
        closing.save(update_fields=["state", "attempts", "lease_until"])
        audit.done("closing.try_again", by=by, on=closing)
    return closing
