"""The door for guarantors' own systems: editions, newest first, and their files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import accreditation, audit
from monitoring.api.fields import Pattern, Text, one_of
from monitoring.api.views import ApiView, ListQuery
from monitoring.errors import Forbidden, NotFound
from monitoring.models import User
from monitoring.pagination import NewestFirst
from reports import downloads, renderers
from reports.api.told import EditionTold, OneEditionTold
from reports.attachments import attachment
from reports.models import Edition, PeriodKind
from reports.renderers import sheet

LOOKED_FOR = {"agreement": "agreement__code", "period_kind": "closing__kind", "period": "closing__period"}


class NewestRelease(NewestFirst):
    """Newest release first."""

    ordering = ("-released_at", "public_id")


class EditionsQuery(ListQuery):
    """What is looked for among the editions of one's guarantor. All that is given must hold."""

    agreement = Text(max_length=80, required=False, help_text=gettext_lazy("Code of the truce."))
    period_kind = one_of(PeriodKind.choices, required=False)
    period = Pattern(
        r"^[0-9]{4}-([0-9]{2}(-[0-9]{2})?|W[0-9]{2})\Z",
        required=False,
        help_text=gettext_lazy("As 2017-01, 2017-W04 or 2017-01-22."),
    )


class IsGuarantor(BasePermission):
    """Whether the person reads for a guarantor of some truce now."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those who never were, are not yet or are no longer accredited."""
        user = request.user
        if not isinstance(user, User) or not accreditation.held_by(user, accreditation.Role.GUARANTOR).exists():
            raise Forbidden(_("Only those accredited for a guarantor state read editions."), code="not_accredited")
        return True


class ReadersView(ApiView):
    """What is common: readers for a guarantor only, its own editions only."""

    permission_classes = [IsAuthenticated, IsGuarantor]

    @property
    def reader(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user


class Editions(ReadersView):
    """The editions of one's guarantor."""

    pagination_class = NewestRelease
    query = EditionsQuery

    @extend_schema(operation_id="editions_list", parameters=[EditionsQuery], responses=EditionTold(many=True))
    def get(self, request: Request) -> Response:
        """The released editions that you may read now, newest first."""
        audit.looked(
            "edition",
            by=self.reader,
            agreement=accreditation.the_one_agreement(self.reader),
            searched=not LOOKED_FOR.keys().isdisjoint(self.asked),
        )
        pages = NewestRelease()
        rows = Edition.objects.visible_to(self.reader).for_listing()
        for name, column in LOOKED_FOR.items():
            if name in self.asked:
                rows = rows.filter(**{column: self.asked[name]})
        editions: Any = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(EditionTold(editions, many=True, context={"request": request}).data)


class OneEdition(ReadersView):
    """One edition."""

    @extend_schema(operation_id="editions_read", responses=OneEditionTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One edition with its files, and every figure that changed since the last closing of its period."""
        edition = Edition.objects.visible_to(self.reader).filter(public_id=id).for_listing().first()
        if edition is None:
            raise NotFound(_("There is no such edition among those that are yours to read."), code="not_found")
        audit.looked("edition", by=self.reader, on=edition, agreement=edition.agreement)
        return Response(OneEditionTold(edition, context={"request": request}).data)


class OneRendition(ReadersView):
    """A file of an edition."""

    @extend_schema(
        operation_id="renditions_download",
        responses={
            (200, media_type): OpenApiResponse(
                OpenApiTypes.OBJECT if form == "json" else OpenApiTypes.BINARY,
                description="The file, as an attachment.",
            )
            for form, media_type in renderers.MEDIA_TYPES.items()
        },
    )
    def get(self, request: Request, id: UUID) -> FileResponse:  # noqa: A002
        """The file as it was released. Whether you may have it is asked now, and that you took it is recorded."""
        return attachment(*downloads.take(id, by=self.reader))


class OneSheet(ReadersView):
    """A file of a corrigendum or addendum."""

    @extend_schema(
        operation_id="supplements_download",
        responses={
            (200, renderers.MEDIA_TYPES[form]): OpenApiResponse(
                OpenApiTypes.OBJECT if form == "json" else OpenApiTypes.BINARY,
                description="The file, as an attachment.",
            )
            for form in sheet.FORMATS
        },
    )
    def get(self, request: Request, id: UUID) -> FileResponse:  # noqa: A002
        """The sheet as it was released. Whether you may have it is asked now, and that you took it is recorded."""
        return attachment(*downloads.take_sheet(id, by=self.reader))
