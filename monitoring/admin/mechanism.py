"""The mechanism as staff look at it: truces, every version whole, boundary sets, the audit.

Nothing is added, changed or deleted here: a mechanism file is loaded, and verbs write the rest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from monitoring import accreditation
from monitoring.admission import admission_on
from monitoring.audit_pages import AuditPages
from monitoring.models import (
    Adherence,
    Agreement,
    AreaAlias,
    AuditEntry,
    BoundarySet,
    GuarantorTerm,
    InstrumentTerms,
    MechanismVersion,
    ObserverTerm,
    PartyAlias,
    PartyTerms,
    ProvisionTerms,
    Reservation,
    TeamTerms,
    Undertaking,
    ZoneLine,
)

Role = accreditation.Role
# How a filter of a list asks: for a value of a column, for the row it points at, for none, for a stretch of time.
ASKED = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


class ReadOnly:
    """What adds, changes and deletes nothing, for table pages and the lists inside them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A table of the record: read by those who hold one of `readers` in the agreement that a row belongs to.

    `agreement_path` leads from a row to its agreement. A superuser looks at all of the mechanism, and at nothing
    that was told within one (`to_superusers`). A row that is not theirs is a 404.
    """

    actions = None
    agreement_path = "agreement"
    readers: tuple[str, ...] = (Role.OPERATOR, Role.AUDITOR)
    to_superusers = True

    def _held(self, request: HttpRequest) -> models.QuerySet:
        return accreditation.held_by(request.user, *self.readers)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person reads any row of it."""
        if not request.user.is_active:
            return False
        return self._to_superuser(request) or not admission_on(request).roles.isdisjoint(self.readers)

    def _to_superuser(self, request: HttpRequest) -> bool:
        return self.to_superusers and bool(getattr(request.user, "is_superuser", False))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The rows that are the person's to read."""
        rows = super().get_queryset(request)
        if self._to_superuser(request):
            return rows
        return rows.filter(**{f"{self.agreement_path}__in": self._held(request).values("agreement")})

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether the list may be narrowed so: as its filters offer it, and by nothing else.

        Django lets every column be asked, and whoever may not read one could ask for it sign by sign.
        """
        filters = self.list_filter if request is None else self.get_list_filter(request)
        columns = [str(one[0] if isinstance(one, tuple) else one) for one in filters if isinstance(one, str | tuple)]
        values = value if isinstance(value, list | tuple) else [value]
        return lookup in {column + asked for column in columns for asked in ASKED} and "\0" not in "".join(
            map(str, values)
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of that id. Not there, or not theirs to know: 404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404(_("There is no such page, or it is not yours to see."))
        request._opened = found  # type: ignore[attr-defined]
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column; of a geometry its extent, for a page of coordinates tells nobody anything."""
        return _shown(self.opts.model, of_version=self.opts.model is MechanismVersion)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same, in the order of the table."""
        return self.get_readonly_fields(request, obj)


class OfVersionInline(ReadOnly, admin.TabularInline):
    """The rows of one table that a version states."""

    extra = 0
    can_delete = False
    show_change_link = False
    fk_name = "version"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees the version sees what it states."""
        return True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """All rows, with the names of what they point at."""
        keys = [field.name for field in self.opts.fields if field.is_relation]
        return super().get_queryset(request).select_related(*keys).prefetch_related(*self._many()).order_by("pk")

    def _many(self) -> list[str]:
        return [field.name for field in self.opts.many_to_many]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column but the version itself."""
        return [name for name in [*_shown(self.model, of_version=True), *self._many()] if name != "version"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same."""
        return self.get_readonly_fields(request, obj)

    @admin.display(description=gettext_lazy("drawing"))
    def boundary_extent(self, row: ZoneLine) -> str:
        """Say how large the drawing is."""
        return extent(row.boundary)

    @admin.display(description=gettext_lazy("from"))
    def valid_from_there(self, row: Any) -> str:
        """Since when it holds, by the clocks of the truce."""
        return there(row.valid_from, row.version)

    @admin.display(description=gettext_lazy("until"))
    def valid_until_there(self, row: Any) -> str:
        """Until when it holds, by the clocks of the truce."""
        return there(row.valid_until, row.version)

    @admin.display(description=gettext_lazy("text"))
    def text_told(self, row: Any) -> str:
        """The text in the reader's language."""
        return told(row.text)

    @admin.display(description=gettext_lazy("note"))
    def note_told(self, row: Any) -> str:
        """The note, in the reader's language where it has several."""
        return told(row.note)


