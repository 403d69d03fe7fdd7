"""The record under everything that can happen to it, with writers that commit late: what is counted stays countable.

Hypothesis files, corrects, withdraws, imports sets, reviews, links, proposes, seconds, accepts sets, dissents, loads
other mechanisms and other shapes, closes periods and looks at the record as known so far, in any order, while other
connections hold transactions open that are stamped already. Each example has a truce of its own in one database; all
writes are committed.

RECORD_EXAMPLES and RECORD_STEPS make a longer run, by other seeds each time; RECORD_SHRINK=1 looks for the least steps
that fail, which takes minutes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from monitoring import accreditation, areas, ledger
from monitoring.errors import Refusal
from monitoring.models import User
from reports import closings, periods
from reports.closings.computing import known_at, recomputed
from reports.figures import assemble
from reports.figures.known import Known
from reports.models import Closing
from tests.record import history
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
from tests.violations import sets
from tests.violations.occasions import MECHANISMS, NOON, SHELLING, reloaded
from violations import assessment, data_sets, filing, findings, linking, provisions, review
from violations.findings import Decision
from violations.models import Assessment, Finding, Incident, IncidentReport, ReportLink, SetAcceptance
from violations.report_content import NamedParty

LENGTH = int(os.environ.get("RECORD_STEPS", "35"))
EXAMPLES = int(os.environ.get("RECORD_EXAMPLES", "0"))
SEEDS = random.sample(range(10**6), EXAMPLES) if EXAMPLES else range(6)
SHRINK = os.environ.get("RECORD_SHRINK", "") == "1"

# Who acts: side (None: independent), and the guarantor that sent them.
SENT_BY = {"north": "alder", "north_2": "cedar", "south": "birch", "nobody": None}
SIDES = {"north": "north", "north_2": "north", "south": "south", "nobody": None}
TEAMS = {"north": "team-alder", "south": "team-birch", "nobody": "team-independent"}
# Two moderators file too: on what they filed they may not decide.
FILERS = ("filer_north", "filer_south", "south", "nobody")
MODERATORS = tuple(SENT_BY)

NAMED = (
    (NamedParty("alleged", "north-army"), NamedParty("target", "south-guard")),
    (NamedParty("alleged", "river-company"), NamedParty("alleged", "harbour-brigade")),
    (NamedParty("alleged", "north-volunteers"), NamedParty("target", "birch-forces")),
    (NamedParty("alleged", "black-gull"),),
    (NamedParty("alleged", "hill-clans"), NamedParty("target", "north-army")),
    (NamedParty("alleged", "coast-watch"),),
    (NamedParty("involved", "birch-forces"),),
    (),
)
REPORTS = st.builds(
    lambda hours, east, north, act, parties, killed: replace(
        SHELLING,
        occurred_from=NOON + timedelta(hours=hours),
        point=Point(-123.5 + east / 10, -48.8 - north / 10, srid=4326),
        act=act,
        parties=parties,
        casualties={"killed": {"unknown": {"low": killed, "high": killed + 1}}} if killed else {},
    ),
    hours=st.sampled_from([0, 1, 20, -24 * 9, -24 * 10]),
    east=st.sampled_from([0, 1, 2, 3, 0, 1, 30]),
    north=st.integers(0, 4),
    act=st.sampled_from(["indirect_fire", "indirect_fire", "direct_fire", "reinforcement", "looting"]),
    parties=st.sampled_from(NAMED[:3] * 2 + NAMED[3:]),
    killed=st.sampled_from([0, 0, 2]),
)
FOUND = st.sampled_from(
    [
        "breach",
        "breach",
        "breach",
        "breach",
        "unattributed",
        "no_breach",
        "undetermined",
        "inconclusive",
        "discounted",
        "in_scope",
        "out",
    ]
)
# What a set that others recorded tells: few events, so that one comes again and is told otherwise.
EVENTS = st.builds(
    lambda number, kind, killed: kind | {"id": str(number), "high": str(4 + killed)},
    number=st.integers(1, 5),
    kind=st.sampled_from(sets.KINDS),
    killed=st.sampled_from([0, 0, 1]),
)
CHANGES: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (('acts = ["direct_fire", "indirect_fire"', 'acts = ["indirect_fire"'),),
    (('kind = "non_signatory", source', 'kind = "signatory", source'),),
    (("seconding_days = 0", "seconding_days = 30"),),
    (('attribution = "published"', 'attribution = "not_made"'),),
    (sets.FORBIDDEN,),
)
SHAPES = ("exercise-districts.geojson", "shifted.geojson")
PERIODS = (("month", "2025-03"), ("day", "2025-03-10"))
NUMBERS = count(1)
WHICH = st.integers(0, 11)
BY = st.sampled_from(MODERATORS)
# What happens, and how often.
HAPPENS = {
    "nothing": 1,
    "file": 3,
    "import_set": 2,
    "accept_set": 3,
    "correct": 2,
    "withdraw": 1,
    "review": 3,
    "link": 3,
    "propose": 2,
    "propose_what_waits": 2,
    "second": 3,
    "second_what_is_past": 1,
    "agree": 4,
    "dissent": 1,
    "load": 2,
    "close": 2,
    "look": 2,
    "begin_to_write": 4,
    "end_of_writing": 2,
}
STEPS = [what for what, times in HAPPENS.items() for _ in range(times)]


class TheRecord(RuleBasedStateMachine):
    """One truce, from its loading on."""

    folder: Path
    accounts: dict[str, User]

    @initialize(reports=st.lists(REPORTS, min_size=2, max_size=4))
    def begin(self, reports):
        self.late: list[LateWriter] = []
        self.looks: list[tuple[str, str, datetime, str, Any]] = []
        self.filers: dict[uuid.UUID, int] = {}
        self.code = f"varrow-{next(NUMBERS)}"
        self.agreement = self._mechanism(()).agreement
        self._shapes(SHAPES[0])
        for name, account in self.accounts.items():
            side = name.removeprefix("filer_")
            sent_by = SENT_BY[side]
            guarantor = self.agreement.guarantors.get(code=sent_by) if sent_by else None
            if name in MODERATORS:
                accreditation.accredit(account, self.agreement, "moderator", by=None, guarantor=guarantor)
            if name in FILERS:
                team = self.agreement.teams.get(code=TEAMS[side])
                accreditation.accredit(account, self.agreement, "monitor", by=None, guarantor=guarantor, team=team)
        for content, by in zip(reports, FILERS, strict=False):
            self._file(content, by)
        sets.imported(self.agreement, self.folder, *sets.KINDS[:3])

    @rule(what=st.sampled_from(STEPS), data=st.data())
    def step(self, what, data):
        """Anything that can happen. One rule: Hypothesis leaves most rules out of most examples."""
        getattr(self, what)(data.draw)

    def nothing(self, draw):
        """What the least example is made of."""

    # What monitors do

    def file(self, draw):
        self._file(draw(REPORTS), draw(st.sampled_from(FILERS)))

    def correct(self, draw):
        report, content = self._pick(IncidentReport.objects.newest().filter(source=""), draw), draw(REPORTS)
        by = User.objects.get(pk=self.filers[report.chain])
        self._do(
            lambda: filing.correct(report, content, by=by, client_id=str(uuid.uuid4())), self._incidents_of(report)
        )

    def withdraw(self, draw):
        self._do(*self._withdrawing(draw))

    # What operators import, and two accept

    def import_set(self, draw):
        """A set comes in, or comes again and tells something else."""
        events = draw(st.lists(EVENTS, min_size=1, max_size=3, unique_by=lambda event: event["id"]))
        self._with_all_held(lambda: sets.imported(self.agreement, self.folder, *events))

    def accept_set(self, draw):
        """One proposes that the set is probable; something may happen; another seconds it, or is refused."""
        one, other = draw(
            st.sampled_from([("north", "south"), ("nobody", "north_2"), ("south", "south"), ("north", "north_2")])
        )
        proposed = self._with_all_held(
            lambda: data_sets.propose(self.agreement, sets.SET, by=self.accounts[one], grounds="Sampled.")
        )
        getattr(self, draw(st.sampled_from(["nothing", "nothing", "import_set", "agree", "propose", "link", "load"])))(
            draw
        )
        if isinstance(proposed, Refusal):
            return
        outcome = self._with_all_held(lambda: data_sets.second(proposed.acceptance, by=self.accounts[other]))
        if SIDES[one] is not None and SIDES[one] == SIDES[other]:
            assert isinstance(outcome, Refusal)

    def _with_all_held(self, verb):
        """Do what waits for every writer of the truce; those that are late let go meanwhile."""
        if any(writer.waits for writer in self.late):
            return meanwhile(verb, self._let_all_go)
        return self._do(verb, set())

    # What moderators do, one alone

    def review(self, draw):
        report, by = self._pick(IncidentReport.objects.all(), draw), draw(BY)
        verb = draw(
            st.sampled_from(
                [
                    lambda **by: review.take(report, **by),
                    lambda **by: review.accept(report, **by),
                    lambda **by: review.return_with_question(report, grounds="Which bank?", **by),
                    lambda **by: review.await_reply(report, grounds="Asked.", **by),
                    lambda **by: review.reopen(report, grounds="New.", **by),
                ]
            )
        )
        outcome = self._do(lambda: verb(by=self.accounts[by]), self._incidents_of(report))
        self._own_reports_are_refused(outcome, by, [report.chain])

    def link(self, draw):
        """Link; where that is a proposal, another may second it at once."""
        outcome, by = self._do(*self._linking(draw)), draw(BY)
        if isinstance(outcome, Finding):
            self._second(outcome, by)

    def propose(self, draw):
        self._propose(self._pick(Incident.objects.all(), draw), draw(BY), draw(FOUND))

    def propose_what_waits(self, draw):
        """A correction or withdrawal that was recorded and has not taken effect."""
        by = self.accounts[draw(BY)]
        for link in ReportLink.objects.open().members().filter(incident__agreement=self.agreement).order_by("pk"):
            newest = IncidentReport.objects.of_chain(link.chain).first()
            effect = "withdrawal" if review.state_of(newest) == "withdrawn" else "correction"
            if effect == "withdrawal" or newest.pk != link.report_id:
                outcome = self._do(
                    lambda link=link, newest=newest, effect=effect: findings.propose_effect(
                        link.incident, effect, report=newest, by=by, grounds="As the filer says."
                    ),
                    {link.incident_id},
                )
                if isinstance(outcome, Finding) and draw(st.booleans()):
                    self._second(outcome, draw(BY))
                break

    def dissent(self, draw):
        finding, by = self._pick(Finding.objects.open(), draw), self.accounts[draw(BY)]
        if finding is not None:
            self._do(lambda: findings.dissent(finding, by=by, grounds="No."), {finding.incident_id})

    # What two do

    def second(self, draw):
        finding, by = self._pick(Finding.objects.proposals().open(), draw), draw(BY)
        if finding is not None:
            self._second(finding, by)

    def second_what_is_past(self, draw):
        finding, by = self._pick(Finding.objects.all(), draw), draw(BY)
        if finding is not None:
            self._second(finding, by)

    def agree(self, draw):
        incident, says = self._pick(Incident.objects.live(), draw), draw(FOUND)
        one, other = draw(st.sampled_from([("north", "south"), ("south", "nobody"), ("nobody", "north_2")]))
        if incident is not None:
            proposal = self._propose(incident, one, says)
            if isinstance(proposal, Finding):
                self._second(proposal, other)

    # What operators and the calendar do

    def load(self, draw):
        """Another mechanism, or other shapes: it waits for whoever is writing, and they for it."""
        if draw(st.integers(0, 2)) == 0:
            drawn = self.agreement.boundary_sets.open().get().source
            verb = lambda: self._shapes(SHAPES[1 - SHAPES.index(drawn)])  # noqa: E731
        else:
            change = draw(st.sampled_from(CHANGES))
            verb = lambda: self._mechanism(change)  # noqa: E731
        if any(writer.waits for writer in self.late):
            meanwhile(verb, self._let_all_go)
        else:
            verb()

    def close(self, draw):
        period = draw(st.sampled_from(PERIODS))
        closing = closings.request(self.agreement, *period)
        if closing.state != Closing.State.REQUESTED:
            return
        lease = closings.claim(closing.pk)
        if any(writer.waits for writer in self.late):
            with pytest.raises(closings.NotYetError):
                closings.compute(lease)
            self._let_all_go()
        closing = closings.compute(lease)
        lease.give_back()
        if closing.state == Closing.State.COMPUTED:  # Rendering and releasing change no figure and take seconds.
            Closing.objects.filter(pk=closing.pk).update(state=Closing.State.RENDERED)
            Closing.objects.filter(pk=closing.pk).update(state=Closing.State.RELEASED, released_at=Now())
            self._is_the_plain_count_of_a_closing(closing)

    def look(self, draw):
        """Look at the record as known at an instant of which the ledger says that nothing can be added to it."""
        period = draw(st.sampled_from(PERIODS))
        at = ledger.closed_until() - timedelta(microseconds=1)
        if at > self.agreement.versions.order_by("pk").first().recorded_at:
            figures = self._figures(period, at)
            self._is_the_plain_count(figures.sections, period, at)
            self.looks.append((*period, at, figures.sha256, self._plain(period, at)))

    # Writers in other connections

    def begin_to_write(self, draw):
        """Begin a verb whose transaction is stamped now and committed, or given up, later."""
        what = draw(st.sampled_from(["file", "propose", "second", "link", "withdraw"]))
        verb: Any = None
        if what == "file":
            content = draw(REPORTS)
            verb, holds = (lambda: self._file_now(content, "filer_south")), set()
        elif what == "propose":
            verb, holds = self._proposing(self._pick(Incident.objects.all(), draw), draw(BY), draw(FOUND))
        elif what == "link":
            verb, holds = self._linking(draw)
        elif what == "withdraw":
            verb, holds = self._withdrawing(draw)
        elif (finding := self._pick(Finding.objects.proposals().open(), draw)) is not None:
            verb, holds = self._seconding(finding, draw(BY))
        if verb is not None and len(self.late) < 3 and not any(writer.holds & holds for writer in self.late):
            self.late.append(LateWriter(verb, holds))

    def end_of_writing(self, draw):
        if self.late:
            writer = self.late.pop(draw(WHICH) % len(self.late))
            writer.finish(commit=draw(st.sampled_from([True, True, False])))

    # What must hold

    @invariant()
    def nobody_is_counted_twice(self):
        if not hasattr(self, "agreement"):
            return
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select (select count(*) from violations_assessment
                        where agreement_id = %(a)s and superseded_at is null),
                       (select count(distinct incident_id) from violations_reportlink
                        join violations_incident incident on incident.id = incident_id
                        where incident.agreement_id = %(a)s and superseded_at is null and kind <> 'related')
                """,
                {"a": self.agreement.pk},
            )
            assessed, told_of = cursor.fetchone()
        assert assessed == told_of

    def teardown(self):
        if not hasattr(self, "agreement"):
            return
        self._let_all_go()
        for kind, code, at, sha256, plain in self.looks:
            assert self._figures((kind, code), at).sha256 == sha256, "What was known then has changed."
            assert self._plain((kind, code), at) == plain
        for closing in Closing.objects.filter(agreement=self.agreement).computed():
            assert closings.verify(closing).outcome == "same"
            self._is_the_plain_count_of_a_closing(closing)
        for closing in Closing.objects.latest_released().filter(agreement=self.agreement, kind="month"):
            now = recomputed(closing, known_at(closing, ledger.closed_until()))
            if now.sha256 != closing.content_sha256:
                assert closing in closings.unchecked(), "Its figures differ by now, and nobody would look."
        sides = {self.accounts[name].pk: side for name, side in SIDES.items()}
        history.assessments_have_no_overlap_and_no_hole(self.agreement)
        history.review_moved_as_the_vocabulary_says(self.agreement)
        history.what_counts_needed_two(self.agreement, sides, self.filers)
        history.what_a_set_says_two_accepted(self.agreement)
        history.no_more_is_verified_than_reports_tell_of(self.agreement)

    # How it is done

    def _pick(self, rows, draw):
        """One of the rows of this truce, oldest first; None where there is none."""
        which = draw(WHICH)
        keys = list(rows.filter(agreement=self.agreement).order_by("pk").values_list("pk", flat=True))
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
        by, kind = self.accounts[draw(BY)], draw(st.sampled_from(["same_event", "duplicate", "part_of_series"]))

        def take_and_link():
            if review.state_of(report) == "submitted":
                review.take(report, by=by)
            return linking.link(report, incident, by=by, kind=kind, grounds="One event.")

        return take_and_link, self._incidents_of(report) | {incident.pk}

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
        said = {"conduct": "undetermined", "grounds": "Seen.", "verification": "verified"}
        if says in ("inconclusive", "discounted"):
            said["verification"] = says
        elif says == "no_breach":
            said["conduct"] = says
        elif says in ("in_scope", "out"):
            said["scope"] = "in_scope" if says == "in_scope" else "excluded_designated"
        if row is None or says not in ("breach", "unattributed", "in_scope"):
            return Decision(**said)
        terms = self.agreement.terms
        named = {terms.provision for terms in provisions.forbidding(row, terms)}
        said |= {"conduct": "breach", "provisions": tuple(sorted(named, key=lambda provision: provision.pk))}
        if row.lane == "grave":
            said |= {"intent": "unknown", "sequence": "unknown", "killed_verified": row.killed_high}
        if says == "breach" and terms.attribution == "published":
            party = self.agreement.parties.get(code="hill-clans" if row.pk % 4 == 0 else "north-army")
            said |= {"attribution": "attributed", "parties": (party,), "confidence": "low", "basis": ("observed",)}
        return Decision(**said)

    def _propose(self, incident, by, says):
        chains = self._chains(incident)
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
            SetAcceptance.objects.open().filter(agreement=agreement).count(),
        )

    def _let_all_go(self):
        while self.late:
            self.late.pop().finish(commit=True)

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
        content = json.loads(closing.content)
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


@pytest.fixture
def folder(tmp_path):
    """The exercise's drawings and districts, and districts of which two have changed places."""
    for file in MECHANISMS.glob("exercise*.geojson"):
        shutil.copy(file, tmp_path)
    shapes = (tmp_path / SHAPES[0]).read_text()
    (tmp_path / SHAPES[1]).write_text(shapes.replace("VA01", "VA0X").replace("VA05", "VA01").replace("VA0X", "VA05"))
    return tmp_path


@pytest.mark.django_db(transaction=True)
@pytest.mark.by_hand("released_whole", "closings_audited")  # It marks closings as released without their files.
@pytest.mark.parametrize("number", SEEDS)
def test_the_record_stays_countable_whatever_is_done_and_however_late(folder, number):
    TheRecord.folder = folder
    names = [*MODERATORS, "filer_north", "filer_south"]
    TheRecord.accounts = {name: User.objects.create_user(username=name) for name in names}
    run_state_machine_as_test(
        seed(number)(TheRecord),
        settings=settings(
            max_examples=2,  # The first that Hypothesis tries is always the least.
            stateful_step_count=LENGTH,
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
