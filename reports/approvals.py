"""Letting a closing be released: two moderators of different sides, or one of them independent, and neither alone.

Each lets out exactly the content and the comments that they saw, by their hashes. Until the release one may take it
back. Nobody releases by that: the sweep releases all editions at one moment, and PostgreSQL refuses it before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring import accreditation, audit, ledger
from monitoring.errors import Forbidden, NotFound, NotNow
from reports.models import Closing, ReleaseApproval
from violations import standing

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.models import User

MODERATOR = accreditation.Role.MODERATOR


@dataclass(frozen=True)
class Seen:
    """What a person saw who lets a closing be released: the hash of its content, and that of the comments."""

    content_sha256: str
    comments_sha256: str


def visible_to(user: User) -> Any:
    """The closings that wait for those who release them, in the truces that `user` moderates now; oldest first."""
    held = accreditation.held_by(user, MODERATOR)
    rows = Closing.objects.to_be_agreed().filter(agreement__in=held.values("agreement"))
    return rows.select_related("agreement", "version").order_by("period_from", "pk")


def approve(closing_id: UUID, seen: Seen, *, by: User) -> ReleaseApproval:
    """Let the closing be released as `seen`; who has done so already is answered by that.

    Raises NotFound where `by` moderates no such truce, NotNow where the closing does not wait for it or is not what was
    seen, Forbidden where somebody of the same side has let it be: another side, or an independent, must.
    """
    with ledger.writing() as entry:
        closing = _locked(closing_id, by)
        recorded_at = entry.stamp()
        capacity = standing.moderating(by, closing.agreement)
        if (seen.content_sha256, seen.comments_sha256) != (closing.content_sha256, closing.comments_sha256):
            raise NotNow(_("What waits for its release is not what you saw. Look at it again."), code="not_as_seen")
        given = list(ReleaseApproval.objects.open().filter(closing=closing).select_related("by", "side"))
        own = next((row for row in given if row.by_id == by.pk), None)
        if own is not None:
            return own
        _require_another_side(given, closing, capacity)
        approval = ReleaseApproval.objects.create(
            recorded_at=recorded_at,
            closing=closing,
            agreement=closing.agreement,
            content_sha256=seen.content_sha256,
            comments_sha256=seen.comments_sha256,
            by=by,
            side=capacity.side,
        )
        audit.done("closing.approve", by=by, on=closing)
    return approval


def take_back(closing_id: UUID, *, by: User) -> None:
    """Take back that one let the closing be released, or that somebody of one's side did who moderates here no more.

    Raises NotFound as `approve` does, NotNow where there is nothing of the kind.
    """
    with ledger.writing() as entry:
        closing = _locked(closing_id, by)
        entry.stamp()
        capacity = standing.moderating(by, closing.agreement)
        given = ReleaseApproval.objects.open().filter(closing=closing).select_related("by")
        theirs = [row.pk for row in given if may_be_taken_back(row, capacity, by=by)]
        if not theirs or not entry.close(ReleaseApproval.objects.filter(pk__in=theirs)):
            raise NotNow(_("You have not let this closing be released."), code="not_approved")
        audit.done("closing.take_back_approval", by=by, on=closing)


def may_be_taken_back(approval: ReleaseApproval, capacity: Capacity, *, by: User) -> bool:
    """Whether it is one's own, or of the side that acts now and whoever gave it moderates the truce no more."""
    if approval.by_id == by.pk:
        return True
    if approval.side_id != (capacity.side.pk if capacity.side else None):
        return False
    return not accreditation.held_by(approval.by, MODERATOR, agreement=approval.agreement).exists()


def _locked(closing_id: UUID, by: User) -> Closing:
    """The closing, held until the end of the transaction: of two who let it be, one is first; nor is it released."""
    rows = Closing.objects.select_for_update(of=("self",)).select_related("agreement", "version")
    held = accreditation.held_by(by, MODERATOR)
    closing: Closing | None = rows.filter(public_id=closing_id, agreement__in=held.values("agreement")).first()
    if closing is None or not closing.by_two:
        raise NotFound(_("There is no such closing among those that are yours to release."), code="not_found")
    if closing.released_at is not None:
        raise NotNow(_("This closing has been released."), code="released")
    if closing.state != Closing.State.RENDERED:
        raise NotNow(_("This closing does not wait for its release now."), code="not_waiting")
    return closing


def _require_another_side(given: list[ReleaseApproval], closing: Closing, capacity: Capacity) -> None:
    """Raise Forbidden where whoever has let it be is of the side that acts now, or was sent by the same."""
    for row in given:
        if not standing.may_agree_with(row.by, row.side, closing.agreement, capacity):
            raise Forbidden(
                _("Somebody of your side has let it be released: a person of another side, or an independent, must."),
                code="same_side",
            )