# The world's time is shown by the truce's clocks, texts in the reader's language, geometries by their extent.
SHOWN_AS = {
    "valid_from": "valid_from_there",
    "valid_until": "valid_until_there",
    "in_force_from": "in_force_from_there",
    "in_force_until": "in_force_until_there",
    "text": "text_told",
    "note": "note_told",
}


def _shown(model: type[models.Model], *, of_version: bool) -> list[str]:
    """Return the columns of `model` to show."""
    names = [
        f"{field.name}_extent" if isinstance(field, GeometryField) else field.name
        for field in model._meta.fields
        if not field.primary_key
    ]
    return [SHOWN_AS.get(name, name) for name in names] if of_version else names


def there(instant: datetime | None, version: MechanismVersion) -> str:
    """Say an instant by the clocks of the truce, with their offset."""
    return instant.astimezone(ZoneInfo(version.time_zone)).isoformat(" ", "minutes") if instant else "–"


def told(text: dict[str, str] | str) -> str:
    """Return a text in the reader's language, else in English."""
    return text if isinstance(text, str) else text.get(get_language() or "en") or text.get("en", "")


def extent(shape: GEOSGeometry | None) -> str:
    """Say where a shape lies, in degrees, and of how many points it is drawn."""
    if shape is None:
        return _("not bounded")
    west, south, east, north = shape.extent
    points = ngettext("%(count)d point", "%(count)d points", shape.num_coords) % {"count": shape.num_coords}
    return format_html("{:.2f} to {:.2f} E, {:.2f} to {:.2f} N; {}", west, east, south, north, points)


def _stated(model: type[models.Model], title: Any) -> type[OfVersionInline]:
    """Return the list of `model` inside a version's page."""
    return type(f"{model.__name__}Inline", (OfVersionInline,), {"model": model, "verbose_name_plural": title})


STATED: list[type[admin.options.InlineModelAdmin]] = [
    _stated(InstrumentTerms, gettext_lazy("instruments")),
    _stated(ProvisionTerms, gettext_lazy("provisions")),
    _stated(GuarantorTerm, gettext_lazy("guarantors' terms")),
    _stated(Undertaking, gettext_lazy("undertakings")),
    _stated(ObserverTerm, gettext_lazy("observers' terms")),
    _stated(PartyTerms, gettext_lazy("parties")),
    _stated(Adherence, gettext_lazy("adherence")),
    _stated(Reservation, gettext_lazy("reservations")),
    _stated(ZoneLine, gettext_lazy("zones and their lines")),
    _stated(TeamTerms, gettext_lazy("teams")),
    _stated(PartyAlias, gettext_lazy("names of parties in sources")),
    _stated(AreaAlias, gettext_lazy("names of areas in sources")),
]


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    """Truces, each with the version of its mechanism that holds."""

    agreement_path = "pk"
    readers = (Role.OPERATOR, Role.AUDITOR, Role.MODERATOR)
    list_display = ("code", "name", "simulated")


@admin.register(MechanismVersion)
class MechanismVersionAdmin(ReadOnlyAdmin):
    """A version of a truce's mechanism, with everything that it states."""

    readers = (Role.OPERATOR, Role.AUDITOR, Role.MODERATOR)
    list_display = ("agreement", "number", "recorded_at", "superseded_at", "short_hash")
    list_select_related = ("agreement",)
    list_display_links = ("number",)
    ordering = ("agreement__code", "-number")
    inlines = STATED

    @admin.display(description=gettext_lazy("content"))
    def short_hash(self, version: MechanismVersion) -> str:
        """The first digits of the hash of its file."""
        return version.file_sha256[:12]

    @admin.display(description=gettext_lazy("in force from"))
    def in_force_from_there(self, version: MechanismVersion) -> str:
        """The truce's first instant, by its own clocks."""
        return there(version.in_force_from, version)

    @admin.display(description=gettext_lazy("in force until"))
    def in_force_until_there(self, version: MechanismVersion) -> str:
        """The first instant after it."""
        return there(version.in_force_until, version)

    @admin.display(description=gettext_lazy("scope area"))
    def scope_area_extent(self, version: MechanismVersion) -> str:
        """Say where the truce applies."""
        return extent(version.scope_area)


@admin.register(BoundarySet)
class BoundarySetAdmin(ReadOnlyAdmin):
    """Shapes of areas, by level and source, with what had to be mended."""

    readers = (Role.OPERATOR, Role.AUDITOR, Role.MODERATOR)
    list_display = ("agreement", "level", "source", "valid_on", "recorded_at", "superseded_at")
    list_select_related = ("agreement",)
    list_display_links = ("level",)
    ordering = ("agreement__code", "level", "-recorded_at")


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditPages, ReadOnlyAdmin):
    """What was done, refused, looked at and taken away: for auditors."""

    readers = (Role.AUDITOR,)
