"""What teams filed of their own work: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Role
from monitoring.admin import ReadOnlyAdmin
from violations.admin.lists import LookedAt, by_the_clocks_of, with_zone
from violations.admin.returns import PartOfReturn
from violations.models import MovementRestriction, Patrol, PatrolStretch, WatchObservation


class Stretches(PartOfReturn):
    """Where the team was."""

    model = PatrolStretch


class Log(PartOfReturn):
    """What was seen and heard on watch."""

    model = WatchObservation


class EffortAdmin(LookedAt, ReadOnlyAdmin):
    """What a team filed of its work, by the truce's clocks."""

    readers = (Role.MODERATOR, Role.AUDITOR)
    list_display_links = ("started",)
    ordering = ("-started_at", "pk")
    exclude = ("filing_key", "recorded_at", "superseded_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the zone of each truce."""
        return with_zone(super().get_queryset(request))

    @admin.display(description=gettext_lazy("from"), ordering="started_at")
    def started(self, row: Any) -> str:
        """When it began."""
        return by_the_clocks_of(row, row.started_at)

    @admin.display(description=gettext_lazy("until"), ordering="ended_at")
    def ended(self, row: Any) -> str:
        """When it ended."""
        return by_the_clocks_of(row, row.ended_at)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Every column but the key of the filing and its instant, by which the audit would say whose it is."""
        return [name for name in super().get_readonly_fields(request, obj) if name not in self.exclude]


class PatrolAdmin(EffortAdmin):
    """Hours of observation."""

    list_display = ("started", "ended", "team", "kind", "holds")
    list_select_related = ("team",)
    list_filter = ("kind",)
    inlines = (Stretches, Log)

    def subtitle(self, row: Patrol) -> str:
        """Its team and when it began."""
        return f"{row.team}, {row.started_at:%Y-%m-%d}"


class MovementRestrictionAdmin(EffortAdmin):
    """Where teams were kept from going."""

    list_display = ("started", "team", "kind", "area", "by_as_written", "holds")
    list_select_related = ("team", "area")
    list_filter = ("kind", ("area", admin.RelatedOnlyFieldListFilter))

    def subtitle(self, row: MovementRestriction) -> str:
        """Its team and when it began."""
        return f"{row.team}, {row.started_at:%Y-%m-%d}"
