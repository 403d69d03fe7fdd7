"""Who filed stands nowhere in clear, and is opened for the filer and, on the record, for moderators of that truce."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection, transaction

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry, User
from tests.violations.occasions import filed
from violations import sealing
from violations.models import IncidentReport, SealedSource, SourceOpening

WHY_OPENED = {"reason": "protection", "grounds": "To be reached at once."}
SOURCE = {"name": "A. Weaver", "contact": "at the mill"}


def test_without_a_context_there_are_no_rows(exercise, people):
    filed(exercise, people.monitor_north)
    assert not SealedSource.objects.exists()
    with sealing.reading_own(people.monitor_south):
        assert not SealedSource.objects.exists()
    with sealing.reading_own(people.monitor_north):
        assert SealedSource.objects.count() == 1
    assert not SealedSource.objects.exists()


def test_a_context_ends_with_its_block_also_where_it_fails(exercise, people):
    filed(exercise, people.monitor_north)
    with pytest.raises(RuntimeError), sealing.reading_own(people.monitor_north):
        raise RuntimeError
    assert not SealedSource.objects.exists()
    with sealing.reading_own(people.monitor_north):
        with sealing.reading_own(people.monitor_south):
            assert not SealedSource.objects.exists()
        assert SealedSource.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_context_does_not_outlive_its_transaction(exercise, people):
    filed(exercise, people.monitor_north)
    with sealing.reading_own(people.monitor_north), connection.cursor() as cursor:
        cursor.execute("select current_setting('ledger.filer_tag', true)")
        assert cursor.fetchone()[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select current_setting('ledger.filer_tag', true)")
        assert not cursor.fetchone()[0]


def test_own_reports_are_found_and_others_are_not(exercise, people):
    own = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_south)
    assert not IncidentReport.objects.filed_by(people.monitor_north).exists()
    with sealing.reading_own(people.monitor_north):
        assert list(IncidentReport.objects.filed_by(people.monitor_north)) == [own]
        assert list(IncidentReport.objects.visible_to(people.monitor_north)) == [own]
    assert IncidentReport.objects.visible_to(people.moderator_north).count() == 2
    for stranger in (people.guarantor_alder, people.operator, people.superuser, people.monitor_independent):
        assert not IncidentReport.objects.visible_to(stranger).exists()


def test_the_filer_is_known_to_the_rule_that_nobody_reviews_their_own(exercise, people):
    report = filed(exercise, people.monitor_north)
    assert sealing.is_filer(people.monitor_north, report)
    assert sealing.is_filer(people.monitor_north, report.chain)
    assert not sealing.is_filer(people.monitor_south, report)


def test_a_moderator_opens_a_source_and_an_audit_row_says_so(exercise, people):
    report = filed(exercise, people.monitor_north, source=SOURCE)
    assert sealing.reveal(report, by=people.moderator_south, **WHY_OPENED) == {
        "filer": "monitor-north",
        "source": SOURCE,
        "erased": False,
    }
    entry = AuditEntry.objects.get(action="source.reveal")
    assert (entry.actor, entry.object_id) == (people.moderator_south, str(report.public_id))
    opening = SourceOpening.objects.get()
    assert (opening.report, opening.by, opening.grounds) == (report, people.moderator_south, WHY_OPENED["grounds"])
    assert not SealedSource.objects.exists()


def test_nobody_else_opens_a_source_the_superuser_least_of_all(exercise, people):
    report = filed(exercise, people.monitor_north, source=SOURCE)
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    for stranger in (
        people.superuser,
        people.operator,
        people.guarantor_alder,
        people.monitor_south,
        people.moderator_north,
    ):
        with pytest.raises(Forbidden):
            sealing.reveal(report, by=User.objects.get(pk=stranger.pk), **WHY_OPENED)


@pytest.mark.parametrize("missing", [{"reason": "curiosity"}, {"grounds": " "}, {"grounds": "x" * 2001}])
def test_a_source_stays_sealed_without_a_reason_and_grounds(exercise, people, missing):
    report = filed(exercise, people.monitor_north, source=SOURCE)
    with pytest.raises(Malformed):
        sealing.reveal(report, by=people.moderator_south, **WHY_OPENED | missing)
    assert not SourceOpening.objects.exists()
    assert not AuditEntry.objects.filter(action="source.reveal").exists()


def test_a_source_whose_view_cannot_be_audited_stays_closed(exercise, people, monkeypatch):
    report = filed(exercise, people.monitor_north, source=SOURCE)

    def fail(**row):
        raise RuntimeError

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    with pytest.raises(RuntimeError):
        sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)


def test_keys_rotate_and_a_lost_key_is_said(exercise, people, settings):
    report = filed(exercise, people.monitor_north, source=SOURCE)
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = [Fernet.generate_key().decode(), *old]
    assert sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)["source"] == SOURCE
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    with pytest.raises(NotNow, match="restore the key"):
        sealing.reveal(report, by=people.moderator_south, **WHY_OPENED)


def test_what_is_sealed_is_not_legible_and_its_length_does_not_tell(exercise, people):
    filed(exercise, people.monitor_north, source=SOURCE)
    filed(exercise, people.monitor_north)
    with sealing.reading_own(people.monitor_north):
        told, untold = (bytes(row.sealed) for row in SealedSource.objects.order_by("pk"))
        tags = set(SealedSource.objects.values_list("filer_tag", flat=True))
    assert len(told) == len(untold)
    assert b"Weaver" not in told
    assert tags == {sealing.tag_of(people.monitor_north)}
    assert len(tags.pop()) == 64
