"""Where the doors of this room's API are."""

from django.urls import path

from monitoring.api import reference

urlpatterns = [
    path("agreements/", reference.Agreements.as_view(), name="reference-agreements"),
    path("agreements/<slug:code>/", reference.OneAgreement.as_view(), name="reference-agreement"),
    path("agreements/<slug:code>/parties/", reference.Parties.as_view(), name="reference-parties"),
    path("agreements/<slug:code>/provisions/", reference.Provisions.as_view(), name="reference-provisions"),
    path("agreements/<slug:code>/zones/", reference.Zones.as_view(), name="reference-zones"),
    path("agreements/<slug:code>/areas/", reference.Areas.as_view(), name="reference-areas"),
]
