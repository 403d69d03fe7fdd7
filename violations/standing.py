"""Who may decide: accredited moderators of that agreement, never on what they filed themselves.

Being superuser, staff or the operator gives no right here. The refusals do not say who filed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring import accreditation
from monitoring.accreditation import Capacity
from monitoring.errors import Forbidden
from monitoring.models import Accreditation, Agreement, Side, User
from violations import sealing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from violations.models import Finding, LaneMove, SetAcceptance


def moderating(user: User, agreement: Agreement, chains: Iterable[UUID] = ()) -> Capacity:
    """Return in what capacity `user` decides on the reports `chains` of `agreement`.

    Raises Forbidden where they are no moderator of the agreement now (`not_accredited`), or filed one of the reports
    (`own_report`). Call within the decision's transaction.
    """
    capacity = accreditation.capacity(user, accreditation.Role.MODERATOR, agreement)
    if sealing.is_filer(user, *chains):
        raise Forbidden(
            _("You filed this report or another of its incident: somebody else must decide on it."), code="own_report"
        )
    return capacity


def may_agree_now(proposal: Finding | SetAcceptance | LaneMove, capacity: Capacity) -> bool:
    """Whether somebody acting in `capacity` may second `proposal`, as `may_agree_with` says."""
    return may_agree_with(proposal.proposed_by, proposal.proposed_side, proposal.agreement, capacity)


def may_agree_with(by: User, side: Side | None, agreement: Agreement, capacity: Capacity) -> bool:
    """Whether somebody acting in `capacity` may second or confirm what `by` wrote, who acted for `side` then.

    The side it was written from counts, and so does the side that its author stands on now: a new version of the
    mechanism file, in which a side is renamed or a guarantor changes sides, lets nobody second their own. Whoever was
    sent by the same guarantor or party as the author never may.
    """
    author = accreditation.last_held_by(by, accreditation.Role.MODERATOR, agreement)
    now = accreditation.side_of(author) if author is not None and accreditation.is_sent(author) else None
    return may_agree_with_author(author, now, side, capacity)


def may_agree_with_author(
    author: Accreditation | None, now: Side | None, then: Side | None, capacity: Capacity
) -> bool:
    """The same where the author's last accreditation is at hand, the side of their sender now, and that as written."""
    if author is not None and accreditation.same_sender(author, capacity.accreditation):
        return False
    sides = [then]
    if author is not None and accreditation.is_sent(author):
        sides.append(now)
    return all(may_agree(side, capacity.side) for side in sides)


def may_agree(proposed_side: Side | None, seconding_side: Side | None) -> bool:
    """Whether two persons of these sides can put something into the count: sides differ, or one is independent."""
    return proposed_side is None or seconding_side is None or proposed_side != seconding_side
