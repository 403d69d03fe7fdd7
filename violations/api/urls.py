"""Where the doors of this room's API are."""

from django.urls import path

from violations.api import case_lists, effort, incident_reports, returns

urlpatterns = [
    path("incident-reports/", incident_reports.IncidentReports.as_view(), name="incident-reports"),
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
