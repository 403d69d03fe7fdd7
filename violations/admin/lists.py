"""Lists of the record that count nothing big, tell times by the truce's clocks and lead to pages by public id."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import MechanismVersion
from violations.admin import words
from violations.models import Assessment

MOST_LISTED = 5000


class Capped(Paginator):
    """Pages of at most MOST_LISTED rows: nobody turns more, and nothing big is counted."""

    @cached_property
    def count(self) -> int:
        """How many rows are listed."""
        return len(self.object_list.order_by().values_list("pk")[:MOST_LISTED])  # type: ignore[attr-defined]


class ByPublicId(ChangeList):
    """A list whose rows lead to pages by public id: keys of the database leave it nowhere."""

    def url_for_result(self, result: Any) -> str:
        """The page of a row."""
        return reverse(f"admin:violations_{self.opts.model_name}_change", args=[result.public_id])


class Listed:
    """A list of rows that have a public id and an agreement."""

    list_per_page = 25
    list_max_show_all = 25
    paginator: Any = Capped
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Rows lead to pages by public id."""
        return ByPublicId

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, called what it lists."""
        title = self.opts.verbose_name_plural.capitalize()  # type: ignore[attr-defined]
        return super().changelist_view(request, {"title": title, **(extra_context or {})})  # type: ignore[misc]


class LookedAt(Listed):
    """A list and the page of each of its rows, by public id; nothing else is served. `subtitle` names a row.

    Accreditation alone opens it: what was told within a truce is not a superuser's to read.
    """

    to_superusers = False

    def subtitle(self, row: Any) -> str:
        """What the page of a row is called."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        """The list and the page of a row."""
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        name = f"violations_{self.opts.model_name}"  # type: ignore[attr-defined]
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("<uuid:object_id>/", view(self.change_view), name=f"{name}_change"),
        ]

    def get_object(self, request: HttpRequest, object_id: Any, from_field: str | None = None) -> Any:
        """A row by its public id."""
        return super().get_object(request, object_id, "public_id")  # type: ignore[misc]

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One row, under its name."""
        found = self.get_object(request, str(object_id))
        if found is None:
            raise Http404
        named = {"subtitle": self.subtitle(found)}
        return super().change_view(request, str(object_id), form_url, {**named, **(extra_context or {})})  # type: ignore[misc]

    @admin.display(description=gettext_lazy("holds"))
    def holds(self, row: Any) -> str:
        """Whether it is open."""
        return _("yes") if row.superseded_at is None else _("no longer")


def with_zone(rows: Any) -> Any:
    """Annotate `time_zone`: that of the truce of each row, by the version in force."""
    versions = MechanismVersion.objects.open().filter(agreement=OuterRef("agreement"))
    return rows.annotate(time_zone=Subquery(versions.values("time_zone")[:1]))


def with_incident(rows: Any) -> Any:
    """Annotate `assessed`: what the system makes of the incident of each row, or made last, as far as lists show it."""
    assessed = Assessment.objects.filter(incident=OuterRef("incident")).order_by("-recorded_at")
    shown = JSONObject(
        occurred_from="occurred_from",
        occurred_until="occurred_until",
        time_precision="time_precision",
        act="act",
        place="lead_report__place_as_written",
    )
    return rows.annotate(assessed=Subquery(assessed.values(shown=shown)[:1]))


def happened(row: Any, assessed: dict[str, Any]) -> str:
    """When an incident happened, no finer than it is known, by the truce's clocks."""
    start, end = (datetime.fromisoformat(assessed[name]) for name in ("occurred_from", "occurred_until"))
    return unbroken(words.occurred(start, end, assessed["time_precision"], ZoneInfo(row.time_zone), offset=True))


def by_the_clocks_of(row: Any, at: datetime) -> str:
    """An instant by the truce's clocks, with its offset: a list may hold several truces."""
    return unbroken(words.instant_with_offset(at, ZoneInfo(row.time_zone)))


def in_lines(first: str, *others: str) -> SafeString:
    """A cell that says several things, a line each; those after the first are less prominent, and may be empty."""
    return each_in_a_line(first) + format_html_join(
        "", '<span class="cell-line quiet">{}</span>', ((other,) for other in others if other)
    )


def each_in_a_line(*said: str) -> SafeString:
    """A cell that says several things of one kind, a line each."""
    return format_html_join("", '<span class="cell-line">{}</span>', ((one,) for one in said))


def unbroken(told: str) -> str:
    """A date or time that a narrow column breaks after its commas alone."""
    return told.replace(" ", "\u00a0").replace(",\u00a0", ", ")
