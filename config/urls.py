"""Where every door is. Each room lists its own; this page assembles them."""

from django.contrib import admin
from django.urls import include, path

from config import health, metrics

urlpatterns = [
    path("api/v1/", include("config.api")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("config.accounts.urls")),
    path("", include("reports.urls")),
]

handler429 = "config.accounts.throttled.too_many"
handler404 = "config.problems.page_not_found"
