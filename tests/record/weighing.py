"""What moderators do of an incident before and beside deciding on it, for the machine of the record: lanes, grades,
casualties with their sources; and what of it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from monitoring.errors import Malformed, Refusal
from tests.record.happenings import BY, SIDES, WHICH
from tests.violations.occasions import CLINIC
from violations import casualties, findings, grades, grave, lanes
from violations.casualties import Casualties, Source
from violations.models import Finding, Grade, Incident, IncidentReport, LaneMove, ReportLink

LANES = st.sampled_from(["grave", "grave", "standard", "routine"])
GRADES = st.sampled_from([("A", "2"), ("C", "2"), ("B", "3"), ("F", "6"), ("A", "1")])
# What is wrong with casualties, each refused at its place.
WRONG = st.sampled_from(["no_source", "report_of_another", "not_the_sum", "twice", "more_than_told", "total_alone"])


class Weighing:
    """Steps of the machine; what they need of it stands in `Doing`."""

    accounts: dict[str, Any]
    agreement: Any
    late: list[Any]
    _pick: Any
    _do: Any
    _chains: Any
    _decision: Any
    _incidents_of: Any
    _own_reports_are_refused: Any

    def move_lane(self, draw):
        """Move to a lane; where that only proposes it, the incident stays until another side seconds it."""
        incident, lane, by = self._pick(Incident.objects.live(), draw), draw(LANES), draw(BY)
        if incident is None:
            return
        chains, before = self._chains(incident), self._lane(incident)
        outcome = self._do(
            lambda: lanes.move(incident, lane, reason="other", grounds="Weighed.", by=self.accounts[by]), {incident.pk}
        )
        self._own_reports_are_refused(outcome, by, chains)
        if isinstance(outcome, LaneMove):
            assert self.late or self._lane(incident) == (lane if outcome.in_force else before)
            if not outcome.in_force and draw(st.booleans()):
                self._second_lane(outcome, draw(BY))

    def second_lane(self, draw):
        """Second a move that was proposed, open or past."""
        proposal, by = self._pick(LaneMove.objects.filter(in_force=False), draw), draw(BY)
        if proposal is not None:
            self._second_lane(proposal, by)

    def _second_lane(self, proposal, by):
        outcome = self._do(lambda: lanes.second(proposal, by=self.accounts[by]), {proposal.incident_id})
        proposer = next(name for name in SIDES if self.accounts[name].pk == proposal.proposed_by_id)
        if by == proposer or (SIDES[by] is not None and SIDES[by] == SIDES[proposer]):
            assert isinstance(outcome, Refusal)

    def _lane(self, incident):
        return lanes.assessed_in_lane(incident).lane

    def grade(self, draw):
        """Grade a report of any lane, as it is or otherwise; 1 only where another independent one confirms it."""
        report, (source, information), by = self._pick(IncidentReport.objects.newest(), draw), draw(GRADES), draw(BY)
        outcome = self._do(
            lambda: grades.grade(
                report, source=source, information=information, grounds="Weighed.", by=self.accounts[by]
            ),
            self._incidents_of(report),
        )
        self._own_reports_are_refused(outcome, by, [report.chain])

    def propose_ill_sourced(self, draw):
        """Casualties that do not add up, or have no source that tells of them: refused at their place, nothing kept."""
        incident, wrong, by = self._pick(Incident.objects.live(), draw), draw(WRONG), draw(BY)
        which = draw(WHICH)
        if incident is None or self.late:  # who may bring the report of another in
            return
        self._graded(incident, by)
        said = self._decision(incident, "undetermined")
        row = Casualties(harm="killed", people="unknown", at_least=1, sources=frozenset({CLINIC}))
        told: dict[str, Any] = {"casualties": (row,), "killed_verified": 1}
        if wrong == "no_source":
            told["casualties"] = (replace(row, sources=frozenset()),)
        elif wrong == "report_of_another":
            others = IncidentReport.objects.filter(agreement=self.agreement).exclude(chain__in=self._chains(incident))
            keys = list(others.order_by("pk").values_list("pk", flat=True))
            foreign = Source(report=keys[which % len(keys)] if keys else 0)
            told["casualties"] = (replace(row, sources=frozenset({foreign})),)
        elif wrong == "not_the_sum":
            told["killed_verified"] = 2
        elif wrong == "twice":
            told |= {"casualties": (row, row), "killed_verified": 2}
        elif wrong == "more_than_told":
            told = {"casualties": (replace(row, at_least=casualties.MOST_PEOPLE + 1),)}
            told["killed_verified"] = casualties.MOST_PEOPLE + 1
        else:
            told["casualties"] = ()
        outcome = self._do(
            lambda: findings.propose(incident, replace(said, **told), by=self.accounts[by]), {incident.pk}
        )
        assert isinstance(outcome, Refusal)
        if isinstance(outcome, Malformed):
            assert any(field.startswith(("/casualties", "/killed_verified")) for field in outcome.fields)

    def propose_ungraded(self, draw):
        """What is grave is not decided on while a report of it has the grades of its team and means alone."""
        which, by = draw(WHICH), draw(BY)
        live = Incident.objects.live().filter(agreement=self.agreement).order_by("pk")
        left = [row for row in live if self._lane(row) == "grave" and grave.ungraded(row.pk)]
        if self.late or not left:
            return
        incident = left[which % len(left)]
        said = self._decision(incident, draw(st.sampled_from(["breach", "no_breach", "discounted", "inconclusive"])))
        outcome = self._do(lambda: findings.propose(incident, said, by=self.accounts[by]), {incident.pk})
        assert isinstance(outcome, Refusal)
        assert not isinstance(outcome, Malformed) or "/grades" in outcome.fields

    def _graded(self, incident, by):
        """Have each report of the incident graded by hand that is not, where the moderator may."""
        given = Grade.objects.open().values("report")
        members = ReportLink.objects.open().members().filter(incident=incident).exclude(report__in=given)
        for report in IncidentReport.objects.with_grades().filter(pk__in=members.values("report")):
            told = {"source": report.source_grade, "information": report.information_grade}
            if lanes_of(incident) == "grave":
                self._do(
                    lambda report=report, told=told: grades.grade(
                        report, **told, grounds="As its post was placed.", by=self.accounts[by]
                    ),
                    self._incidents_of(report),
                )

    def _harmed(self, assessed):
        """As many killed and injured as the reports tell of, by those that do, and in part by the clinic too."""
        members = ReportLink.objects.open().members().filter(incident=assessed.incident_id).values("report")
        told = dict(IncidentReport.objects.filter(pk__in=members).order_by("pk").values_list("pk", "casualties"))
        rows = []
        for harm, most in (("killed", assessed.killed_high), ("injured", assessed.injured_high)):
            by = {Source(report=pk) for pk, said in told.items() if any((said.get(harm) or {}).values())}
            if most:
                sources = by | {CLINIC} if most % 2 or not by else by
                rows.append(Casualties(harm=harm, people="unknown", at_least=most, sources=frozenset(sources)))
        return {"casualties": tuple(rows), **casualties.totals(rows)}

    def look_at_harm(self):
        """What every finding of the truce says of casualties, by number: as it was said it stays."""
        return {
            finding.pk: casualties.said_in(finding)
            for finding in Finding.objects.filter(agreement=self.agreement, casualties__isnull=False).distinct()
        }


def lanes_of(incident):
    """The lane of a live incident; '' of another."""
    try:
        return lanes.assessed_in_lane(incident).lane
    except Refusal:
        return ""
