"""The door for those who file: file, look at one's own, correct, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import accreditation
from monitoring.api import geojson
from monitoring.models import Agreement
from monitoring.pagination import NewestFirst
from violations import filers, filing, report_document, sealing
from violations.api.monitors import FILED, HEADERS, KEPT, MonitorsView, monitored_agreement, own_report, own_reports
from violations.api.report_input import CorrectionInput, FilingInput, WithdrawalInput
from violations.api.report_output import OwnReport
from violations.api.report_query import ReportsQuery, filter_of

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


class FilingView(MonitorsView):
    """Where reports are filed."""

    def file(self, handed_in: Any) -> Response:
        """File one document: a new report, or a correction of an earlier filing."""
        given = FilingInput.read(handed_in)
        content = report_document.read(given)
        named: dict[str, Any] = {"by": self.monitor, "client_id": given["client_id"]}
        if "corrects" not in given:
            return self.answer_filed(filing.file_report(given["agreement"], content, **named))
        agreement = monitored_agreement(self.monitor, given["agreement"])
        with sealing.reading_own(self.monitor):
            return self.answer_filed(filing.correct_filing(agreement, content, corrects=given["corrects"], **named))


class IncidentReports(FilingView):
    """File a report; list one's own."""

    pagination_class = NewestFirst
    query = ReportsQuery
    renderer_classes = [JSONRenderer, geojson.GeoJSONRenderer]

    @extend_schema(
        operation_id="incident_reports_list",
        parameters=[ReportsQuery],
        responses={
            (200, "application/json"): OwnReport(many=True),
            (200, geojson.MEDIA_TYPE): geojson.DESCRIBED,
        },
    )
    def get(self, request: Request) -> Response:
        """The newest revision of each report that you filed, newest first, with its state.

        As GeoJSON, features: a point or polygon as filed, null where the place is an area alone.
        """
        pages = NewestFirst()
        held = accreditation.held_by(self.monitor, *filers.FILERS).values("agreement")
        with sealing.reading_own(self.monitor):
            looked_for = filter_of(self.asked, list(Agreement.objects.filter(pk__in=held)))
            own = looked_for.narrow(own_reports(self.monitor).filter(agreement__in=held).newest())
            page: Any = pages.paginate_queryset(own, request, view=self)
            told = OwnReport(page, many=True).data
            if not geojson.is_wanted(request):
                return pages.get_paginated_response(told)
            features = [
                geojson.feature(report, row.point or row.place_area, identifier=report["id"])
                for row, report in zip(page, told, strict=True)
            ]
            where = {"next": pages.get_next_link(), "previous": pages.get_previous_link()}
            return Response(geojson.collection(features, **where))

    @extend_schema(
        operation_id="incident_reports_file",
        request=FilingInput,
        responses={201: FILED, 202: KEPT},
        parameters=HEADERS,
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """File a report. It opens an incident of its own and awaits review.

        With `corrects` it is a full new revision of what you filed under that client id; where that has not come yet,
        it is kept and takes its place when it comes.

        A duty officer files what a caller told or what stands on paper, and says so (`channel`) and who told it
        (`source`, which is sealed). What a party's liaison files is that party's own word: `means` is
        `party_notification`, and nobody takes it for what a monitor observed.
        """
        return self.file(request.data)


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
        operation_id="incident_reports_correct",
        request=CorrectionInput,
        responses={201: FILED},
        parameters=HEADERS,
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """File a full new revision in place of this one, which must be the newest. Nothing filed before is changed."""
        given = CorrectionInput.read(request.data)
        content = report_document.read(given)
        with sealing.reading_own(self.monitor):
            report = own_report(self.monitor, id)
            return self.answer_filed(filing.correct(report, content, by=self.monitor, client_id=given["client_id"]))


class Withdrawal(MonitorsView):
    """The withdrawal of a report."""

    @extend_schema(operation_id="incident_reports_withdraw", request=WithdrawalInput, responses=OwnReport)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Withdraw a report by its newest revision. It stays in the record as withdrawn."""
        document = WithdrawalInput(data=request.data)
        document.is_valid(raise_exception=True)
        with sealing.reading_own(self.monitor):
            report = own_report(self.monitor, id)
            step = filing.withdraw(report, by=self.monitor, grounds=document.validated_data["grounds"])
            return self.answer(report, step.recorded_at)
