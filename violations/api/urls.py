"""Where the doors of this room's API are."""

from django.urls import path

from violations.api import batches, code_lists, incident_reports, questions, receipts

urlpatterns = [
    path("incident-reports/", incident_reports.IncidentReports.as_view(), name="incident-reports"),
    path("incident-reports/batch/", batches.Batches.as_view(), name="incident-reports-batch"),
    path("incident-reports/<uuid:id>/", incident_reports.OneIncidentReport.as_view(), name="incident-report"),
    path(
        "incident-reports/<uuid:id>/corrections/",
        incident_reports.Corrections.as_view(),
        name="incident-report-corrections",
    ),
    path(
        "incident-reports/<uuid:id>/withdrawal/",
        incident_reports.Withdrawal.as_view(),
        name="incident-report-withdrawal",
    ),
    path("questions/", questions.Questions.as_view(), name="incident-report-questions"),
    path("questions/<uuid:id>/answer/", questions.Answer.as_view(), name="incident-report-question-answer"),
    path("code-lists/", code_lists.CodeLists.as_view(), name="reference-code-lists"),
    path("receipts/", receipts.Receipts.as_view(), name="incident-reports-waiting"),
    path("receipts/<str:receipt>/", receipts.OneReceipt.as_view(), name="incident-report-receipt"),
]
