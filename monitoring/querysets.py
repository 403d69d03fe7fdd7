"""What is asked of the record: the verbs that every table of the ledger shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime

M = TypeVar("M", bound=models.Model)


class RecordQuerySet(models.QuerySet[M]):
    """Rows that are only ever added."""

    def recorded_by(self, instant: datetime) -> Any:
        """Rows that had been recorded at `instant` (inclusive), whether or not they held."""
        return self.filter(recorded_at__lte=instant)

    def until(self, at: datetime | None) -> Any:
        """Rows that had been recorded at `at`; every one there is by now, where that is None."""
        return self.all() if at is None else self.recorded_by(at)


class ClosableQuerySet(RecordQuerySet[M]):
    """Rows that hold from `recorded_at` until `superseded_at`, half-open."""

    def as_known_at(self, instant: datetime) -> Any:
        """Rows that held at `instant`: recorded by then and not yet superseded then."""
        return self.recorded_by(instant).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=instant))

    def open(self) -> Any:
        """Rows that hold now: none has superseded them."""
        return self.filter(superseded_at__isnull=True)

    def holding(self, at: datetime | None) -> Any:
        """Rows that held at `at` as known then; those that hold now, where it is None."""
        return self.open() if at is None else self.as_known_at(at)


class AccreditationQuerySet(ClosableQuerySet[M]):
    """Accreditations."""

    def not_ended(self, at: datetime) -> Any:
        """Those that hold at the world's time `at` or begin later, and were not ended."""
        return self.open().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
