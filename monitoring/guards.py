"""What PostgreSQL itself refuses on the tables of the record, whoever asks: written into migrations by `guard`.

Two walls: the application's role is granted no more than it needs, and triggers refuse the rest to every role.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import migrations

IS_OURS = """
create function ledger_is_ours(inserted xid) returns boolean language sql volatile as $$
    select coalesce(
        pg_xact_status((own.number + (((inserted::text::bigint - own.number) << 32) >> 32))::text::xid8)
            = 'in progress', false)
    from (select pg_current_xact_id()::text::bigint) as own (number)
$$;
"""
FUNCTIONS = (
    """
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The record is only added to: % on % is refused.', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

create function ledger_close_once() returns trigger language plpgsql as $$
declare reopened record;
begin
    if old.superseded_at is not null or new.superseded_at is null then
        raise exception 'A row of % is closed once and never reopened.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    reopened := new;
    reopened.superseded_at := null;
    if reopened *<> old then
        raise exception 'Of a row of % only superseded_at may be set.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if new.superseded_at not between transaction_timestamp() and clock_timestamp() then
        raise exception 'A row of % is closed at the time of its entry, not earlier and not later.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

-- First argument: columns that may change freely. Second: columns that go from null to a value once.
create function ledger_set_once() returns trigger language plpgsql as $$
declare
    free text[] := string_to_array(tg_argv[0], ',');
    once text[] := string_to_array(tg_argv[1], ',');
    field text;
    was jsonb := to_jsonb(old);
begin
    for field in select key from jsonb_each(to_jsonb(new)) where value is distinct from was -> key loop
        continue when field = any(free);
        continue when field = any(once) and was -> field = 'null'::jsonb;
        raise exception 'The column % of % does not change once it is written.', field, tg_table_name
            using errcode = 'insufficient_privilege';
    end loop;
    return new;
end $$;

-- Fired for a row whose stamp is not of its own transaction; the trigger's condition says so.
create function ledger_refuse_stamp() returns trigger language plpgsql as $$
begin
    raise exception 'A row of % is stamped with the time of its entry, not earlier and not later.', tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

-- Whether a row that can be seen was inserted by this transaction or a savepoint of it: only one's own are seen while
-- in progress. xmin has 32 bits; the rest is that of the transaction's own number, which is less than 2^31 away.
"""
    + IS_OURS
    + """
-- First argument: the table of the whole. Second: the column that points at it. Third: 'unstamped' where the whole has
-- no recorded_at, 'same' where the part bears the stamp of the whole. A group a transaction: few, however many rows.
create function ledger_refuse_late_part() returns trigger language plpgsql as $$
declare
    late boolean;
    fresh text := case tg_argv[2]
        when 'unstamped' then 'true'
        when 'same' then 'whole.recorded_at >= transaction_timestamp() and added.recorded_at = whole.recorded_at'
        else 'whole.recorded_at >= transaction_timestamp()' end;
begin
    execute format(
        'select bool_or(case when fresh then not ledger_is_ours(inserted) else true end)
         from (select whole.xmin as inserted, bool_and(%s) as fresh
               from added join %I whole on whole.id = added.%I group by whole.xmin) as wholes',
        fresh, tg_argv[0], tg_argv[1]) into late;
    if late then
        raise exception 'Rows of % are written with the row that they belong to, not later.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return null;
end $$;
"""
)

# The same, in a form that PostgreSQL writes into the statement that asks: a function with a `from` it plans each time.
IS_OURS_IN_PLACE = """
create or replace function ledger_is_ours(inserted xid) returns boolean language sql volatile as $$
    select coalesce(
        pg_xact_status((
            pg_current_xact_id()::text::bigint
            + (((inserted::text::bigint - pg_current_xact_id()::text::bigint) << 32) >> 32))::text::xid8)
            = 'in progress', false)
