"""How what may happen to a record is done: through the verbs, late where a writer waits; and counted again."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from monitoring import areas, ledger
from monitoring.errors import Refusal
from monitoring.models import User
from reports import periods
from reports.figures import assemble
from reports.figures.known import Known
from tests.record.happenings import (
    BY,
    MODERATORS,
    SIDES,
    WHICH,
)
from tests.record.late_writers import LateWriter, meanwhile
from tests.record.plain_count import (
    add_up,
    counted,
    registered_by,
    tallies,
    told_by,
    work,
    work_told_by,
)
from tests.record.releasing import Releasing
from tests.record.sitting import Sitting
from tests.record.weighing import Weighing
from tests.violations.occasions import reloaded
from violations import assessment, filing, findings, linking, membership, provisions, review
from violations.findings import Decision
from violations.models import (
    AgendaItem,
    Assessment,
    CasualtySource,
    Finding,
    Grade,
    Incident,
    IncidentReport,
    LaneMove,
    ReportLink,
    SetAcceptance,
    SittingOutcome,
)

KINDS = ("same_event", "same_event", "duplicate", "part_of_series", "related")


class Doing(Weighing, Sitting, Releasing):
    """What the machine of the record does its steps with."""

    folder: Path
    accounts: dict[str, User]
    agreement: Any
    code: str
    filers: dict[uuid.UUID, int]
    late: list[LateWriter]

    def _pick(self, rows, draw, of="agreement"):
        """One of the rows of this truce, oldest first; None where there is none."""
        which = draw(WHICH)
        keys = list(rows.filter(**{of: self.agreement}).order_by("pk").values_list("pk", flat=True))
        return rows.model.objects.get(pk=keys[which % len(keys)]) if keys else None

    def _chains(self, incident):
        return list(ReportLink.objects.open().members().filter(incident=incident).values_list("chain", flat=True))

    def _incidents_of(self, report):
        links = ReportLink.objects.open().members().filter(chain=report.chain)
        return set(links.values_list("incident", flat=True))

    def _file(self, content, by):
        return self._do(lambda: self._file_now(content, by), set())

    def _file_now(self, content, by):
        filed = filing.file_report(self.agreement, content, by=self.accounts[by], client_id=str(uuid.uuid4()))
        self.filers[filed.report.chain] = self.accounts[by].pk
        return filed

    # Each gives the verb, and the incidents that it holds.

    def _withdrawing(self, draw):
        report = self._pick(IncidentReport.objects.newest().filter(source=""), draw)
        by = User.objects.get(pk=self.filers[report.chain])
        return lambda: filing.withdraw(report, by=by, grounds="Told otherwise."), self._incidents_of(report)

    def _linking(self, draw):
        """Take the report under review, where it is not, and link it."""
        report = self._pick(IncidentReport.objects.newest(), draw)
        incident = self._pick(Incident.objects.all(), draw)
        by, kind = self.accounts[draw(BY)], draw(st.sampled_from(KINDS))

        def take_and_link():
            if review.state_of(report) == "submitted":
                review.take(report, by=by)
            return linking.link(report, incident, by=by, kind=kind, grounds="One event.")

        return take_and_link, self._incidents_of(report) | {incident.pk}

    def _taking_back(self, draw):
        """Take back a link that somebody made, of whatever kind; None where there is none."""
        which, by = draw(WHICH), self.accounts[draw(BY)]
        made = ReportLink.objects.open().filter(incident__agreement=self.agreement).exclude(by=None).order_by("pk")
        if not made:
            return None
        link = made[which % len(made)]
        holds = self._incidents_of(link.report) | {link.incident_id, membership.home(link.chain).pk}
        return lambda: linking.take_back(link, by=by, grounds="It was another one."), holds

    def _proposing(self, incident, by, says):
        return (
            lambda: findings.propose(incident, self._decision(incident, says), by=self.accounts[by]),
            {incident.pk},
        )

    def _seconding(self, finding, by):
        return (
            lambda: findings.second(finding, by=self.accounts[by]),
            {finding.incident_id, finding.effect_incident_id} - {None},
        )

    def _decision(self, incident, says):
        row = Assessment.objects.open().with_lane().filter(incident=incident).first()
        said: dict[str, Any] = {"conduct": "undetermined", "grounds": "Seen.", "verification": "verified"}
        if says in ("inconclusive", "discounted"):
            said["verification"] = says
        elif says == "no_breach":
            said["conduct"] = says
        elif says in ("in_scope", "out"):
            said["scope"] = "in_scope" if says == "in_scope" else "excluded_designated"
        if row is not None and row.lane == "grave" and said["verification"] == "verified":
            said |= self._harmed(row)
        if row is None or says not in ("breach", "unattributed", "in_scope"):
            return Decision(**said)
        terms = self.agreement.terms
        named = {terms.provision for terms in provisions.forbidding(row, terms)}
        said |= {"conduct": "breach", "provisions": tuple(sorted(named, key=lambda provision: provision.pk))}
        if row.lane == "grave":
            said |= {"intent": "unknown", "sequence": "unknown"}
        if says == "breach" and terms.attribution == "published":
            party = self.agreement.parties.get(code="hill-clans" if row.pk % 4 == 0 else "north-army")
            said |= {"attribution": "attributed", "parties": (party,), "confidence": "low", "basis": ("observed",)}
        return Decision(**said)

    def _propose(self, incident, by, says):
        chains = self._chains(incident)
        self._graded(incident, by)
        outcome = self._do(*self._proposing(incident, by, says))
        self._own_reports_are_refused(outcome, by, chains)
        return outcome

    def _second(self, finding, by):
        """Second, and see that it is refused to one's own side, to oneself, and to who filed."""
        chains = self._chains(finding.incident_id)
        outcome = self._do(*self._seconding(finding, by))
        proposer = next(name for name in MODERATORS if self.accounts[name].pk == finding.proposed_by_id)
        if by == proposer or (SIDES[by] is not None and SIDES[by] == SIDES[proposer]):
            assert isinstance(outcome, Refusal)
        self._own_reports_are_refused(outcome, by, chains)

    def _own_reports_are_refused(self, outcome, by, chains):
        if any(self.filers.get(chain) == self.accounts[by].pk for chain in chains):
            assert isinstance(outcome, Refusal)

    def _do(self, verb, touches):
        """Do the verb; what is refused leaves no trace. Where a late writer holds what it needs, they meet."""
        if any(writer.waits and writer.holds & touches for writer in self.late):
            return meanwhile(verb, self._let_all_go)
        before = self._rows()
        try:
            return verb()
        except Refusal as refusal:
            assert self._rows() == before, "What was refused left something behind."
            return refusal

    def _rows(self):
        agreement = self.agreement.pk
        return (
            Finding.objects.filter(agreement=agreement).count(),
            Finding.objects.open().filter(agreement=agreement).count(),
            ReportLink.objects.open().filter(incident__agreement=agreement).count(),
            Assessment.objects.filter(agreement=agreement).count(),
            LaneMove.objects.filter(agreement=agreement).count(),
            LaneMove.objects.open().filter(agreement=agreement).count(),
            Grade.objects.filter(agreement=agreement).count(),
            CasualtySource.objects.filter(casualties__finding__agreement=agreement).count(),
            SetAcceptance.objects.open().filter(agreement=agreement).count(),
            AgendaItem.objects.open().filter(sitting__agreement=agreement).count(),
            SittingOutcome.objects.filter(item__sitting__agreement=agreement).count(),
            SittingOutcome.objects.open().filter(item__sitting__agreement=agreement).count(),
        )

    def _let_all_go(self):
        while self.late:
            self.late.pop().finish(commit=True)

    def _load(self, verb):
        """Load another mechanism or other shapes: it waits for whoever is writing, and they for it."""
        if any(writer.waits for writer in self.late):
            meanwhile(verb, self._let_all_go)
        else:
            verb()

    def _mechanism(self, change):
        return reloaded(self.folder, ('code = "exercise"', f'code = "{self.code}"'), *change)

    def _shapes(self, file):
        with ledger.writing() as entry:
            areas.load(
                self.agreement,
                self.folder / file,
                level="district",
                source=file,
                by=None,
                entry=entry,
                code_property="code",
                name_properties={"en": "name"},
            )
            assessment.reassess_agreement(self.agreement, recorded_at=entry.stamp())

    def _period(self, period, at):
        return periods.bounds(self.agreement.terms_known_at(at), *period)

    def _figures(self, period, at):
        version = self.agreement.terms_known_at(at)
        return assemble.figures(Known(self.agreement, version, self._period(period, at), at))

    def _plain(self, period, at):
        bounds = self._period(period, at)
        named = self.agreement.terms_known_at(at).attribution == "published"
        return tallies(counted(self.agreement, bounds.starts_at, bounds.ends_at, at), named=named)

    def _is_the_plain_count_of_a_closing(self, closing):
        content = json.loads(closing.content())
        self._is_the_plain_count(content["sections"], (closing.kind, closing.period), closing.cutoff_at)
        if closing.kind == "month":
            plain = work(self.agreement, closing.period_from, closing.period_until, closing.cutoff_at)
            assert work_told_by(content["beside"]["cases"]) == plain

    def _is_the_plain_count(self, sections, period, at):
        add_up(sections)
        plain = self._plain(period, at)
        if period[0] == "day":
            registered = {
                breakdown: {key: row.total() for key, row in plain[breakdown].items() if row}
                for breakdown in ("total", "act", "district")
            }
            assert registered_by(sections["registrations"]) == registered
            return
        assert told_by(sections["incidents"]) == plain
        assert Counter(plain["total"][""]).total() == sections["incidents"]["total"]["registered"]
