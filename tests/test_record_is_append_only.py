"""As the application's role, PostgreSQL refuses to change the record; a row is closed once, stamped when written."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from monitoring import ledger
from monitoring.models import Area, AreaPiece, AreaShape, BoundarySet, ProvisionTerms
from monitoring.models.agreements import OfVersion
from monitoring.models.record import Closable, Identity, Recorded
from monitoring.row_context import row_context
from reports import choices_seen, renderers
from reports.closings.preparing import preparing
from reports.models import (
    Closing,
    CommonContent,
    Edition,
    LostRelease,
    ReleaseApproval,
    Rendition,
    Supplement,
    SupplementFile,
)
from tests.record.every_table import insert_copy, write_every_table
from violations import sealing
from violations.models import (
    BulkRow,
    CaseListRow,
    CasualtySource,
    Finding,
    FindingParty,
    FindingProvision,
    IncidentReport,
    KeyRotation,
    PatrolStretch,
    Redaction,
    ReportParty,
    ReturnLine,
    SealedSource,
    VerifiedCasualties,
    WatchObservation,
)

pytestmark = pytest.mark.by_hand  # What is refused is tried with copies of rows.


def record_tables():
    """Return every table of the record, with its model."""
    return [
        model
        for room in ("monitoring", "violations", "reports")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.model_name not in {"user", "user_groups", "user_user_permissions", "devicetoken"}
    ]


# What two people agree to: written by the owner's role alone, in commands of its own.
BY_THE_OWNER = {KeyRotation, Redaction}


@pytest.mark.django_db
@pytest.mark.parametrize("model", record_tables(), ids=lambda model: model._meta.db_table)
def test_the_application_may_neither_delete_nor_truncate_nor_update_at_will(model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("ceasefire_app", False, False)
        cursor.execute(
            "select has_table_privilege(%s, 'delete'), has_table_privilege(%s, 'truncate'), "
            "has_table_privilege(%s, 'update'), has_table_privilege(%s, 'insert')",
            [table] * 4,
        )
        assert cursor.fetchone() == (False, False, False, model not in BY_THE_OWNER)
        cursor.execute(
            "select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = %s::regclass "
            "and tgname in ('ledger_delete', 'ledger_truncate', 'ledger_update')",
            [table],
        )
        assert cursor.fetchone()[0] == ["ledger_delete", "ledger_truncate", "ledger_update"]
        cursor.execute(
            "select array_agg(attname::text) from pg_attribute where attrelid = %s::regclass and attnum > 0 "
            "and has_column_privilege(attrelid, attnum, 'update')",
            [table],
        )
        changeable = set(cursor.fetchone()[0] or [])
    if issubclass(model, Closable):
        assert changeable == {"superseded_at"}
    elif issubclass(model, Identity):
        assert changeable == {"names"}
    elif model._meta.app_label != "reports":
        assert changeable == set()
    assert issubclass(model, Recorded | Identity) or not changeable


OLD = sql.SQL("timestamptz '2020-01-01'")
NOW = sql.SQL("clock_timestamp()")
TO_COME = sql.SQL("clock_timestamp() + interval '1 hour'")
# What is written with a row that it belongs to: the column, and the table of the whole.
PARTS = {
    **dict.fromkeys(OfVersion.__subclasses__(), "version"),
    ProvisionTerms.zones.through: "provisionterms",
    Area.members.through: "from_area",
    AreaShape: "boundary_set",
    AreaPiece: "boundary_set",
    ReportParty: "report",
    SealedSource: "report",
    FindingParty: "finding",
    FindingProvision: "finding",
    VerifiedCasualties: "finding",
    CasualtySource: "casualties",
    ReturnLine: "daily_return",
    BulkRow: "job",
    CaseListRow: "case_list",
    PatrolStretch: "patrol",
    WatchObservation: "patrol",
    CommonContent: "closing",
    Edition: "closing",
    LostRelease: "resumption",
    Rendition: "edition",
    SupplementFile: "supplement",
}


@pytest.fixture
def written(transactional_db, exercise, people, monkeypatch, tmp_path, settings):
    """A row in every table, each committed."""
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    monkeypatch.setattr(renderers, "FORMATS", {"json": renderers.FORMATS["json"]})
    write_every_table(exercise, people)


def refused(model, told, **changes) -> bool:
    """Whether PostgreSQL refuses a copy of a row with `changes`, and says so in these words."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                insert_copy(model, changes)
        except DatabaseError as refusal:
            said = str(refusal)
        else:
            said = ""
        transaction.set_rollback(True)
    assert not said or told in said, f"{model._meta.db_table}: {said}"
    return bool(said)


