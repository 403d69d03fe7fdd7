"""Daily returns as recorded: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Role
from monitoring.admin import ReadOnly, ReadOnlyAdmin
from violations.admin.lists import Listed
from violations.models import DailyReturn, ReturnLine, ReturnSource


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


class DailyReturnAdmin(Listed, ReadOnlyAdmin):
    """What each side announced, as it was told."""

    readers = (Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
    list_display = ("bears_date", "owner", "teller", "total", "headline_total", "breakdown", "variant", "holds")
    list_display_links = ("bears_date",)
    list_select_related = ("owner", "teller")
    list_filter = (
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("teller", admin.RelatedOnlyFieldListFilter),
        "breakdown",
    )
    ordering = ("-bears_date", "owner__code", "variant")
    inlines = (Lines, Sources)

    def get_urls(self) -> list[URLPattern]:
        """The list and the page of a return; nothing else is served."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="violations_dailyreturn_changelist"),
            path("<uuid:object_id>/", view(self.change_view), name="violations_dailyreturn_change"),
        ]

    def get_object(self, request: HttpRequest, object_id: Any, from_field: str | None = None) -> Any:
        """A return by its public id."""
        return super().get_object(request, object_id, "public_id")

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One return, named by its day and whose it is."""
        found = self.get_object(request, str(object_id))
        if found is None:
            raise Http404
        named = {"subtitle": f"{found.bears_date}, {found.owner}"}
        return super().change_view(request, str(object_id), form_url, {**named, **(extra_context or {})})

    @admin.display(description=gettext_lazy("holds"))
    def holds(self, row: DailyReturn) -> str:
        """Whether it is open."""
        return _("yes") if row.superseded_at is None else _("no longer")
