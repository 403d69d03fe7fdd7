"""The door of the hotline: a filing found again by its receipt, by whoever filed it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import accreditation
from monitoring.errors import NotFound
from violations import receipts, sealing
from violations.api.incident_reports import MonitorsView, own_reports
from violations.api.report_output import OwnReport


class ReceiptTold(serializers.Serializer):
    """What became of a filing."""

    receipt = serializers.CharField(help_text=gettext_lazy("As it is written: three groups of three."))
    report = OwnReport(help_text=gettext_lazy("This revision of the report, as it stands now."))


class Receipts(MonitorsView):
    """What became of a filing, by its receipt."""

    @extend_schema(operation_id="receipts_read", responses=ReceiptTold)
    def get(self, request: Request, receipt: str) -> Response:
        """What became of the filing that was answered with this receipt; in any case, with or without dashes.

        A receipt with a misheard sign is malformed, not missing.
        """
        told: dict[str, Any] = {"receipt": receipts.read(receipt)}
        with sealing.reading_own(self.monitor):
            report = own_reports(self.monitor).filter(receipt=told["receipt"]).first()
            if report is None:
                raise NotFound(_("There is no filing of yours with this receipt."), code="not_found")
            accreditation.capacity(self.monitor, accreditation.Role.MONITOR, report.agreement)
            return Response(ReceiptTold({**told, "report": report}).data)
