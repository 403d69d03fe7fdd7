"""The page of notices: what waits for a moderator or an operator, newest first, and what they mark as seen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from monitoring import accreditation, notices
from monitoring.admin import ReadOnlyAdmin
from monitoring.admission import admission_on
from monitoring.models import Agreement
from reports import notices_told

LIST = "admin:monitoring_notice_changelist"
A_PAGE = 50
MOST_NAMED = 500  # notices that one form may name


class NoticeFilter(forms.Form):
    """Which notices are shown. Everything is optional; what is not offered is left out."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    seen = forms.ChoiceField(
        label=gettext_lazy("Which"),
        required=False,
        choices=[("", gettext_lazy("not seen by you, of late")), ("all", gettext_lazy("all"))],
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, asked: Any, *, user: Any) -> None:
        super().__init__(asked)
        held = accreditation.held_by(user, *notices.AT_DESK).values("agreement")
        offered = Agreement.objects.filter(pk__in=held).order_by("code")
        any_of = ("", _("any"))
        self.fields["agreement"].choices = [any_of, *((one.code, one.name) for one in offered)]  # type: ignore[attr-defined]
        kinds = [told for told in notices_told.KINDS.items() if told[0] not in notices_told.OF_DRAFTS]
        self.fields["kind"].choices = [any_of, *kinds]  # type: ignore[attr-defined]

    def narrowed(self, rows: Any) -> Any:
        """Those of `rows` that are asked for; none where what was asked cannot be read."""
        if not self.is_valid():
            return rows.none()
        told = self.cleaned_data
        if told["agreement"]:
            rows = rows.filter(agreement__code=told["agreement"])
        if told["kind"]:
            rows = rows.filter(kind=told["kind"])
        return rows if told["seen"] else notices.of_late(rows).filter(is_seen=False)


class Newest(forms.Form):
    """The newest notice that was there when the page was made."""

    newest = forms.IntegerField(min_value=1)


class NoticesPage(ReadOnlyAdmin):
    """Notices are for moderators and operators, by accreditation alone; being superuser gives none."""

    readers = notices.AT_DESK
    to_superusers = False

    def get_urls(self) -> list[URLPattern]:
        """The list, and the button by which what was read is marked."""
        return [
            path("", never_cache(self.admin_site.admin_view(self.list)), name="monitoring_notice_changelist"),
            path("see/", never_cache(self.admin_site.admin_view(self.see)), name="monitoring_notice_see"),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """A page of notices."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        form = self._asked(request, request.GET)
        rows = form.narrowed(notices.of(request.user))  # type: ignore[arg-type]
        before = form.cleaned_data.get("before")
        page = rows.filter(pk__lt=before) if before else rows
        found = list(page.select_related("agreement")[: A_PAGE + 1])
        kept = {name: request.GET[name] for name in ("agreement", "kind", "seen") if request.GET.get(name)}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Notices"),
            "form": form,
            "kept": kept,
            "narrowed": bool(kept),
            "notices": notices_told.shown(found[:A_PAGE]),
            "newest_id": found[0].pk if found else "",
            "older": f"?{urlencode({**kept, 'before': found[A_PAGE - 1].pk})}" if len(found) > A_PAGE else "",
            "newest": f"?{urlencode(kept)}" if before else "",
            "days": notices.WAITS_FOR.days,
            "moderates": accreditation.Role.MODERATOR in admission_on(request).roles,
        }
        return TemplateResponse(request, "reports/notices.html", context, status=200 if form.is_valid() else 400)

    def see(self, request: HttpRequest) -> HttpResponse:
        """Mark those that were chosen, or all that fit the filter and were there when the page was made."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = self._asked(request, request.POST)
        rows = form.narrowed(notices.of(request.user))  # type: ignore[arg-type]
        if "all" in request.POST:
            there = Newest(request.POST)
            rows = rows.filter(pk__lte=there.cleaned_data["newest"]) if there.is_valid() else rows.none()
        else:
            rows = rows.filter(public_id__in=_named(request))
        count = notices.see(request.user, rows)  # type: ignore[arg-type]
        said = ngettext("%(count)d notice is marked as seen.", "%(count)d notices are marked as seen.", count)
        messages.success(request, said % {"count": count})
        kept = {name: value for name, value in form.cleaned_data.items() if value and name != "before"}
        return redirect(f"{reverse(LIST)}?{urlencode(kept)}" if kept else reverse(LIST))

    def _asked(self, request: HttpRequest, asked: Any) -> NoticeFilter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = NoticeFilter(asked, user=request.user)
        form.is_valid()
        return form


def _named(request: HttpRequest) -> list[UUID]:
    """The notices that were chosen, by their public ids; what is none is passed over."""
    found = []
    for written in request.POST.getlist("notice")[:MOST_NAMED]:
        try:
            found.append(UUID(written))
        except ValueError:
            continue
    return found
