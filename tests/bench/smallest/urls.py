"""The service's doors and the smallest ones."""

from django.urls import include, path

from tests.bench.smallest.views import Entered, Open

urlpatterns = [
    path("bench/entered/", Entered.as_view()),
    path("bench/open/", Open.as_view()),
    path("", include("config.urls")),
]
