"""Which sealed sources were opened and which words erased, by whom and why: for auditors, and who asks for erasure."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from monitoring import accreditation
from monitoring.admin import ReadOnlyAdmin
from violations.admin import words
from violations.admin.lists import LookedAt, by_the_clocks_of, with_zone
from violations.models import Redaction

Role = accreditation.Role


class OfReport(LookedAt, ReadOnlyAdmin):
    """What was done to a report's words or source."""

    list_display_links = ("reference",)
    ordering = ("-recorded_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the zone of each truce."""
        return with_zone(super().get_queryset(request))

    @admin.display(description=gettext_lazy("when"), ordering="recorded_at")
    def recorded(self, row: Any) -> str:
        """When it was done or proposed, by the truce's clocks."""
        return by_the_clocks_of(row, row.recorded_at)

    @admin.display(description=gettext_lazy("report"))
    def reference(self, row: Any) -> str:
        """The short reference of the report."""
        return words.reference(row.report.public_id)

    def subtitle(self, row: Any) -> str:
        """The short reference of the report."""
        return words.reference(row.report.public_id)


class SourceOpeningAdmin(OfReport):
    """Who opened a sealed source, on what grounds."""

    readers = (Role.AUDITOR,)
    list_display = ("reference", "recorded", "by", "reason", "grounds")
    list_select_related = ("report", "by")


class RedactionAdmin(OfReport):
    """What was erased on request, or is proposed to be."""

    readers = (Role.AUDITOR, Role.OPERATOR, Role.MODERATOR)
    list_display = ("reference", "recorded", "parts", "reason", "proposed_by", "seconded_by", "seconded")
    list_select_related = ("report", "proposed_by", "seconded_by")

    @admin.display(description=gettext_lazy("what"))
    def parts(self, row: Redaction) -> str:
        """What is erased, or is proposed to be, in words."""
        return ", ".join(str(Redaction.Part(part).label) for part in row.erased)

    @admin.display(description=gettext_lazy("seconded"), ordering="seconded_at", empty_value="–")
    def seconded(self, row: Redaction) -> str:
        """When it was agreed to and done, by the truce's clocks."""
        return by_the_clocks_of(row, row.seconded_at) if row.seconded_at else ""
