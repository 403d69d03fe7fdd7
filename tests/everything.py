"""One of everything that an endpoint may point at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitoring import devices
from monitoring.models import AuditEntry, DeviceToken
from reports.models import Closing, Edition, Rendition
from tests.record.as_owner import owner_rights
from tests.reports.released import released_month
from tests.violations.bulk_jobs import taken_in_part
from tests.violations.cases import proposed_on, taken
from tests.violations.documents import PUBLISHED
from tests.violations.occasions import filed, incident_of, kept
from tests.violations.replying import replied
from tests.violations.sessions import before_it
from tests.violations.shifts import left_behind
from tests.violations.work import KEPT_OUT, WATCH
from violations import case_lists, effort, lanes, questions, redaction, replies_seen, returns, sealing
from violations.models import (
    CaseList,
    DailyReturn,
    GuarantorStatement,
    Measure,
    MovementRestriction,
    Patrol,
    Redaction,
    SourceOpening,
    ThirdPartyFigure,
)
from violations.return_content import ReturnContent
from violations.third_party import record_figures


def returned(agreement) -> None:
    """Record one return of Alder's."""
    day = datetime(2025, 3, 5, 8, tzinfo=UTC)
    returns.record_return(
        agreement,
        ReturnContent(
            owner="alder",
            teller="alder",
            bears_date=day.date(),
            window_from=day,
            window_until=day + timedelta(days=1),
            window_basis="the calendar day",
            total=2,
            breakdown="none",
        ),
        by=None,
    )


def handed_in(agreement, by) -> CaseList:
    """Hand in a list of cases for Alder, as a draft."""
    days = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}
    return case_lists.hand_in(agreement, "reference,date,act\nA-1,2025-03-05,direct_fire\n", "csv", **days, by=by)


def watched(agreement, by) -> Patrol:
    """File a watch of Team Alder's."""
    return effort.file_patrol(agreement, WATCH, by=by, client_id="watch").row


def kept_out(agreement, by) -> MovementRestriction:
    """File a restriction of movement of Team Alder's."""
    return effort.file_restriction(agreement, KEPT_OUT, by=by, client_id="restriction").row


