"""What people decide of an incident: proposed by one, seconded by another whose side differs or is independent.

Only `second` changes what is counted. A proposal stands open, one a side, until its own side proposes again or it is
seconded; past its `second_by` it can still be seconded, and a finding reads as one-sided (`seconding`). Seconding
writes a new agreed row and closes, at the same instant, the proposal and the agreed row before. The other side's open
proposal stays open: it is that side's word. But it was made on another state of things, so it cannot be seconded as it
is; its side may propose again. So too where the incident's reports have changed since.

A proposal does not lapse when its author's accreditation ends: whoever sent them could otherwise void it by recall.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from violations import (
    agenda,
    assessment,
    cases,
    decisions,
    docket,
    effects,
    finding_rows,
    holding,
    lanes,
    membership,
    seconding,
    set_selection,
    standing,
)
from violations.codebook import LinkKind, Standing
from violations.decisions import Decision
from violations.models import (
    Assessment,
    Dissent,
    Finding,
    Incident,
    IncidentReport,
    ReportLink,
)

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.ledger import Entry
    from monitoring.models import User

__all__ = ["Decision", "dissent", "propose", "propose_effect", "second"]


def propose(incident: Incident, decision: Decision, *, by: User) -> Finding:
    """Propose a finding on `incident`. It counts for nothing until seconded; it supersedes one's own side's proposal.

    Returns the proposal, its `second_by` the truce's days after it was recorded (or the date of the proposal that it
    supersedes, where that could still be seconded) and `changed` the axes that differ from the agreed finding (from
    nothing where there is none).

    Raises Malformed (`fields` by JSON pointer: axes that do not go together, or that change nothing), Forbidden (no
    moderator of this agreement; filed a report of the incident), NotNow (the incident is merged or withdrawn).
    """
    with holding.deciding() as entry:
        holding.hold([incident.pk])
        capacity = standing.moderating(by, incident.agreement, membership.chains([incident.pk]))
        decisions.check(decision, lanes.assessed_in_lane(incident), incident.agreement.terms)
        before = finding_rows.agreed(incident)
        changed = decisions.changed(decisions.said_by(before, grounds=""), decision)
        if before is not None and before.standing == Standing.DATA_SET:
            changed.append(decisions.STANDING)
        if not changed:
            raise Malformed(
                _("This says what stands already: change at least one answer, or leave it as it is."),
                code="nothing_changes",
            )
        return _propose(incident, decision, changed, capacity, by=by, entry=entry)


def propose_effect(
    incident: Incident,
    effect: str,
    *,
    report: IncidentReport,
    incident_to: Incident | None = None,
    kind: str = LinkKind.SAME_EVENT,
    by: User,
    grounds: str,
) -> Finding:
    """Propose that a link, withdrawal or correction takes effect where something was already found or proposed.

    `effect` is a Finding.Effect. link: `report`, a member of `incident` and under review, moves to `incident_to` as
    `kind`. withdrawal: `report` was withdrawn by its filer and leaves `incident`. correction: `report` is the newest
    revision of a chain that `incident` still counts by an older one. The axes are carried over from the agreed finding.

    Raises Malformed, Forbidden, NotNow as `propose`.
    """
    if not grounds.strip():
        message = _("Write on what grounds.")
        raise Malformed(message, fields={"/grounds": [message]})
    concerned = [incident.pk, *([incident_to.pk] if incident_to else [])]
    with holding.deciding() as entry:
        holding.hold(concerned)
        capacity = standing.moderating(by, incident.agreement, [report.chain, *membership.chains(concerned)])
        effects.require(effect, _member_of(incident, report), report, incident_to)
        carried = decisions.said_by(finding_rows.agreed(incident), grounds=grounds)
        what: dict[str, Any] = {"effect": effect, "effect_report": report}
        if effect == Finding.Effect.LINK:
            what |= {"effect_incident": incident_to, "effect_kind": LinkKind(kind)}
        return _propose(incident, carried, [decisions.REPORTS], capacity, by=by, entry=entry, **what)


def second(finding: Finding, *, by: User) -> Finding:
    """Second an open proposal; what it says now counts. Also after its `second_by`.

    Returns the agreed finding, standing preliminary. Where the proposal was a link, a withdrawal or a correction, that
    takes effect, and an agreed finding of the incidents concerned is carried over into a new row that says so (with its
    standing; where the report of a data set was corrected, what was accepted of it is what the set says now); where
    there is none, the proposal itself is returned, closed: nothing was found, and a row that said so would hide that
    another side's word stands alone.

    Raises Forbidden (no moderator of this agreement; the proposer; of the proposer's side; filed a report of the
    incident), NotNow (no longer open; something was agreed, a sitting spoke, or the reports changed, since it was made;
    `determined`: a finding, where another sitting alone says otherwise; what is agreed has more casualties verified
    than the reports would then tell of).
    """
    concerned = [finding.incident_id, *([finding.effect_incident_id] if finding.effect_incident_id else [])]
    with holding.deciding() as entry:
        holding.hold(concerned)
        proposal = _still_open(finding)
        chains = membership.chains(concerned)
        capacity = standing.moderating(by, proposal.agreement, chains)
        seconding.require_second(proposal, capacity, by=by)
        agenda.require_second(proposal)
        seconding.require_unchanged(proposal, concerned)
        seconding.require_together(proposal, lanes.assessed_in_lane(proposal.incident))
        entry.close(Finding.objects.filter(pk=proposal.pk), expected=1)
        if proposal.effect == Finding.Effect.FINDING:
            agreed = _agree(proposal, capacity, by=by, entry=entry)
        else:
            agreed = _let_take_effect(proposal, concerned, capacity, by=by, entry=entry)
        cases.follow(concerned, recorded_at=entry.stamp())
        docket.follow(concerned, recorded_at=entry.stamp())
        audit.done("finding.second", by=by, on=proposal)
    return agreed


def dissent(finding: Finding, *, by: User, grounds: str) -> Dissent:
    """Record disagreement with an open finding or proposal; it stands beside it and changes nothing. Once a person.

    Raises Malformed (no grounds), Forbidden (no moderator here; filed a report of the incident), NotNow (no longer
    open; already dissented).
    """
    if not grounds.strip():
        message = _("Write on what grounds you disagree.")
        raise Malformed(message, fields={"/grounds": [message]})
    with holding.deciding() as entry:
        holding.hold([finding.incident_id])
        finding = _still_open(finding)
        capacity = standing.moderating(by, finding.agreement, membership.chains([finding.incident_id]))
        if finding.dissents.filter(by=by).exists():
            raise NotNow(_("Your dissent from this is recorded already."), code="already_dissented")
        dissent = Dissent.objects.create(
            finding=finding, by=by, side=capacity.side, grounds=grounds, recorded_at=entry.stamp()
        )
        audit.done("finding.dissent", by=by, on=finding)
    return dissent


def _member_of(incident: Incident, report: IncidentReport) -> ReportLink | None:
    present = holding.membership(report.chain)
    if present is not None and present.incident_id != incident.pk:
        raise NotNow(_("This report belongs to another incident now."), code="just_moved")
    return present


def _still_open(finding: Finding) -> Finding:
    """Return the row as it is now, held; it can be decided on while it is open."""
    row = Finding.objects.select_related("agreement", "proposed_by", "proposed_side").get(pk=finding.pk)
    if row.superseded_at is not None:
        raise NotNow(
            _("This is no longer open: it was seconded, or something else was put in its place."), code="not_open"
        )
    return row


def _propose(
    incident: Incident,
    decision: Decision,
    changed: list[str],
    capacity: Capacity,
    *,
    by: User,
    entry: Entry,
    **effect: Any,
) -> Finding:
    """Write a proposal in the place of the one that the same side has open; independents are one in this.

    A word on the incident and a move of its reports are two things: neither takes the place of the other.
    """
    recorded_at = entry.stamp()
    ours = Finding.objects.open().proposals().filter(incident=incident, proposed_side=capacity.side)
    a_word = Q(effect=Finding.Effect.FINDING)
    second_by = recorded_at + timedelta(days=incident.agreement.terms.seconding_days)
    if not effect:
        second_by = seconding.date_kept(ours.filter(a_word).first(), otherwise=second_by)
    entry.close(ours.filter(~a_word if effect else a_word))
    proposal = finding_rows.write(
        incident,
        decision,
        recorded_at=recorded_at,
        standing=Standing.PROPOSED,
        second_by=second_by,
        changed=changed,
        proposed_by=by,
        proposed_side=capacity.side,
        **effect,
    )
    cases.follow([incident.pk], recorded_at=recorded_at)
    docket.follow([incident.pk], recorded_at=recorded_at)
    audit.done("finding.propose", by=by, on=proposal)
    return proposal


def _agree(proposal: Finding, capacity: Capacity, *, by: User, entry: Entry) -> Finding:
    """Write the agreed row in the place of the one before."""
    entry.close(Finding.objects.open().agreed().filter(incident=proposal.incident_id))
    return finding_rows.write(
        proposal.incident,
        decisions.said_by(proposal, grounds=proposal.grounds),
        recorded_at=entry.stamp(),
        standing=Standing.PRELIMINARY,
        **finding_rows.by_both(proposal, capacity, by),
    )


def _let_take_effect(proposal: Finding, concerned: list[int], capacity: Capacity, *, by: User, entry: Entry) -> Finding:
    """Move the report, assess the incidents concerned anew, and carry over what is agreed on them."""
    report, incident_to = proposal.effect_report, proposal.effect_incident
    assert report is not None  # noqa: S101 - an effect has its report
    claimed = effects.claimed(concerned)
    present = effects.require(proposal.effect, _member_of(proposal.incident, report), report, incident_to)
    effects.apply(
        proposal.effect,
        present,
        report,
        incident_to,
        kind=proposal.effect_kind,
        by=by,
        grounds=proposal.grounds,
        entry=entry,
    )
    assessment.reassess(concerned, recorded_at=entry.stamp())
    carried = [
        _carry_over(before, proposal, capacity, by=by, entry=entry) for before in finding_rows.all_agreed(concerned)
    ]
    effects.require_borne_out(concerned, claimed)
    if carried:
        return carried[0]
    proposal.refresh_from_db()
    return proposal


def _carry_over(before: Finding, proposal: Finding, capacity: Capacity, *, by: User, entry: Entry) -> Finding:
    """Write what was agreed anew: as it was, or, of a data set that is told otherwise, as the set says now."""
    entry.close(Finding.objects.filter(pk=before.pk), expected=1)
    said = decisions.said_by(before, grounds=proposal.grounds)
    now = said
    if before.standing == Standing.DATA_SET and _tells_of_it_otherwise(proposal):
        now = set_selection.said_of(before.incident, grounds=proposal.grounds)
    signed = finding_rows.by_both(proposal, capacity, by)
    return finding_rows.write(
        before.incident,
        now,
        recorded_at=entry.stamp(),
        standing=before.standing,
        **signed | {"changed": [*proposal.changed, *decisions.changed(said, now)]},
    )


def _tells_of_it_otherwise(proposal: Finding) -> bool:
    """Whether a later release of a data set takes effect, in the report by which the incident is assessed."""
    release = proposal.effect_report
    if proposal.effect != Finding.Effect.CORRECTION or release is None or not release.source:
        return False
    return Assessment.objects.open().filter(incident=proposal.incident_id, lead_report=release).exists()
