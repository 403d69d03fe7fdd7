"""The whole road of one closing: claimed, computed, rendered, released; whoever walks it, worker or command.

One that two people release rests twice on it: while its draft is commented on, and until they let it be released.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db.models import F

from monitoring.errors import NotNow
from reports.closings.computing import NotYetError, compute, is_closed
from reports.closings.drafting import close_comments, draft
from reports.closings.held import held
from reports.closings.leasing import Lease, LeaseLostError, claim
from reports.closings.memory import bounded
from reports.closings.releasing import release
from reports.closings.rendering import render
from reports.models import Closing

logger = logging.getLogger(__name__)


def advance(closing_id: int, *, tell: Callable[[str], None] = lambda line: None) -> Closing:
    """Take the closing as far as it goes and return it; nothing is done where it is another's, done, or must wait.

    Raises NotYetError where the record at its cut-off is not closed yet. What else goes wrong is noted on the row and
    does not come up here, be it that the memory does not suffice: it is tried again later, or laid aside.
    """
    closing = Closing.objects.select_related("agreement").get(pk=closing_id)
    if closing.computed_at is None and closing.state in Closing.UNDER_WAY and not is_closed(closing.cutoff_at):
        raise NotYetError(str(closing.public_id))
    if closing.state in Closing.UNDER_WAY and _is_held_back(closing):
        logger.warning("Closing %s waits: its truce is held back after a restore.", closing.public_id)
        return closing
    lease = claim(closing_id)
    if lease is not None:
        try:
            with bounded():
                _walk(lease, tell=tell)
        except LeaseLostError:
            logger.warning("Another worker took over closing %s.", closing.public_id)
        except NotYetError:
            lease.give_back(attempts=F("attempts") - 1)  # to wait for a writer is no attempt
            raise
        except Exception as error:
            logger.exception("Closing %s failed.", closing.public_id)
            lease.fail(f"{type(error).__name__}: {error}")
    return Closing.objects.get(pk=closing_id)


def _walk(lease: Lease, *, tell: Callable[[str], None]) -> None:
    """From where the closing stands to where nothing is left to do for a worker; there the lease is given back."""
    if compute(lease).state == Closing.State.UNCHANGED:
        lease.give_back()
        return
    if draft(lease, tell=tell).state == Closing.State.DRAFTED and lease.rows().exists():
        close_comments(lease)
    if lease.rows().exists():
        render(lease, tell=tell)
        release(lease)


def _is_held_back(closing: Closing) -> bool:
    """Whether its truce is held back. Where nobody can tell, the work is begun, and fails with the reason."""
    try:
        return bool(held(closing.agreement))
    except NotNow:
        return False
