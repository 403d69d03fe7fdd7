"""Grading a report by hand: how reliable its source is (A to F) and how credible what it tells (1 to 6).

Until somebody does, a report has the grades of its team and means, the same for every side. A grade changes nothing
that is counted; it is shown with who gave it and why. Of a grave incident (`grave`) a moderator who finds the grades of
team and means right gives the same. What is routine keeps its grades: nobody adjudicates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from monitoring.models import GuarantorTerm, PartyTerms, TeamTerms
from violations import holding, lanes, membership, review, standing
from violations.codebook import LinkKind, ReviewState
from violations.models import Grade, IncidentReport, ReportLink
from violations.moderation_codes import InformationGrade, Lane, SourceGrade

if TYPE_CHECKING:
    from monitoring.models import User

GRADED_IN = frozenset(ReviewState) - {ReviewState.SUPERSEDED}


def grade(report: IncidentReport, *, source: str, information: str, grounds: str, by: User) -> Grade:
    """Grade this revision; the grade before is closed. Returns the row.

    Raises Malformed (`fields` by JSON pointer: no such grade, no grounds; the grades it has, but for a first grading of
    what is grave; `independent`: confirmed by others, where no other report of the incident is of another team, side
    and data set), Forbidden (no moderator of this agreement; filed a report of the incident), NotNow (`not_live`;
    `routine`: its incident is routine; `is_superseded`: it was corrected, and neither is it what counts until then).
    """
    _check(source, information, grounds)
    with holding.deciding() as entry:
        member = holding.hold_chain(report.chain)
        if member is None:
            raise NotNow(_("This report belongs to no incident any more: it was withdrawn."), code="not_live")
        capacity = standing.moderating(by, report.agreement, membership.chains([member.incident_id]))
        if report.pk != member.report_id:
            review.require(report, GRADED_IN)
        lane = lanes.assessed_in_lane(member.incident).lane
        if lane == Lane.ROUTINE:
            raise NotNow(
                _("The incident is routine: its reports keep the grades of their team and means."), code="routine"
            )
        has = IncidentReport.objects.with_grades().get(pk=report.pk)
        confirms = lane == Lane.GRAVE and not has.graded
        if (has.source_grade, has.information_grade) == (source, information) and not confirms:
            message = _("The report has these grades already.")
            raise Malformed(message, code="nothing_changes", fields={"/source": [message]})
        if information == InformationGrade.CONFIRMED and not _confirmed(report, member.incident_id):
            message = _(
                "Confirmed by others needs another report of this incident: of another team, side and data set."
            )
            raise Malformed(message, code="independent", fields={"/information": [message]})
        entry.close(Grade.objects.filter(report=report))
        graded = Grade.objects.create(
            report=report,
            agreement=report.agreement,
            recorded_at=entry.stamp(),
            source=source,
            information=information,
            grounds=grounds.strip(),
            by=by,
            side=capacity.side,
        )
        audit.done("report.grade", by=by, on=report)
    return graded


def any_independent(reports: list[IncidentReport]) -> bool:
    """Whether two of the reports are of other teams, sides and data sets."""
    sides = [_side_of(report) for report in reports]
    told = list(zip(reports, sides, strict=True))
    return any(_independent(*one, *other) for number, one in enumerate(told) for other in told[number + 1 :])


def _confirmed(report: IncidentReport, incident_id: int) -> bool:
    """Whether another member report is independent of this one; whom a source told of is sealed, and not compared."""
    links = ReportLink.objects.open().members().filter(incident=incident_id).exclude(chain=report.chain)
    others = [link.report for link in links.exclude(kind=LinkKind.DUPLICATE).select_related("report")]
    side = _side_of(report)
    return any(_independent(report, side, other, _side_of(other)) for other in others)


def _independent(one: IncidentReport, side: int | None, other: IncidentReport, others_side: int | None) -> bool:
    return (
        (other.team_id, other.source, other.told_by_id) != (one.team_id, one.source, one.told_by_id)
        and (other.team_id is None or other.team_id != one.team_id)
        and (not other.source or other.source != one.source)
        and (side is None or others_side != side)
    )


def _side_of(report: IncidentReport) -> int | None:
    """The side that a report came from: of its own guarantor, or of the party whose word it is; else None."""
    version = report.agreement.terms
    if report.told_by_id:
        return (
            PartyTerms.objects.filter(version=version, party=report.told_by_id).values_list("side", flat=True).first()
        )
    guarantor = TeamTerms.objects.filter(version=version, team=report.team_id).values("guarantor")
    terms = GuarantorTerm.objects.filter(version=version, guarantor__in=guarantor)
    return terms.order_by(F("valid_from").desc(nulls_last=True)).values_list("side", flat=True).first()


def _check(source: str, information: str, grounds: str) -> None:
    fields: dict[str, list[str]] = {}
    if source not in SourceGrade.values:
        fields["/source"] = [_("Choose a grade of the source, A to F.")]
    if information not in InformationGrade.values:
        fields["/information"] = [_("Choose a grade of the information, 1 to 6.")]
    if not grounds.strip():
        fields["/grounds"] = [_("Write on what grounds.")]
    if fields:
        raise Malformed(_("The grading is not complete."), fields=fields)
