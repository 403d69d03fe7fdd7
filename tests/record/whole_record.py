"""A record in which everything that has an invariant is there, made through the verbs: two truces, a closing, and more.

`before` the closing: what was corrected, withdrawn, linked by one and by two, found, disagreed with, announced. What
comes `after` its cut-off can be broken by hand without breaking the closing as well.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from monitoring import accreditation
from monitoring.models import Agreement, User
from reports import closings
from tests.monitoring.told import told_and_seen
from tests.record.as_owner import as_owner
from tests.reports.agreed import beside
from tests.reports.chosen import one_of_each
from tests.reports.restored import resumed
from tests.violations import bulk_jobs, occasions
from tests.violations.duty_officers import duty_officer
from tests.violations.replying import replied
from tests.violations.sessions import before_it, called, said
from tests.violations.shifts import left_behind
from tests.violations.test_returns import TOLD, Source
from violations import (
    bulk,
    case_lists,
    casualties,
    determinations,
    duty,
    filing,
    findings,
    grades,
    lanes,
    linking,
    questions,
    redaction,
    resealing,
    review,
    sealing,
    sittings,
)
from violations.findings import Decision
from violations.models import BulkJob, Finding
from violations.return_filing import acknowledge
from violations.returns import record_return

EAST = (-123.2, -48.8)
UNSURE = Decision(verification="inconclusive", conduct="undetermined", grounds="Seen by one alone.")
SOURCE = {"name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778"}


def write(agreement: Agreement, people: SimpleNamespace) -> SimpleNamespace:
    """File, correct, withdraw, link, find, disagree, announce, close; then again. Returns the rows by what befell."""
    told = SimpleNamespace(
        corrected=occasions.filed(agreement, people.monitor_north),
        withdrawn=occasions.filed(agreement, people.monitor_south),
        merged=occasions.filed(agreement, people.monitor_south),
        moved=occasions.filed(agreement, people.monitor_independent),
        found=occasions.filed(agreement, people.monitor_independent, source=SOURCE),
    )
    told.correction = occasions.corrected(told.corrected, people.monitor_north, act="direct_fire")
    filing.withdraw(told.withdrawn, by=people.monitor_south, grounds="Heard of by others only.")
    occasions.under_review(told.found, people.moderator_north)
    _linked(told.merged, told.found, people)
    agreed = _breach(told.found, people)
    findings.dissent(agreed, by=people.moderator_independent, grounds="Seen by nobody else.")
    findings.second(_linked(told.moved, told.found, people), by=people.moderator_south)
    acknowledge(record_return(agreement, TOLD, by=None).daily_return.public_id, by=people.guarantor_birch)
    _listed(agreement, people)
    told.closing = closings.advance(closings.request(agreement, "month", "2025-03").pk)
    assert told.closing.released_at, told.closing.failure
    _after(agreement, people, told)
    return told


def _listed(agreement: Agreement, people: SimpleNamespace) -> None:
    """Two lists of cases told one after the other, and a draft of the next."""
    days = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}
    for number in (1, 2, 3):
        text = f"reference,date,act\nB-{number},2025-03-05,direct_fire\n"
        handed_in = case_lists.hand_in(agreement, text, "csv", **days, by=people.guarantor_birch)
        if number < 3:
            case_lists.tell(handed_in.public_id, by=people.guarantor_birch)


def _after(agreement: Agreement, people: SimpleNamespace, told: SimpleNamespace) -> None:
    told.late = occasions.filed(agreement, people.monitor_south, position=EAST)
    told.late_found = occasions.filed(agreement, people.monitor_south, position=EAST, casualties=occasions.HARM)
    occasions.under_review(told.late_found, people.moderator_north)
    by_report = occasions.verified(casualties.Source(report=told.late_found.pk), occasions.CLINIC, killed=2)
    told.agreed = occasions.agreed(
        occasions.graded(occasions.incident_of(told.late_found), people.moderator_south),
        occasions.grave_breach(agreement, **by_report),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    told.asked = occasions.under_review(
        occasions.filed(agreement, people.monitor_south, position=EAST), people.moderator_north
    )
    note = linking.link(
        told.asked,
        occasions.incident_of(told.late),
        by=people.moderator_north,
        kind="related",
        grounds="Answered fire.",
    )
    linking.take_back(note, by=people.moderator_north, grounds="An hour apart, it turns out.")
    questions.ask(told.asked, by=people.moderator_north, grounds="Which bank?")
    told.waits = occasions.kept(agreement, people.monitor_north)
    told.late_corrected = occasions.filed(agreement, people.monitor_north, position=EAST)
    told.late_correction = occasions.corrected(
        told.late_corrected, people.monitor_north, act="direct_fire", position=EAST
    )
    told.proposals = [
        findings.propose(
            occasions.incident_of(told.late_corrected), replace(UNSURE, grounds=grounds), by=people.moderator_south
        )
        for grounds in ("Seen by one alone.", "Seen by two.", "Seen by three.")
    ]
    told.returned = record_return(
        agreement,
        replace(TOLD, bears_date=date(2025, 2, 5), source=Source("Gazette", f"https://gazette.example/{uuid.uuid4()}")),
        by=None,
    ).daily_return
    told.redacted = occasions.filed(
        agreement, people.monitor_independent, position=EAST, narrative="Told.", narrative_language="en", source=SOURCE
    )
    sealing.reveal(told.redacted, by=people.moderator_south, reason="protection", grounds="To be reached at once.")
    asked = questions.ask(
        occasions.under_review(told.redacted, people.moderator_north), by=people.moderator_north, grounds="By whom?"
    )
    questions.answer(asked.public_id, by=people.monitor_independent, words="By the weaver.", language="en")
    auditor = User.objects.create(username="auditor")
    accreditation.accredit(auditor, agreement, "auditor", by=None)
    with as_owner():
        told.redaction = redaction.second(
            redaction.propose(
                told.redacted,
                ["narrative", "source", "observer", "answers", "questions"],
                reason="consent",
                grounds="Asked for by the one who told.",
                by=people.moderator_north,
            ),
            by=people.moderator_south,
        )
        told.rotation = resealing.second(resealing.propose(by=people.operator), by=auditor)
        resealing.reseal(told.rotation)
    _moved_to_another_lane(people, told)
    told.graded = grades.grade(
        told.late_found, source="D", information="4", grounds="Too far from the post.", by=people.moderator_north_2
    )
    _checked(agreement, people, told)
    told.answered, told.unanswered = replied(agreement, people, occasions.incident_of(told.late))
    told.claim, told.saved, told.note = left_behind(agreement, people, occasions.incident_of(told.late))
    told.bulk = bulk_jobs.taken_in_part(
        [occasions.filed(agreement, people.monitor_south, position=EAST) for _number in range(2)], people
    )
    told.bulk_second = _seconded_at_once(agreement, people)
    _sat(agreement, people, told)
    told.notice = told_and_seen(agreement, people)
    told.resumption = resumed(agreement, people)
    told.choice, told.choice_beside = one_of_each(agreement, people)
    told.requested = closings.request(agreement, "day", "2025-03-10")
    with TemporaryDirectory() as folder:
        told.comment, told.approval, told.sheet = beside(people, Path(folder))


def _checked(agreement: Agreement, people: SimpleNamespace, told: SimpleNamespace) -> None:
    """A duty officer of the independent team checks its entries, asks about one and gathers two."""
    told.duty_officer = duty_officer(agreement, "duty-independent", team="team-independent", sent_by="")
    told.told_in_entries, other = (
        occasions.filed(agreement, people.monitor_independent, position=EAST, place_as_written=said)
        for said in ("the first burst", "the second burst")
    )
    duty.ask(other, by=told.duty_officer, question="How many?")
    duty.check([told.told_in_entries], by=told.duty_officer)
    duty.group([told.told_in_entries, other], by=told.duty_officer, kind="part_of_series", grounds="One gun.")


def _moved_to_another_lane(people: SimpleNamespace, told: SimpleNamespace) -> None:
    """One incident by one moderator, towards grave; another away from it, by two."""
    told.graver = lanes.move(
        occasions.incident_of(told.late),
        "grave",
        reason="part_of_a_pattern",
        grounds="The third this week.",
        by=people.moderator_north_2,
    )
    proposal = lanes.move(
        occasions.incident_of(told.late_found),
        "standard",
        reason="less_than_coded",
        grounds="The harm is told of another.",
        by=people.moderator_north_2,
    )
    told.less_grave = lanes.second(proposal, by=people.moderator_south)


def _seconded_at_once(agreement: Agreement, people: SimpleNamespace) -> BulkJob:
    """A proposal of the south's, seconded by a job of the north's."""
    report = occasions.filed(agreement, people.monitor_independent, position=EAST)
    proposal = findings.propose(occasions.incident_of(report), UNSURE, by=people.moderator_south)
    job = bulk_jobs.begun("second", [proposal], agreement=agreement, by=people.moderator_north)
    bulk.go_on(job)
    return job


def _sat(agreement: Agreement, people: SimpleNamespace, told: SimpleNamespace) -> None:
    """One sitting: an item taken off, one agreed, one referred back, one that waits to be confirmed, minutes twice."""
    told.sitting = called(agreement, people)
    first, second, third, fourth = (
        findings.propose(
            occasions.incident_of(occasions.filed(agreement, people.monitor_independent, position=EAST)),
            UNSURE,
            by=people.moderator_south,
        )
        for _number in range(4)
    )
    told.item_off = before_it(first, people, told.sitting)
    told.removal = sittings.take_off(told.item_off, by=people.moderator_north, grounds="Not ready.")
    told.outcome = said(before_it(second, people, told.sitting), people)
    told.determined = told.outcome.finding
    told.referred = said(before_it(third, people, told.sitting), people, "referred_back")
    told.item_open = before_it(fourth, people, told.sitting)
    told.outcome_waits = determinations.record(
        told.item_open, "not_agreed", grounds="One would not.", by=people.moderator_south
    )
    for words in ("Held in Varrow.", "Held in Alder."):
        told.minutes = sittings.minute(told.sitting, sittings.Minuted(words, "en"), by=people.moderator_north)


def _breach(report, people) -> Finding:
    return occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(report.agreement),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )


def _linked(report, other, people):
    """The report, reviewed and linked to the other's incident by a moderator of the north: a link, or a proposal."""
    review.take(report, by=people.moderator_north)
    return linking.link(
        report,
        occasions.incident_of(other),
        by=people.moderator_north,
        kind="same_event",
        grounds="Same place and minute.",
    )
