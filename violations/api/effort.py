"""The door for what a team files of its own work: patrols, posts, watch logs, restrictions of movement."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from monitoring.api.views import ListQuery
from monitoring.errors import NotFound
from monitoring.pagination import NewestFirst
from violations import effort
from violations.api.effort_documents import PatrolInput, PatrolTold, RestrictionInput, RestrictionTold
from violations.api.monitors import REPLAYED, MonitorsView, headers_of, monitored_agreement
from violations.models import MovementRestriction, Patrol

RECORDED = (
    "Recorded. The same filing again is answered as the first time, for ever: as it stood then. How it stands now is "
    "told where Location says."
)
WATCH = OpenApiExample(
    "A watch with its log",
    request_only=True,
    value={
        "agreement": "exercise",
        "client_id": "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c11",
        "kind": "watch",
        "from": "2025-03-10T20:00:00-08:00",
        "until": "2025-03-11T04:00:00-08:00",
        "stretches": [
            {"area": "VA03", "from": "2025-03-10T20:00:00-08:00", "until": "2025-03-11T04:00:00-08:00"},
        ],
        "observations": [
            {"at": "2025-03-10T22:14:00-08:00", "observed": "explosion", "count": 1, "bearing": 270, "metres": 4000},
            {"at": "2025-03-10T22:15:00-08:00", "observed": "burst", "count": 3, "qualifier": "at_least"},
        ],
    },
)

REPLACED = OpenApiResponse(description="What it replaces is no filing of your team's.")


class EffortView(MonitorsView):
    """What is common: what the teams filed for which the person files."""

    model: ClassVar[Any]
    told: ClassVar[type[serializers.Serializer]]
    door: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> Any:
        """What the person's teams filed."""
        return effort.of_teams(self.model, self.monitor).prefetch_related(*self.parts)

    def tell(self, public_id: UUID, code: int = status.HTTP_200_OK, **context: Any) -> Response:
        """Tell of one filing, as it stands; `as_filed`: as it stood then."""
        row = self.rows().filter(public_id=public_id).first()
        if row is None:
            raise NotFound(_("There is no such filing of your team's."), code="not_found")
        return Response(self.told(row, context=context).data, status=code)

    def page(self, request: Request) -> Response:
        """Tell of those that stand, newest first."""
        pages = NewestFirst()
        told = self.told(pages.paginate_queryset(self.rows().open(), request, view=self), many=True)
        return pages.get_paginated_response(told.data)

    def file(self, document: Any, verb: Any) -> Response:
        """File, and tell what came of it."""
        document.is_valid(raise_exception=True)
        given = document.validated_data
        with transaction.atomic():  # it is told before another can take its place
            filed = verb(
                monitored_agreement(self.monitor, given["agreement"]),
                document.content,
                by=self.monitor,
                client_id=given["client_id"],
                replaces=given.get("replaces"),
            )
            response = self.tell(filed.row.public_id, status.HTTP_201_CREATED, as_filed=True)
        response["Location"] = reverse(self.door, kwargs={"id": filed.row.public_id}, request=self.request)
        if not filed.created:
            response[REPLAYED] = "true"
        return response

    def _door_of_corrections(self, latest: str | None) -> str:
        """A correction is filed at the same door, and names in `replaces` the `latest` that is told."""
        return self.request.build_absolute_uri(self.request.path)


class PatrolsView(EffortView):
    """Patrols."""

    model = Patrol
    door = "api-patrol"
    told = PatrolTold
    parts = ("stretches__area", "observations", "duty_checks")


class Patrols(PatrolsView):
    """File hours of observation; list those of one's teams."""

    pagination_class = NewestFirst
    query = ListQuery

    @extend_schema(operation_id="patrols_list", parameters=[ListQuery], responses=PatrolTold(many=True))
    def get(self, request: Request) -> Response:
        """The patrols, posts and watches of your teams that stand, newest first."""
        return self.page(request)

    @extend_schema(
        operation_id="patrols_file",
        parameters=headers_of(201),
        request=PatrolInput,
        responses={201: OpenApiResponse(PatrolTold, description=RECORDED), 404: REPLACED},
        examples=[WATCH],
    )
    def post(self, request: Request) -> Response:
        """File a patrol, a post or a watch with its log. It is effort: what a watch logs opens no incident."""
        return self.file(PatrolInput(data=request.data), effort.file_patrol)


class OnePatrol(PatrolsView):
    """One patrol."""

    @extend_schema(operation_id="patrols_read", responses=PatrolTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One patrol of your teams, also after it was corrected or withdrawn."""
        return self.tell(id)


class PatrolWithdrawal(PatrolsView):
    """The withdrawal of a patrol."""

    @extend_schema(operation_id="patrols_withdraw", request=None, responses=PatrolTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Take back what was filed by mistake. It stays in the record and is no longer counted."""
        return self.tell(effort.withdraw(Patrol, id, by=self.monitor).public_id)


class RestrictionsView(EffortView):
    """Restrictions of movement."""

    model = MovementRestriction
    door = "api-restriction"
    told = RestrictionTold
    parts = ("area", "by_party")


class Restrictions(RestrictionsView):
    """File a restriction of movement; list those of one's teams."""

    pagination_class = NewestFirst
    query = ListQuery

    @extend_schema(
        operation_id="movement_restrictions_list",
        parameters=[ListQuery],
        responses=RestrictionTold(many=True),
    )
    def get(self, request: Request) -> Response:
        """The restrictions that your teams filed and that stand, newest first."""
        return self.page(request)

    @extend_schema(
        operation_id="movement_restrictions_file",
        parameters=headers_of(201),
        request=RestrictionInput,
        responses={201: OpenApiResponse(RestrictionTold, description=RECORDED), 404: REPLACED},
    )
    def post(self, request: Request) -> Response:
        """File that a team was kept from going somewhere, or let only late or on conditions."""
        return self.file(RestrictionInput(data=request.data), effort.file_restriction)


class OneRestriction(RestrictionsView):
    """One restriction."""

    @extend_schema(operation_id="movement_restrictions_read", responses=RestrictionTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One restriction of your teams, also after it was corrected or withdrawn."""
        return self.tell(id)


class RestrictionWithdrawal(RestrictionsView):
    """The withdrawal of a restriction."""

    @extend_schema(operation_id="movement_restrictions_withdraw", request=None, responses=RestrictionTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Take back what was filed by mistake. It stays in the record and is no longer counted."""
        return self.tell(effort.withdraw(MovementRestriction, id, by=self.monitor).public_id)
