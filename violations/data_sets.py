"""Accepting an imported set of events as probable: one word on all of it, by two named people of different sides.

What is accepted stands in a column of its own and in no total: the set is known from its source, nobody here examined
it event by event. A later finding by people takes its place through the ordinary verbs. One person alone changes
nothing: an unseconded proposal is a word on a set, not on any incident, and makes none one-sided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from monitoring.models import Agreement
from violations import docket, holding, seconding, set_selection, standing
from violations.models import IncidentReport, SetAcceptance

if TYPE_CHECKING:
    from monitoring.models import User


@dataclass(frozen=True)
class Weighed:
    """What came of a set: the row, the open proposal of the side whose place it takes, what was left alone, and found.

    `left_out`: why how many incidents were. `found`: (scope as assessed, attribution, conduct, how many).
    """

    acceptance: SetAcceptance
    replaced: SetAcceptance | None
    left_out: dict[str, int]
    found: list[tuple[str, str, str, int]]


def propose(agreement: Agreement, source: str, *, by: User, grounds: str, again: bool = False) -> Weighed:
    """Propose that what `source` tells be taken as probable, as the record holds it at this instant.

    Left alone is what somebody found or proposed something on, what other reports tell of as well, and what its source
    tells otherwise by now. It supersedes one's own side's open proposal on the same set; one's own word only `again`.
    Raises Malformed (no grounds, no such set), Forbidden (no moderator of this agreement), NotNow (nothing is left, one
    has an open proposal).
    """
    if not grounds.strip():
        message = _("Write on what grounds.")
        raise Malformed(message, fields={"/grounds": [message]})
    _require_set(agreement, source)
    with holding.deciding() as entry:
        _hold_all(agreement)
        capacity = standing.moderating(by, agreement)
        before = _open_proposals(agreement, source).filter(proposed_side=capacity.side)
        replaced = before.first()
        if replaced is not None and replaced.proposed_by_id == by.pk and not again:
            message = _("Your proposal %(id)s is open. Proposing again takes it back and puts another in its place.")
            raise NotNow(message % {"id": replaced.public_id}, code="own_proposal_open")
        recorded_at = entry.stamp()
        left_out, found = _weigh(agreement, source, then=recorded_at, until_now=False)
        entry.close(before)
        acceptance = SetAcceptance.objects.create(
            recorded_at=recorded_at,
            agreement=agreement,
            source=source,
            grounds=grounds.strip(),
            incidents=sum(count for *_axes, count in found),
            proposed_by=by,
            proposed_side=capacity.side,
        )
        audit.done("set.propose", by=by, on=acceptance)
    return Weighed(acceptance, replaced, left_out, found)


def second(acceptance: SetAcceptance, *, by: User) -> Weighed:
    """Second an open proposal: each incident that it was made on gets its finding, at one instant.

    What came in later is no part of it; what was found, proposed or told otherwise since is left alone and counted.
    Raises Forbidden (no moderator of this agreement; the proposer; of the proposer's side; be it open or not), NotNow
    (no longer open, the truce's file has changed since, nothing is left of it).
    """
    agreement = acceptance.agreement
    with holding.deciding() as entry:
        _hold_all(agreement)
        rows = SetAcceptance.objects.select_related("agreement", "proposed_by", "proposed_side")
        proposal = rows.get(pk=acceptance.pk)
        capacity = standing.moderating(by, agreement)
        seconding.require_another(proposal, capacity, by=by)
        _require_open(proposal)
        if agreement.versions.filter(recorded_at__gt=proposal.recorded_at).exists():
            raise NotNow(_("The truce's file has changed since this was proposed: propose it again."), code="stale")
        left_out, found = _weigh(agreement, proposal.source, then=proposal.recorded_at, until_now=True)
        entry.close(SetAcceptance.objects.filter(pk=proposal.pk), expected=1)
        written = set_selection.write(
            recorded_at=entry.stamp(),
            agreement=agreement.pk,
            grounds=proposal.grounds,
            proposed_by=proposal.proposed_by_id,
            proposed_side=proposal.proposed_side_id,
            seconded_by=by.pk,
            seconded_side=capacity.side.pk if capacity.side else None,
        )
        docket.follow_selected("select incident_id from accepting", recorded_at=entry.stamp())
        accepted = SetAcceptance.objects.create(
            recorded_at=entry.stamp(),
            agreement=agreement,
            source=proposal.source,
            grounds=proposal.grounds,
            incidents=written,
            proposed_by=proposal.proposed_by,
            proposed_side=proposal.proposed_side,
            seconded_by=by,
            seconded_side=capacity.side,
        )
        audit.done("set.second", by=by, on=proposal)
    return Weighed(accepted, None, left_out, found)


def _open_proposals(agreement: Agreement, source: str):
    return SetAcceptance.objects.open().filter(agreement=agreement, source=source, seconded_by=None)


def _require_set(agreement: Agreement, source: str) -> None:
    imported = IncidentReport.objects.filter(agreement=agreement).exclude(source="")
    known = sorted(imported.order_by().values_list("source", flat=True).distinct())
    if source not in known:
        message = _("No events of '%(source)s' are recorded for this agreement; recorded are: %(known)s.") % {
            "source": source,
            "known": ", ".join(known) or _("none"),
        }
        raise Malformed(message, fields={"/source": [message]})


def _hold_all(agreement: Agreement) -> None:
    """Wait until no verb of the truce is under way, and keep others waiting: each of them holds this row, too."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)


def successor(proposal: SetAcceptance) -> SetAcceptance | None:
    """What came in the place of a closed proposal: the set as accepted, or what its side proposed then."""
    if proposal.superseded_at is None:
        return None
    rows = SetAcceptance.objects.filter(
        agreement=proposal.agreement_id, source=proposal.source, proposed_side=proposal.proposed_side_id
    )
    return rows.filter(recorded_at=proposal.superseded_at).first()


def _require_open(row: SetAcceptance) -> None:
    if row.seconded_by_id is not None:
        raise NotNow(_("This is accepted already."), code="agreed")
    if row.superseded_at is None:
        return
    following = successor(row)
    if following is None:
        message = _("This is no longer open.")
    elif following.seconded_by_id is not None:
        message = _("This is no longer open: it was seconded, and stands as %(id)s.") % {"id": following.public_id}
    else:
        message = _("This is no longer open: its side proposed again, and that is %(id)s.") % {
            "id": following.public_id
        }
    raise NotNow(message, code="not_open")


def _weigh(
    agreement: Agreement, source: str, *, then: datetime, until_now: bool
) -> tuple[dict[str, int], list[tuple[str, str, str, int]]]:
    left_out = set_selection.select(agreement.pk, source, then=then, until_now=until_now)
    found = set_selection.weigh(agreement.terms)
    if not found:
        raise NotNow(_("Nothing of this set is left to be accepted."), code="nothing_left")
    return left_out, found
