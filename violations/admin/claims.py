"""Claiming an incident and releasing it, by the buttons of its page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from violations import claims
from violations.admin import walking
from violations.admin.moderating import ACT, ModeratorAdmin, person
from violations.models import Incident


class ClaimAdmin(ModeratorAdmin):
    """Claiming and releasing; there is no list of claims but that of the shift."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It stands on no menu."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Two buttons."""
        return [
            path(
                "<uuid:public_id>/claim/",
                self.door("claim.claim", self.claim, methods=ACT),
                name="violations_claim_claim",
            ),
            path(
                "<uuid:public_id>/release/",
                self.door("claim.release", self.release, methods=ACT),
                name="violations_claim_release",
            ),
        ]

    def claim(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Say that one is at it."""
        incident = self._incident(request, public_id)
        claims.claim(incident, by=person(request))
        messages.success(request, _("Claimed for half an hour. Others see it; it keeps nobody from deciding."))
        return self._back(request, incident)

    def release(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Leave it to others."""
        incident = self._incident(request, public_id)
        claims.release(incident, by=person(request))
        messages.success(request, _("Your claim is ended."))
        return self._back(request, incident)

    def _incident(self, request: HttpRequest, public_id: UUID) -> Incident:
        rows = Incident.objects.visible_to(person(request)).select_related("agreement")
        found: Incident = self.find(request, rows, public_id)
        return found

    def _back(self, request: HttpRequest, incident: Incident) -> HttpResponse:
        address = reverse("admin:violations_incident_change", args=[incident.public_id])
        return redirect(address + walking.kept(request))
