"""Days that pass in an instant: everything that the record holds was stamped so much earlier, and says the same."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from tests.conftest import superuser_connection

# Instants of the record; when something happened, and how long a truce stands, is the world's time and stays.
STAMPS = (
    *("recorded_at", "superseded_at", "cutoff_at", "computed_at", "released_at", "checked_at", "touched_at"),
    *("second_by", "due_at", "opened_at", "closed_at"),
)
OF_EACH_TABLE = """
select table_name, array_agg(column_name::text) from information_schema.columns
where table_schema = 'public' and data_type = 'timestamp with time zone' and column_name = any(%s)
group by table_name
"""


def days_pass(days: int) -> None:
    """Let `days` days pass, as the cluster's superuser, whom no guard refuses; outside a transaction."""
    assert not connection.in_atomic_block, "Another session does it, and sees what is committed alone."
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        postgres.execute("set session_replication_role = replica")
        for table, columns in postgres.execute(OF_EACH_TABLE, [list(STAMPS)]).fetchall():
            earlier = sql.SQL(", ").join(
                sql.SQL("{0} = {0} - interval {1}").format(sql.Identifier(column), sql.Literal(f"{days} days"))
                for column in columns
            )
            postgres.execute(sql.SQL("update {} set {}").format(sql.Identifier(table), earlier))
