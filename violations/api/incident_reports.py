"""The door for monitors: file, look at one's own, correct, withdraw.

Who filed is behind row-level security, so every answer is made within `sealing.reading_own`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from monitoring import accreditation
from monitoring.errors import Forbidden, NotFound
from monitoring.models import Agreement, User
from monitoring.pagination import NewestFirst
from violations import filing, sealing
from violations.api.report_input import CorrectionInput, FilingInput, WithdrawalInput
from violations.api.report_output import OwnReport
from violations.models import IncidentReport

EXAMPLE = OpenApiExample(
    "Three impacts heard and seen",
    request_only=True,
    value={
        "agreement": "exercise",
        "client_id": "0b6c5b1e-6a0e-4d53-9f43-0f6f7f0c2f11",
        "occurred": {"from": "2025-03-10T12:00:00-08:00", "precision": "minute"},
        "place": {"longitude": -123.5, "latitude": -48.8, "precision": "vicinity", "as_written": "by the mill"},
        "act": "indirect_fire",
        "weapon": {"family": "mortar", "calibre_mm": 82, "assessed": True},
        "means": "saw_and_heard",
        "observation": {"count": 3, "qualifier": "at_least", "unit": "explosion"},
        "parties": [{"role": "alleged", "name": "North Army"}],
        "casualties": {"injured": {"civilian": {"low": 1, "high": 2}}},
        "narrative": "Three impacts behind the mill.",
        "narrative_language": "en",
        "source": {"relation": "resident"},
        "consent": "anonymous",
    },
)
AGAIN = OpenApiResponse(OwnReport, description="The same filing again: the first answer.")


class IsMonitor(BasePermission):
    """Whether the person is a monitor of some truce now."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those whose accreditation has not begun, has ended, or is another."""
        if (
            not isinstance(request.user, User)
            or not accreditation.held_by(request.user, accreditation.Role.MONITOR).exists()
        ):
            raise Forbidden(_("Only accredited monitors file reports and see their own."), code="not_accredited")
        return True


class MonitorsView(APIView):
    """What is common: monitors only, their own reports only."""

    permission_classes = [IsAuthenticated, IsMonitor]

    @property
    def monitor(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what was told."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def answer(self, report: IncidentReport, code: int = status.HTTP_200_OK) -> Response:
        """Tell the filer of one of their reports."""
        told = own_reports(self.monitor).get(pk=report.pk)
        where = reverse("incident-report", kwargs={"id": report.public_id}, request=self.request)
        return Response(OwnReport(told).data, status=code, headers={"Location": where})

    def answer_filed(self, filed: filing.Filed) -> Response:
        """Tell the filer what came of a filing."""
        return self.answer(filed.report, status.HTTP_201_CREATED if filed.created else status.HTTP_200_OK)


def own_reports(user: User) -> Any:
    """Return what `user` filed, with how it stands. Ask within `sealing.reading_own`."""
    return (
        IncidentReport.objects.filed_by(user)
        .with_standing()
        .select_related("agreement", "team", "stated_area")
        .prefetch_related("parties__party")
    )


def own_report(user: User, public_id: UUID) -> IncidentReport:
    """Return one report that `user` filed and may still see. Raises NotFound, Forbidden."""
    report = own_reports(user).filter(public_id=public_id).first()
    if report is None:
        raise NotFound(_("There is no such report among yours."), code="not_found")
    accreditation.capacity(user, accreditation.Role.MONITOR, report.agreement)
    return report


def monitored_agreement(user: User, code: str) -> Agreement:
    """Return the truce that `user` monitors now. Raises Forbidden, the same whether or not there is such a truce."""
    held = accreditation.held_by(user, accreditation.Role.MONITOR).filter(agreement__code=code)
    found = held.select_related("agreement").first()
    if found is None:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    return found.agreement


class IncidentReports(MonitorsView):
    """File a report; list one's own."""

    pagination_class = NewestFirst

    @extend_schema(operation_id="incident_reports_list", responses=OwnReport(many=True))
    def get(self, request: Request) -> Response:
        """The newest revision of each report that you filed, newest first, with its state."""
        pages = NewestFirst()
        held = accreditation.held_by(self.monitor, accreditation.Role.MONITOR)
        with sealing.reading_own(self.monitor):
            own = own_reports(self.monitor).filter(agreement__in=held.values("agreement")).newest()
            told = OwnReport(pages.paginate_queryset(own, request, view=self), many=True)
            return pages.get_paginated_response(told.data)

    @extend_schema(
        operation_id="incident_reports_file",
        request=FilingInput,
        responses={201: OwnReport, 200: AGAIN},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """File a report. It opens an incident of its own and awaits review."""
        document = FilingInput(data=request.data)
        document.is_valid(raise_exception=True)
        given = document.validated_data
        agreement = monitored_agreement(self.monitor, given["agreement"])
        with sealing.reading_own(self.monitor):
            filed = filing.file_report(agreement, document.content, by=self.monitor, client_id=given["client_id"])
            return self.answer_filed(filed)


class OneIncidentReport(MonitorsView):
    """One revision of a report."""

    @extend_schema(operation_id="incident_reports_read", responses=OwnReport)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One report that you filed, with its state and, where it was returned, the question."""
        with sealing.reading_own(self.monitor):
            return Response(OwnReport(own_report(self.monitor, id)).data)


class Corrections(MonitorsView):
    """Corrections of a report."""

    @extend_schema(
        operation_id="incident_reports_correct", request=CorrectionInput, responses={201: OwnReport, 200: AGAIN}
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """File a full new revision in place of this one, which must be the newest. Nothing filed before is changed."""
        document = CorrectionInput(data=request.data)
        document.is_valid(raise_exception=True)
        client_id = document.validated_data["client_id"]
        with sealing.reading_own(self.monitor):
            report = own_report(self.monitor, id)
            return self.answer_filed(filing.correct(report, document.content, by=self.monitor, client_id=client_id))


class Withdrawal(MonitorsView):
    """The withdrawal of a report."""

    @extend_schema(operation_id="incident_reports_withdraw", request=WithdrawalInput, responses=OwnReport)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Withdraw a report by its newest revision. It stays in the record as withdrawn."""
        document = WithdrawalInput(data=request.data)
        document.is_valid(raise_exception=True)
        with sealing.reading_own(self.monitor):
            report = own_report(self.monitor, id)
            return self.answer(filing.withdraw(report, by=self.monitor, grounds=document.validated_data["grounds"]))
