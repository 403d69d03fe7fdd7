"""What figures are computed from: the record of one agreement as known at a cut-off, over one period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

from monitoring.models import Area
from monitoring.models.intervals import overlaps_sql

if TYPE_CHECKING:
    from monitoring.models import Agreement, MechanismVersion
    from reports.periods import Period

T = TypeVar("T")

# Coarse to fine; a grouping is no level of its own, it only says what a source mixes.
LEVELS = (Area.Level.GOVERNORATE, Area.Level.DISTRICT, Area.Level.SUBDISTRICT)


@dataclass(frozen=True)
class Known:
    """The record of `agreement` as known at `known_at`, over `period`, under the mechanism `version` known then."""

    agreement: Agreement
    version: MechanismVersion
    period: Period
    known_at: datetime
    computed: dict[Callable[[Known], Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, figure: Callable[[Known], T]) -> T:
        """Compute `figure`, or return what it was when it was first asked for."""
        if figure not in self.computed:
            self.computed[figure] = figure(self)
        result: T = self.computed[figure]
        return result

    def parameters(self, **more: Any) -> dict[str, Any]:
        """The parameters that the statements of figures share, by name."""
        return {
            "agreement": self.agreement.pk,
            "version": self.version.pk,
            "from": self.period.starts_at,
            "until": self.period.ends_at,
            "known_at": self.known_at,
            "attribution": self.version.attribution,
            "dates": self.period.dates,
            "days_from": [day.starts_at for day in self.period.days],
            "days_until": [day.ends_at for day in self.period.days],
            **more,
        }

    def rows(self, statement: str, **more: Any) -> list[dict[str, Any]]:
        """Run `statement` and return its rows by column name."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self.parameters(**more))
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def over(self, period: Period) -> Known:
        """The same record, known at the same instant under the same mechanism, over another period."""
        return Known(self.agreement, self.version, period, self.known_at)

    @property
    def levels(self) -> list[str]:
        """The levels of area, coarse to fine, that the agreement has and that may leave to a guarantor."""
        finest = self.version.guarantor_place_level
        allowed = LEVELS[: LEVELS.index(Area.Level(finest)) + 1] if finest in LEVELS else ()
        held = set(
            Area.objects.recorded_by(self.known_at)
            .filter(agreement=self.agreement, level__in=allowed)
            .values_list("level", flat=True)
        )
        return [str(level) for level in allowed if level in held]


def holds_at_cutoff(row: str) -> str:
    """SQL: `row` was recorded at the cut-off and had not been superseded then."""
    return f"{row}.recorded_at <= %(known_at)s and ({row}.superseded_at is null or {row}.superseded_at > %(known_at)s)"


def in_period(row: str) -> str:
    """SQL: the interval of `row` overlaps the period."""
    return overlaps_sql(row, "%(from)s", "%(until)s")
