"""Computing a closing: from one snapshot of the record, as known at a cut-off that no writer can change any more."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from monitoring import canonical, ledger
from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from reports import periods, renderers
from reports.closings import held
from reports.closings.preparing import preparing
from reports.figures import assemble, concerns
from reports.figures.known import Known
from reports.models import Closing, CommonContent, Edition
from reports.querysets import later_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reports.closings.leasing import Lease


class NotYetError(Exception):
    """A writer may still bring what was recorded before the cut-off: the closing waits for it."""


def is_closed(cutoff_at: datetime) -> bool:
    """Whether the record as known at `cutoff_at` can no longer change. Ask outside a transaction."""
    closed_until = ledger.closed_until()
    return closed_until is not None and closed_until > cutoff_at


def known_at(closing: Closing, at: datetime) -> Known:
    """Return what is known of the closing's period at the instant `at`.

    Raises NotNow where the truce's calendar, as known then, draws the period otherwise than the closing does.
    """
    try:
        version = closing.agreement.terms_known_at(at)
    except MechanismVersion.DoesNotExist:
        raise NotNow(_("At the cut-off no mechanism of this agreement was recorded."), code="no_mechanism") from None
    period = periods.bounds(version, closing.kind, closing.period)
    if (period.starts_at, period.ends_at) != (closing.period_from, closing.period_until):
        raise NotNow(
            _("The mechanism file has since been changed and draws the days of %(code)s otherwise. Request it anew.")
            % {"code": closing.period},
            code="calendar_changed",
        )
    return Known(closing.agreement, version, period, at)


def compute(lease: Lease) -> Closing:
    """Compute the content of the closing and of its editions, once; return the closing.

    Where the figures, as the period's latest closing told them, are still those of that one, it answers the request and
    this one ends here: that the code tells more by now is nothing new. Raises NotYetError where the cut-off is not
    closed yet, NotNow where the truce is held back after a restore.
    """
    closing = lease.rows().select_related("agreement").get()
    if closing.computed_at is not None:
        return closing
    if not is_closed(closing.cutoff_at):
        raise NotYetError(str(closing.public_id))
    held.require_going_on(closing.agreement)  # a number that is given away already would be given
    with _snapshot():
        known = known_at(closing, closing.cutoff_at)
        previous = _latest(closing)
        taken, lost = previous.number if previous and previous.number else 0, held.last_lost(closing)
        number = max(taken, lost) + 1
        answer = previous if previous is not None and lost < taken and _told_again(previous, known) else None
        if answer is None:
            common = assemble.figures(known)
            content = assemble.content(known, common, closing=closing, number=number, previous=previous)
            arranged = {
                term.guarantor: concerns.edition(known, closing, term, common.sha256)
                for term in concerns.editions(known)
            }
    if answer is not None:
        return _answered_by(lease, answer)
    return _write(lease, known.version, number, content, common.sha256, arranged)


def recomputed(closing: Closing, known: Known) -> assemble.Figures:
    """Compute the figures of `known` as the closing did: its sections, their versions, its codebook.

    Raises RetiredError where the code of one of them is gone.
    """
    head = stored(closing)["head"]
    return assemble.figures(
        known,
        sections=[(section["code"], section["version"]) for section in head["sections"]],
        codebook_version=head["codebook"],
    )


def stored(closing: Closing) -> dict[str, Any]:
    """Return the content that the closing was computed with, whether it is released or not."""
    with preparing():
        written = closing.content()
    if written is None:
        raise ValueError("A closing without content cannot be computed again.")
    content: dict[str, Any] = json.loads(written)
    return content


def _told_again(previous: Closing, known: Known) -> bool:
    """Whether the figures are those of the closing `previous`, told as it told them."""
    try:
        return recomputed(previous, known).sha256 == previous.content_sha256
    except assemble.RetiredError:
        return False


def _write(
    lease: Lease,
    version: MechanismVersion,
    number: int,
    content: dict[str, Any],
    content_sha256: str,
    arranged: dict[Any, dict[str, Any]],
) -> Closing:
    with ledger.writing() as entry, preparing():
        closing = lease.locked()
        recorded_at = entry.stamp()
        CommonContent.objects.create(recorded_at=recorded_at, closing=closing, content=canonical.dumps(content))
        closing.state = Closing.State.COMPUTED
        closing.number = number
        closing.version = version
        closing.content_sha256 = content_sha256
        closing.computed_at = recorded_at
        closing.formats = list(renderers.FORMATS)
        closing.save(update_fields=["state", "number", "version", "content_sha256", "computed_at", "formats"])
        Edition.objects.bulk_create(
            Edition(
                recorded_at=recorded_at,
                closing=closing,
                agreement=closing.agreement,
                guarantor=guarantor,
                content=canonical.dumps(edition),
                content_sha256=canonical.sha256(edition),
            )
            for guarantor, edition in arranged.items()
        )
    return closing


def _answered_by(lease: Lease, answer: Closing) -> Closing:
    """Nothing is new: note so, and that the figures of the closing that answers held at this cut-off too."""
    with ledger.writing():
        closing = lease.locked()
        closing.state = Closing.State.UNCHANGED
        closing.same_as = answer
        closing.save(update_fields=["state", "same_as"])
        Closing.objects.filter(pk=answer.pk).update(checked_at=later_of(closing.cutoff_at), touched_at=None)
    return closing


def _latest(closing: Closing) -> Closing | None:
    """The last computed one of the period, with its content: one that failed later on is not released."""
    closings = Closing.objects.of_period(closing.agreement, closing.kind, closing.period).select_related("common")
    with preparing():
        return closings.computed().exclude(pk=closing.pk).order_by("-number").first()


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the record for all statements. Within a caller's transaction: that transaction's own."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        yield
