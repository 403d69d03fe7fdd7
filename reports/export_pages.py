"""The guarantor's way to what lies behind its edition: each table by an address of its own, and all in one file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from reports.attachments import streamed
from reports.exports import taking
from reports.pages import ReadersView


class Export(ReadersView):
    """One file of what lies behind an edition; `?hxl=yes`: a table with the tags of its columns."""

    file = ""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return streamed(taking.take(id, self.file, by=self.reader, hxl=request.GET.get("hxl") == "yes"), request)


def doors() -> list[URLPattern]:
    """An address for each file."""
    return [
        path(f"editions/<uuid:id>/exports/{file}", Export.as_view(file=file), name=f"edition-{taking.slug(file)}")
        for file in taking.OF_AN_EDITION
    ]
