"""As the application's role, PostgreSQL refuses to change the record; a row is closed once."""

import pytest
from django.apps import apps
from django.db import connection

from monitoring.models.record import Closable, Identity, Recorded


def record_tables():
    """Return every table of the record, with its model."""
    return [
        model
        for room in ("monitoring", "violations", "reports")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.model_name not in {"user", "user_groups", "user_user_permissions", "devicetoken"}
    ]


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
        assert cursor.fetchone() == (False, False, False, True)
        cursor.execute(
            "select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = %s::regclass "
            "and tgname like 'ledger_%%'",
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
