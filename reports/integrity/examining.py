"""Asking every invariant, each by its number: what keeps the record first, then the record, room by room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Broken, Invariant, examine, mechanism, notices, tables
from reports import choices_seen
from reports.closings.preparing import preparing
from reports.integrity import agreed, choices, closings, columns, restorations
from violations import integrity as violations
from violations import replies_seen, sealing
from violations.integrity.sealed import nowhere_else

ROOMS = ("monitoring", "violations", "reports")
NOT_OF_THE_RECORD = {"user", "user_groups", "user_user_permissions", "devicetoken"}


def record() -> list[Any]:
    """Every table of the record, as its model."""
    return [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.model_name not in NOT_OF_THE_RECORD
    ]


@contextmanager
def _all_rows() -> Iterator[None]:
    """Let every row be seen, sealed or not released: what is asked is whether it is there."""
    with sealing.counting(), preparing(), replies_seen.reading_all(), choices_seen.reading_all():
        yield


TABLES = (
    Invariant(
        "constraints",
        _("Every constraint, unique key and reference of the record stands in the database and is valid"),
        lambda: tables.constraints(record()),
    ),
    Invariant(
        "guards",
        _("What PostgreSQL refuses on the record, it refuses still, to the application too"),
        lambda: tables.guards(record(), changeable=closings.CHANGEABLE, more=closings.GUARDS),
    ),
    Invariant(
        "references", _("Every row that is pointed at is there"), lambda: tables.references(record()), within=_all_rows
    ),
    Invariant(
        "stamps",
        _("Every row was closed after it was recorded, and none at a time to come"),
        lambda: tables.stamps(record()),
        within=_all_rows,
    ),
    Invariant(
        "one_agreement",
        _("What belongs to an agreement points at nothing of another"),
        lambda: tables.one_agreement(record()),
        within=_all_rows,
    ),
    Invariant(
        "sealed_nowhere_else",
        _("Nothing of a sealed source, and no filer's tag, stands in another table"),
        nowhere_else,
        within=_all_rows,
    ),
)

INVARIANTS: tuple[Invariant, ...] = (
    *TABLES,
    *mechanism.INVARIANTS,
    *notices.INVARIANTS,
    *violations.INVARIANTS,
    *columns.INVARIANTS,
    *closings.INVARIANTS,
    *restorations.INVARIANTS,
    *agreed.INVARIANTS,
    *choices.INVARIANTS,
)


@dataclass(frozen=True)
class Result:
    """What came of asking one invariant."""

    number: int
    invariant: Invariant
    broken: Broken


def examine_all(
    *, names: Collection[str] = (), tell: Callable[[int, Invariant], None] = lambda _number, _invariant: None
) -> Iterator[Result]:
    """Ask the invariants called `names`, or all, one after the other; `tell` is called before each."""
    for number, invariant in enumerate(INVARIANTS, start=1):
        if not names or invariant.name in names:
            tell(number, invariant)
            yield Result(number, invariant, examine(invariant))
