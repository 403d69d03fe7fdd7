"""Daily returns as recorded: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Role
from monitoring.admin import ReadOnly, ReadOnlyAdmin
from monitoring.english_order import by_english_name
from monitoring.models import User
from violations.admin import words
from violations.admin.lists import LookedAt, unbroken
from violations.models import DailyReturn, ReturnLine, ReturnSource
from violations.return_corrections import corrections_of


class PartOfReturn(ReadOnly, admin.TabularInline):
    """Rows that belong to a return, looked at with it."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees the return sees what belongs to it."""
        return True


class Lines(PartOfReturn):
    """By area."""

    model = ReturnLine


class Sources(PartOfReturn):
    """Where it was read."""

    model = ReturnSource


class DailyReturnAdmin(LookedAt, ReadOnlyAdmin):
    """What each side announced, as it was told."""

    readers = (Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
    list_display = ("date", "owner", "teller", "total", "headline_total", "breakdown", "variant", "holds")
    list_display_links = ("date",)
    list_select_related = ("owner", "teller")
    list_filter = (
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("teller", admin.RelatedOnlyFieldListFilter),
        "breakdown",
    )
    ordering = ("-bears_date", *by_english_name("owner__"), "variant")
    inlines = (Lines, Sources)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Whom a guarantor sent sees what another told once the day is due, as in every other place."""
        rows = super().get_queryset(request)
        if not isinstance(request.user, User):
            return rows
        return rows.filter(pk__in=DailyReturn.objects.visible_to(request.user).values("pk"))

    def subtitle(self, row: DailyReturn) -> str:
        """Its day, whose it is, and whether the owner acknowledged what another told."""
        named = f"{words.day(row.bears_date)}, {row.owner}"
        known = DailyReturn.objects.with_acknowledgement().get(pk=row.pk)
        if row.acknowledged or known.acknowledged_since:
            named = _("%(named)s, acknowledged by the owner") % {"named": named}
        correction = corrections_of([str(row.public_id)]).get(str(row.public_id))
        if correction is not None:
            told = {"named": named, "total": correction.before.total}
            named = _("%(named)s, a correction (total before: %(total)s)") % told
        return named

    @admin.display(description=gettext_lazy("bears date"), ordering="bears_date")
    def date(self, row: DailyReturn) -> str:
        """The date that it bears."""
        return unbroken(words.day(row.bears_date))
