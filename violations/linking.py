"""Gathering the reports of one event: which incident a report tells of.

`same_event`, `duplicate` and `part_of_series` move the report's membership; the incident it leaves is closed where no
other report tells of it. `related` only notes. Where something is already found or proposed on either incident, or two
persons linked there, the move would change what two people of different sides decided on: it is itself a proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from violations import assessment, cases, docket, effects, findings, holding, membership, review, standing
from violations.codebook import LinkKind, ReviewState
from violations.models import Finding, Incident, IncidentReport, NoteTakenBack, ReportLink

if TYPE_CHECKING:
    from monitoring.models import User


def link(report: IncidentReport, incident: Incident, *, by: User, kind: str, grounds: str) -> ReportLink | Finding:
    """Accept that `report` tells of `incident`; `kind` is a codebook.LinkKind.

    The report must be under review and of the agreement of the incident. Returns the new ReportLink, and the report is
    then `linked` (`duplicate` for a duplicate; unchanged for `related`). Where the report's present incident or
    `incident` is decided on (membership.is_decided_on), returns instead a proposal (Finding of effect link, on the
    report's present incident) and nothing moves until it is seconded; the report stays under review. Like every
    proposal it takes the place of one that one's own side has open on that incident.

    `take_back` undoes it.

    Raises Malformed (kind, no grounds, another agreement), Forbidden (no moderator here; one filed the report or
    another of either incident), NotNow (not under review, already linked so, the incident is empty, a race lost).
    """
    _check_words(kind, grounds)
    with holding.deciding() as entry:
        present = holding.hold_chain(report.chain, incident.pk)
        concerned = [incident.pk, *([present.incident_id] if present else [])]
        standing.moderating(by, report.agreement, [report.chain, *membership.chains(concerned)])
        present = effects.require(Finding.Effect.LINK, present, report, incident)
        if not membership.is_member_kind(kind):
            made: ReportLink | None = _note(report, incident, by=by, kind=kind, grounds=grounds, entry=entry)
        elif membership.is_decided_on(*concerned, chain=report.chain):
            return findings.propose_effect(
                present.incident,
                Finding.Effect.LINK,
                report=report,
                incident_to=incident,
                kind=kind,
                by=by,
                grounds=grounds,
            )
        else:
            made = effects.apply(
                Finding.Effect.LINK, present, report, incident, kind=kind, by=by, grounds=grounds, entry=entry
            )
            assessment.reassess(concerned, recorded_at=entry.stamp())
            cases.follow(concerned, recorded_at=entry.stamp())
            docket.follow(concerned, recorded_at=entry.stamp())
        audit.done("report.link", by=by, on=report)
    assert made is not None  # noqa: S101 - a link leaves a link
    return made


def take_back(taken: ReportLink, *, by: User, grounds: str) -> ReportLink | Finding | NoteTakenBack:
    """Undo a link, by what is written anew. Nothing that was written is changed, but for the instant of its end.

    A report that was moved goes back to the incident that it opened when it was filed: its review is opened again and
    it is linked there, by the rules of `link`; so where two persons decide, it is proposed, the report stays under
    review and nothing moves until that is seconded. A note that it is `related` ends, at the word of one as it began.

    Raises Malformed (no grounds), Forbidden (as `link`), NotNow (taken back or moved on already; it is in the incident
    that it opened; its filer corrected or withdrew it).
    """
    if not grounds.strip():
        message = _("Write on what grounds the link is taken back.")
        raise Malformed(message, fields={"/grounds": [message]})
    if membership.is_member_kind(taken.kind):
        return _back_home(taken, by=by, grounds=grounds)
    with holding.deciding() as entry:
        holding.hold_chain(taken.chain, taken.incident_id)
        others = membership.chains([taken.incident_id])
        standing.moderating(by, taken.report.agreement, [taken.chain, *others])
        _require_open(taken)
        recorded_at = entry.stamp()
        entry.close(ReportLink.objects.filter(pk=taken.pk), expected=1)
        made = NoteTakenBack.objects.create(link=taken, by=by, grounds=grounds.strip(), recorded_at=recorded_at)
        audit.done("report.take_back", by=by, on=taken.report)
    return made


def _back_home(taken: ReportLink, *, by: User, grounds: str) -> ReportLink | Finding:
    home = membership.home(taken.chain)
    assert home is not None  # noqa: S101 - a chain that is linked was filed
    with holding.deciding():
        holding.hold_chain(taken.chain, taken.incident_id, home.pk)
        _require_open(taken)
        if home.pk == taken.incident_id:
            raise NotNow(
                _("This report is in the incident that it opened: there is no link to take back."), code="at_home"
            )
        if review.state_of(taken.report) != ReviewState.UNDER_REVIEW:
            review.reopen(taken.report, by=by, grounds=grounds)
        return link(taken.report, home, by=by, kind=LinkKind.SAME_EVENT, grounds=grounds)


def _require_open(taken: ReportLink) -> None:
    if not ReportLink.objects.open().filter(pk=taken.pk).exists():
        raise NotNow(_("This link holds no more: it was taken back, or the report moved on."), code="taken_back")


def _check_words(kind: str, grounds: str) -> None:
    if kind not in LinkKind.values:
        message = _("Say how the report belongs to the incident: same event, duplicate, part of a series or related.")
        raise Malformed(message, fields={"/kind": [message]})
    if not grounds.strip():
        message = _("Write on what grounds the report is linked.")
        raise Malformed(message, fields={"/grounds": [message]})


def _note(report: IncidentReport, incident: Incident, **how) -> ReportLink:
    """Write that the report is related to the incident, once."""
    noted = ReportLink.objects.open().filter(chain=report.chain, incident=incident, kind=LinkKind.RELATED)
    if noted.exists():
        raise NotNow(_("This report is noted as related to this incident already."), code="already_linked")
    return membership.note(report, incident, **how)
