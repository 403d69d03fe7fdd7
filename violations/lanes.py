"""Moving an incident to another lane by hand: towards grave by one moderator, away from it only with another side.

The rule of the truce's file says in which lane an incident stands; a lane says how much is asked before it is decided
and in which order it waits, and changes nothing that is counted. One moderator may ask for more than the rule does: it
costs work and hides nothing. To ask for less spares a party questions, so it is proposed by one and seconded by another
whose side differs, or who is independent, as a finding is. A move is of the incident: where its reports go to another,
that one stands where its own rule and moves have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from violations import docket, holding, membership, seconding, standing
from violations.incident_querysets import GRAVITY
from violations.models import Assessment, Incident, LaneMove
from violations.moderation_codes import Lane, LaneGrounds

if TYPE_CHECKING:
    from monitoring.ledger import Entry
    from monitoring.models import User


def move(incident: Incident, lane: str, *, reason: str, grounds: str, by: User) -> LaneMove:
    """Move `incident` to `lane`, or, where that asks for less than now, propose it; return the row.

    Raises Malformed (`fields` by JSON pointer: no such lane or reason, no grounds, the lane it stands in), Forbidden
    (no moderator of this agreement; filed a report of the incident), NotNow (the incident is merged or withdrawn).
    """
    _check(lane, reason, grounds)
    with holding.deciding() as entry:
        holding.hold([incident.pk])
        capacity = standing.moderating(by, incident.agreement, membership.chains([incident.pk]))
        assessed = assessed_in_lane(incident)
        if lane == assessed.lane:
            message = _("The incident stands in this lane already.")
            raise Malformed(message, code="nothing_changes", fields={"/lane": [message]})
        down = GRAVITY[lane] > GRAVITY[assessed.lane]
        before = LaneMove.objects.open().filter(incident=incident)
        entry.close(before.filter(in_force=False, proposed_side=capacity.side) if down else before)
        moved = LaneMove.objects.create(
            incident=incident,
            agreement=incident.agreement,
            recorded_at=entry.stamp(),
            lane=lane,
            moved_from=assessed.lane,
            by_rule=assessed.lane_by_rule,
            in_force=not down,
            reason=reason,
            grounds=grounds.strip(),
            proposed_by=by,
            proposed_side=capacity.side,
        )
        if not down:
            docket.follow([incident.pk], recorded_at=entry.stamp())
        audit.done("lane.propose" if down else "lane.move", by=by, on=moved)
    return moved


def second(proposal: LaneMove, *, by: User) -> LaneMove:
    """Let a proposed move take force; return the row that holds.

    Raises Forbidden (no moderator here; filed a report of it; the same person or side), NotNow (no longer open;
    `stale`: the incident stands elsewhere by now, or its reports have changed).
    """
    with holding.deciding() as entry:
        holding.hold([proposal.incident_id])
        proposal = _still_open(proposal)
        capacity = standing.moderating(by, proposal.agreement, membership.chains([proposal.incident_id]))
        seconding.require_another(proposal, capacity, by=by)
        changed = membership.changed_since(proposal.recorded_at, [proposal.incident_id])
        if changed or not stands_as_proposed(proposal, assessed_in_lane(proposal.incident)):
            raise NotNow(
                _("The incident stands in another lane now, or its reports changed since: propose again."), code="stale"
            )
        moved = _take_force(proposal, entry, seconded_by=by, seconded_side=capacity.side)
        docket.follow([proposal.incident_id], recorded_at=entry.stamp())
        audit.done("lane.second", by=by, on=proposal)
    return moved


def stands_as_proposed(proposal: LaneMove, assessed: Any) -> bool:
    """Whether the incident stands in the lane, by the rule, that the proposer saw. Its reports must be the same too."""
    return (proposal.moved_from, proposal.by_rule) == (assessed.lane, assessed.lane_by_rule)


def assessed_in_lane(incident: Incident) -> Any:
    """Return the open assessment with its lane; what is merged or withdrawn is nobody's to decide any more."""
    row = Assessment.objects.open().with_lane().filter(incident=incident).first()
    if row is None:
        raise NotNow(
            _("No report belongs to this incident any more: it was merged into another or withdrawn."), code="not_live"
        )
    return row


def _take_force(proposal: LaneMove, entry: Entry, **seconded: Any) -> LaneMove:
    """Write the move that holds, in the place of all that is open: each was said of another state of things."""
    entry.close(LaneMove.objects.open().filter(incident=proposal.incident_id))
    kept = ("incident", "agreement", "lane", "moved_from", "by_rule", "reason", "grounds")
    by = ("proposed_by", "proposed_side")
    return LaneMove.objects.create(
        recorded_at=entry.stamp(),
        in_force=True,
        **{name: getattr(proposal, name) for name in (*kept, *by)},
        **seconded,
    )


def _still_open(proposal: LaneMove) -> LaneMove:
    rows = LaneMove.objects.select_related("agreement", "incident__agreement", "proposed_by", "proposed_side")
    row = rows.get(pk=proposal.pk)
    if row.superseded_at is not None or row.in_force:
        raise NotNow(
            _("This is no longer open: it was seconded, or something else was put in its place."), code="not_open"
        )
    return row


def _check(lane: str, reason: str, grounds: str) -> None:
    fields: dict[str, list[str]] = {}
    if lane not in Lane.values:
        fields["/lane"] = [_("Choose a lane: grave, standard or routine.")]
    if reason not in LaneGrounds.values:
        fields["/reason"] = [_("Choose the reason that fits best.")]
    if not grounds.strip():
        fields["/grounds"] = [_("Write on what grounds.")]
    if fields:
        raise Malformed(_("The move to another lane is not complete."), fields=fields)
