"""The door of the hotline: a filing found again by its receipt, by whoever filed it; and what waits for its turn."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import accreditation
from monitoring.errors import NotFound
from violations import filers, receipts, sealing, waiting
from violations.api.monitors import MonitorsView, own_reports
from violations.api.report_output import ReceiptTold
from violations.models import WaitingCorrection


class WaitingTold(serializers.Serializer):
    """Corrections that came before what they correct."""

    results = ReceiptTold(many=True)


class Receipts(MonitorsView):
    """What waits for its turn."""

    @extend_schema(operation_id="receipts_waiting", responses=WaitingTold)
    def get(self, request: Request) -> Response:
        """Your corrections that came before what they correct and still wait for it, newest first."""
        held = accreditation.held_by(self.monitor, *filers.FILERS).values("agreement")
        with sealing.reading_own(self.monitor):
            kept = waiting.of(self.monitor).filter(agreement__in=held)
            return Response({"results": [ReceiptTold.of_kept(row) for row in kept]})


class OneReceipt(MonitorsView):
    """What became of a filing, by its receipt."""

    @extend_schema(operation_id="receipts_read", responses=ReceiptTold)
    def get(self, request: Request, receipt: str) -> Response:
        """What became of the filing that was answered with this receipt; in any case, with or without dashes.

        A receipt with a misheard sign is malformed, not missing.
        """
        written = receipts.read(receipt)
        with sealing.reading_own(self.monitor):
            report = own_reports(self.monitor).filter(receipt=written).first()
            kept = waiting.by_receipt(self.monitor, written)
            found = report or kept
            if found is None:
                raise NotFound(_("There is no filing of yours with this receipt."), code="not_found")
            filers.require_accredited(self.monitor, found.agreement)
            return Response(told_of(report, kept))


def told_of(report: Any, kept: WaitingCorrection | None) -> Any:
    """Tell of what is recorded, which may have waited before; else of what waits."""
    if report is not None:
        return ReceiptTold.of_report(report, (kept or report).recorded_at)
    assert kept is not None  # noqa: S101 - one of the two was found
    return ReceiptTold.of_kept(kept)
