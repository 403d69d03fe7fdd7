"""The role that owns the tables: who acts as it, and what only it may do."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from monitoring.errors import Forbidden


def require() -> None:
    """Raise Forbidden unless this process speaks to PostgreSQL as the role that owns the tables of the record.

    The verbs that need it are refused by PostgreSQL to any other role; this says so before anybody types a password.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_get_userbyid(relowner) = current_user from pg_class where oid = 'monitoring_agreement'::regclass"
        )
        if not cursor.fetchone()[0]:
            raise Forbidden(
                _("Only the database's owner may do this: run it as the migrations are run (./run manage does so)."),
                code="not_the_owner",
            )
