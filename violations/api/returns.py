"""The door for the sides' daily returns: file one's own, correct it, acknowledge another's, see who has filed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from monitoring import accreditation, audit, days
from monitoring.api.views import ApiView, ListQuery
from monitoring.errors import Forbidden, NotFound
from monitoring.models import Agreement, User
from monitoring.pagination import NewestFirst
from violations import return_filing
from violations.api.return_documents import MOST_DAYS, DaysQuery, DaysTold, ReturnInput, ReturnTold
from violations.models import DailyReturn
from violations.return_book import Outcome
from violations.return_querysets import FILERS, READERS
from violations.returns_due import returns_due

SHOWN_DAYS = 14
EXAMPLE = OpenApiExample(
    "Two cases of a day, by area",
    request_only=True,
    value={
        "agreement": "exercise",
        "on": "2025-03-10",
        "total": 2,
        "breakdown": "complete",
        "lines": [{"area": "VA01", "count": 2}],
    },
)
WORD = OpenApiExample(
    "One's word on another's cases",
    request_only=True,
    value={
        "agreement": "exercise",
        "on": "2025-03-10",
        "ledger": "birch",
        "total": 12,
        "breakdown": "none",
        "confirmed": 3,
        "not_confirmed": 9,
    },
)


class ReadsReturns(BasePermission):
    """Whether the person reads the returns of some truce now."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those whose accreditation has not begun, has ended, or is another."""
        user = request.user
        if not isinstance(user, User) or not accreditation.held_by(user, *READERS, *FILERS).exists():
            raise Forbidden(_("Returns are for those who file them and for staff."), code="not_accredited")
        return True


class ReturnsView(ApiView):
    """What is common: who is no reader of returns comes no further."""

    permission_classes = [IsAuthenticated, ReadsReturns]

    @property
    def reader(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what was told."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def shown(self) -> Any:
        """The returns that the person may see now."""
        return (
            DailyReturn.objects.visible_to(self.reader)
            .with_acknowledgement()
            .with_predecessor()
            .select_related("agreement", "owner", "teller")
            .prefetch_related("lines__area", "sources")
        )

    def answer(self, told: DailyReturn, code: int = status.HTTP_200_OK) -> Response:
        """Tell of one return."""
        where = reverse("api-daily-return", kwargs={"id": told.public_id}, request=self.request)
        return Response(ReturnTold(self.shown().get(pk=told.pk)).data, status=code, headers={"Location": where})


def read_agreement(user: User, code: str) -> Agreement:
    """Return the truce whose returns `user` reads now. Raises Forbidden, whether or not there is such a one."""
    held = (
        accreditation.held_by(user, *READERS, *FILERS).filter(agreement__code=code).select_related("agreement").first()
    )
    if held is None:
        raise Forbidden(_("Your account reads no returns of this agreement."), code="not_accredited")
    return held.agreement


class DailyReturns(ReturnsView):
    """File a return; list those that are shown."""

    pagination_class = NewestFirst
    query = ListQuery

    @extend_schema(operation_id="daily_returns_list", parameters=[ListQuery], responses=ReturnTold(many=True))
    def get(self, request: Request) -> Response:
        """The returns that stand and that you may see, newest first. Others' are shown once their day was due."""
        pages = NewestFirst()
        audit.looked("dailyreturn", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        told = ReturnTold(pages.paginate_queryset(self.shown().open(), request, view=self), many=True)
        return pages.get_paginated_response(told.data)

    @extend_schema(
        operation_id="daily_returns_file",
        request=ReturnInput,
        responses={201: ReturnTold, 200: OpenApiResponse(ReturnTold, description="The same again: the first answer.")},
        examples=[EXAMPLE, WORD],
    )
    def post(self, request: Request) -> Response:
        """File what your state announces of a day, nil included, or its word on another's cases; correct either.

        A duty officer of a guarantor's own team files its return from paper, the liaison of a party that is a
        guarantor's own forces likewise; neither says anything of another's ledger.
        """
        document = ReturnInput(data=request.data)
        document.is_valid(raise_exception=True)
        agreement = read_agreement(self.reader, document.validated_data["agreement"])
        with transaction.atomic():  # it is told before another can take its place
            recorded = return_filing.file_return(agreement, document.filed, by=self.reader)
            known = recorded.outcome is Outcome.KNOWN
            return self.answer(recorded.daily_return, status.HTTP_200_OK if known else status.HTTP_201_CREATED)


class OneDailyReturn(ReturnsView):
    """One return."""

    @extend_schema(operation_id="daily_returns_read", responses=ReturnTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One return that you may see, also after another took its place."""
        told = self.shown().filter(public_id=id).first()
        if told is None:
            raise NotFound(_("There is no such return among those that you may see."), code="not_found")
        audit.looked("dailyreturn", by=self.reader, on=told)
        return Response(ReturnTold(told).data)


class Acknowledgement(ReturnsView):
    """The owner's acknowledgement of what another told of its ledger."""

    @extend_schema(operation_id="daily_returns_acknowledge", request=None, responses=ReturnTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Acknowledge for your state what another told of its ledger: these numbers, not later ones."""
        return self.answer(return_filing.acknowledge(id, by=self.reader))


class ReturnDays(ReturnsView):
    """Who has filed and who has not."""

    query = DaysQuery

    @extend_schema(operation_id="daily_returns_days", parameters=[DaysQuery], responses=DaysTold)
    def get(self, request: Request) -> Response:
        """Each day of each ledger: until when its return is due, whether it is there, and whether in time."""
        given = self.asked
        agreement = read_agreement(self.reader, given["agreement"])
        now = timezone.now()
        until = given.get("until") or days.day_holding(agreement.terms, now).date + days.ONE_DAY
        begins = given.get("from") or until - timedelta(days=SHOWN_DAYS)
        if not 0 < (until - begins).days <= MOST_DAYS:
            raise ValidationError({"until": [_("Ask for 1 to %(most)d days.") % {"most": MOST_DAYS}]})
        audit.looked("dailyreturn", by=self.reader, agreement=agreement)
        told = returns_due(agreement, reader=self.reader, from_date=begins, until_date=until, at=now)
        return Response(DaysTold({"agreement": agreement.code, "days": told}).data)
