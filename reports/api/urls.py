"""Where the doors of this room's API are."""

from django.urls import path

from reports.api import editions, figures, reconciliations, statements

urlpatterns = [
    path("editions/", editions.Editions.as_view(), name="api-editions"),
    path("editions/<uuid:id>/", editions.OneEdition.as_view(), name="api-edition"),
    path("editions/<uuid:id>/figures/", figures.Figures.as_view(), name="api-edition-figures"),
    path(
        "editions/<uuid:id>/figures/incidents/",
        figures.FigureIncidents.as_view(),
        name="api-edition-figure-incidents",
    ),
    path(
        "editions/<uuid:id>/compare/<uuid:other>/",
        figures.Comparison.as_view(),
        name="api-edition-comparison",
    ),
    path("renditions/<uuid:id>/", editions.OneRendition.as_view(), name="api-rendition"),
    path(
        "case-lists/<uuid:id>/reconciliation/",
        reconciliations.Reconciliation.as_view(),
        name="api-case-list-reconciliation",
    ),
    path("statements/", statements.Statements.as_view(), name="api-statements"),
    path("statements/<uuid:id>/", statements.OneStatement.as_view(), name="api-statement"),
    path("statements/<uuid:id>/telling/", statements.StatementTellings.as_view(), name="api-statement-telling"),
]
