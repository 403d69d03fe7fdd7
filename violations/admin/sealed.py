"""Which sealed sources were opened and which words erased, by whom and why: for auditors, and who asks for erasure."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy

from monitoring import accreditation
from monitoring.admin import ReadOnlyAdmin
from violations.admin import words
from violations.admin.lists import LookedAt

Role = accreditation.Role


class OfReport(LookedAt, ReadOnlyAdmin):
    """What was done to a report's words or source."""

    list_display_links = ("reference",)
    ordering = ("-recorded_at", "-pk")

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
    list_display = ("reference", "recorded_at", "by", "reason", "grounds")
    list_select_related = ("report", "by")


class RedactionAdmin(OfReport):
    """What was erased on request, or is proposed to be."""

    readers = (Role.AUDITOR, Role.OPERATOR, Role.MODERATOR)
    list_display = ("reference", "recorded_at", "erased", "reason", "proposed_by", "seconded_by", "seconded_at")
    list_select_related = ("report", "proposed_by", "seconded_by")
