"""What lies behind a released closing, in full, for moderators: tables with exact times and points, to take away."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from monitoring.models import Agreement
from reports.attachments import streamed
from reports.exports import taking
from reports.models import Closing, PeriodKind
from reports.renderers import values
from violations.admin.moderating import ModeratorAdmin, capacities, person

MOST = 60  # closings listed of all truces: five years of months


class ExportsPage(ModeratorAdmin):
    """The page, and the tables it leads to; it belongs to no table of the record."""

    def get_urls(self) -> list[URLPattern]:
        """The list, and an address for each table of a closing."""
        tables = [
            path(
                f"exports/<uuid:id>/{file}",
                self.door(f"closing.take_{file}"[:60], partial(self.take, file=file)),
                name=f"reports_closing_{taking.slug(file).replace('-', '_')}",
            )
            for file in taking.OF_A_CLOSING
        ]
        return [path("exports/", self.door("closing.exports", self.show), name="reports_closing_exports"), *tables]

    def show(self, request: HttpRequest) -> HttpResponse:
        """The released closings of the moderator's truces, newest period first, with their tables."""
        closings = (
            Closing.objects.released()
            .filter(agreement__in=_truces(request))
            .exclude(kind=PeriodKind.DAY)
            .select_related("agreement")
            .order_by("-period_from", "agreement__code", "-number")
        )
        told = {"closings": [_row(closing) for closing in closings[:MOST]], "most": MOST}
        return self.page(request, "reports/exports", _("What lies behind a report, in full"), told)

    def take(self, request: HttpRequest, id: UUID, *, file: str) -> HttpResponseBase:  # noqa: A002
        """One table of one closing, block by block; the verb tells the audit."""
        taken = taking.take_in_full(
            id, file, by=person(request), of=_truces(request), hxl=request.GET.get("hxl") == "yes"
        )
        request._taken = True  # type: ignore[attr-defined]
        return streamed(taken, request)


def _truces(request: HttpRequest) -> list[Agreement]:
    return [held.accreditation.agreement for held in capacities(request).values()]


def _row(closing: Closing) -> dict[str, object]:
    return {
        "agreement": closing.agreement.name,
        "simulated": closing.agreement.simulated,
        "period": values.period(closing.period),
        "number": closing.number,
        "tables": [
            {
                "file": file,
                "address": reverse(
                    f"admin:reports_closing_{taking.slug(file).replace('-', '_')}", args=[closing.public_id]
                ),
            }
            for file in taking.OF_A_CLOSING
        ],
    }
