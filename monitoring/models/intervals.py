"""Intervals of the world's time: half-open, [valid_from, valid_until), a null end open. The rule, told once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import F, Func, Q


class TsTzRange(Func):
    """The half-open range [valid_from, valid_until), null ends open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def holds(instant: datetime) -> Q:
    """The condition that the row's interval holds `instant`."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=instant)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gt=instant)
    )


def holds_sql(row: str, instant: str) -> str:
    """SQL: the interval of `row` holds the expression `instant`."""
    return (
        f"({row}.valid_from is null or {row}.valid_from <= {instant})"
        f" and ({row}.valid_until is null or {row}.valid_until > {instant})"
    )


def overlaps_sql(row: str, start: str, end: str) -> str:
    """SQL: the interval of `row` has an instant in common with [start, end)."""
    return (
        f"({row}.valid_from is null or {row}.valid_from < {end})"
        f" and ({row}.valid_until is null or {row}.valid_until > {start})"
    )


def no_overlap(name: str, *same: str) -> ExclusionConstraint:
    """Refuse two rows equal in the columns `same` whose [valid_from, valid_until) overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (TsTzRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
            *((F(column), RangeOperators.EQUAL) for column in same),
        ],
    )
