"""Figures of third parties as recorded: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Role
from monitoring.admin import ReadOnlyAdmin
from violations.admin import words
from violations.admin.lists import LookedAt, unbroken
from violations.models import ThirdPartyFigure


class ThirdPartyFigureAdmin(LookedAt, ReadOnlyAdmin):
    """What others counted by definitions of their own: beside, in no total."""

    readers = (Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
    list_display = (
        "until",
        "publisher",
        "span_as_written",
        "breakdown",
        "category",
        "number",
        "contested",
        "holds",
    )
    list_display_links = ("until",)
    list_filter = ("publisher", "counted", "contested")
    ordering = ("-counts_until", "publisher", "url", "counted", "breakdown", "-number")

    def subtitle(self, row: ThirdPartyFigure) -> str:
        """Its date and whose it is."""
        return f"{words.day(row.counts_until)}, {row.publisher}"

    @admin.display(description=gettext_lazy("counts until"), ordering="counts_until")
    def until(self, row: ThirdPartyFigure) -> str:
        """As of which date."""
        return unbroken(words.day(row.counts_until))
