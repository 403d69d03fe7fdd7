"""The shapes that every table of the record takes: added to, and at most closed once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.querysets import ClosableQuerySet, RecordQuerySet


class Recorded(models.Model):
    """A row of the record: never changed, never deleted. `recorded_at` is the ledger's time (monitoring.ledger)."""

    recorded_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True


class Closable(Recorded):
    """A row that holds over [recorded_at, superseded_at). Closing it is the only thing that ever happens to it."""

    superseded_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ClosableQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                name="%(app_label)s_%(class)s_superseded_after_recorded",
            )
        ]


class Identity(models.Model):
    """A thing with a stable code that facts point at. Never deleted; only its names may be told better."""

    code = models.SlugField(max_length=80, editable=False)
    names = models.JSONField(default=dict, help_text="Names by language code; English ('en') is always there.")
    recorded_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The English name, or the code where none is given."""
        return self.names.get("en") or self.code

    def name_in(self, language: str) -> str:
        """The name in `language` (two letters), else the English one."""
        return self.names.get(language) or self.name
