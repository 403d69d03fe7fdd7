"""What a redaction reaches beside a report's own words: what waits, what was asked and answered, who and from where."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from monitoring import accreditation
from monitoring.row_context import row_context
from reports import closings
from tests.everybody import client_of
from tests.record.as_owner import as_owner
from tests.violations.documents import REPORTS, device_of, document
from tests.violations.duty_officers import duty_officer
from tests.violations.occasions import SHELLING, corrected, filed, incident_of, under_review
from tests.violations.test_redaction import SOURCE, WHY_OPENED, WORDS, proposed, redacted, words_anywhere
from violations import duty, filing, linking, questions, redaction, sealing, sightings
from violations.models import DutyCheck, FilerAnswer, FilerQuestion, IncidentReport, Redaction, WaitingCorrection
from violations.report_content import ReportContent
from violations.sightings import Bearing, Sighting

pytestmark = pytest.mark.django_db(transaction=True)
ALL = tuple(Redaction.Part.values)
SEEN = Sighting(
    longitude=-123.51,
    latitude=-48.81,
    as_written="roof of the Heron inn",
    controlled_by="men of the Heron inn",
    bearings=(Bearing(unit="compass", point="NE"),),
    range_km=(1.0, 2.0),
)
PLANTED = (WORDS["narrative"], WORDS["place_as_written"], "Heron inn", *SOURCE.values())


def said(**changes) -> ReportContent:
    return replace(SHELLING, **WORDS, **changes)


def one_way(people, agreement, first: str, then: str) -> list[filing.Filed | filing.Kept]:
    """A correction that comes before the filing that it corrects, and takes its place when that comes."""
    kept = filing.correct_filing(
        agreement, said(act="device", sighting=SEEN), by=people.monitor_north, client_id=then, corrects=first
    )
    return [kept, filing.file_report(agreement, said(), by=people.monitor_north, client_id=first)]


def opened_whole() -> list[dict]:
    """What is sealed of every correction that waits or waited, opened as only a test may."""
    with sealing.counting():
        return [sealing._opened(kept) for kept in WaitingCorrection.objects.order_by("pk")]


def test_a_correction_that_waited_keeps_no_copy_of_what_was_erased(exercise, people):
    kept, first = one_way(people, exercise, "one", "two")
    assert [whole["document"]["source"] for whole in opened_whole()] == [SOURCE]
    redacted(first.report, people, ALL)
    (whole,) = opened_whole()
    assert whole["account"] is None
    assert not {word for word in PLANTED if word in json.dumps(whole)}
    assert whole["document"]["act"] == "device", "the rest stays"
    with sealing.counting():
        (row,) = WaitingCorrection.objects.all()
    assert (row.receipt, row.superseded_at is None) == (kept.correction.receipt, False)
    call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())


def test_what_a_duty_officer_asked_goes_with_the_other_questions(exercise, people):
    asked = filed(exercise, people.monitor_north)
    other = filed(exercise, people.monitor_north, place_as_written="elsewhere")
    officer = duty_officer(exercise)
    for report in (asked, other):
        duty.ask(report, by=officer, question="Was it the Heron inn?")
    redacted(asked, people, ["questions"])
    assert {check.report_id: check.words for check in DutyCheck.objects.all()} == {
        asked.pk: "",
        other.pk: "Was it the Heron inn?",
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyCheck.objects.update(words="")
    call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())


def test_its_exact_replay_is_answered_as_the_first_time_and_nothing_is_stored_anew(exercise, people):
    device = device_of(people.monitor_north)
    words = {"narrative": "Seen from the mill.", "narrative_language": "en", "source": SOURCE}
    bodies = [
        document(client_id="late", **words),
        document(client_id="early", corrects="late", act="device", **words),
    ]
    answers = {number: device.post(REPORTS, bodies[number]) for number in (1, 0)}
    assert [answers[number].status_code for number in (1, 0)] == [202, 201]
    redacted(IncidentReport.objects.earliest("pk"), people, ALL)
    before = (IncidentReport.objects.count(), opened_whole())
    for number in (0, 1):
        again = device.post(REPORTS, bodies[number])
        assert (again.status_code, again["Idempotency-Replayed"]) == (answers[number].status_code, "true")
        assert again.json()["receipt"] == answers[number].json()["receipt"]
    assert device.post(REPORTS, bodies[1]).content == answers[1].content
    for changed in ({"narrative": "Seen from elsewhere."}, {"source": SOURCE | {"name": "Another"}}, {"act": "flare"}):
        other = device.post(REPORTS, bodies[1] | changed)
        assert (other.status_code, other.json()["code"]) == (409, "client_id_taken")
        assert not {word for word in SOURCE.values() if word in other.content.decode()}
    assert (IncidentReport.objects.count(), opened_whole()) == before


def test_what_waits_on_for_a_report_that_is_there_is_reached_too_and_takes_its_place_without(exercise, people):
    """It waits on where it was refused: here its filer was no longer of the team for which it was filed."""
    monitor, team = people.monitor_north, exercise.teams.get(code="team-independent")
    given = accreditation.accredit(monitor, exercise, "monitor", by=None, team=team, guarantor=guarantor_of(monitor))
    seen = replace(said(sighting=SEEN, team=team.code), position=None, place_precision="sector")
    of_another = said(act="flare")
    for whose, content in ((monitor, seen), (people.monitor_south, of_another)):
        filing.correct_filing(exercise, content, by=whose, client_id="two", corrects="one")
    filing.correct_filing(exercise, seen, by=monitor, client_id="three", corrects="two")
    accreditation.end(given, by=None)
    first = filing.file_report(exercise, said(team="team-alder"), by=monitor, client_id="one").report
    redacted(first, people, ALL)
    own = [whole for whole in opened_whole() if whole["account"] is None]
    assert len(own) == 2
    assert not {word for word in PLANTED if word in json.dumps(own)}
    others = [whole for whole in opened_whole() if whole["account"] is not None]
    assert [whole["document"]["source"] for whole in others] == [SOURCE], "another person's stays"
    accreditation.accredit(monitor, exercise, "monitor", by=None, team=team, guarantor=guarantor_of(monitor))
    again = filing.correct_filing(exercise, seen, by=monitor, client_id="two", corrects="one")
    assert not again.created
    placed = IncidentReport.objects.of_chain(first.chain).first()
    assert (placed.revision, placed.narrative) == (3, "")
    assert placed.sighting == SEEN.without_observer().written()
    assert placed.place_area.equals_exact(sightings.sector(SEEN), 1e-7), "the sector stays"


def guarantor_of(user):
    return user.accreditations.earliest("pk").sent_by_guarantor


def test_where_the_observer_stood_is_gone_and_the_sector_and_the_count_stay(exercise, people):
    seen = replace(said(sighting=SEEN), position=None, place_precision="sector")
    report = filed(
        exercise,
        people.monitor_north,
        **{name: getattr(seen, name) for name in ("sighting", "position", "place_precision")},
    )
    only_from = filed(exercise, people.monitor_north, sighting=Sighting(as_written=SEEN.as_written))
    other = filed(exercise, people.monitor_north, sighting=SEEN)
    before = {row["id"]: row for row in IncidentReport.objects.values()}
    redacted(report, people, ["observer"])
    redacted(only_from, people, ["observer"])
    left = {report.pk: SEEN.without_observer().written(), only_from.pk: None, other.pk: SEEN.written()}
    for row in IncidentReport.objects.values():
        assert row == before[row["id"]] | {"sighting": left[row["id"]]}
    call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())


def test_who_filed_it_is_gone_and_they_are_still_known_to_the_rules(exercise, people):
    report = filing.file_report(exercise, said(), by=people.monitor_north, client_id="one").report
    redacted(report, people, ["filer"])
    opened = sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)
    assert (opened["filer"], opened["source"], opened["erased"]) == (None, SOURCE, False)
    page = reverse("admin:violations_incidentreport_reveal", args=[report.public_id])
    shown = client_of(people.moderator_south).post(page, WHY_OPENED).content.decode()
    assert "Erased on request." in shown
    assert "monitor-north" not in shown
    again = filing.file_report(exercise, said(), by=people.monitor_north, client_id="one")
    assert (again.report, again.created) == (report, False)
    assert sealing.is_filer(people.monitor_north, report)
    assert corrected(report, people.monitor_north).revision == 2


def asked_and_answered(report: IncidentReport, people) -> FilerQuestion:
    asked = questions.ask(report, by=people.moderator_north, grounds="Is the weaver of the mill safe?")
    questions.answer(asked.public_id, by=people.monitor_north, words="The weaver left by night.", language="en")
    return asked


def test_questions_answers_and_grounds_are_reached_each_by_its_own_name(exercise, people):
    report = under_review(filed(exercise, people.monitor_north), people.moderator_north)
    other = under_review(filed(exercise, people.monitor_north), people.moderator_north)
    asked, kept = asked_and_answered(report, people), asked_and_answered(other, people)
    linking.link(
        report, incident_of(other), by=people.moderator_south, kind="same_event", grounds="As the weaver told."
    )
    withdrawn = filed(exercise, people.monitor_north)
    filing.withdraw(withdrawn, by=people.monitor_north, grounds="The weaver asked for it.")
    for one in (report, withdrawn):
        redacted(one, people, ["answers"])
    assert set(FilerAnswer.objects.filter(question=asked).values_list("answer", flat=True)) == {""}
    assert words_anywhere("left by night", "asked for it", "As the weaver told") == {
        "left by night",
        "As the weaver told",
    }
    redacted(report, people, ["questions"])
    assert words_anywhere("As the weaver told") == set()
    kept.refresh_from_db()
    assert (kept.question, kept.answer.answer) == ("Is the weaver of the mill safe?", "The weaver left by night.")
    call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())


def test_an_answer_sent_again_is_told_that_it_was_erased_and_a_withdrawal_is_as_it_was(exercise, people):
    device = device_of(people.monitor_north)
    report = under_review(filed(exercise, people.monitor_north), people.moderator_north)
    asked = asked_and_answered(report, people)
    redacted(report, people, ["answers", "questions"])
    for words in ("The weaver left by night.", "Other words."):
        again = device.post(f"/api/v1/questions/{asked.public_id}/answer/", {"answer": words, "language": "en"})
        assert (again.status_code, again.json()["code"]) == (409, "erased")
    assert device.get("/api/v1/questions/").json()["results"][0]["question"] == ""
    withdrawal = f"{REPORTS}{report.public_id}/withdrawal/"
    first = device.post(withdrawal, {"grounds": "The weaver asked for it."})
    redacted(report, people, ["answers"])
    again = device.post(withdrawal, {"grounds": "The weaver asked for it."})
    assert (again.status_code, again.json()["state"]) == (first.status_code, "withdrawn")
    assert words_anywhere("weaver") == set()


def test_the_page_of_an_incident_is_shown_without_what_was_erased(exercise, people):
    report = under_review(filed(exercise, people.monitor_north, **WORDS, sighting=SEEN), people.moderator_north)
    asked_and_answered(report, people)
    page = reverse("admin:violations_incident_change", args=[incident_of(report).public_id])
    moderator = client_of(people.moderator_south)
    before = moderator.get(page).content.decode()
    assert {word for word in ("weaver", "Heron inn", "Ibex") if word in before} == {"weaver", "Heron inn", "Ibex"}
    redacted(report, people, ALL)
    shown = moderator.get(page).content.decode()
    assert not {word for word in ("weaver", "Heron inn", "Ibex", *SOURCE.values()) if word in shown}
    assert "where the observer stood" in shown


def test_a_closing_says_the_same_after_all_of_it_was_erased(exercise, people):
    _kept, first = one_way(people, exercise, "one", "two")
    report = under_review(IncidentReport.objects.of_chain(first.report.chain).first(), people.moderator_north)
    asked_and_answered(report, people)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    redacted(report, people, ALL)
    out = StringIO()
    call_command("verify_closings", stdout=out)
    assert "same" in out.getvalue()
    assert closings.request(exercise, "month", "2025-03") == closing


# What PostgreSQL refuses


def told(statement: str, number: int) -> str:
    """What PostgreSQL says to `statement`, done in the name of the redaction of that number, and undone."""
    with transaction.atomic():
        try:
            with sealing.counting(), row_context("ledger.redacting", str(number)), connection.cursor() as cursor:
                cursor.execute(statement)
                changed = cursor.rowcount
        except DatabaseError as refusal:
            return str(refusal)
        transaction.set_rollback(True)
    return "" if changed else "no row is seen"


# Words of a chain, by the part that reaches them: how they are emptied, and how something else is made of them.
ONLY = "only what two people agreed"
EMPTIED = {
    "answers": ("violations_fileranswer", "answer", "language = 'de'"),
    "questions": ("violations_filerquestion", "question", "by_id = {other}"),
    "questions of a step": ("violations_reviewstep", "grounds", "state = 'linked'"),
    "questions of a link": ("violations_reportlink", "grounds", "kind = 'related'"),
    "observer": ("violations_incidentreport", "sighting", "act = 'looting'"),
}


@pytest.mark.parametrize("what", EMPTIED)
def test_the_application_erases_none_of_it_and_the_owner_only_what_two_agreed_to(exercise, people, what):
    part, (table, column, beside) = what.split()[0], EMPTIED[what]
    empty = "nullif(sighting - 'observer', '{}')" if column == "sighting" else "''"
    given = "sighting ? 'observer'" if column == "sighting" else f"{column} <> ''"
    report, other = (
        under_review(filed(exercise, people.monitor_north, sighting=SEEN), people.moderator_north) for _each in "ab"
    )
    for each in (report, other):
        into = incident_of(filed(exercise, people.monitor_south))
        asked_and_answered(each, people)
        linking.link(each, into, by=people.moderator_south, kind="same_event", grounds="Told.")
    own = {
        "violations_fileranswer": f"question_id = {report.questions.get().pk}",
        "violations_filerquestion": f"report_id = {report.pk}",
    }.get(table, f"chain = '{report.chain}'")
    whose = f"{given} and {own}" + (" and by_id is not null" if table == "violations_reviewstep" else "")
    done = redacted(filed(exercise, people.monitor_north), people, ALL)
    erased = f"update {table} set {column} = {empty} where"
    assert "permission denied" in told(f"{erased} {whose}", done.pk)
    with as_owner():
        assert "is refused" in told(f"{erased} {whose}", done.pk), "another report's redaction, and done"
        row = proposed(report, people.moderator_north, [part, "source"])
        assert "is refused" in told(f"{erased} {whose}", row.pk), "one has agreed to nothing"
        agreed = (
            f"update violations_redaction set seconded_by_id = {people.moderator_south.pk}, "
            f"seconded_at = clock_timestamp() where id = {row.pk};"
        )
        assert told(f"{agreed} {erased} {whose}", row.pk) == ""
        assert "is refused" in told(f"{agreed} {erased} {given}", row.pk), "another report's words too"
        changed = (
            f"update {table} set {column} = {empty}, {beside.format(other=people.moderator_south.pk)} where {whose}"
        )
        assert ONLY in told(f"{agreed} {changed}", row.pk), "something beside it"
        words = """'{"range_km": 1}'""" if column == "sighting" else "'Other.'"
        assert ONLY in told(f"{agreed} update {table} set {column} = {words} where {whose}", row.pk), "other words"
        assert "is refused" in told(f"{agreed} delete from {table} where {whose}", row.pk)
        redaction.second(row, by=people.moderator_south)
        assert told(f"{erased} {whose}", row.pk) == "no row is seen", "it is done"
        third = proposed(report, people.moderator_north, ["source"])
        redaction.second(third, by=people.moderator_south)
        assert "is refused" in told(f"{erased} {given}", third.pk), "no door stays open, and none for a part not named"


def test_a_redaction_opens_no_sealed_row_of_another_report(exercise, people):
    report, other = (filed(exercise, people.monitor_north, **WORDS) for _each in "ab")
    waits = {}
    for who in (people.monitor_north, people.monitor_south):
        waits[who] = filing.correct_filing(exercise, said(), by=who, client_id="two", corrects="one").correction
    with as_owner():
        row = proposed(report, people.moderator_north, ["source"])
        agreed = (
            f"update violations_redaction set seconded_by_id = {people.moderator_south.pk}, "
            f"seconded_at = clock_timestamp() where id = {row.pk};"
        )
        anew = "set sealed = sealed || '=' where"
        for table, own, foreign in (
            ("violations_sealedsource", f"report_id = {report.pk}", f"report_id = {other.pk}"),
            (
                "violations_waitingcorrection",
                f"id = {waits[people.monitor_north].pk}",
                f"id = {waits[people.monitor_south].pk}",
            ),
        ):
            assert told(f"{agreed} update {table} {anew} {own}", row.pk) == ""
            assert "after two people agreed" in told(f"{agreed} update {table} {anew} {foreign}", row.pk)
