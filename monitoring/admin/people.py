"""Who is accredited and from which devices they speak: for operators and auditors alone, since it names monitors.

An operator invites here who has no password yet, and revokes the token of a device that was lost.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from monitoring import accreditation, audit, devices, invitations
from monitoring.accreditation import Role
from monitoring.admin.mechanism import ReadOnlyAdmin
from monitoring.errors import Refusal
from monitoring.local_time import offset
from monitoring.models import Accreditation, DeviceToken, MechanismVersion, User

NBSP = "\u00a0"  # a narrow column breaks a time after its comma alone
# Columns of an accreditation that hold instants, by what tells them.
BY_THE_CLOCKS = {"valid_from": "since", "valid_until": "term", "recorded_at": "recorded", "superseded_at": "ended"}


@admin.register(Accreditation)
class AccreditationAdmin(ReadOnlyAdmin):
    """Who holds which role, sent by whom; and the invitation."""

    list_display = ("user", "agreement__code", "role", "sent_by", "valid")
    list_select_related = ("user", "agreement", "team", "sent_by_guarantor", "sent_by_party", "observer")
    list_filter = ("role",)
    ordering = ("agreement__code", "role", "user__username")
    change_form_template = "monitoring/accreditation.html"

    def get_urls(self) -> list[URLPattern]:
        """The invitation, before the library's pages."""
        invite = self.admin_site.admin_view(never_cache(self.invite))
        return [path("<int:pk>/invite/", invite, name="monitoring_accreditation_invite"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """With the zone that each truce's times stand in, by the version in force."""
        versions = MechanismVersion.objects.open().filter(agreement=models.OuterRef("agreement"))
        rows = super().get_queryset(request)
        return rows.annotate(time_zone=models.Subquery(versions.values("time_zone")[:1]))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column, instants by the clocks of the truce."""
        return [BY_THE_CLOCKS.get(name, name) for name in super().get_readonly_fields(request, obj)]

    @admin.display(description=gettext_lazy("sent by; team"))
    def sent_by(self, row: Accreditation) -> str:
        """Which guarantor, party or observer state sent the person; below, the team of a monitor or duty officer."""
        sender = row.sent_by_guarantor or row.sent_by_party or row.observer
        said = [str(sender) if sender is not None else _("nobody"), *([str(row.team)] if row.team else [])]
        return _in_lines(said)

    @admin.display(description=gettext_lazy("valid"), ordering="valid_from")
    def valid(self, row: Accreditation) -> str:
        """From when to when it holds, be it to its term or because it was ended."""
        said = [_("from %(at)s") % {"at": _there(row, row.valid_from)}]
        if row.until is not None:
            said.append(_("until %(at)s") % {"at": _there(row, row.until)})
        return _in_lines(said)

    @admin.display(description=gettext_lazy("valid from"))
    def since(self, row: Accreditation) -> str:
        """Since when it holds."""
        return _there(row, row.valid_from)

    @admin.display(description=gettext_lazy("valid until"))
    def term(self, row: Accreditation) -> str:
        """Until when it was given."""
        return _there(row, row.valid_until)

    @admin.display(description=gettext_lazy("recorded at"))
    def recorded(self, row: Accreditation) -> str:
        """When it was given."""
        return _there(row, row.recorded_at)

    @admin.display(description=gettext_lazy("ended at"))
    def ended(self, row: Accreditation) -> str:
        """When it was ended before its term."""
        return _there(row, row.superseded_at)

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a link of invitation, once, to an operator of the agreement."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        by = _person(request)
        rows = self.get_queryset(request).filter(agreement__in=_operated(by)).select_related("user")
        row = rows.filter(pk=pk).first()
        if row is None:
            raise PermissionDenied
        try:
            link = invitations.invite_as_operator(row.user, by=by)
        except Refusal as refusal:
            audit.denied("account.invite", by=by, on=row.user, reason=refusal.code)
            messages.error(request, refusal.message)
            return redirect("admin:monitoring_accreditation_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invitation of %(name)s") % {"name": row.user.username},
            "link": request.build_absolute_uri(link),
            "until": invitations.holds_until(),
            "back": reverse("admin:monitoring_accreditation_change", args=[pk]),
        }
        return TemplateResponse(request, "monitoring/invited.html", context)


@admin.register(DeviceToken)
class DeviceAdmin(ReadOnlyAdmin):
    """Devices with a token, of those who are or were accredited; each can be revoked here, by an operator."""

    list_display = ("user", "name", "since", "last_used", "runs_out", "revoked_by")
    list_display_links = None
    list_select_related = ("user",)
    ordering = ("user__username", "name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Those of people of one's own agreements."""
        return self._of_agreements(request, self._held(request).values("agreement"))

    def _of_agreements(self, request: HttpRequest, agreements: models.QuerySet) -> models.QuerySet:
        rows = DeviceToken.objects.select_related("user")
        if _person(request).is_superuser:
            return rows
        return rows.filter(user__in=Accreditation.objects.filter(agreement__in=agreements).values("user"))

    def get_urls(self) -> list[URLPattern]:
        """The list, and the address of its buttons."""
        of = "monitoring_devicetoken"
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name=f"{of}_changelist"),
            path("<uuid:public_id>/revoke/", self.admin_site.admin_view(self.revoke), name=f"{of}_revoke"),
        ]

    def revoke(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Revoke it at once."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        by = _person(request)
        if not self.may_revoke(request):
            raise PermissionDenied
        try:
            device = devices.revoke_one(self._of_agreements(request, _operated(by)), public_id, by=by)
        except Refusal as refusal:
            audit.denied("device.revoke", by=by, reason=refusal.code)
            raise Http404(refusal.message) from None
        messages.success(
            request,
            _("“%(device)s” can no longer speak for %(name)s.")
            % {"device": device.name, "name": device.user.get_username()},
        )
        return redirect("admin:monitoring_devicetoken_changelist")

    def may_revoke(self, request: HttpRequest) -> bool:
        """An auditor only looks."""
        by = _person(request)
        return by.is_superuser or _operated(by).exists()

    @admin.display(description=gettext_lazy("since"))
    def since(self, device: DeviceToken) -> str:
        """The day on which it got its token."""
        return f"{device.created:%Y-%m-%d}"

    @admin.display(description=gettext_lazy("last used"))
    def last_used(self, device: DeviceToken) -> str:
        """The day: finer it would tell when somebody filed."""
        return f"{device.last_used_at:%Y-%m-%d}" if device.last_used_at else _("never")

    @admin.display(description=gettext_lazy("runs out"))
    def runs_out(self, device: DeviceToken) -> str:
        """The day on which the token ends by itself."""
        return f"{device.expiry:%Y-%m-%d}" if device.expiry else _("not by itself")

    @admin.display(description="")
    def revoked_by(self, device: DeviceToken) -> str:
        """A button."""
        address = reverse("admin:monitoring_devicetoken_revoke", args=[device.public_id])
        return format_html('<button type="submit" formaction="{}">{}</button>', address, _("Revoke"))


def _in_lines(said: list[str]) -> str:
    return format_html_join("", '<span class="cell-line">{}</span>', ((one,) for one in said))


def _there(row: Accreditation, at: datetime | None) -> str:
    """An instant by the clocks of the truce, with their offset: a list may hold several truces."""
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(row.time_zone))  # type: ignore[attr-defined]
    return f"{date_format(local, NBSP.join('jFY'))}, {local:%H:%M}{NBSP}({offset(local)})"


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the administration is entered logged in
    return request.user


def _operated(by: User) -> models.QuerySet:
    """The agreements that `by` operates now."""
    return accreditation.held_by(by, Role.OPERATOR).values("agreement")
