"""Keys are rotated by two people while monitors file; what is sealed is sealed anew, once, and nothing else changes."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from monitoring import second_factor
from monitoring.errors import Forbidden, NotNow
from monitoring.models import AuditEntry
from monitoring.row_context import row_context
from tests.record.as_owner import as_owner
from tests.second_factors import SECRET
from tests.violations.occasions import SHELLING, filed, kept
from tests.violations.rotations import NEW, SOURCE, agreed, an_auditor, opens, rows, with_new_key
from violations import filing, resealing, sealing, waiting
from violations.models import IncidentReport, KeyRotation

pytestmark = pytest.mark.django_db(transaction=True)
WHY_OPENED = {"reason": "protection", "grounds": "To be reached at once."}


@pytest.fixture
def auditor(exercise):
    return an_auditor(exercise)


@pytest.fixture
def keys(settings):
    return with_new_key(settings)


# Who may


def test_it_takes_an_operator_and_another_person(exercise, people, auditor, keys):
    with as_owner():
        for who in (people.moderator_north, people.monitor_north, people.guarantor_alder, people.superuser, auditor):
            with pytest.raises(Forbidden) as refusal:
                resealing.propose(by=who)
            assert refusal.value.code == "not_accredited"
        rotation = resealing.propose(by=people.operator)
        for who, code in ((people.operator, "same_person"), (people.moderator_north, "not_accredited")):
            with pytest.raises(Forbidden) as refusal:
                resealing.second(rotation, by=who)
            assert refusal.value.code == code
        with pytest.raises(NotNow) as refusal:
            resealing.reseal(rotation)
        assert refusal.value.code == "not_agreed"
        with pytest.raises(NotNow) as refusal:
            resealing.propose(by=people.operator)
        assert refusal.value.code == "under_way"
        resealing.second(rotation, by=auditor)
        with pytest.raises(NotNow) as refusal:
            resealing.second(rotation, by=auditor)
        assert refusal.value.code == "agreed"


def test_the_application_s_role_is_refused_at_every_step(exercise, people, auditor, keys):
    filed(exercise, people.monitor_north, source=SOURCE)
    with pytest.raises(Forbidden) as refusal:
        resealing.propose(by=people.operator)
    assert refusal.value.code == "not_the_owner"
    with as_owner():
        rotation = agreed(people, auditor)
    with pytest.raises(Forbidden):
        resealing.reseal(rotation)
    for statement in (
        "update violations_sealedsource set sealed = sealed || '='",
        "insert into violations_keyrotation select * from violations_keyrotation",
        "update violations_keyrotation set seconded_at = clock_timestamp()",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            row_context("ledger.resealing", str(rotation.pk)),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(CommandError, match="database's owner"):
        call_command("rotate_sealing_keys", "resume", str(rotation.public_id))


# What PostgreSQL allows the owner


def as_the_owner(rotation: KeyRotation | None, statement: str) -> str:
    """What PostgreSQL says to the owner who does `statement` in the name of a rotation; '' where it does it."""
    with transaction.atomic():
        try:
            number = str(rotation.pk if rotation else "")
            with sealing.counting(), row_context("ledger.resealing", number), connection.cursor() as cursor:
                cursor.execute(statement)
                changed = cursor.rowcount
        except DatabaseError as refusal:
            return str(refusal)
        transaction.set_rollback(True)
    return "" if changed else "no row is seen"


SEALED = "update violations_sealedsource set sealed = sealed || '='"


def test_the_owner_changes_sealed_bytes_only_while_two_agreed_to_it_and_nothing_else(exercise, people, auditor, keys):
    filed(exercise, people.monitor_north)
    with as_owner():
        assert as_the_owner(None, SEALED) == "no row is seen"
        proposed = resealing.propose(by=people.operator)
        assert "after two people agreed" in as_the_owner(proposed, SEALED)
        rotation = resealing.second(proposed, by=auditor)
        assert as_the_owner(rotation, SEALED) == ""
        for other in ("filer_tag = 'another'", "client_id = 'another'", "recorded_at = clock_timestamp()"):
            assert "only the sealed bytes" in as_the_owner(rotation, f"{SEALED}, {other}")
            assert "is refused" in as_the_owner(rotation, f"update violations_sealedsource set {other}")
        assert as_the_owner(rotation, "delete from violations_sealedsource") == "no row is seen"
        assert "is refused" in as_the_owner(rotation, "update violations_incidentreport set narrative = 'Other.'")
        for column in ("key_id = 'x'", "seconded_by_id = proposed_by_id", "seconded_at = clock_timestamp()"):
            said = as_the_owner(rotation, f"update violations_keyrotation set {column}")
            assert "does not change once it is written" in said, column
        resealing.reseal(rotation)
        assert "after two people agreed" in as_the_owner(rotation, SEALED)


def test_every_table_that_seals_something_can_be_sealed_anew():
    with connection.cursor() as cursor:
        for table in resealing.sealed_tables():
            cursor.execute(
                "select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = %s::regclass "
                "and tgname in ('ledger_update', 'ledger_reseal')",
                [table._meta.db_table],
            )
            assert cursor.fetchone()[0] == ["ledger_reseal", "ledger_update"], table


# What is done


def test_what_was_sealed_opens_with_the_new_key_alone_and_nothing_else_of_it_changed(exercise, people, auditor, keys):
    reports = [filed(exercise, people.monitor_north, source=SOURCE) for _ in range(3)]
    [old] = keys
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SEALING_KEYS", keys)
        reports += [filed(exercise, people.monitor_south) for _ in range(4)]
    before = rows()
    assert Counter(opens(NEW, row) for row in before) == {True: 3, False: 4}
    with as_owner():
        rotation = agreed(people, auditor)
        told: list[int] = []
        assert resealing.reseal(rotation, batch=2, tell=told.append) == 7
        assert resealing.sealed_under() == {resealing.key_id(NEW): 7}
    assert sum(told) == 4
    after = rows()
    assert all(opens(NEW, row) and not opens(old, row) for row in after)
    assert [row | {"sealed": None} for row in after] == [row | {"sealed": None} for row in before]
    rotation.refresh_from_db()
    assert (rotation.sealed_rows, rotation.key_id) == (7, resealing.key_id(NEW))
    actions = AuditEntry.objects.filter(action__startswith="keys.").order_by("pk")
    assert [(row.action, row.actor) for row in actions] == [
        ("keys.propose", people.operator),
        ("keys.second", auditor),
        ("keys.finish", None),
    ]
    assert sealing.reveal(reports[0], by=people.moderator_south, **WHY_OPENED)["source"] == SOURCE


def test_the_tag_of_a_filer_stays_so_a_replay_is_answered_as_the_first_time(exercise, people, auditor, keys, settings):
    content = replace(SHELLING, source=SOURCE)
    settings.SEALING_KEYS = keys
    first = filing.file_report(exercise, content, by=people.monitor_north, client_id="one")
    settings.SEALING_KEYS = [NEW, *keys]
    with as_owner():
        resealing.reseal(agreed(people, auditor))
    settings.SEALING_KEYS = [NEW]
    again = filing.file_report(exercise, content, by=people.monitor_north, client_id="one")
    assert (again.report, again.created) == (first.report, False)


def test_without_the_old_key_what_is_sealed_with_it_opens_no_more_and_a_rotation_says_so(
    exercise, people, auditor, keys, settings
):
    settings.SEALING_KEYS = keys
    report = filed(exercise, people.monitor_north)
    settings.SEALING_KEYS = [NEW]
    before = rows()
    with as_owner():
        rotation = agreed(people, auditor)
        with pytest.raises(NotNow) as refusal:
            resealing.reseal(rotation)
        assert refusal.value.code == "sealing_key_lost"
        assert resealing.sealed_under() == {"": 1}
    assert rows() == before
    with pytest.raises(NotNow):
        sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)


def test_another_first_key_than_was_agreed_to_is_refused(exercise, people, auditor, keys, settings):
    with as_owner():
        rotation = agreed(people, auditor)
        settings.SEALING_KEYS = keys
        with pytest.raises(NotNow) as refusal:
            resealing.reseal(rotation)
    assert refusal.value.code == "another_key"


def test_agreeing_to_a_key_that_is_not_the_first_by_now_is_refused_and_leaves_nothing(
    exercise, people, auditor, keys, settings
):
    with as_owner():
        proposed = resealing.propose(by=people.operator)
        settings.SEALING_KEYS = keys
        with pytest.raises(NotNow) as refusal:
            resealing.second(proposed, by=auditor)
    assert refusal.value.code == "another_key"
    proposed.refresh_from_db()
    assert (proposed.seconded_by, proposed.seconded_at) == (None, None)


def test_a_proposal_to_a_key_that_another_took_the_place_of_waits_no_more(exercise, people, auditor, keys, settings):
    with as_owner():
        first = resealing.propose(by=people.operator)
        settings.SEALING_KEYS = [Fernet.generate_key().decode(), NEW, *keys]
        second = resealing.propose(by=people.operator)
        first.refresh_from_db()
        assert (first.superseded_at, first.seconded_at) == (second.recorded_at, None)
        settings.SEALING_KEYS = [NEW, *keys]
        with pytest.raises(NotNow) as refusal:
            resealing.second(first, by=auditor)
        assert refusal.value.code == "superseded"
        resealing.second(resealing.propose(by=people.operator), by=auditor)  # to the same key it is proposed anew
        assert not KeyRotation.objects.filter(superseded_at=None).exclude(key_id=first.key_id).exists()
        call_command("rotate_sealing_keys", "list", stdout=(told := io.StringIO()))
    assert told.getvalue().count("superseded by one to another key") == 2
    assert AuditEntry.objects.filter(action="keys.supersede").count() == 2


def test_what_was_agreed_to_allows_nothing_once_another_is_agreed_to(exercise, people, auditor, keys, settings):
    filed(exercise, people.monitor_north)
    with as_owner():
        first = agreed(people, auditor)
        settings.SEALING_KEYS = [Fernet.generate_key().decode(), NEW, *keys]
        proposed = resealing.propose(by=people.operator)
        first.refresh_from_db()
        assert first.superseded_at is None, "one person ends nothing that two agreed to"
        second = resealing.second(proposed, by=auditor)
        settings.SEALING_KEYS = [NEW, *keys]
        with pytest.raises(NotNow) as refusal:
            resealing.reseal(first)
        assert refusal.value.code == "superseded"
        assert "after two people agreed" in as_the_owner(first, SEALED)
        assert as_the_owner(second, SEALED) == ""
        said = as_the_owner(first, f"update violations_keyrotation set superseded_at = null where id = {first.pk}")
        assert "does not change once it is written" in said
    assert second.superseded_at is None


def test_who_goes_on_sealing_with_an_older_key_is_told_of_and_nothing_is_finished(
    exercise, people, auditor, keys, settings
):
    """As would a web process that was not restarted."""
    settings.SEALING_KEYS = keys
    filed(exercise, people.monitor_north)

    def one_more(_done: int) -> None:
        settings.SEALING_KEYS = keys
        filed(exercise, people.monitor_south)
        settings.SEALING_KEYS = [NEW, *keys]

    settings.SEALING_KEYS = [NEW, *keys]
    with as_owner():
        rotation = agreed(people, auditor)
        with pytest.raises(NotNow) as refusal:
            resealing.reseal(rotation, tell=one_more)
        assert refusal.value.code == "older_key_in_use"
        rotation.refresh_from_db()
        assert rotation.finished_at is None
        assert resealing.reseal(rotation) == IncidentReport.objects.count()


# What else the keys keep


def test_corrections_that_wait_and_second_factors_are_sealed_anew_too(exercise, people, auditor, keys, settings):
    settings.SEALING_KEYS = keys
    waits = kept(exercise, people.monitor_north, place_as_written="behind the mill", source=SOURCE)
    with as_owner():
        settings.SEALING_KEYS = [NEW, *keys]
        assert resealing.reseal(agreed(people, auditor)) == 1
    settings.SEALING_KEYS = [NEW]
    with sealing.reading_own(people.monitor_north):
        anew = waiting.kept_under(people.monitor_north, waits.client_id)
        assert waiting.content_of(anew).place_as_written == "behind the mill"
        assert waiting.content_of(anew).source == SOURCE
    assert {second_factor.decrypt(row.data["secret"]) for row in Authenticator.objects.all()} == {SECRET}
    assert resealing.sealed_under() == {resealing.key_id(NEW): 1}


def test_of_a_correction_that_waits_nothing_but_the_sealed_bytes_is_changed(exercise, people, auditor, keys):
    kept(exercise, people.monitor_north)
    with as_owner():
        rotation = agreed(people, auditor)
        for statement in (
            "update violations_waitingcorrection set sealed = sealed || '=', client_id = 'another'",
            "update violations_waitingcorrection set client_id = 'another'",
        ):
            with (
                pytest.raises(DatabaseError, match=r"may be sealed anew|is closed once"),
                transaction.atomic(),
                sealing.counting(),
                row_context("ledger.resealing", str(rotation.pk)),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    with (
        pytest.raises(DatabaseError, match=r"sealed anew by its owner|permission denied"),
        transaction.atomic(),
        sealing.reading_own(people.monitor_north),
        connection.cursor() as cursor,
    ):
        cursor.execute("update violations_waitingcorrection set sealed = sealed || '='")
