"""The API, assembled: what each room offers under /api/v1/, its description, and a page to read it."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer


class Description(SpectacularJSONAPIView):
    """The OpenAPI description."""

    renderer_classes = [JSONRenderer]
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []


class Reader(SpectacularSwaggerSplitView):
    """A page to read the description by; its scripts and styles are our own files, none inline."""

    template_name = "config/api_reader.html"
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []


urlpatterns = [
    path("", include("violations.api.urls")),  # what devices ask most is found first
    path("", include("monitoring.api.urls")),
    path("", include("reports.api.urls")),
    path("openapi.json", Description.as_view(), name="openapi"),
    path("docs/", Reader.as_view(url_name="openapi"), name="api-docs"),
]
