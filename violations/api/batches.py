"""The door for a device that was offline: many filings at once, each recorded or refused by itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring.parsing import BoundedJSONParser
from violations.api.incident_reports import FilingView
from violations.api.monitors import REPLAYED
from violations.api.report_input import BatchInput
from violations.api.report_output import OwnReport, ReceiptTold


class LargeJSONParser(BoundedJSONParser):
    """JSON of many filings: at most 4 MiB."""

    largest = 4 * 1024 * 1024


@extend_schema_field({"allOf": [{"$ref": "#/components/schemas/Problem"}]})
class ProblemField(serializers.JSONField):
    """A problem as an answer of its own would be."""


class ItemTold(serializers.Serializer):
    """What came of one filing: what an answer of its own would be."""

    status = serializers.IntegerField(help_text=_("201 recorded, 202 waits, else refused."))
    replayed = serializers.BooleanField(help_text=_("It was filed before, and nothing was recorded now."))
    report = OwnReport(required=False, help_text=_("With 201."))
    waiting = ReceiptTold(required=False, help_text=_("With 202."))
    problem = ProblemField(required=False, help_text=_("Else."))


class BatchTold(serializers.Serializer):
    """What came of each filing, in the order in which they were sent."""

    results = ItemTold(many=True)


class Batches(FilingView):
    """Many filings at once."""

    parser_classes = [LargeJSONParser]

    @extend_schema(operation_id="incident_reports_file_batch", request=BatchInput, responses={200: BatchTold})
    def post(self, request: Request) -> Response:
        """File up to 100 reports and corrections. Each is recorded or refused by itself, in this order.

        The answer is 200 whatever came of each; send again what you heard nothing of: it is recorded once.
        """
        batch = BatchInput(data=request.data)
        batch.is_valid(raise_exception=True)
        return Response({"results": [self._told(item) for item in batch.validated_data["items"]]})

    def _told(self, item: Any) -> dict[str, Any]:
        """File one, in a transaction of its own."""
        try:
            answer = self.file(item)
        except Exception as exc:  # as for an answer of its own
            answer = self.handle_exception(exc)
        name = {201: "report", 202: "waiting"}.get(answer.status_code, "problem")
        return {"status": answer.status_code, "replayed": answer.has_header(REPLAYED), name: answer.data}