$$;
"""

DROP_FUNCTIONS = """
drop function ledger_refuse_late_part();
drop function ledger_is_ours(xid);
drop function ledger_refuse_stamp();
drop function ledger_set_once();
drop function ledger_close_once();
drop function ledger_refuse();
"""


def functions() -> migrations.RunSQL:
    """Create the trigger functions; once, in the first room."""
    return migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def guard(
    table: str,
    *,
    closable: bool = False,
    free: Sequence[str] = (),
    once: Sequence[str] = (),
    stamped: bool = True,
    part_of: Sequence[str] = (),
) -> migrations.RunSQL:
    """Return the migration step that makes `table` append-only.

    `closable`: superseded_at may be set once. `free`: columns that may change at any time (names, leases, state).
    `once`: columns written when they are known and not again. To delete and to truncate is refused to all.
    `stamped`: it has recorded_at, which must lie within the transaction that inserts. `part_of`: (table, column) of the
    whole that a row belongs to, which the same transaction must have inserted; a third word as the function has it.
    Both are asked once a statement or by a condition without a call, so that a million rows are inserted as quickly.
    """
    role = f'"{settings.DATABASE_APPLICATION_ROLE}"'
    changeable = ["superseded_at"] if closable else [*free, *once]
    if closable:
        on_update = "ledger_close_once()"
    elif changeable:
        on_update = f"ledger_set_once('{','.join(free)}', '{','.join(once)}')"
    else:
        on_update = "ledger_refuse()"
    columns = ", ".join(f'"{column}"' for column in changeable)
    stamps = ["recorded_at", *(["superseded_at"] if closable else [])] if stamped else []
    misstamped = " or ".join(f"new.{name} not between transaction_timestamp() and clock_timestamp()" for name in stamps)
    stamp = (
        f"create trigger ledger_stamp after insert on {table} for each row when ({misstamped}) "
        "execute function ledger_refuse_stamp()"
    )
    whole = ", ".join(f"'{word}'" for word in part_of)
    part = (
        f"create trigger ledger_part after insert on {table} referencing new table as added "
        f"for each statement execute function ledger_refuse_late_part({whole})"
    )
    return migrations.RunSQL(
        [
            f"revoke update, delete, truncate, references, trigger on {table} from {role}",
            f"grant select, insert on {table} to {role}",
            *([f"grant update ({columns}) on {table} to {role}"] if changeable else []),
            f"create trigger ledger_update before update on {table} for each row execute function {on_update}",
            f"create trigger ledger_delete before delete on {table} for each row execute function ledger_refuse()",
            f"create trigger ledger_truncate before truncate on {table} execute function ledger_refuse()",
            *([stamp] if stamped else []),
            *([part] if part_of else []),
        ],
        [
            f"drop trigger if exists {name} on {table}"
            for name in ("ledger_update", "ledger_delete", "ledger_truncate", "ledger_stamp", "ledger_part")
        ],
    )


# The same question as ledger_refuse_late_part asks, of one table: planned once a session instead of each time.
PLANNED_PART = """
create function {function}() returns trigger language plpgsql as $$
begin
    if (select bool_or(case when fresh then not ledger_is_ours(inserted) else true end)
        from (select whole.xmin as inserted, bool_and({fresh}) as fresh
              from added join {whole} whole on whole.id = added.{column} group by whole.xmin) as wholes)
    then
        raise exception 'Rows of % are written with the row that they belong to, not later.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return null;
end $$;
"""
CREATE_PART = (
    "create trigger ledger_part after insert on {table} referencing new table as added "
    "for each statement execute function {function}"
)


def ours_told_in_place() -> migrations.RunSQL:
    """Return the step by which parts that come late are told at less cost."""
    return migrations.RunSQL(IS_OURS_IN_PLACE, IS_OURS.replace("create function", "create or replace function"))


def planned_part(table: str, *part_of: str) -> migrations.RunSQL:
    """Return the step by which the trigger of `guard(table, part_of=...)` keeps its plan: for what is filed often.

    A third word, 'same': the part bears the stamp of the whole.
    """
    whole, column, *words = part_of
    fresh = "whole.recorded_at >= transaction_timestamp()"
    if "same" in words:
        fresh += " and added.recorded_at = whole.recorded_at"
    function = f"{table}_not_late"
    again = ", ".join(f"'{word}'" for word in part_of)
    return migrations.RunSQL(
        [
            PLANNED_PART.format(function=function, fresh=fresh, whole=whole, column=column),
            f"drop trigger ledger_part on {table}",
            CREATE_PART.format(table=table, function=f"{function}()"),
        ],
        [
            f"drop trigger ledger_part on {table}",
            CREATE_PART.format(table=table, function=f"ledger_refuse_late_part({again})"),
            f"drop function {function}()",
        ],
    )
