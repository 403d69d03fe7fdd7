"""The clock of the record, tried with writers in other connections that commit late."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from monitoring import ledger
from monitoring.models import AuditEntry


def elsewhere() -> psycopg.Connection:
    """Open another connection to the test database, as the application."""
    s = connection.settings_dict
    return psycopg.connect(host=s["HOST"], port=s["PORT"] or None, dbname=s["NAME"], user=s["USER"])


def begin_writing(other: psycopg.Connection):
    """Start a writing transaction in `other`, as `ledger.writing` does, and return its stamp."""
    other.execute("select pg_advisory_xact_lock_shared(%s)", [ledger.LOCK])
    return other.execute("select clock_timestamp()").fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_an_entry_reads_the_clock_once():
    with ledger.writing() as entry:
        assert entry.stamp() == entry.stamp()


@pytest.mark.django_db(transaction=True)
def test_the_record_is_closed_until_now_when_nobody_writes():
    before = ledger.closed_until()
    assert before is not None
    after = ledger.closed_until()
    assert after > before


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_has_not_committed_keeps_its_instant_open():
    with elsewhere() as writer:
        stamp = begin_writing(writer)
        assert ledger.closed_until() < stamp
        writer.commit()
    assert ledger.closed_until() > stamp


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_earlier_and_writes_later_stamps_after_what_was_said_closed():
    with elsewhere() as writer:
        writer.execute("select 1")
        closed = ledger.closed_until()
        assert begin_writing(writer) > closed
        assert ledger.closed_until() < closed, "its start counts from the moment it holds the lock"


@pytest.mark.django_db(transaction=True)
def test_the_asking_transaction_does_not_hold_itself_up():
    with ledger.writing() as entry:
        stamp = entry.stamp()
        assert ledger.closed_until() > stamp


@pytest.mark.django_db(transaction=True)
def test_a_cut_off_that_is_closed_gives_the_same_rows_whatever_commits_later():
    """Forty writers stamp and dawdle; whatever `closed_until` calls closed never gains a row."""
    stop = threading.Event()
    faults = []

    def write():
        with elsewhere() as other:
            while not stop.is_set():
                stamp = begin_writing(other)
                other.execute("select pg_sleep(random() * 0.01)")
                other.execute(
                    "insert into monitoring_auditentry (recorded_at, action, outcome, object_kind, object_id, reason) "
                    "values (%s, 'test', 'done', '', '', '')",
                    [stamp],
                )
                other.execute("select pg_sleep(random() * 0.02)")
                other.commit()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    known = []
    try:
        for _ in range(60):
            closed = ledger.closed_until()
            if closed is not None:  # a writer ended between two looks at it: asked again later
                known.append((closed, AuditEntry.objects.recorded_by(closed).count()))
            with elsewhere() as pause:
                pause.execute("select pg_sleep(0.01)")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for closed, count in known:
        if AuditEntry.objects.recorded_by(closed).count() != count:
            faults.append(closed)
    assert not faults
    assert len(known) > 20
    assert known[-1][1] > 20, "the writers did write meanwhile"


@pytest.mark.django_db(transaction=True)
def test_the_audit_cannot_be_changed_even_in_raw_sql():
    with ledger.writing() as entry:
        AuditEntry.objects.create(recorded_at=entry.stamp(), action="test", outcome="done")
    for statement in (
        "update monitoring_auditentry set action = 'x'",
        "delete from monitoring_auditentry",
        "truncate monitoring_auditentry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEntry.objects.get().action == "test"
