"""The door for guarantors' own systems to what lies behind an edition: its tables, and all of it in one file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from monitoring.api.views import Query
from reports.api.editions import ReadersView
from reports.attachments import streamed
from reports.exports import taking


class TableQuery(Query):
    """How a table is wanted."""

    hxl = serializers.BooleanField(
        required=False, help_text=gettext_lazy("With the HXL tags of the columns in a row under the head.")
    )


class Export(ReadersView):
    """One file of what lies behind an edition."""

    file = ""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file is of one form, whatever a client says that it accepts; a refusal is told as everywhere."""
        return super().perform_content_negotiation(request, force=True)

    def get(self, request: Request, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, block by block. Whether you may have it is asked now, and that you took it is recorded."""
        taken = taking.take(id, self.file, by=self.reader, hxl=bool(self.asked.get("hxl")))
        return streamed(taken, request._request)


def doors() -> list[URLPattern]:
    """An address for each file."""
    return [
        path(f"editions/<uuid:id>/exports/{file}", _view(file), name=f"api-edition-{taking.slug(file)}")
        for file in taking.OF_AN_EDITION
    ]


def _view(file: str) -> Any:
    """The door of one file, as the description of the API tells it."""
    form = file.rpartition(".")[2]
    told = extend_schema(
        operation_id=f"exports_{taking.slug(file).replace('-', '_')}",
        parameters=[TableQuery] if form == "csv" else [],
        responses={
            (200, taking.MEDIA_TYPES[form].partition(";")[0]): OpenApiResponse(
                OpenApiTypes.OBJECT if form == "geojson" else OpenApiTypes.BINARY,
                description="The file, as an attachment that ends with the last chunk; without it, it is no file.",
            ),
            409: OpenApiResponse(description="There is no such table behind it, or another is on its way to you."),
        },
    )
    view: Any = type(
        f"Export{taking.slug(file).title().replace('-', '')}",
        (Export,),
        {"__doc__": Export.__doc__, "file": file, "query": TableQuery if form == "csv" else Query, "get": told(_get())},
    )
    return view.as_view()


def _get() -> Any:
    """The method, once for each door: what is told of one would else be told of all."""

    def get(self: Export, request: Request, id: UUID) -> HttpResponseBase:  # noqa: A002
        return Export.get(self, request, id)

    get.__doc__ = Export.get.__doc__
    return get
