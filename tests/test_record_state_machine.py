"""The record under everything that can happen to it, with writers that commit late: what is counted stays countable.

Hypothesis files, corrects, withdraws, imports sets, reviews, grades, moves to lanes, links, proposes with casualties
and their sources, seconds, accepts sets, dissents, puts findings before sittings, records and confirms what these said,
loads other mechanisms and other shapes, closes periods, shows drafts of them, comments on these, lets them be released,
issues sheets and looks at the record as known so far, in any order, while other connections hold transactions open that
are stamped already. Each example has a truce of its own in one database; all writes are committed.

RECORD_EXAMPLES and RECORD_STEPS make a longer run, by other seeds each time; RECORD_SHRINK=1 looks for the least steps
that fail, which takes minutes.
"""

from __future__ import annotations

import os
import random
import shutil
import uuid
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from monitoring import accreditation, ledger
from monitoring.errors import Refusal
from monitoring.models import User
from reports import closings, release_log, renderers
from reports.closings import logged
from reports.closings.computing import known_at, recomputed
from reports.models import Closing
from reports.renderers import sheet
from tests.record import history
from tests.record.doing import Doing
from tests.record.happenings import (
    BY,
    CHANGES,
    EVENTS,
    FILERS,
    FOUND,
    MODERATORS,
    PERIODS,
    REPORTS,
    SENT_BY,
    SHAPES,
    SIDES,
    STEPS,
    TEAMS,
)
from tests.record.late_writers import LateWriter, meanwhile
from tests.record.releasing import READERS
from tests.record.writing_late import WritingLate
from tests.violations import sets
from tests.violations.occasions import MECHANISMS
from tests.violations.shown import shown
from violations import data_sets, filing, findings, review
from violations.models import Finding, Incident, IncidentReport, ReportLink

LENGTH = int(os.environ.get("RECORD_STEPS", "35"))
EXAMPLES = int(os.environ.get("RECORD_EXAMPLES", "0"))
SEEDS = random.sample(range(10**6), EXAMPLES) if EXAMPLES else range(6)
SHRINK = os.environ.get("RECORD_SHRINK", "") == "1"

NUMBERS = count(1)


class TheRecord(WritingLate, Doing, RuleBasedStateMachine):
    """One truce, from its loading on."""

    @initialize(reports=st.lists(REPORTS, min_size=2, max_size=4))
    def begin(self, reports):
        self.late: list[LateWriter] = []
        self.looks: list[tuple[str, str, datetime, str, Any]] = []
        self.pages: list[tuple[Incident, datetime, Any]] = []
        self.filers: dict[uuid.UUID, int] = {}
        self.said_of_harm = {}
        self.code = f"varrow-{next(NUMBERS)}"
        self.agreement = self._mechanism(()).agreement
        self._shapes(SHAPES[0])
        self._begin_to_read()
        for name, account in self.accounts.items():
            if name in READERS.values():
                continue
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
            lambda: data_sets.propose(self.agreement, sets.SET, by=self.accounts[one], grounds="Sampled.", again=True)
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

    def take_back(self, draw):
        """Take a link back; where that is a proposal nothing moves until another seconds it."""
        taking = self._taking_back(draw)
        if taking is None:
            return
        alone, before = not self.late, self._open_links()
        outcome, by = self._do(*taking), draw(BY)
        if isinstance(outcome, Finding):
            assert not alone or self._open_links() == before
            self._second(outcome, by)

    def _open_links(self):
        return set(ReportLink.objects.open().filter(incident__agreement=self.agreement).values_list("pk", flat=True))

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
        """Another mechanism, or other shapes."""
        if draw(st.integers(0, 2)) == 0:
            drawn = self.agreement.boundary_sets.open().get().source
            verb = lambda: self._shapes(SHAPES[1 - SHAPES.index(drawn)])  # noqa: E731
        else:
            change = draw(st.sampled_from(CHANGES))
            verb = lambda: self._mechanism(change)  # noqa: E731
        self._load(verb)

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
        if (
            closing.state == Closing.State.COMPUTED and not closing.by_two
        ):  # Rendering and releasing change no figure and take seconds.
            Closing.objects.filter(pk=closing.pk).update(state=Closing.State.RENDERED)
            release_log.append(logged.line_of(closing, logged.instant(timezone.now())))
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
            self.said_of_harm |= self.look_at_harm()
            incident = self._pick(Incident.objects.recorded_by(at), draw)
            if incident is not None:
                self.pages.append((incident, at, shown(incident, self.accounts["south"], at)))

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
        assert self.look_at_harm().items() >= self.said_of_harm.items(), "Casualties once said are said so for ever."
        for incident, at, page in self.pages:
            assert shown(incident, self.accounts["south"], at) == page, "What a page showed of then has changed."
        for closing in Closing.objects.filter(agreement=self.agreement).computed():
            assert closings.verify(closing).outcome == "same"
            self._is_the_plain_count_of_a_closing(closing)
        for closing in Closing.objects.latest_released().filter(agreement=self.agreement, kind="month"):
            now = recomputed(closing, known_at(closing, ledger.closed_until()))
            if now.sha256 != closing.content_sha256:
                assert closing in closings.unchecked(), "Its figures differ by now, and nobody would look."
        sides = {self.accounts[name].pk: side for name, side in SIDES.items()}
        self.what_two_release_two_let_be()
        history.assessments_have_no_overlap_and_no_hole(self.agreement)
        history.review_moved_as_the_vocabulary_says(self.agreement)
        history.what_counts_needed_two(self.agreement, sides, self.filers)
        history.no_lane_asks_less_by_one_alone(self.agreement, sides)
        history.what_a_set_says_two_accepted(self.agreement)
        history.no_more_is_verified_than_reports_tell_of(self.agreement)


@pytest.fixture
def folder(tmp_path):
    """The exercise's drawings and districts, and districts of which two have changed places."""
    for file in MECHANISMS.glob("exercise*.geojson"):
        shutil.copy(file, tmp_path)
    shapes = (tmp_path / SHAPES[0]).read_text()
    (tmp_path / SHAPES[1]).write_text(shapes.replace("VA01", "VA0X").replace("VA05", "VA01").replace("VA0X", "VA05"))
    return tmp_path


@pytest.fixture
def quickly_rendered(monkeypatch, settings, tmp_path):
    """Renditions and sheets in JSON alone, kept by the test: what is tried is the record, not the page."""
    stored = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    monkeypatch.setattr(renderers, "FORMATS", {"json": renderers.FORMATS["json"]})
    monkeypatch.setattr(sheet, "FORMATS", ("json",))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quickly_rendered")
# Some files are not made, as pages take long; the time for comments is made over.
@pytest.mark.by_hand("released_whole", "closings_audited", "sheets_whole", "comments_in_time")
@pytest.mark.parametrize("number", SEEDS)
def test_the_record_stays_countable_whatever_is_done_and_however_late(folder, number):
    TheRecord.folder = folder
    names = [*MODERATORS, "filer_north", "filer_south", *READERS.values()]
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
