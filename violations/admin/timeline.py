"""What happened to an incident in the record: who did what, when, on what grounds. Filers have no name here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from violations.admin import words
from violations.admin.axes import EFFECTS
from violations.admin.case import Case
from violations.codebook import ReviewState as State
from violations.codebook import Standing
from violations.models import Finding, ReportLink, ReviewStep


@dataclass(frozen=True)
class Moment:
    """One entry of the time line. `who` is empty where the filer or the system acted."""

    at: datetime
    when: str
    what: str
    who: str = ""
    grounds: str = ""

    @property
    def iso(self) -> str:
        """The instant, whole, as a page of that moment is asked for."""
        return self.at.isoformat()


def timeline(case: Case) -> list[Moment]:
    """All of it, oldest first."""
    moments = [*_steps(case), *_links(case), *_findings(case), *_lanes(case), *_grades(case), *_sittings(case)]
    return sorted(moments, key=lambda moment: moment.at)


def _moment(case: Case, at: datetime, what: str, who: str = "", grounds: str = "") -> Moment:
    return Moment(at, words.instant(at, case.zone), what, who, grounds)


def _steps(case: Case) -> Iterator[Moment]:
    for chain in case.chains:
        revision = {report.pk: report for report in chain.revisions}
        for step in chain.steps:
            report = revision.get(step.report_id)
            if report is not None:
                what = _("report %(ref)s: %(step)s") % {
                    "ref": words.reference(report.public_id),
                    "step": _step(step, report.revision),
                }
                yield _moment(case, step.recorded_at, what, _name(step), step.grounds)


def _step(step: ReviewStep, revision: int) -> str:
    if step.state == State.SUBMITTED and revision > 1:
        return _("corrected by its filer (revision %(n)d)") % {"n": revision}
    return str(State(step.state).label)


def _name(step: ReviewStep | ReportLink) -> str:
    return step.by.get_username() if step.by else _("its filer")


def _links(case: Case) -> Iterator[Moment]:
    for link in case.links:
        if link.by is None:
            continue
        report, incident = words.reference(link.report.public_id), words.reference(link.incident.public_id)
        what = _("report %(report)s linked to incident %(incident)s: %(kind)s") % {
            "report": report,
            "incident": incident,
            "kind": link.get_kind_display(),
        }
        yield _moment(case, link.recorded_at, what, _name(link), link.grounds)
        taken_back = getattr(link, "taken_back", None)
        if taken_back is not None:
            what = _("taken back that report %(report)s is related to incident %(incident)s") % {
                "report": report,
                "incident": incident,
            }
            who = taken_back.by.get_username()
            yield _moment(case, taken_back.recorded_at, what, who, taken_back.grounds)


def _findings(case: Case) -> Iterator[Moment]:
    for finding in case.findings:
        if finding.standing != Standing.DETERMINED or finding.effect != Finding.Effect.FINDING:  # as the sitting said
            yield _finding(case, finding)
        for dissent in finding.dissents.all():
            who = f"{dissent.by.get_username()} ({words.side(dissent.side)})"
            yield _moment(case, dissent.recorded_at, _("dissent recorded"), who, dissent.grounds)


def _lanes(case: Case) -> Iterator[Moment]:
    """Moves to another lane; a proposal that was seconded is told twice, as a finding is."""
    for move in case.record.moves:
        said = _("moved from lane %(before)s to %(lane)s: %(reason)s")
        who, grounds = f"{move.proposed_by.get_username()} ({words.side(move.proposed_side)})", move.grounds
        if not move.in_force:
            said = _("proposed: from lane %(before)s to %(lane)s: %(reason)s")
        elif move.seconded_by is not None:
            who, grounds = f"{move.seconded_by.get_username()} ({words.side(move.seconded_side)})", ""
            said = _("seconded: from lane %(before)s to %(lane)s")
        told = {
            "before": move.get_moved_from_display(),
            "lane": move.get_lane_display(),
            "reason": move.get_reason_display(),
        }
        yield _moment(case, move.recorded_at, said % told, who, grounds)


def _grades(case: Case) -> Iterator[Moment]:
    shown = {report.pk: report for chain in case.chains for report in chain.revisions}
    for grade in case.record.grades:
        if grade.report_id not in shown:
            continue
        what = _("report %(ref)s graded %(grades)s") % {
            "ref": words.reference(shown[grade.report_id].public_id),
            "grades": f"{grade.source}{grade.information}",
        }
        who = f"{grade.by.get_username()} ({words.side(grade.side)})"
        yield _moment(case, grade.recorded_at, what, who, grade.grounds)


def _sittings(case: Case) -> Iterator[Moment]:
    """When it came onto an agenda and off it, and what was recorded and confirmed that a sitting said."""
    for item in case.agenda_items:
        day = {"day": words.day(item.sitting.held_on)}
        yield _moment(
            case,
            item.recorded_at,
            _("put on the agenda of the sitting of %(day)s") % day,
            _by(item.put_by, item.put_side),
        )
        removal = getattr(item, "removal", None)
        if removal is not None:
            what = _("taken off the agenda of the sitting of %(day)s") % day
            yield _moment(case, removal.recorded_at, what, _by(removal.by, removal.side), removal.grounds)
        for said in item.outcomes.all():
            told = day | {"said": said.get_outcome_display()}
            if said.confirmed_by is None:
                what = _("recorded of the sitting of %(day)s: %(said)s") % told
                yield _moment(case, said.recorded_at, what, _by(said.recorded_by, said.recorded_side), said.grounds)
            else:
                what = _("confirmed of the sitting of %(day)s: %(said)s") % told
                yield _moment(case, said.recorded_at, what, _by(said.confirmed_by, said.confirmed_side))


def _by(user: Any, side: Any) -> str:
    return f"{user.get_username()} ({words.side(side)})"


def _finding(case: Case, finding: Finding) -> Moment:
    proposer = f"{finding.proposed_by.get_username()} ({words.side(finding.proposed_side)})"
    if finding.seconded_by is None:
        what = _("proposed: %(what)s") % {"what": EFFECTS[Finding.Effect(finding.effect)]}
        return _moment(case, finding.recorded_at, what, proposer, finding.grounds)
    seconder = f"{finding.seconded_by.get_username()} ({words.side(finding.seconded_side)})"
    what = _("agreed, %(standing)s: proposed by %(proposer)s and seconded") % {
        "standing": finding.get_standing_display(),
        "proposer": proposer,
    }
    return _moment(case, finding.recorded_at, what, seconder)
