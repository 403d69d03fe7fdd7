"""Filters that a moderator keeps under a name: links above the queue, and the buttons that keep and drop one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Capacity
from monitoring.errors import Malformed
from monitoring.models import Side
from violations import saved_filters
from violations.admin.moderating import ACT, ModeratorAdmin, capacities, person
from violations.admin.queue import Queue
from violations.models import SavedFilter

QUEUE = "admin:violations_incident_changelist"


class KeepForm(forms.Form):
    """Under what name a query is kept, and whether the moderators of one's side see it, too."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"}))
    shared = forms.BooleanField(label=gettext_lazy("Share with the moderators of my side"), required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


def the_side(acting: Mapping[int, Capacity]) -> Side | None:
    """The one side that a moderator acts for in all agreements; None where they are several, or who is independent."""
    sides = {capacity.side for capacity in acting.values()}
    return sides.pop() if len(sides) == 1 else None


class SavedFilterAdmin(ModeratorAdmin):
    """Keeping a query of the queue, and dropping it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It stands on no menu: the queue lists them."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Two buttons."""
        return [
            path("keep/", self.door("filter.save", self.keep, methods=ACT), name="violations_savedfilter_keep"),
            path(
                "<uuid:public_id>/drop/",
                self.door("filter.drop", self.drop, methods=ACT),
                name="violations_savedfilter_drop",
            ),
        ]

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep what the queue is narrowed to, as the queue's own form reads it."""
        form, acting = KeepForm(request.POST), capacities(request)
        if not form.is_valid():
            raise Malformed(_("Give the filter a name of 60 characters at most, then keep it again."), code="name")
        query = self._checked(request, form.cleaned_data["query"])
        side = the_side(acting) if form.cleaned_data["shared"] else None
        saved = saved_filters.save(form.cleaned_data["name"], query, by=person(request), side=side)
        messages.success(request, _("Kept as “%(name)s”.") % {"name": saved.name})
        return redirect(f"{reverse(QUEUE)}?{query}")

    def drop(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Drop one's own."""
        rows = SavedFilter.objects.open().filter(owner=person(request))
        saved = self.find(request, rows, public_id)
        saved_filters.drop(saved, by=person(request))
        messages.success(request, _("The filter “%(name)s” is dropped.") % {"name": saved.name})
        return redirect(QUEUE)

    def _checked(self, request: HttpRequest, written: str) -> str:
        """The query as the queue's form reads it, in the form's own order."""
        queue = Queue(person(request), capacities(request), QueryDict(written))
        if queue.filter.errors:
            raise Malformed(_("The queue does not know this filter; narrow it anew, then keep it."), code="filter")
        return queue.to_keep