def one_of_everything(exercise, people) -> dict[str, dict[str, Any]]:
    """One of everything that an endpoint may point at: label -> value, by the model or name the endpoint goes by."""
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    lane = lanes.move(
        incident_of(report), "routine", reason="only_heard", grounds="Heard alone.", by=people.moderator_north
    )
    item = before_it(proposal, people)
    submitted = filed(exercise, people.monitor_north, place_as_written="elsewhere")
    asked = taken(exercise, people.monitor_north, by=people.moderator_south, place_as_written="elsewhere")
    question = questions.ask(asked, by=people.moderator_south, grounds="Which bank?")
    waits = kept(exercise, people.monitor_north)
    answered, unanswered = replied(exercise, people, incident_of(report))
    with replies_seen.reading_for([exercise.pk]):
        told, own = GuarantorStatement.objects.open().filter(guarantor__code__in=("alder", "birch")).order_by("pk")[:2]
    statements = {"told": str(told.public_id), "own": str(own.public_id)}
    returned(exercise)
    record_figures(exercise, [PUBLISHED], by=None)
    sealing.reveal(submitted, by=people.moderator_north, reason="question", grounds="Which bank?")
    with owner_rights():
        redaction.propose(submitted, ["source"], reason="consent", grounds="Asked for.", by=people.moderator_north)
    job = taken_in_part([filed(exercise, people.monitor_south) for _number in range(2)], people)
    closing = released_month(exercise)
    devices.issue(people.monitor_north, name="the lost phone", by=None)
    phone = str(DeviceToken.objects.get(name="the lost phone").public_id)
    of = {state: Edition.objects.get(closing=closing, guarantor__code=state) for state in ("alder", "birch")}
    _claim, saved, note = left_behind(exercise, people, incident_of(submitted))
    nothing = "00000000-0000-4000-8000-000000000000"
    return {
        "incident": {"one": str(incident_of(report).public_id), "none": nothing},
        "violations_incident_compare": {
            "two": {"public_id": str(incident_of(report).public_id), "other": str(incident_of(submitted).public_id)},
            "itself": str(incident_of(report).public_id),
            "none": {"public_id": str(incident_of(report).public_id), "other": nothing},
        },
        "incidentreport": {"one": str(report.public_id), "new": str(submitted.public_id), "none": nothing},
        "incident-report": {"one": str(report.public_id), "new": str(submitted.public_id), "none": nothing},
        "incident-report-receipt": {
            "one": report.receipt,
            "waits": waits.receipt,
            "none": "222-222-22A",
            "misheard": "222-222-222",
        },
        "incident-report-question-answer": {"one": str(question.public_id), "none": nothing},
        "bulkjob": {"one": str(job.public_id), "none": nothing},
        "finding": {"one": str(proposal.public_id), "none": nothing},
        "sitting": {"one": str(item.sitting.public_id), "none": nothing},
        "agendaitem": {"one": str(item.public_id), "none": nothing},
        "claim": {"one": str(incident_of(report).public_id), "none": nothing},
        "savedfilter": {"one": str(saved.public_id), "none": nothing},
        "shiftnote": {"one": str(note.public_id), "none": nothing},
        "violations_shiftnote_write": {"one": exercise.code, "none": "no-such-truce"},
        "lanemove": {"one": str(lane.public_id), "none": nothing},
        "dailyreturn": {"one": str(DailyReturn.objects.get().public_id), "none": nothing},
        "return": {"one": str(DailyReturn.objects.get().public_id), "none": nothing},
        "list": {"draft": str(handed_in(exercise, people.guarantor_alder).public_id), "none": nothing},
        "patrol": {"one": str(watched(exercise, people.monitor_north).public_id), "none": nothing},
        "movementrestriction": {"one": str(kept_out(exercise, people.monitor_north).public_id), "none": nothing},
        "restriction": {"one": str(MovementRestriction.objects.get().public_id), "none": nothing},
        "violations_dutycheck": {"one": str(submitted.public_id), "none": nothing},
        "violations_dutycheck_hours": {"one": str(Patrol.objects.get().public_id), "none": nothing},
        "violations_dutycheck_file": {"one": exercise.code, "none": "no-such-truce"},
        **{
            f"violations_{page}": {"one": exercise.code, "none": "no-such-truce"}
            for page in (
                "dutycheck_answer",
                "dutycheck_statement",
                "informationrequest_ask",
                "guarantorstatement_take_down",
                "measure_record",
                "sitting_call",
            )
        },
        "informationrequest": {"one": str(unanswered.public_id), "answered": str(answered.public_id), "none": nothing},
        "guarantorstatement": {**statements, "none": nothing},
        "request": {"one": str(unanswered.public_id), "told": str(answered.public_id), "none": nothing},
        "statement": {**statements, "none": nothing},
        "statement-file": {"one": exercise.code, "none": "no-such-truce"},
        "measure": {"one": str(Measure.objects.get().public_id), "none": nothing},
        "violations_dutycheck_filed": {"another": report.receipt, "none": "222-222-22A"},
        "complaint-file": {"one": exercise.code, "none": "no-such-truce"},
        "complaint-correction": {"another": str(report.public_id), "none": nothing},
        "complaint-question": {"another": str(question.public_id), "none": nothing},
        "truce": {"one": exercise.code, "none": "no-such-truce"},
        "thirdpartyfigure": {"one": str(ThirdPartyFigure.objects.get().public_id), "none": nothing},
        "redaction": {"one": str(Redaction.objects.get().public_id), "none": nothing},
        "sourceopening": {"one": str(SourceOpening.objects.get().public_id), "none": nothing},
        "closing": {"one": str(Closing.objects.get().public_id), "pk": str(closing.pk), "none": nothing},
        "edition": {state: str(edition.public_id) for state, edition in of.items()}
        | {"none": nothing, "pk": str(of["alder"].pk)},
        "draft": {"none": nothing},
        "supplement": {"none": nothing},
        "rendition": {
            f"{state}-{row.format}": str(row.public_id)
            for state, edition in of.items()
            for row in Rendition.objects.filter(edition=edition).order_by("pk")
        }
        | {"none": nothing},
        "agreement": {"one": str(exercise.pk)},
        "device": {"one": phone, "none": nothing},
        "devicetoken": {"one": phone, "none": nothing},
        **{
            f"reference-{part}": {"one": "exercise", "none": "atlantis"}
            for part in ("agreement", "parties", "provisions", "zones", "areas")
        },
        "mechanismversion": {"one": str(exercise.terms.pk)},
        "boundaryset": {"one": str(exercise.boundary_sets.get().pk)},
        "auditentry": {"one": str(AuditEntry.objects.order_by("pk").first().pk)},
        "accreditation": {"one": str(exercise.accreditations.order_by("pk").first().pk)},
    }
