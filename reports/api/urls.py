"""Where the doors of this room's API are."""

from django.urls import path

from reports.api import drafts, editions, exports, figures, reconciliations, statements

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
    path("supplements/files/<uuid:id>/", editions.OneSheet.as_view(), name="api-supplement-file"),
    path("drafts/", drafts.Drafts.as_view(), name="api-drafts"),
    path("drafts/<uuid:id>/", drafts.OneDraft.as_view(), name="api-draft"),
    path("drafts/<uuid:id>/comment/", drafts.CommentOnDraft.as_view(), name="api-draft-comment"),
    path("drafts/files/<uuid:id>/", drafts.DraftFile.as_view(), name="api-draft-file"),
    *exports.doors(),
    path(
        "case-lists/<uuid:id>/reconciliation/",
        reconciliations.Reconciliation.as_view(),
        name="api-case-list-reconciliation",
    ),
    path("statements/", statements.Statements.as_view(), name="api-statements"),
    path("statements/<uuid:id>/", statements.OneStatement.as_view(), name="api-statement"),
    path("statements/<uuid:id>/telling/", statements.StatementTellings.as_view(), name="api-statement-telling"),
]
