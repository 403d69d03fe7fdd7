"""Lists of the record that count nothing big, tell times by the truce's clocks and lead to pages by public id."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from monitoring.models import MechanismVersion

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


def with_zone(rows: Any) -> Any:
    """Annotate `time_zone`: that of the truce of each row, by the version in force."""
    versions = MechanismVersion.objects.open().filter(agreement=OuterRef("agreement"))
    return rows.annotate(time_zone=Subquery(versions.values("time_zone")[:1]))


def by_the_clocks_of(row: Any, at: datetime) -> str:
    """An instant by the truce's clocks, with its offset: a list may hold several truces."""
    local = at.astimezone(ZoneInfo(row.time_zone))
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]}".replace(" -", " −")
