"""What PostgreSQL allows of a row that holds something sealed: that its bytes are sealed anew, by the owner, agreed to.

Written into migrations by `resealable`, for every table with a column `sealed`. The application's role may change no
sealed bytes whatever was agreed to; who owns the tables may only while a rotation of keys that two people agreed to is
not finished, or in the transaction in which a redaction is seconded, and then nothing else of the row.
"""

from __future__ import annotations

from django.db import migrations

# `ledger.resealing` and `ledger.redacting` name the rotation and the redaction by number, within a transaction.
FUNCTIONS = """
create function sealed_is_agreed() returns boolean language sql stable as $$
    select exists (
        select from violations_keyrotation
        where id = nullif(current_setting('ledger.resealing', true), '')::bigint
          and seconded_at is not null and finished_at is null
    ) or exists (
        select from violations_redaction
        where id = nullif(current_setting('ledger.redacting', true), '')::bigint
          and seconded_at >= transaction_timestamp() and 'source' = any(erased)
    )
$$;

create function sealed_anew() returns trigger language plpgsql as $$
declare kept record;
begin
    kept := new;
    kept.sealed := old.sealed;
    if kept *<> old then
        raise exception 'Of a row of % only the sealed bytes may be sealed anew.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if current_user <> (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
       or not sealed_is_agreed() then
        raise exception 'What is sealed in % is sealed anew by its owner, after two people agreed to it.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""

# Since more can be erased: a redaction reaches sealed rows of its own chain alone, each for the parts that it holds.
OF_THE_CHAIN = """
create function sealed_of_chain(held text, of_row jsonb, redacted uuid, erased text[]) returns boolean
language sql stable as $$
    select case held
        when 'violations_sealedsource' then erased && array['source', 'filer']::text[] and exists (
            select from violations_incidentreport
            where id = (of_row ->> 'report_id')::bigint and chain = redacted)
        when 'violations_waitingcorrection' then exists (
            select from violations_sealedsource sealed
            join violations_incidentreport report on report.id = sealed.report_id
            where report.chain = redacted and sealed.filer_tag = of_row ->> 'filer_tag')
        else false end
$$;

create function sealed_is_agreed(held text, of_row jsonb) returns boolean language sql stable as $$
    select exists (
        select from violations_keyrotation
        where id = nullif(current_setting('ledger.resealing', true), '')::bigint
          and seconded_at is not null and finished_at is null
    ) or exists (
        select from violations_redaction
        where id = nullif(current_setting('ledger.redacting', true), '')::bigint
          and seconded_at >= transaction_timestamp() and sealed_of_chain(held, of_row, chain, erased::text[])
    )
$$;
"""

# Since a rotation is superseded by one to another key: what it allowed ends with that.
AGREED = OF_THE_CHAIN[OF_THE_CHAIN.index("create function sealed_is_agreed") :].replace(
    "create function", "create or replace function"
)
AGREED_AND_NOT_SUPERSEDED = AGREED.replace("finished_at is null", "finished_at is null and superseded_at is null")

_ANEW = FUNCTIONS[FUNCTIONS.index("create function sealed_anew") :].replace(
    "create function", "create or replace function"
)
ANEW_OF_THE_CHAIN = _ANEW.replace("sealed_is_agreed()", "sealed_is_agreed(tg_table_name, to_jsonb(old))")

DROP_FUNCTIONS = "drop function sealed_anew(); drop function sealed_is_agreed();"


def functions() -> migrations.RunSQL:
    """Create the functions; once, after the tables of what two people agree to."""
    return migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def of_the_chain() -> migrations.RunSQL:
    """Let a redaction reach the sealed rows of its own chain, whichever part of them it names."""
    before = FUNCTIONS[: FUNCTIONS.index("create function sealed_anew")]
    return migrations.RunSQL(
        OF_THE_CHAIN + ANEW_OF_THE_CHAIN + "drop function sealed_is_agreed();",
        before
        + _ANEW
        + "drop function sealed_is_agreed(text, jsonb); drop function sealed_of_chain(text, jsonb, uuid, text[]);",
    )


def until_superseded() -> migrations.RunSQL:
    """Let a rotation allow nothing any more once another took its place."""
    return migrations.RunSQL(AGREED_AND_NOT_SUPERSEDED, AGREED)


def resealable(table: str, *, otherwise: str = "ledger_refuse()") -> migrations.RunSQL:
    """Return the migration step that lets `sealed` of a guarded `table` be sealed anew.

    `otherwise`: the trigger function that stands guard over every other change: ledger_close_once() where rows close.
    """
    return migrations.RunSQL(
        [
            f"drop trigger ledger_update on {table}",
            f"""create trigger ledger_update before update on {table} for each row
            when (new.sealed is not distinct from old.sealed) execute function {otherwise}""",
            f"""create trigger ledger_reseal before update on {table} for each row
            when (new.sealed is distinct from old.sealed) execute function sealed_anew()""",
            f"""create policy sealed_anew on {table} for update using (
                coalesce(current_setting('ledger.resealing', true), '') <> ''
                or coalesce(current_setting('ledger.redacting', true), '') <> '')""",
        ],
        [
            f"drop policy sealed_anew on {table}",
            f"drop trigger ledger_reseal on {table}",
            f"drop trigger ledger_update on {table}",
            f"create trigger ledger_update before update on {table} for each row execute function {otherwise}",
        ],
    )


def erasable(table: str, column: str, otherwise: str) -> migrations.RunSQL:
    """Let a column of words of a guarded table be emptied; what is not that, its guard judges as before."""
    return migrations.RunSQL(
        f"""
        drop trigger ledger_update on {table};
        create trigger ledger_update before update on {table} for each row
            when (new.{column} is not distinct from old.{column}) execute function {otherwise};
        create trigger ledger_redact before update on {table} for each row
            when (new.{column} is distinct from old.{column}) execute function words_redacted('{column}');
        """,
        f"""
        drop trigger ledger_redact on {table};
        drop trigger ledger_update on {table};
        create trigger ledger_update before update on {table} for each row execute function {otherwise};
        """,
    )
