"""Words of a report are erased on request by two people of different sides; nothing that is counted changes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry, User
from monitoring.row_context import row_context
from reports import closings
from reports import integrity as whole
from tests.conftest import OWNER, PASSWORD
from tests.everybody import client_of
from tests.record.as_owner import as_owner
from tests.violations.occasions import SHELLING, corrected, filed, incident_of, under_review
from tests.violations.terminals import at_the_terminal, real_passwords
from violations import filing, redaction, sealing
from violations.models import Assessment, IncidentReport, Redaction, SealedSource

pytestmark = pytest.mark.django_db(transaction=True)
WHY_OPENED = {"reason": "protection", "grounds": "To be reached at once."}
SOURCE = {"name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778"}
WORDS = {
    "narrative": "Told by the weaver at the mill.",
    "narrative_language": "en",
    "place_as_written": "behind Ibex Cottage",
    "source": SOURCE,
}
ALL = ("narrative", "place_as_written", "source")
WHY = {"reason": "consent", "grounds": "Asked for by the person who told, through the team."}


def proposed(report: IncidentReport, by: User, erased=ALL, **changes) -> Redaction:
    return redaction.propose(report, erased, by=by, **WHY | changes)


def redacted(report: IncidentReport, people, erased=ALL) -> Redaction:
    with as_owner():
        return redaction.second(proposed(report, people.moderator_north, erased), by=people.moderator_south)


def words_anywhere(*words: str) -> set[str]:
    """Those of `words` that a row of any table of the record holds, as PostgreSQL writes rows out."""
    found = set()
    with sealing.counting(), connection.cursor() as cursor:
        for model in whole.examining.record():
            for word in words:
                cursor.execute(
                    f"select exists (select from {model._meta.db_table} here where strpos(here::text, %s) > 0)", [word]
                )
                if cursor.fetchone()[0]:
                    found.add(word)
    return found


def test_what_is_named_is_gone_from_every_revision_and_nothing_else_changed(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    corrected(report, people.monitor_north, **WORDS | {"narrative": "Told by the weaver again."})
    other = filed(exercise, people.monitor_north, **WORDS)
    before = {row["id"]: row for row in IncidentReport.objects.values()}
    redacted(report, people)
    after = {row["id"]: row for row in IncidentReport.objects.values()}
    erased = {"narrative": "", "place_as_written": ""}
    for number, row in before.items():
        assert after[number] == row | (erased if row["chain"] == report.chain else {})
    for one in IncidentReport.objects.filter(chain=report.chain):
        assert sealing.reveal(one, by=people.moderator_south, **WHY_OPENED) == {
            "filer": "monitor-north",
            "source": None,
            "erased": True,
        }
    assert sealing.reveal(other, by=people.moderator_south, **WHY_OPENED)["source"] == SOURCE
    with sealing.counting():
        lengths = {len(bytes(row.sealed)) for row in SealedSource.objects.all()}
    assert len(lengths) == 1, "its length does not tell that something was erased"


def test_only_what_is_named_is_erased(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    redacted(report, people, ["place_as_written"])
    report.refresh_from_db()
    assert (report.narrative, report.place_as_written) == (WORDS["narrative"], "")
    assert sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)["source"] == SOURCE
    redacted(report, people, ["narrative"])
    report.refresh_from_db()
    assert report.narrative == ""
    assert IncidentReport.objects.with_redactions().get().redacted[0]["erased"] == ["place_as_written"]
    assert len(IncidentReport.objects.with_redactions().get().redacted) == 2


def test_no_word_of_it_stands_in_any_table_and_who_erased_it_and_why_does(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    told = (WORDS["narrative"], WORDS["place_as_written"])
    assert words_anywhere(*told) == set(told), "the search finds what is there"
    row = redacted(report, people)
    assert words_anywhere(*told, *SOURCE.values()) == set()
    assert (row.reason, row.grounds, row.chain) == (WHY["reason"], WHY["grounds"], report.chain)
    assert report.content_sha256 == IncidentReport.objects.get().content_sha256 == replace(SHELLING, **WORDS).sha256()
    audited = AuditEntry.objects.filter(action__startswith="redaction.").order_by("pk")
    assert [(one.action, one.actor, one.object_id, one.agreement) for one in audited] == [
        ("redaction.propose", people.moderator_north, str(row.public_id), exercise),
        ("redaction.second", people.moderator_south, str(row.public_id), exercise),
    ]


def test_figures_and_closings_are_what_they_were(exercise, people):
    report = under_review(filed(exercise, people.monitor_north, **WORDS), people.moderator_north)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assessments = list(Assessment.objects.values())
    redacted(report, people)
    assert list(Assessment.objects.values()) == assessments
    out = StringIO()
    call_command("verify_closings", stdout=out)
    call_command("verify_integrity", stdout=StringIO(), stderr=StringIO())
    assert "same" in out.getvalue()
    assert closings.request(exercise, "month", "2025-03") == closing, "there is nothing new"


def test_a_replay_is_still_answered_as_the_first_time_and_another_filing_refused(exercise, people):
    content = replace(SHELLING, **WORDS)
    first = filing.file_report(exercise, content, by=people.monitor_north, client_id="one").report
    redacted(first, people)
    again = filing.file_report(exercise, content, by=people.monitor_north, client_id="one")
    assert (again.report, again.created) == (first, False)
    for other in ({"source": SOURCE | {"name": "Another"}}, {"source": None}, {"narrative": "Other."}):
        with pytest.raises(NotNow) as refusal:
            filing.file_report(exercise, replace(content, **other), by=people.monitor_north, client_id="one")
        assert refusal.value.code == "client_id_taken"


def test_what_its_filer_files_later_is_theirs_and_can_be_redacted_again(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    redacted(report, people)
    later = corrected(report, people.monitor_north, **WORDS)
    assert later.narrative == WORDS["narrative"]
    shown = IncidentReport.objects.with_redactions().order_by("revision")
    assert [len(one.redacted) for one in shown] == [1, 0]
    redacted(later, people)
    assert set(IncidentReport.objects.values_list("narrative", flat=True)) == {""}


# Who may


def test_it_takes_two_people_whose_sides_differ_or_of_whom_one_is_independent(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    auditor = User.objects.create(username="auditor")
    accreditation.accredit(auditor, exercise, "auditor", by=None)
    with as_owner():
        for who in (people.monitor_north, people.guarantor_alder, people.superuser, auditor):
            with pytest.raises(Forbidden) as refusal:
                proposed(report, who)
            assert refusal.value.code == "not_accredited"
        row = proposed(report, people.moderator_north)
        for who, code in (
            (people.moderator_north, "same_person"),
            (people.moderator_north_2, "same_side"),
            (people.monitor_south, "not_accredited"),
            (people.superuser, "not_accredited"),
        ):
            with pytest.raises(Forbidden) as refusal:
                redaction.second(row, by=who)
            assert refusal.value.code == code
        with pytest.raises(NotNow) as refusal:
            proposed(report, people.moderator_south)
        assert refusal.value.code == "proposed"
        report.refresh_from_db()
        assert report.narrative == WORDS["narrative"], "nothing is erased until it is seconded"
        redaction.second(row, by=auditor)
        with pytest.raises(NotNow) as refusal:
            redaction.second(row, by=people.moderator_south)
        assert refusal.value.code == "agreed"


def test_what_and_why_are_asked_for(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    with as_owner():
        for erased, changes, pointer in (
            ([], {}, "/erased"),
            (ALL, {"reason": "dislike"}, "/reason"),
            (ALL, {"grounds": " "}, "/grounds"),
            (ALL, {"grounds": "x" * 2001}, "/grounds"),
        ):
            with pytest.raises(Malformed) as refusal:
                proposed(report, people.moderator_north, erased, **changes)
            assert list(refusal.value.fields) == [pointer]
    assert not Redaction.objects.exists()


# What PostgreSQL refuses


def refused(statement: str, number: int | None = None) -> str:
    """What PostgreSQL says to `statement`, done in the name of the redaction of that number."""
    with transaction.atomic():
        try:
            with (
                sealing.counting(),
                row_context("ledger.redacting", str(number or "")),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
                changed = cursor.rowcount
        except DatabaseError as refusal:
            return str(refusal)
        transaction.set_rollback(True)
    return "" if changed else "no row is seen"


ERASED = "update violations_incidentreport set narrative = ''"
UNSEALED = "update violations_sealedsource set sealed = sealed || '='"


def test_the_application_s_role_erases_nothing_whatever_was_agreed(exercise, people):
    row = redacted(filed(exercise, people.monitor_north, **WORDS), people)
    filed(exercise, people.monitor_north, **WORDS)
    for statement in (
        ERASED,
        UNSEALED,
        "insert into violations_redaction select * from violations_redaction",
        "update violations_redaction set seconded_at = clock_timestamp()",
        "delete from violations_redaction",
    ):
        assert "permission denied" in refused(statement, row.pk), statement
    with pytest.raises(Forbidden) as refusal:
        redaction.propose(IncidentReport.objects.last(), ALL, by=people.moderator_north, **WHY)
    assert refusal.value.code == "not_the_owner"
    with pytest.raises(CommandError, match="database's owner"):
        call_command("redact", "second", str(row.public_id), "--by", "moderator-south")


def test_the_owner_erases_only_what_two_agreed_to_in_the_transaction_in_which_they_did(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    filed(exercise, people.monitor_south, **WORDS)
    with as_owner():
        assert "is refused" in refused(ERASED)
        assert refused(UNSEALED) == "no row is seen"
        row = proposed(report, people.moderator_north, ["narrative"])
        agreed = (
            f"update violations_redaction set seconded_by_id = {people.moderator_south.pk}, "
            f"seconded_at = clock_timestamp() where id = {row.pk}"
        )
        own = f"where chain = '{report.chain}'"
        assert "is refused" in refused(f"{ERASED} {own}", row.pk), "one has agreed to nothing"
        assert refused(f"{agreed}; {ERASED} {own}", row.pk) == ""
        assert "is refused" in refused(f"{agreed}; {ERASED}", row.pk), "another report"
        for other in ("narrative = 'Other.'", "place_as_written = ''", "act = 'looting'", "narrative = '', means = ''"):
            said = refused(f"{agreed}; update violations_incidentreport set {other} {own}", row.pk)
            assert "only what two people agreed" in said, other
        assert "after two people agreed" in refused(f"{agreed}; {UNSEALED}", row.pk), "the source was not named"
        redaction.second(row, by=people.moderator_south)
        later = corrected(report, people.monitor_north, **WORDS)
        assert "is refused" in refused(f"{ERASED} where id = {later.pk}", row.pk), "it is done, and no door stays open"
        assert "does not change once it is written" in refused(agreed, row.pk)


# What its readers are told


def test_the_admin_and_the_api_say_what_was_erased(exercise, people):
    report = under_review(filed(exercise, people.monitor_north, **WORDS), people.moderator_north)
    redacted(report, people)
    moderator = client_of(people.moderator_south)
    for page in (
        reverse("admin:violations_incidentreport_change", args=[report.public_id]),
        reverse("admin:violations_incident_change", args=[incident_of(report).public_id]),
    ):
        shown = moderator.get(page).content.decode()
        assert "Erased on request" in shown
        assert "the narrative, the place as written, who told the filer (consent was withdrawn)" in shown
        assert WHY["grounds"] in shown
        assert "weaver" not in shown
        assert "Ibex" not in shown
    own = client_of(people.monitor_north).get(reverse("incident-report", args=[report.public_id])).json()
    assert own["redacted"] == sorted(ALL)
    assert (own["narrative"], own["place"]["as_written"]) == ("", "")
    assert own["content_sha256"] == report.content_sha256
    assert WHY["grounds"] not in str(own)
    page = reverse("admin:violations_incidentreport_reveal", args=[report.public_id])
    opened = moderator.post(page, {"reason": "question", "grounds": "Which bank?"}).content.decode()
    assert "Zubaydah" not in opened


# At the command line


def test_each_of_the_two_gives_their_own_password(exercise, people):
    report = filed(exercise, people.monitor_north, **WORDS)
    real_passwords()
    what = ("propose", str(report.public_id), "--erase", "narrative", "--erase", "source", "--reason", "danger")
    what = (*what, "--grounds", WHY["grounds"], "--by", "moderator-north")

    def asked(password: str, *words: str) -> tuple[int, str]:
        return at_the_terminal(password, "redact", *words, role=OWNER)

    ended, shown = asked("guessed", *what)
    assert (ended, Redaction.objects.count()) == (1, 0), shown
    ended, shown = asked(PASSWORD, *what)
    assert ended == 0, shown
    name = str(Redaction.objects.get().public_id)
    assert name in shown
    for who, told in (("moderator-north", "You proposed this"), ("moderator-north-2", "from your own side")):
        ended, shown = asked(PASSWORD, "second", name, "--by", who)
        assert ended == 1
        assert told in shown
    ended, shown = asked(PASSWORD, "second", name, "--by", "moderator-south")
    assert ended == 0, shown
    assert WHY["grounds"] in shown
    assert "Erased, from 1 revision: the narrative, who told the filer." in shown
    assert not {word for word in (*SOURCE.values(), "weaver", PASSWORD) if word in shown}
    report.refresh_from_db()
    assert (report.narrative, report.place_as_written) == ("", WORDS["place_as_written"])
    listed = StringIO()
    call_command("redact", "list", "--agreement", "exercise", stdout=listed)
    assert "a person may be in danger" in listed.getvalue()
    assert "done, seconded by moderator-south" in listed.getvalue()
    denied = AuditEntry.objects.filter(outcome="denied").order_by("pk").values_list("action", "reason")
    assert list(denied) == [
        ("redaction.propose", "not_authenticated"),
        ("redaction.second", "same_person"),
        ("redaction.second", "same_side"),
    ]


def test_a_report_that_is_none_is_told(exercise, people):
    with as_owner(), pytest.raises(CommandError, match="no such report"):
        call_command(
            *("redact", "propose", str(uuid.uuid4()), "--erase", "source", "--reason", "law"),
            *("--grounds", "A court.", "--by", "moderator-north"),
        )
