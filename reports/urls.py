"""Where the guarantors' pages are."""

from django.urls import path

from reports import pages

urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("editions/", pages.Editions.as_view(), name="editions"),
    path("editions/<uuid:id>/", pages.OneEdition.as_view(), name="edition"),
    path("renditions/<uuid:id>/", pages.RenditionDownload.as_view(), name="rendition-download"),
]
