"""Figures of third parties as recorded: looked at by staff of the agreement, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Role
from monitoring.admin import ReadOnlyAdmin
from violations.admin.lists import Listed
from violations.models import ThirdPartyFigure


class ThirdPartyFigureAdmin(Listed, ReadOnlyAdmin):
    """What others counted by definitions of their own: beside, in no total."""

    readers = (Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
    list_display = (
        "counts_until",
        "publisher",
        "span_as_written",
        "breakdown",
        "category",
        "number",
        "contested",
        "holds",
    )
    list_display_links = ("counts_until",)
    list_filter = ("publisher", "counted", "contested")
    ordering = ("-counts_until", "publisher", "url", "counted", "breakdown", "-number")

    def get_urls(self) -> list[URLPattern]:
        """The list and the page of a figure; nothing else is served."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="violations_thirdpartyfigure_changelist"),
            path("<uuid:object_id>/", view(self.change_view), name="violations_thirdpartyfigure_change"),
        ]

    def get_object(self, request: HttpRequest, object_id: Any, from_field: str | None = None) -> Any:
        """A figure by its public id."""
        return super().get_object(request, object_id, "public_id")

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One figure, named by its date and whose it is."""
        found = self.get_object(request, str(object_id))
        if found is None:
            raise Http404
        named = {"subtitle": f"{found.counts_until}, {found.publisher}"}
        return super().change_view(request, str(object_id), form_url, {**named, **(extra_context or {})})

    @admin.display(description=gettext_lazy("holds"))
    def holds(self, row: ThirdPartyFigure) -> str:
        """Whether it is open."""
        return _("yes") if row.superseded_at is None else _("no longer")
