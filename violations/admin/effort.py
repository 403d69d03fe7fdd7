"""What teams filed of their own work: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from monitoring.accreditation import Role
from monitoring.admin import ReadOnlyAdmin
from violations.admin.lists import LookedAt
from violations.admin.returns import PartOfReturn
from violations.models import MovementRestriction, Patrol, PatrolStretch, WatchObservation


class Stretches(PartOfReturn):
    """Where the team was."""

    model = PatrolStretch


class Log(PartOfReturn):
    """What was seen and heard on watch."""

    model = WatchObservation


class PatrolAdmin(LookedAt, ReadOnlyAdmin):
    """Hours of observation."""

    readers = (Role.MODERATOR, Role.AUDITOR)
    list_display = ("started_at", "ended_at", "team", "kind", "holds")
    list_display_links = ("started_at",)
    list_select_related = ("team",)
    list_filter = ("kind",)
    ordering = ("-started_at", "pk")
    exclude = ("filing_key",)
    inlines = (Stretches, Log)

    def subtitle(self, row: Patrol) -> str:
        """Its team and when it began."""
        return f"{row.team}, {row.started_at:%Y-%m-%d}"

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Every column but the key of the filing."""
        return [name for name in super().get_readonly_fields(request, obj) if name != "filing_key"]


class MovementRestrictionAdmin(LookedAt, ReadOnlyAdmin):
    """Where teams were kept from going."""

    readers = (Role.MODERATOR, Role.AUDITOR)
    list_display = ("started_at", "team", "kind", "area", "by_as_written", "holds")
    list_display_links = ("started_at",)
    list_select_related = ("team", "area")
    list_filter = ("kind", ("area", admin.RelatedOnlyFieldListFilter))
    ordering = ("-started_at", "pk")
    exclude = ("filing_key",)

    def subtitle(self, row: MovementRestriction) -> str:
        """Its team and when it began."""
        return f"{row.team}, {row.started_at:%Y-%m-%d}"

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Every column but the key of the filing."""
        return [name for name in super().get_readonly_fields(request, obj) if name != "filing_key"]
