"""Where the doors of this room's API are."""

from django.urls import path

from violations.api import (
    batches,
    case_lists,
    code_lists,
    effort,
    incident_reports,
    questions,
    receipts,
    replies,
    returns,
)

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
    path("daily-returns/", returns.DailyReturns.as_view(), name="api-daily-returns"),
    path("daily-returns/days/", returns.ReturnDays.as_view(), name="api-daily-return-days"),
    path("daily-returns/<uuid:id>/", returns.OneDailyReturn.as_view(), name="api-daily-return"),
    path(
        "daily-returns/<uuid:id>/acknowledgement/",
        returns.Acknowledgement.as_view(),
        name="api-daily-return-acknowledgement",
    ),
    path("case-lists/", case_lists.CaseLists.as_view(), name="api-case-lists"),
    path("case-lists/<uuid:id>/", case_lists.OneCaseList.as_view(), name="api-case-list"),
    path("case-lists/<uuid:id>/telling/", case_lists.Telling.as_view(), name="api-case-list-telling"),
    path("information-requests/", replies.Requests.as_view(), name="api-requests"),
    path("information-requests/<uuid:id>/", replies.OneRequest.as_view(), name="api-request"),
    path("information-requests/<uuid:id>/answers/", replies.RequestAnswers.as_view(), name="api-request-answers"),
    path("information-requests/<uuid:id>/telling/", replies.RequestTellings.as_view(), name="api-request-telling"),
    path("patrols/", effort.Patrols.as_view(), name="api-patrols"),
    path("patrols/<uuid:id>/", effort.OnePatrol.as_view(), name="api-patrol"),
    path("patrols/<uuid:id>/withdrawal/", effort.PatrolWithdrawal.as_view(), name="api-patrol-withdrawal"),
    path("movement-restrictions/", effort.Restrictions.as_view(), name="api-restrictions"),
    path("movement-restrictions/<uuid:id>/", effort.OneRestriction.as_view(), name="api-restriction"),
    path(
        "movement-restrictions/<uuid:id>/withdrawal/",
        effort.RestrictionWithdrawal.as_view(),
        name="api-restriction-withdrawal",
    ),
]
