"""Intervals of the world's time inside a mechanism version, and the constraint that they do not overlap."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import F, Func


class TsTzRange(Func):
    """The half-open range [valid_from, valid_until), null ends open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def no_overlap(name: str, *same: str) -> ExclusionConstraint:
    """Refuse two rows equal in the columns `same` whose [valid_from, valid_until) overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (TsTzRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
            *((F(column), RangeOperators.EQUAL) for column in same),
        ],
    )
