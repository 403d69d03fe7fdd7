"""What PostgreSQL itself refuses on the tables of the record, whoever asks: written into migrations by `guard`.

Two walls: the application's role is granted no more than it needs, and triggers refuse the rest to every role.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import migrations

FUNCTIONS = """
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
"""

DROP_FUNCTIONS = "drop function ledger_set_once(); drop function ledger_close_once(); drop function ledger_refuse();"


def functions() -> migrations.RunSQL:
    """Create the trigger functions; once, in the first room."""
    return migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def guard(
    table: str, *, closable: bool = False, free: Sequence[str] = (), once: Sequence[str] = ()
) -> migrations.RunSQL:
    """Return the migration step that makes `table` append-only.

    `closable`: superseded_at may be set once. `free`: columns that may change at any time (names, leases, state).
    `once`: columns written when they are known and not again. To delete and to truncate is refused to all.
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
    return migrations.RunSQL(
        [
            f"revoke update, delete, truncate, references, trigger on {table} from {role}",
            f"grant select, insert on {table} to {role}",
            *([f"grant update ({columns}) on {table} to {role}"] if changeable else []),
            f"create trigger ledger_update before update on {table} for each row execute function {on_update}",
            f"create trigger ledger_delete before delete on {table} for each row execute function ledger_refuse()",
            f"create trigger ledger_truncate before truncate on {table} execute function ledger_refuse()",
        ],
        [f"drop trigger {name} on {table}" for name in ("ledger_update", "ledger_delete", "ledger_truncate")],
    )
