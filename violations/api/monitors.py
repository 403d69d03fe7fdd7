"""What the doors of those who file have in common: who may enter, whose reports these are, how a filing is answered.

Who filed is behind row-level security, so every answer is made within `sealing.reading_own`.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from monitoring.admission import admission_on
from monitoring.api.fields import made_once
from monitoring.api.views import ApiView
from monitoring.errors import Forbidden, NotFound, Refusal
from monitoring.models import Agreement, User
from monitoring.prepared import Prepared
from violations import filers, sealing
from violations.api.first_answer import first_answer
from violations.api.report_output import OwnReport, ReceiptTold
from violations.filing import Filed, Kept
from violations.models import FilerQuestion, IncidentReport, ReportParty

REPLAYED = "Idempotency-Replayed"
FILED = OpenApiResponse(
    OwnReport,
    description="Recorded. The same filing again is answered as the first time, for ever: as it stood then. "
    "How it stands now is told where Location says.",
)
KEPT = OpenApiResponse(
    ReceiptTold,
    description="Kept until what it corrects comes; then it takes its place. Location says what became of it.",
)


def headers_of(*statuses: int) -> list[OpenApiParameter]:
    """Describe the headers of an answer to a filing."""
    return [
        OpenApiParameter(
            "Location",
            str,
            OpenApiParameter.HEADER,
            description="Where it is told how it stands now.",
            response=list(statuses),
        ),
        OpenApiParameter(
            REPLAYED,
            {"type": "string", "enum": ["true"]},
            OpenApiParameter.HEADER,
            description="Present where it was filed before, and nothing was recorded now.",
            response=list(statuses),
        ),
    ]


HEADERS = headers_of(201, 202)


class Files(BasePermission):
    """Whether the person files in some truce now: as a monitor, a duty officer or a party's liaison."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those whose accreditation has not begun, has ended, or is another."""
        known = isinstance(request.user, User)
        if not known or admission_on(request._request).roles.isdisjoint(filers.FILERS):
            raise Forbidden(
                _("Only accredited monitors, duty officers and parties' liaisons file, and see what they filed."),
                code="not_accredited",
            )
        return True


class MonitorsView(ApiView):
    """What is common: those who file only, their own reports only."""

    permission_classes = [IsAuthenticated, Files]

    @property
    def monitor(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what was told."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """Where another report was filed under a client id, say at which door it is corrected."""
        if isinstance(exc, Refusal) and exc.code == "client_id_taken" and "differences" in exc.members:
            exc.members["correct_at"] = self._door_of_corrections(exc.members.get("latest"))
        return super().handle_exception(exc)

    def _door_of_corrections(self, latest: str | None) -> str:
        """By its identifier where it is recorded; else by `corrects`, among the filings."""
        if latest is None:
            return reverse("incident-reports", request=self.request)
        return reverse("incident-report-corrections", kwargs={"id": latest}, request=self.request)

    def answer(self, report: IncidentReport, at: datetime, code: int = status.HTTP_200_OK) -> Response:
        """Tell the filer of one of their reports as it stood at `at`, when this was first answered."""
        with sealing.reading_own(self.monitor):
            told = own_reports(self.monitor, at=at, filing=at == report.recorded_at).get(pk=report.pk)
        return self._answer(told, made_once(OwnReport).to_representation(told), code)

    def _answer(self, report: IncidentReport, told: dict[str, Any], code: int) -> Response:
        asked = self.request._request
        where = f"{asked.scheme}://{asked.get_host()}{_path_of_one(get_script_prefix())}{report.public_id}/"
        return Response(told, status=code, headers={"Location": where})

    def answer_filed(self, filed: Filed | Kept) -> Response:
        """Tell the filer what came of a filing: the same whenever it is sent again."""
        if isinstance(filed, Kept):
            told = ReceiptTold.of_kept(filed.correction)
            where = reverse("incident-report-receipt", kwargs={"receipt": told["receipt"]}, request=self.request)
            response = Response(told, status=status.HTTP_202_ACCEPTED, headers={"Location": where})
        elif filed.told is not None:
            response = self._answer(filed.report, first_answer(filed.told), status.HTTP_201_CREATED)
        else:
            response = self.answer(filed.report, filed.report.recorded_at, status.HTTP_201_CREATED)
        if not filed.created:
            response[REPLAYED] = "true"
        return response


@cache
def _path_of_one(_prefix: str) -> str:
    """The path of a report, but for its identifier: found once for each prefix at which the service stands."""
    anyone = UUID(int=0)
    return reverse("incident-report", kwargs={"id": anyone}).removesuffix(f"{anyone}/")


# In the order in which they were named.
_NAMED = ReportParty.objects.order_by("pk")


def own_reports(user: User, *, at: datetime | None = None, filing: bool = False) -> Any:
    """Return what `user` filed, with how it stands, or stood at `at`. Ask within `sealing.reading_own`.

    `filing`: at the moment of its filing, when nothing was asked yet.
    """
    return (
        IncidentReport.objects.filed_by(user)
        .with_standing(at)
        .select_related("agreement", "team", "told_by", "stated_area")
        .prefetch_related(Prefetch("parties", _NAMED), "parties__party", Prefetch("questions", _asked(at, filing)))
    )


def _asked(at: datetime | None, filing: bool) -> Any:
    if filing:
        return FilerQuestion.objects.none()
    asked = FilerQuestion.objects.select_related("answer").order_by("pk")
    return asked if at is None else asked.filter(recorded_at__lte=at)


def own_report(user: User, public_id: UUID) -> IncidentReport:
    """Return one report that `user` filed and may still see. Raises NotFound, Forbidden."""
    report = own_reports(user).filter(public_id=public_id).first()
    if report is None:
        raise NotFound(_("There is no such report among yours."), code="not_found")
    filers.require_accredited(user, report.agreement)
    return report


_MONITORED = Prepared(
    "monitored_agreement",
    ["bigint", "text", "timestamptz"],
    f"""
    select agreement.id, agreement.code
    from monitoring_agreement agreement
    where agreement.code = $2 and exists (
        select from monitoring_accreditation held
        where held.user_id = $1 and held.agreement_id = agreement.id
          and held.role in ({", ".join(f"'{role.value}'" for role in filers.FILERS)})
          and held.superseded_at is null and held.valid_from <= $3
          and (held.valid_until is null or held.valid_until > $3))
    """,
)


def monitored_agreement(user: User, code: str) -> Agreement:
    """Return the truce in which `user` files now. Raises Forbidden, the same whether or not there is such a truce."""
    found = _MONITORED.row([user.pk, code, timezone.now()])
    if found is None or not user.is_active:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    return Agreement.from_db(connection.alias, ["id", "code"], found)
