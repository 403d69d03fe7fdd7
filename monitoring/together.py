"""Several querysets asked in one statement: what a page shows of one thing is one look at the record.

Each is answered with its own rows, as if it had been asked alone: with what was selected along with them, annotated or
narrowed to values. They were all true at the same instant, and the database is asked once, however many tables there
are. A part of its rows (`prefetch_related`) is a queryset of its own here, given to the rows it belongs to by `give`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from django.db import models

    from monitoring.row_context import Ask

# How a value comes out of JSON as PostgreSQL would have sent it; what is not named here comes as it is.
_CAME: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
    "JSONField": json.dumps,  # which Django reads
    "BinaryField": lambda told: bytes.fromhex(told.removeprefix("\\x")),
}
_NOT_WHOLE = {"DecimalField", "DurationField"}


class Together:
    """Querysets by name, and the one statement that asks them all."""

    def __init__(self, **querysets: models.QuerySet) -> None:
        self._querysets = querysets
        self._compilers: dict[str, Any] = {}
        parts, self._parameters = [], []
        for name, queryset in querysets.items():
            compiler = queryset.query.get_compiler(using=connection.alias)
            try:
                statement, parameters = compiler.as_sql()
            except EmptyResultSet:  # nobody need be asked
                continue
            names = [f"c{number}" for number in range(len(compiler.select))]
            shapes = [_is_shape(expression.output_field) for expression, *_rest in compiler.select]
            told = ", ".join(f"{name}::text" if shape else name for name, shape in zip(names, shapes, strict=True))
            parts.append(
                f"(select coalesce(json_agg(to_json(told)), '[]')::text from "
                f"(select {told} from ({statement}) one({', '.join(names)})) told({', '.join(names)}))"
            )
            self._parameters += parameters
            self._compilers[name] = compiler
        self._statement = "select " + (", ".join(parts) or "true")

    @property
    def ask(self) -> Ask:
        """The statement with its parameters; its one row is what `read` takes."""
        return self._statement, self._parameters

    def read(self, row: tuple[str, ...]) -> dict[str, list[Any]]:
        """The rows of each queryset by its name, in its order."""
        told = dict(zip(self._compilers, row, strict=False))
        return {name: self._rows(name, json.loads(told.get(name, "[]"))) for name in self._querysets}

    def _rows(self, name: str, told: list[dict[str, Any]]) -> list[Any]:
        """Let Django make of the values what it makes of those that it fetched itself."""
        if not told:
            return []
        compiler = self._compilers[name]
        came = [_came(expression.output_field) for expression, *_rest in compiler.select]
        values = [
            tuple(
                value if value is None or make is None else make(value)
                for value, make in zip(one.values(), came, strict=True)
            )
            for one in told
        ]
        filled = self._querysets[name].all()
        compiler.execute_sql = lambda *_asked, **_named: [values]
        filled.query.get_compiler = lambda *_asked, **_named: compiler  # type: ignore[method-assign]
        return list(filled)


def together(**querysets: models.QuerySet) -> dict[str, list[Any]]:
    """Ask them in one statement; return the rows of each by its name."""
    asked = Together(**querysets)
    with connection.cursor() as cursor:
        cursor.execute(*asked.ask)
        return asked.read(cursor.fetchone())


def give(rows: Iterable[models.Model], name: str, parts: Iterable[models.Model]) -> None:
    """Let `row.<name>.all()` be those of `parts` that belong to it, in their order, without another question."""
    rows = list(rows)
    if not rows:
        return
    belongs: Any = rows[0]._meta.get_field(name)
    of: dict[int, list[models.Model]] = defaultdict(list)
    for part in parts:
        of[getattr(part, belongs.field.attname)].append(part)
    for row in rows:
        held = getattr(row, name).all()
        held._result_cache, held._prefetch_done = of[row.pk], True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held


def _came(field: Any) -> Callable[[Any], Any] | None:
    """What makes of a value in JSON what the database would have sent for `field`."""
    if getattr(field, "base_field", None) is not None:
        make = _came(field.base_field)
        return make and (lambda told: [one if one is None else make(one) for one in told])
    if _is_shape(field):
        return lambda told: told.removeprefix("\\x")  # hexadecimal, which Django reads
    kind = field.get_internal_type()
    if kind in _NOT_WHOLE:
        raise TypeError(f"JSON does not carry a {kind} whole: ask it apart.")
    return _CAME.get(kind)


def _is_shape(field: Any) -> bool:
    """Whether it holds geometry: as JSON it would be GeoJSON, and no more what it was."""
    return getattr(field, "geom_type", None) is not None
