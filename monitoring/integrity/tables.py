"""What holds of every table of the record, made from the models: references, stamps, and what PostgreSQL refuses.

A database that was restored or mended by hand may lack a constraint, a trigger or a refusal that the migrations made;
then nothing keeps the rest any more, so that is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import models

from monitoring.models.record import Closable, Identity, Recorded

Models = Sequence[type[models.Model]]


def of_row(model: type[models.Model], row: str = "here") -> str:
    """SQL: the name by which a row is told: its table, and its public identifier or number."""
    names = {column.name for column in model._meta.local_concrete_fields}
    key = "public_id" if "public_id" in names else str(model._meta.pk.column)
    return f"'{model._meta.db_table} ' || {row}.{key}"


def points_at(model: type[models.Model]) -> list[tuple[str, type[models.Model], str]]:
    """Return the columns of a table that point at rows: (column, the model pointed at, its column)."""
    return [
        (str(column.column), column.related_model, str(column.target_field.column))
        for column in model._meta.local_concrete_fields
        if isinstance(column, models.ForeignKey)
    ]


def references(record: Models) -> str:
    """Rows that point at a row that is not there."""
    return " union all ".join(
        f"select {of_row(model)} || ' ({column})' as what from {model._meta.db_table} here "
        f"where here.{column} is not null and not exists "
        f"(select from {there._meta.db_table} there where there.{key} = here.{column})"
        for model in record
        for column, there, key in points_at(model)
    )


def stamps(record: Models) -> str:
    """Rows closed before they were recorded, and rows recorded or closed at a time to come."""
    wrong = {Recorded: "here.recorded_at > clock_timestamp()", Identity: "here.recorded_at > clock_timestamp()"}
    wrong[Closable] = (
        f"{wrong[Recorded]} or here.superseded_at <= here.recorded_at or here.superseded_at > clock_timestamp()"
    )
    return " union all ".join(
        f"select {of_row(model)} as what from {model._meta.db_table} here "
        f"where {next(wrong[kind] for kind in (Closable, Recorded, Identity) if issubclass(model, kind))}"
        for model in record
        if issubclass(model, Recorded | Identity)
    )


def one_agreement(record: Models) -> str:
    """Rows that belong to one agreement, themselves or by what they are part of, and point at something of another."""
    statements = []
    for model in record:
        ways = _ways(model, "here")
        if len(ways) > 1:
            (first, _joins), joins = ways[0], dict.fromkeys(join for _, joined in ways for join in joined)
            differs = " or ".join(f"{other} <> {first}" for other, _ in ways[1:])
            statements.append(
                f"select {of_row(model)} as what from {model._meta.db_table} here {' '.join(joins)} where {differs}"
            )
    return " union all ".join(statements)


def _ways(model: type[models.Model], row: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every way from a row to an agreement: the column that says it, and the joins that lead there."""
    ways: list[tuple[str, tuple[str, ...]]] = []
    for column, there, key in points_at(model):
        if there._meta.model_name == "agreement":
            ways.insert(0, (f"{row}.{column}", ()))
        elif there is not model or row == "here":
            alias = f"{row}_{column}"
            join = f"left join {there._meta.db_table} {alias} on {alias}.{key} = {row}.{column}"
            ways += [(said, (join, *joins)) for said, joins in _ways(there, alias)[:1]]
    return ways


def constraints(record: Models) -> str:
    """What the models say that PostgreSQL keeps and it does not: constraints, unique keys, references."""
    named = [(model._meta.db_table, kept.name) for model in record for kept in model._meta.constraints]
    unique = [
        (model._meta.db_table, str(column.column))
        for model in record
        for column in model._meta.local_concrete_fields
        if column.unique
    ]
    pointing = [(model._meta.db_table, column) for model in record for column, _there, _key in points_at(model)]
    return f"""
    select name as what from (values {_rows(named)}) kept (tab, name)
    where not exists (select from pg_constraint here
                      where here.conrelid = tab::regclass and here.conname = name and here.convalidated)
      and not exists (select from pg_index here join pg_class index on index.oid = here.indexrelid
                      where here.indrelid = tab::regclass and index.relname = name
                        and here.indisunique and here.indisvalid)
    union all
    select tab || '.' || col || ' unique' from (values {_rows(unique)}) kept (tab, col)
    where not exists (select from pg_index here join pg_attribute named
                        on named.attrelid = here.indrelid and named.attnum = here.indkey[0]
                      where here.indrelid = tab::regclass and named.attname = col and here.indnatts = 1
                        and here.indisunique and here.indisvalid and here.indpred is null)
    union all
    select tab || '.' || col || ' references' from (values {_rows(pointing)}) kept (tab, col)
    where not exists (select from pg_constraint here join pg_attribute named
                        on named.attrelid = here.conrelid and named.attnum = here.conkey[1]
                      where here.conrelid = tab::regclass and here.contype = 'f' and here.convalidated
                        and named.attname = col)
    union all
    select trigger.tgrelid::regclass || '.' || trigger.tgname from pg_trigger trigger
    where trigger.tgisinternal and trigger.tgenabled not in ('O', 'A')
    """


def guards(record: Models, *, changeable: Mapping[str, Iterable[str]], more: Sequence[tuple[str, str]]) -> str:
    """Refusals that do not stand: triggers that are gone or off, and rights that the application should not have.

    `changeable`: by table, columns that the application may change beside superseded_at and names. `more`: triggers
    of single tables, as (table, name).
    """
    role = settings.DATABASE_APPLICATION_ROLE
    triggers = [(model._meta.db_table, name) for model in record for name in _guards_of(model)] + [*more]
    tables = [(model._meta.db_table, "") for model in record]
    columns = [
        (model._meta.db_table, column)
        for model in record
        for column in (
            *(["superseded_at"] if issubclass(model, Closable) else []),
            *(["names"] if issubclass(model, Identity) else []),
            *changeable.get(model._meta.db_table, ()),
        )
    ]
    return f"""
    select tab || '.' || name as what from (values {_rows(triggers)}) kept (tab, name)
    where not exists (select from pg_trigger here
                      where here.tgrelid = tab::regclass and here.tgname = name and here.tgenabled in ('O', 'A'))
    union all
    select tab || ': ' || refused from (values {_rows(tables)}) kept (tab, none)
    cross join unnest(array['delete', 'truncate', 'update']) refused
    where has_table_privilege('{role}', tab, refused)
    union all
    select tab || '.' || here.attname || ': update' from (values {_rows(tables)}) kept (tab, none)
    join pg_attribute here on here.attrelid = tab::regclass and here.attnum > 0 and not here.attisdropped
    where not has_table_privilege('{role}', tab, 'update')
      and has_column_privilege('{role}', tab, here.attnum, 'update')
      and (tab, here.attname::text) not in (values {_rows(columns)})
    union all
    select rolname || ': superuser, or not bound by row-level security' from pg_roles
    where rolname = '{role}' and (rolsuper or rolbypassrls)
    """


def _guards_of(model: type[models.Model]) -> tuple[str, ...]:
    stamped = issubclass(model, Recorded | Identity)
    return ("ledger_update", "ledger_delete", "ledger_truncate", "ledger_stamp" if stamped else "ledger_part")


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"('{one}', '{other}')" for one, other in pairs)
