"""Closings and editions as operators look at them: where the work stands and why it failed; never what they say."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from monitoring.admin import ReadOnly, ReadOnlyAdmin
from monitoring.english_order import by_english_name
from monitoring.models import Notice
from reports.choices_page import ChoicesPage
from reports.exports_page import ExportsPage
from reports.figures_page import FiguresPage
from reports.models import Closing, Edition, Rendition
from reports.notices_page import NoticesPage
from reports.operations_page import OperationsPage
from reports.readings_page import ReadingsPage
from reports.release_page import ReleasePage
from reports.renderers import values
from reports.supplements_page import SupplementsPage
from reports.surges_page import SurgesPage
from violations.admin.lists import by_the_clocks_of, in_lines, unbroken, with_zone

# Of few possible comments the hash would tell which they are.
NOT_SHOWN = ("content", "comments_sha256")
# Beside the table of closings: what moderators ask of a period, release and take, and how operators see the work.
PAGES = (
    *(FiguresPage, ReadingsPage, SurgesPage, ChoicesPage, ReleasePage, SupplementsPage, ExportsPage),
    OperationsPage,
)

admin.site.register(Notice, NoticesPage)


def period_name(closing: Closing) -> str:
    """The period as people call it, unbroken: "January 2017", "22 January 2017"."""
    return unbroken(values.period(closing.period))


class EditionInline(ReadOnly, admin.TabularInline):
    """The editions of a closing."""

    model = Edition
    extra = 0
    can_delete = False
    show_change_link = False
    fields = readonly_fields = ("guarantor", "content_sha256", "recorded_at", "released_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees the closing sees for whom it was arranged."""
        return True


class RenditionInline(ReadOnly, admin.TabularInline):
    """The files of an edition; they are fetched by its readers, not here."""

    model = Rendition
    extra = 0
    can_delete = False
    show_change_link = False
    fields = readonly_fields = ("format", "language", "file_name", "size", "sha256", "recorded_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees the edition sees which files it has."""
        return True


class WithoutContent(ReadOnlyAdmin):
    """A table of which neither a content is shown nor the hash of the comments on it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column but those."""
        return [name for name in super().get_readonly_fields(request, obj) if name not in NOT_SHOWN]


@admin.register(Closing)
class ClosingAdmin(WithoutContent):
    """Closings: state, attempts, why the last one failed, whether later records touch them."""

    list_display = ("of_period", "truce", "number", "stands", "cut_off", "touched", "failed")
    list_display_links = ("of_period",)
    list_select_related = ("agreement",)
    list_filter = (("agreement", admin.RelatedOnlyFieldListFilter), "state", "kind")
    ordering = ("-period_from", "agreement__code", "-number")
    inlines = (EditionInline,)

    def get_urls(self) -> list[Any]:
        """The table, and PAGES beside it."""
        asked = (page(Closing, self.admin_site).get_urls() for page in PAGES)
        return [*chain.from_iterable(asked), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the zone that each truce's times stand in."""
        return with_zone(super().get_queryset(request))

    @admin.display(description=_("period"), ordering="period_from")
    def of_period(self, closing: Closing) -> str:
        """The period as people call it, in one line."""
        return period_name(closing)

    @admin.display(description=_("truce"), ordering="agreement__code")
    def truce(self, closing: Closing) -> str:
        """By its code."""
        return closing.agreement.code

    @admin.display(description=_("state"), ordering="state")
    def stands(self, closing: Closing) -> str:
        """How far it is; released, since when its editions can be read."""
        released = closing.released_at
        return in_lines(closing.get_state_display(), by_the_clocks_of(closing, released) if released else "")

    @admin.display(description=_("cut-off"), ordering="cutoff_at")
    def cut_off(self, closing: Closing) -> str:
        """As known at which instant."""
        return by_the_clocks_of(closing, closing.cutoff_at)

    @admin.display(boolean=True, description=_("touched by later records"))
    def touched(self, closing: Closing) -> bool:
        """Whether later records change its figures."""
        return closing.touched_at is not None

    @admin.display(description=_("failure"))
    def failed(self, closing: Closing) -> str:
        """The first line of why the last attempt failed."""
        return closing.failure.partition("\n")[0][:120] or "–"


@admin.register(Edition)
class EditionAdmin(WithoutContent):
    """Editions: for whom, released when, in which files."""

    list_display = ("period", "guarantor", "released", "files")
    list_select_related = ("closing", "agreement", "guarantor")
    ordering = ("-closing__period_from", *by_english_name("guarantor__"))
    inlines = (RenditionInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their files, for the list counts them, and their contents left where they are."""
        rows = super().get_queryset(request).defer("content").prefetch_related("renditions")
        return with_zone(rows)

    @admin.display(description=_("period"))
    def period(self, edition: Edition) -> str:
        """Truce, period and closing."""
        return f"{edition.agreement.code}, {period_name(edition.closing)}, {edition.closing.number}"

    @admin.display(description=_("released"), ordering="released_at")
    def released(self, edition: Edition) -> str:
        """Since when it can be read."""
        return by_the_clocks_of(edition, edition.released_at) if edition.released_at else "–"

    @admin.display(description=_("files"))
    def files(self, edition: Edition) -> int:
        """How many renditions are stored."""
        return len(edition.renditions.all())
