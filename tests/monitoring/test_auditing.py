"""The audit is read by auditors alone: narrowed, page by page, taken away as a table that calculates nothing."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from monitoring import accounts, accreditation, audit, auditing
from monitoring.models import AuditEntry, User
from tests.record.as_owner import as_owner
from tests.second_factors import with_second_factor
from violations.models import KeyRotation

pytestmark = pytest.mark.django_db
LIST = reverse("admin:monitoring_auditentry_changelist")
EXPORT = reverse("admin:monitoring_auditentry_export")


@pytest.fixture
def auditor(exercise):
    user = User.objects.create(username="auditor", is_staff=True)
    accreditation.accredit(user, exercise, "auditor", by=None)
    with_second_factor(user)
    return user


def table(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def shown(client, **asked) -> list[AuditEntry]:
    return client.get(LIST, asked).context["rows"]


def test_auditors_alone_read_it_and_every_refusal_is_in_it(client, people, auditor):
    for name in ("operator", "superuser", "moderator_north", "monitor_north", "guarantor_alder"):
        client.force_login(getattr(people, name))
        for address in (LIST, EXPORT):
            assert client.get(address).status_code == 403, name
    assert AuditEntry.objects.filter(outcome="denied").count() == 10
    client.force_login(auditor)
    assert client.get(LIST).status_code == 200
    assert client.get(EXPORT).status_code == 200
    accreditation.end(auditor.accreditations.get(), by=None)
    assert [client.get(address).status_code for address in (LIST, EXPORT)] == [403, 302], "the session has ended"


def test_nothing_of_another_agreement_is_in_it(client, people, exercise, astana, auditor):
    stranger = User.objects.create(username="stranger")
    accreditation.accredit(stranger, astana, "operator", by=None)
    audit.done("session.begin", by=stranger)
    audit.done("session.begin", by=people.operator)
    audit.denied("session.begin", by=None, reason="password")
    client.force_login(auditor)
    rows = shown(client)
    assert {row.agreement for row in rows} <= {exercise, None}
    assert "stranger" not in client.get(LIST).text
    assert [row.actor for row in rows if row.action == "session.begin"] == [None, people.operator]
    assert client.get(LIST, {"agreement": astana.pk}).status_code == 400, "no choice of theirs"
    assert {row["agreement"] for row in table(client.get(EXPORT))} == {"exercise", ""}


def test_a_row_of_no_agreement_is_read_where_the_person_was_accredited(exercise, astana, people, auditor):
    """Of somebody accredited nowhere, of nobody known, and of the keys that seal for all: by every auditor."""
    there, both, nowhere = (User.objects.create(username=name) for name in ("there", "both", "nowhere"))
    elsewhere = User.objects.create(username="other-auditor", is_staff=True)
    for who, where, role in (
        (there, astana, "operator"),
        (both, astana, "operator"),
        (both, exercise, "operator"),
        (elsewhere, astana, "auditor"),
    ):
        accreditation.accredit(who, where, role, by=None)
    accreditation.end(both.accreditations.get(agreement=exercise), by=None)
    rotation = KeyRotation(public_id=uuid.uuid4())
    last = AuditEntry.objects.latest("pk").pk
    audit.done("session.begin", by=people.operator)
    audit.done("session.begin", by=there)
    audit.done("session.begin", by=both)
    audit.done("session.begin", by=nowhere)
    audit.denied("session.begin", by=None, on=people.operator, reason="password")
    audit.denied("session.begin", by=None, on=there, reason="password")
    audit.denied("session.begin", by=None, on=nowhere, reason="password")
    audit.denied("session.begin", by=None, reason="throttled")
    audit.done("keys.propose", by=there, on=rotation)

    def read(reader):
        rows = auditing.readable_by(reader).filter(pk__gt=last).order_by("pk")
        return [(row.actor or row.object_id or None, row.action) for row in rows]

    shared = [
        (both, "session.begin"),
        (nowhere, "session.begin"),
        (str(nowhere.public_id), "session.begin"),
        (None, "session.begin"),
        (there, "keys.propose"),
    ]
    ours, theirs = read(auditor), read(elsewhere)
    assert {*ours} == {*shared, (people.operator, "session.begin"), (str(people.operator.public_id), "session.begin")}
    assert {*theirs} == {*shared, (there, "session.begin"), (str(there.public_id), "session.begin")}
    assert read(there) == []


def test_it_is_narrowed_by_agreement_time_action_person_and_outcome(client, people, exercise, auditor):
    audit.done("figures.record", by=people.operator, agreement=exercise)
    audit.denied("finding.second", by=people.moderator_north, reason="same_side", agreement=exercise)
    audit.done("session.begin", by=people.operator)
    client.force_login(auditor)
    assert [row.action for row in shown(client, person="moderator-n")] == ["finding.second"]
    assert [row.action for row in shown(client, action="figures.")] == ["figures.record"]
    assert [row.action for row in shown(client, outcome="denied")] == ["finding.second"]
    assert {row.agreement for row in shown(client, agreement=exercise.pk)} == {exercise}
    last = AuditEntry.objects.get(action="figures.record").recorded_at
    until = (last + timedelta(minutes=1)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    since = (last - timedelta(minutes=1)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    assert [row.action for row in shown(client, since=since, until=until, action="figures")] == ["figures.record"]
    assert shown(client, since=until) == []
    assert shown(client, until=since, action="figures") == []
    told = table(client.get(EXPORT, {"person": "moderator-n"}))
    assert [(row["person"], row["action"], row["outcome"], row["reason"]) for row in told] == [
        ("moderator-north", "finding.second", "denied", "same_side")
    ]
    refused = client.get(LIST, {"since": "yesterday"})
    assert refused.status_code == 400
    assert refused.context["rows"] == []
    assert client.get(EXPORT, {"since": "yesterday"}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "garbage"}, "From (UTC): This is no date or time. Write it as 2026-03-01 or 2026-03-01 08:00."),
        ({"until": "2026-02-30"}, "Before (UTC): This is no date or time. Write it as 2026-03-01 or 2026-03-01 08:00."),
        ({"before": "the last"}, "Before: Enter a whole number."),
    ],
)
def test_what_cannot_be_read_is_told_and_not_that_nothing_fits(client, people, exercise, auditor, asked, said):
    client.force_login(auditor)
    for page in (LIST, EXPORT):
        refused = client.get(page, asked)
        assert refused.status_code == 400
        assert said in refused.text
        assert "Nothing was looked for" in refused.text
        assert "Nothing in the audit fits" not in refused.text


def test_pages_follow_one_another_without_a_gap_while_more_is_written(client, people, auditor):
    for _ in range(230):
        audit.done("session.begin", by=people.operator)
    client.force_login(auditor)
    seen: list[int] = []
    address = f"{LIST}?action=session"
    while address:
        context = client.get(address).context
        seen += [row.pk for row in context["rows"]]
        audit.done("session.begin", by=people.operator)
        address = LIST + context["older"] if context["older"] else ""
    assert len(seen) == len(set(seen)) == 230
    assert seen == sorted(seen, reverse=True)


def test_the_table_holds_every_row_and_no_formula(client, exercise, auditor, monkeypatch):
    monkeypatch.setattr(auditing, "A_BLOCK", 7)
    named = User.objects.create(username="=cmd|calc")
    accreditation.accredit(named, exercise, "operator", by=None)
    for _ in range(30):
        audit.done("session.begin", by=named)
    before = AuditEntry.objects.count()
    client.force_login(auditor)
    answer = client.get(EXPORT)
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert "no-store" in answer["Cache-Control"]
    rows = table(answer)
    assert len(rows) == before
    assert {row["person"] for row in rows} == {"", "'=cmd|calc"}
    assert all(row["recorded_at"].endswith("+00:00") for row in rows)


def test_that_it_was_read_and_taken_away_stands_in_it(client, exercise, auditor):
    client.force_login(auditor)
    client.get(LIST)
    client.get(LIST, {"action": "session"})
    client.get(EXPORT, {"agreement": exercise.pk})
    row = AuditEntry.objects.first()
    shown = client.get(reverse("admin:monitoring_auditentry_change", args=[row.pk])).text
    assert f"{row.action}, {row.recorded_at:%Y-%m-%d %H:%M:%S} UTC" in shown
    told = AuditEntry.objects.filter(actor=auditor).order_by("pk")
    assert [(entry.action, entry.agreement) for entry in told] == [
        ("auditentry.list", exercise),
        ("auditentry.search", exercise),
        ("audit.export", exercise),
        ("auditentry.view", row.agreement or exercise),
    ]


def test_where_that_cannot_be_written_nothing_is_shown(client, auditor, monkeypatch):
    client.force_login(auditor)

    def fail(**row):
        raise RuntimeError

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    client.raise_request_exception = False
    for address in (LIST, EXPORT):
        answer = client.get(address)
        assert answer.status_code == 500
        assert b"accreditation.give" not in answer.content


CHANGES = (
    "update monitoring_auditentry set actor_id = null",
    "delete from monitoring_auditentry",
    "truncate monitoring_auditentry",
    "truncate monitoring_auditentry cascade",
)


def test_nobody_changes_what_stands_in_it(auditor):
    accounts.open_account("somebody", password=None, by=None)
    for statement in CHANGES:
        refused = pytest.raises(DatabaseError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_does_not_either(auditor):
    accounts.open_account("somebody", password=None, by=None)
    for statement in CHANGES:
        refused = pytest.raises(DatabaseError, match="The record is only added to")
        with as_owner(), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEntry.objects.filter(action="account.open").exists()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_taken_away_is_written_while_it_is_read(client, exercise, auditor, monkeypatch):
    """No more than a block is held, and that it was taken stands in the audit before the first one leaves."""
    monkeypatch.setattr(auditing, "A_BLOCK", 10)
    for _ in range(35):
        audit.done("session.begin", by=auditor)
    client.force_login(auditor)
    answer = client.get(EXPORT)
    assert answer.streaming
    assert AuditEntry.objects.latest("pk").action == "audit.export"
    blocks = iter(answer.streaming_content)
    first = next(blocks)
    assert first.count(b"\r\n") == 11, "the head and a block"
    audit.done("session.end", by=auditor)
    rest = b"".join(blocks)
    assert b"session.end" not in rest, "what came after it was asked for is not in it"
    assert (first + rest).count(b"session.begin") == 35
