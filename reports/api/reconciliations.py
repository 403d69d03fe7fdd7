"""The door for reconciling: a guarantor's own list of cases beside what others hold."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring.api.fields import Text, one_of
from monitoring.api.views import Query
from reports import reconciliation, reconciliation_sheet
from reports.attachments import as_csv
from violations.api.case_lists import CaseTold, ListsView
from violations.case_list_order import After
from violations.cases_compared import By, Verdict


class ReconciliationQuery(Query):
    """Beside what, and in which form."""

    against = Text(
        max_length=80,
        help_text=gettext_lazy("Code of another guarantor; or record: the incidents of released reports."),
    )
    form = one_of(["json", "csv"], default="json", help_text=gettext_lazy("csv: a sheet to download."))


class ClosingRead(serializers.Serializer):
    """A closing whose incidents were read."""

    period = serializers.CharField()
    number = serializers.IntegerField()
    content_sha256 = serializers.CharField()
    withheld_recent = serializers.IntegerField(help_text="Incidents too recent to be told.")


class TellingTold(serializers.Serializer):
    """When a list was told, and what its owner could read by then of the other's lists of these days."""

    owner = serializers.CharField()
    until = serializers.DateField()
    told_at = serializers.DateTimeField(allow_null=True, help_text="To the minute; null: a draft.")
    other_told_at = serializers.DateTimeField(allow_null=True, help_text="When the other first told a list of them.")
    readable_since = serializers.DateTimeField(allow_null=True, help_text="Since when the owner could read one.")
    after = one_of(
        After.choices,
        help_text="What it was told after: nothing of the other's; a list told, not readable yet; a list readable.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {**super().get_fields(), "from": serializers.DateField()}


class Candidate(serializers.Serializer):
    """What else of the other list a row may be, or lies near it."""

    number = serializers.IntegerField(allow_null=True)
    reference = serializers.CharField()


class ReconciledLine(serializers.Serializer):
    """A pair, or a row alone."""

    verdict = serializers.ChoiceField([verdict.value for verdict in Verdict])
    paired_by = serializers.ChoiceField([by.value for by in By], allow_null=True)
    differing = serializers.ListField(child=serializers.CharField())
    said_by_one = serializers.ListField(child=serializers.CharField())
    ours = CaseTold(allow_null=True)
    theirs = CaseTold(allow_null=True)
    candidates = Candidate(many=True)


class SheetTold(serializers.Serializer):
    """The sheet: every row of both stands in exactly one line."""

    agreement = serializers.CharField()
    simulated = serializers.BooleanField()
    case_list = serializers.UUIDField()
    against = serializers.CharField()
    until = serializers.DateField()
    tellings = TellingTold(many=True)
    closings = ClosingRead(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    lines = ReconciledLine(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {**super().get_fields(), "from": serializers.DateField()}


class Reconciliation(ListsView):
    """A list beside what others hold."""

    query = ReconciliationQuery

    @extend_schema(
        operation_id="case_lists_reconcile",
        parameters=[ReconciliationQuery],
        responses={
            (200, "application/json"): SheetTold,
            (200, "text/csv"): OpenApiTypes.BINARY,
            409: OpenApiResponse(
                description="Your list or theirs is not told yet, or no report of its days is released."
            ),
        },
    )
    def get(self, request: Request, id: UUID) -> Response | HttpResponse:  # noqa: A002
        """Lay your list, row by row, beside another's told list or beside the incidents of the released reports."""
        sheet = reconciliation.sheet(id, self.asked["against"], by=self.reader)
        if self.asked["form"] == "csv":
            return as_csv(reconciliation_sheet.table(sheet), reconciliation_sheet.file_name(sheet))
        return Response(reconciliation_sheet.document(sheet))
