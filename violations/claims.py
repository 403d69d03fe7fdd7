"""Claiming an incident: a moderator says that they are at it, for half an hour, so that two do not do one thing.

It is a courtesy. No verb asks for it: who decides on what another has claimed decides, and the other is told by the
decision itself. So no side can keep a case from the others; and lest it reads as claimed all day, a side may claim an
incident three times in a row, and then not until it has stood free for two hours.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import NotNow
from violations import holding, lanes, membership, standing
from violations.models import Claim, Incident
from violations.models.shift import LONGEST_CLAIM

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.models import User

IN_A_ROW = 3
STANDS_FREE = timedelta(hours=2)


def claim(incident: Incident, *, by: User) -> Claim:
    """Claim `incident`, or claim it anew where one's own claim holds; return the row.

    Raises Forbidden (no moderator of this agreement; filed a report of the incident), NotNow (`not_live`; `claimed`:
    another moderator is at it; `claimed_enough`: one's side had it as often as it may).
    """
    with holding.deciding() as entry:
        holding.hold([incident.pk])
        capacity = standing.moderating(by, incident.agreement, membership.chains([incident.pk]))
        lanes.assessed_in_lane(incident)
        if Claim.objects.running().filter(incident=incident).exclude(by=by).exists():
            raise NotNow(_("Another moderator has claimed this incident; see until when."), code="claimed")
        recorded_at = entry.stamp()
        theirs = _of_side(capacity, by).filter(incident=incident, ends_at__gt=recorded_at - STANDS_FREE)
        if theirs.count() >= IN_A_ROW:
            raise NotNow(
                _("Your side has claimed this incident three times in a row. Decide on it, or leave it to others."),
                code="claimed_enough",
            )
        entry.close(Claim.objects.filter(incident=incident))
        made = Claim.objects.create(
            incident=incident,
            agreement=incident.agreement,
            by=by,
            side=capacity.side,
            recorded_at=recorded_at,
            lasts=LONGEST_CLAIM,
        )
        audit.done("claim.claim", by=by, on=incident)
    return made


def release(incident: Incident, *, by: User) -> None:
    """End one's own claim before its time. Raises NotNow (`not_claimed`: one has none that holds)."""
    if not let_go(incident, by=by):
        raise NotNow(_("You have no claim on this incident that holds."), code="not_claimed")


def let_go(incident: Incident, *, by: User) -> bool:
    """The same, where there is one; whether there was."""
    mine = Claim.objects.running().filter(incident=incident, by=by)
    if not mine.exists():
        return False
    with holding.deciding() as entry:
        holding.hold([incident.pk])
        closed = entry.close(Claim.objects.filter(incident=incident, by=by))
        if closed:
            audit.done("claim.release", by=by, on=incident)
    return bool(closed)


def _of_side(capacity: Capacity, by: User) -> Any:
    """The claims of a side; of an independent their own, for independents are no side."""
    rows = Claim.objects.with_end()
    return rows.filter(side=capacity.side) if capacity.side else rows.filter(side=None, by=by)
