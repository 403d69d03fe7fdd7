"""The mechanism as staff look at it: truces, every version whole, boundary sets, accreditations, the audit.

Nothing is added, changed or deleted here: a mechanism file is loaded, and verbs write the rest.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring import accreditation
from monitoring.models import (
    Accreditation,
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
    """A table of the record: read by staff who hold one of `readers` in the agreement that a row belongs to.

    `agreement_path` leads from a row to its agreement. A superuser looks at all of the mechanism. A row that is not
    theirs is a 404.
    """

    actions = None
    agreement_path = "agreement"
    readers: tuple[str, ...] = (Role.OPERATOR, Role.AUDITOR)

    def _held(self, request: HttpRequest) -> models.QuerySet:
        return accreditation.held_by(request.user, *self.readers)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person reads any row of it."""
        if not request.user.is_active or not request.user.is_staff:
            return False
        if not hasattr(request, "_reads"):
            request._reads = {}  # type: ignore[attr-defined]
        reads: dict[tuple[str, ...], bool] = request._reads  # type: ignore[attr-defined]
        if self.readers not in reads:
            reads[self.readers] = request.user.is_superuser or self._held(request).exists()
        return reads[self.readers]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The rows that are the person's to read."""
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.agreement_path}__in": self._held(request).values("agreement")})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of that id. Not there, or not theirs to know: 404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404(_("There is no such page, or it is not yours to see."))
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column; of a geometry its extent, for a page of coordinates tells nobody anything."""
        return [*_shown(self.opts.model), *self.readonly_fields]

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
        keys = [field.name for field in self.opts.fields if field.is_relation and field.name != "version"]
        return super().get_queryset(request).select_related(*keys).prefetch_related(*self._many()).order_by("pk")

    def _many(self) -> list[str]:
        return [field.name for field in self.opts.many_to_many]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column but the version itself."""
        return [name for name in [*_shown(self.model), *self._many()] if name != "version"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same."""
        return self.get_readonly_fields(request, obj)

    @admin.display(description=gettext_lazy("drawing"))
    def boundary_extent(self, row: ZoneLine) -> str:
        """Say how large the drawing is."""
        return extent(row.boundary)


def _shown(model: type[models.Model]) -> list[str]:
    """Return the columns of `model` to show; a geometry by its extent."""
    return [
        f"{field.name}_extent" if isinstance(field, GeometryField) else field.name
        for field in model._meta.fields
        if not field.primary_key
    ]


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


@admin.register(Accreditation)
class AccreditationAdmin(ReadOnlyAdmin):
    """Who holds which role, sent by whom: for operators and auditors alone, since it names monitors."""

    list_display = ("user", "agreement", "role", "team", "sent_by_guarantor", "valid_from", "valid_until")
    list_select_related = ("user", "agreement", "team", "sent_by_guarantor")
    list_filter = ("role",)
    ordering = ("agreement__code", "role", "user__username")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """What was done, refused, looked at and taken away."""

    list_display = ("recorded_at", "actor", "action", "outcome", "object_kind", "object_id", "reason")
    list_select_related = ("actor",)
    list_filter = ("outcome",)
    show_full_result_count = False
    ordering = ("-recorded_at", "-pk")