@pytest.fixture
def unsealed(written, people):
    """Every sealed row is seen, and those of the filer may be closed."""
    with (
        transaction.atomic(),
        preparing(),
        choices_seen.reading_all(),
        row_context("ledger.unsealing", "on"),
        sealing.reading_own(people.monitor_independent),
    ):
        yield


@pytest.mark.usefixtures("unsealed")
def test_no_row_is_inserted_with_a_time_that_is_not_its_own():
    stamped = [
        model
        for model in record_tables()
        if issubclass(model, Recorded | Identity) and model not in {*PARTS, *BY_THE_OWNER}
    ]
    assert len(stamped) > 20
    for model in stamped:
        table = model._meta.db_table
        for false in (OLD, TO_COME):
            assert refused(model, "stamped with the time of its entry", recorded_at=false), table
            if issubclass(model, Closable):
                told = "stamped with the time of its entry"
                assert refused(model, told, recorded_at=NOW, superseded_at=TO_COME), table
        if model not in {Closing, Supplement}:  # each begins as a request, and is copied as it stands
            assert not refused(model, "", recorded_at=NOW), f"{table}: the time was the only reason"


@pytest.mark.usefixtures("written")
def test_no_part_is_added_to_a_row_that_is_there():
    missing = {model for model in record_tables() if not issubclass(model, Recorded | Identity)} - PARTS.keys()
    assert not missing, "a table without a stamp of its own is part of a row that has one"
    insert_copy(IncidentReport, {"recorded_at": NOW, "agreement_id": sql.Identifier("agreement_id")})
    unsealed = sql.Literal(IncidentReport.objects.latest("pk").pk)
    for model, whole in PARTS.items():
        columns = {field.name: sql.Identifier(field.column) for field in model._meta.local_fields}
        changes = {model._meta.get_field(whole).column: columns[whole]}
        if "recorded_at" in columns:
            changes["recorded_at"] = NOW
        if model is SealedSource:  # whose report has no other: a unique key refuses a second
            changes["report_id"] = unsealed
        with transaction.atomic(), preparing(), row_context("ledger.unsealing", "on"):
            assert refused(model, TOLD_OF_PARTS.get(model, "not later"), **changes), model._meta.db_table


TOLD_OF_PARTS = {
    CommonContent: "none is added later",
    Edition: "none is added later",
    Rendition: "after its release",
    SupplementFile: "none after its release",
}


@pytest.mark.usefixtures("written")
def test_a_row_that_was_closed_in_this_transaction_gains_no_part_either(exercise):
    with ledger.writing() as entry:
        entry.close(Finding.objects.all())
        assert refused(FindingParty, "not later", finding_id=sql.Identifier("finding_id"))


@pytest.mark.usefixtures("written")
def test_parts_go_with_their_row_across_savepoints(exercise):
    with transaction.atomic():
        with transaction.atomic():
            insert_copy(BoundarySet, {"recorded_at": NOW, "agreement_id": sql.Identifier("agreement_id")})
        drawn = sql.Literal(BoundarySet.objects.latest("pk").pk)
        with transaction.atomic():
            insert_copy(AreaShape, {"boundary_set_id": drawn, "area_id": sql.Identifier("area_id")})
    assert BoundarySet.objects.latest("pk").shapes.count() == 1


@pytest.mark.usefixtures("unsealed")
def test_no_row_is_closed_at_another_time_than_that_of_the_entry():
    for model in record_tables():
        if not issubclass(model, Closable):
            continue
        statement = sql.SQL("update {} set superseded_at = {} where superseded_at is null")
        for at in (sql.SQL("recorded_at + interval '1 microsecond'"), TO_COME):
            refusal = pytest.raises(DatabaseError, match="closed at the time of its entry")
            with refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(sql.Identifier(model._meta.db_table), at))
        # Of what let a closing be released that is released, none is taken back.
        open_still = " and not reports_is_released(closing_id)" if model is ReleaseApproval else ""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(sql.Identifier(model._meta.db_table), NOW) + sql.SQL(open_still))
            assert cursor.rowcount, model
            transaction.set_rollback(True)
