"""The exercise's month, filed and found upon through the product's own verbs. What is there already is left alone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.demo import grave
from monitoring.models import Agreement, Party, User
from reports import choices_seen, choosing
from reports.choice_content import Said
from reports.figures.annex import reference
from violations import (
    addressees,
    answers,
    casualties,
    determinations,
    effort,
    filing,
    findings,
    linking,
    provisions,
    replies_seen,
    requests,
    returns,
    review,
    sittings,
    statements,
)
from violations.codebook import LinkKind, ReviewState
from violations.decisions import STANDS
from violations.effort_content import Observation, PatrolContent, RestrictionContent, Stretch
from violations.models import (
    DailyReturn,
    Finding,
    GuarantorStatement,
    Incident,
    IncidentReport,
    InformationRequest,
    ReportLink,
    RequestAnswer,
    Sitting,
)
from violations.moderation_codes import Harm, Lane
from violations.report_content import NamedParty, ReportContent
from violations.return_content import Line, ReturnContent, Source

SCENARIO = Path(__file__).with_name("exercise-2025-03.toml")
OUTLET = "Invented for the exercise"


class Exercise:
    """The scenario file, read once, and the agreement that it is played in."""

    def __init__(self) -> None:
        self.scenario = tomllib.loads(SCENARIO.read_text(encoding="utf-8"))
        self.agreement = Agreement.objects.get(code=self.scenario["agreement"])
        self.zone = ZoneInfo(self.agreement.terms.time_zone)
        self.people = {user.username: user for user in User.objects.all()}
        self.filed: dict[str, IncidentReport] = {}

    def file(self, progress: Callable[[str], None]) -> int:
        """File every report, each under its literal client id; return how many were new."""
        new = 0
        for number, told in enumerate(self.scenario["reports"], 1):
            filed = filing.file_report(
                self.agreement, self._content(told), by=self.people[told["monitor"]], client_id=told["client_id"]
            )
            self.filed[told["client_id"]] = filed.report
            new += filed.created
            if "correction" in told:
                corrected = replace(
                    self._content(told),
                    weapon_family=told["correction"]["weapon"],
                    narrative=told["correction"]["narrative"],
                )
                self.filed[told["client_id"]] = filing.correct(
                    filed.report,
                    corrected,
                    by=self.people[told["monitor"]],
                    client_id=f"{told['client_id']}-correction",
                ).report
            if "withdrawn" in told:
                filing.withdraw(filed.report, by=self.people[told["monitor"]], grounds=told["withdrawn"])
            progress(f"reports {number}")
        return new

    def decide(self, progress: Callable[[str], None]) -> int:
        """Review, link, find and second as the scenario says; return how many reports were decided upon now.

        Links come first: where something is found already, linking would have to be proposed.
        """
        decided = 0
        in_order = sorted(self.scenario["reports"], key=lambda told: "same_event_as" not in told)
        for number, told in enumerate(in_order, 1):
            report = self.filed[told["client_id"]]
            if review.state_of(report) == ReviewState.SUBMITTED and self._decision_waits(told):
                self._decide(report, told)
                decided += 1
            progress(f"decisions {number}")
        return decided

    def announce(self) -> int:
        """Record the returns that the exercise's guarantors announced; return how many were new."""
        before = DailyReturn.objects.filter(agreement=self.agreement).count()
        for told in self.scenario["returns"]:
            returns.record_return(self.agreement, self._return(told), by=None)
        return DailyReturn.objects.filter(agreement=self.agreement).count() - before

    def work(self) -> int:
        """File what the exercise's teams did to see, and where they were kept from going; return how much was new."""
        new = 0
        for told in self.scenario["patrols"]:
            filed = effort.file_patrol(
                self.agreement, self._patrol(told), by=self.people[told["monitor"]], client_id=told["client_id"]
            )
            new += filed.created
        for told in self.scenario["restrictions"]:
            content = RestrictionContent(
                kind=told["kind"],
                started_at=self._instant(told["at"]),
                ended_at=self._instant(told["until"]),
                area=told["area"],
                place_as_written=told["place"],
                by_as_written=told["by"],
            )
            new += effort.file_restriction(
                self.agreement, content, by=self.people[told["monitor"]], client_id=told["client_id"]
            ).created
        return new

    def reply(self) -> int:
        """Ask, answer and state what the scenario says; return how much was new."""
        before = self._replies()
        for told in self.scenario["requests"]:
            what = requests.Asked(
                addressees.addressee(self.agreement, told["of"]), told["question"], self._incident(told["report"])
            )
            asked = requests.ask(self.agreement, what, by=self.people[told["asked_by"]], client_id=told["client_id"])
            if "answer" in told:
                answers.answer(
                    asked.public_id,
                    by=self.people[told["answered_by"]],
                    words=told["answer"],
                    language="en",
                    client_id=told["client_id"],
                )
        for told in self.scenario["statements"]:
            said = statements.Said(told["statement"], told["words"], "en", incident=self._incident(told["report"]))
            statements.file_statement(
                self.agreement, said, by=self.people[told["by"]], client_id=told["client_id"], told=told["told"]
            )
        return self._replies() - before

    def _replies(self) -> int:
        """How many requests, answers and statements there are."""
        with replies_seen.reading_for([self.agreement.pk]):
            return sum(model.objects.count() for model in (InformationRequest, RequestAnswer, GuarantorStatement))

    def choose(self) -> int:
        """Choose for page 1 what the scenario says, each once; return how many were agreed on now."""
        agreed, period = 0, self.scenario["period"]
        with choices_seen.reading_for([self.agreement.pk]):
            chosen = {one.words for one in choosing.of(self.agreement, period)}
        for told in self.scenario["choices"]:
            if told["words"] in chosen:
                continue
            of = reference(self._incident(told["report"]).public_id)
            said = Said(period, told["kind"], told["words"], refers_to="incident", reference=of)
            proposed = choosing.propose(self.agreement, said, by=self.people[told["proposed_by"]])
            choosing.agree(proposed.public_id, by=self.people[told["agreed_by"]])
            agreed += 1
        return agreed

    def sit(self) -> int:
        """Hold the sittings of the scenario, each once; return how many outcomes were confirmed now."""
        confirmed = 0
        for told in self.scenario["sittings"]:
            if Sitting.objects.filter(agreement=self.agreement, client_id=told["client_id"]).exists():
                continue
            called_by = self.people[told["called_by"]]
            sitting = sittings.call(
                self.agreement, told["held_on"], place=told["place"], by=called_by, client_id=told["client_id"]
            )
            for item in told["items"]:
                words = Finding.objects.open().filter(incident=self._incident(item["report"]))
                put_on = sittings.put_on(sitting, words.agreed().first() or words.get(), by=called_by)
                said = determinations.record(
                    put_on, item["outcome"], grounds=item["grounds"], by=self.people[item["recorded_by"]]
                )
                determinations.confirm(said, by=self.people[item["confirmed_by"]])
                confirmed += 1
            minutes = sittings.Minuted(told["minutes"], "en")
            sittings.minute(sitting, minutes, by=self.people[told["minuted_by"]])
        return confirmed

    def revise(self) -> bool:
        """After the first closing: what became known later and changes it. False where that was done before."""
        late = self.scenario["late"]
        incident = self._incident(late["client_id"])
        open_findings = Finding.objects.open().filter(incident=incident)
        if open_findings.exclude(standing="proposed").exists():
            return False
        self._find(incident, late["finding"])
        return True

    @staticmethod
    def _decision_waits(told: dict[str, Any]) -> bool:
        return any(key in told for key in ("finding", "returned", "same_event_as"))

    def _decide(self, report: IncidentReport, told: dict[str, Any]) -> None:
        moderator = self.people[told.get("finding", {}).get("proposed_by", "moderator-independent")]
        review.take(report, by=moderator)
        if "returned" in told:
            review.return_with_question(report, by=moderator, grounds=told["returned"])
        elif "same_event_as" in told:
            linking.link(
                report,
                self._incident(told["same_event_as"]),
                by=moderator,
                kind=LinkKind.SAME_EVENT,
                grounds="The same rounds, heard from the other post.",
            )
        else:
            review.accept(report, by=moderator)
            self._find(self._incident(told["client_id"]), told["finding"])

    def _find(self, incident: Incident, told: dict[str, Any]) -> None:
        assessed = incident.assessments.open().with_lane().select_related("lead_report").get()
        if assessed.lane == Lane.GRAVE:
            grave.grade(incident, by=self.people[told["proposed_by"]])
        says_how = "unknown" if assessed.lane == "grave" and told["conduct"] == "breach" else ""
        parties = list(Party.objects.filter(agreement=self.agreement, code__in=told.get("parties", [])))
        breached = (
            provisions.binding(assessed, self.agreement.terms, [party.pk for party in parties] or assessed.alleged)
            if told["conduct"] == "breach"
            else []
        )
        harmed = grave.harmed(assessed.lead_report, told) if told["verification"] in STANDS else ()
        proposal = findings.propose(
            incident,
            findings.Decision(
                verification=told["verification"],
                conduct=told["conduct"],
                attribution=told["attribution"],
                parties=tuple(parties),
                provisions=tuple(terms.provision for terms in breached),
                confidence=told.get("confidence", ""),
                basis=tuple(told.get("basis", [])),
                intent=told.get("intent", says_how),
                sequence=told.get("sequence", says_how),
                casualties=harmed,
                killed_verified=casualties.total(harmed, Harm.KILLED),
                injured_verified=casualties.total(harmed, Harm.INJURED),
                grounds=told["grounds"],
            ),
            by=self.people[told["proposed_by"]],
        )
        if "seconded_by" in told:
            findings.second(proposal, by=self.people[told["seconded_by"]])

    def _incident(self, client_id: str) -> Incident:
        chain = self.filed[client_id].chain
        return Incident.objects.get(links__in=ReportLink.objects.open().filter(chain=chain).exclude(kind="related"))

    def _instant(self, local: str) -> datetime:
        return datetime.fromisoformat(local).replace(tzinfo=self.zone)

    def _content(self, told: dict[str, Any]) -> ReportContent:
        return ReportContent(
            occurred_from=self._instant(told["at"]),
            occurred_until=self._instant(told["until"]) if "until" in told else None,
            time_precision=told.get("time_precision", "minute"),
            position=tuple(self.scenario["places"][told["place"]]),
            place_precision=told.get("place_precision", "locality"),
            place_as_written=told["place"],
            act=told["act"],
            means=told["means"],
            weapon_family=told.get("weapon", ""),
            objects_hit=tuple(told.get("objects_hit", [])),
            parties=tuple(NamedParty(party["role"], party["name"]) for party in told.get("parties", [])),
            casualties=told.get("casualties", {}),
            narrative=told["narrative"],
            narrative_language="en",
        )

    def _patrol(self, told: dict[str, Any]) -> PatrolContent:
        return PatrolContent(
            kind=told["kind"],
            started_at=self._instant(told["at"]),
            ended_at=self._instant(told["until"]),
            stretches=tuple(
                Stretch(area, self._instant(begins), self._instant(ends)) for area, begins, ends in told["stretches"]
            ),
            observations=tuple(
                Observation(self._instant(at), observed, qualifier, count)
                for at, observed, qualifier, count in told.get("log", [])
            ),
        )

    def _return(self, told: dict[str, Any]) -> ReturnContent:
        day: date = told["date"]
        begins = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return ReturnContent(
            owner=told["owner"],
            teller=told["owner"],
            bears_date=day,
            window_from=begins,
            window_until=begins + timedelta(days=1),
            window_basis="the calendar day",
            total=told["total"],
            breakdown="complete" if told.get("lines") else "none",
            unit="incident",
            lines=tuple(Line(area, count, area) for area, count in told.get("lines", {}).items()),
            source=Source(OUTLET, f"exercise:returns/{told['owner']}/{day}"),
        )
