"""Every figure of a released report and the incidents that it counts, in full, as known at its cut-off: for moderators.

They see of an incident what its own page shows them anyway. What is listed is counted anew by the code of today; where
an old report says otherwise, both numbers are told. Two closings are laid beside one another as guarantors see them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from monitoring.errors import Malformed
from monitoring.models import Area
from reports import behind, compare, compared_shown, figures_listed, figures_shown
from reports.closings.computing import known_at
from reports.figures import rows_in_full
from reports.figures.known import Known
from reports.figures.paths import Counted
from reports.models import Closing
from reports.querysets import longest_first
from reports.renderers.reading import Reading, place_in_columns
from violations import codebook
from violations.admin import words
from violations.admin.moderating import ModeratorAdmin, capacities

MOST_TO_CHOOSE_FROM = 200


class FiguresPage(ModeratorAdmin):
    """The pages; they belong to no table."""

    def get_urls(self) -> list[URLPattern]:
        """The figures, the incidents of one, and two closings."""
        return [
            path("figures/", self.door("closing.figures", self.show), name="reports_closing_figures"),
            path("compare/", self.door("closing.compare", self.compare), name="reports_closing_compare"),
        ]

    def show(self, request: HttpRequest) -> HttpResponse:
        """Without a path, the figures of a report table by table; with one, the incidents that the figure counts."""
        closing = self._asked(request, "closing") or released(request).first()
        told: dict[str, Any] = {"choice": _choice(request), "chosen": closing}
        title = _("Figures and the incidents behind them")
        if closing is None:
            return self.page(request, "reports/closing_figures", title, told)
        request._opened = closing  # type: ignore[attr-defined]
        reading = Reading(behind.read(closing).content, None, "en")
        asked = request.GET.get("path", "")
        if asked:
            told |= _behind(closing, reading, asked, request.GET.get("after", ""))
            title = told["name"]
        else:
            told |= _figures(reading, request.GET.get("table", ""), request.GET.get("after", ""), closing)
        return self.page(request, "reports/closing_figures", title, told)

    def compare(self, request: HttpRequest) -> HttpResponse:
        """Two released reports of one truce beside one another."""
        told: dict[str, Any] = {"choice": _choice(request)}
        one, other = (self._asked(request, name) for name in ("before", "now"))
        if one is not None and other is not None:
            request._opened = other  # type: ignore[attr-defined]
            told |= _compared(one, other, request)
        return self.page(request, "reports/closing_compare", _("Two reports beside one another"), told)

    def _asked(self, request: HttpRequest, name: str) -> Closing | None:
        """The report that a parameter names; None where it names none. Raises NotFound where it is not theirs."""
        text = request.GET.get(name, "")
        if not text:
            return None
        try:
            closing: Closing = self.find(request, released(request), UUID(text))
        except ValueError:
            raise Malformed(_("No report is named so. Choose one from the list.")) from None
        return closing


def released(request: HttpRequest) -> Any:
    """The released closings of the truces that the person moderates, months before weeks and days, newest first."""
    rows = Closing.objects.released().filter(agreement__in=capacities(request).keys())
    return rows.select_related("agreement", "version").order_by(longest_first(), "-released_at", "-period_from", "pk")


def _choice(request: HttpRequest) -> list[Closing]:
    return list(released(request)[:MOST_TO_CHOOSE_FROM])


def _figures(reading: Reading, table: str, after: str, closing: Closing) -> dict[str, Any]:
    """The tables of a report, and the numbers of the one asked for."""
    tables = figures_listed.tables(reading)
    chosen = figures_listed.table_at(tables, table)
    part = behind.part(chosen["figures"], lambda row: row[0], after=after, most=behind.FIGURES_A_PAGE)
    groups = figures_listed.grouped(reading, chosen, part.rows)
    return {
        "tables": tables,
        "table": chosen,
        "groups": groups,
        "notes": figures_listed.notes(groups),
        "next": part.next_after
        and "?" + urlencode({"closing": closing.public_id, "table": chosen["code"], "after": part.next_after}),
    }


def _behind(closing: Closing, reading: Reading, asked: str, after: str) -> dict[str, Any]:
    """A figure of a report and its incidents, a page of them."""
    found = behind.figure_at(reading.content, asked)
    told: dict[str, Any] = {
        "path": asked,
        "name": figures_shown.called(reading, asked),
        "figure": figures_shown.amount(found, reading),
        "note": figures_shown.note(found, reading),
        "table": {"code": figures_listed.table_of(asked)},
        "leads_to": figures_shown.leads_to(found),
        "persons": behind.unit_of(found) == "persons",
    }
    if not isinstance(found.counts, Counted):
        return told
    known = known_at(closing, closing.cutoff_at)
    page = rows_in_full.listed(known, found.counts, most=behind.A_PAGE, after=_after(after))
    if page is None:
        raise Malformed(_("The list has no such row to go on from. Begin at its first page."))
    areas = dict(Area.objects.filter(agreement=known.agreement).values_list("code", "names"))
    query = {"closing": closing.public_id, "path": asked, "after": page.rows[-1].public_id if page.more else ""}
    return told | {
        "zone": words.zone_name(ZoneInfo(known.version.time_zone)),
        "incidents": page.incidents,
        "now": None if page.figure == found.figure else page.figure,
        "lines": [_line(known, row, areas) for row in page.rows],
        "next": page.more and f"?{urlencode(query)}",
    }


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Malformed(_("The list has no such row to go on from. Begin at its first page.")) from None


def _line(known: Known, row: rows_in_full.Row, areas: dict[str, dict[str, str]]) -> dict[str, Any]:
    zone = ZoneInfo(known.version.time_zone)
    return {
        "public_id": row.public_id,
        "reference": words.reference(row.public_id),
        "number": row.number,
        "occurred": words.occurred(row.occurred_from, row.occurred_until, row.time_precision, zone),
        "areas": [areas[code].get("en", code) for code in row.areas],
        "act": codebook.Act(row.act).label,
        "stands": place_in_columns(row.stands_in) if row.stands_in else "",
        "becomes": place_in_columns(row.becomes) if row.becomes else "",
    }


def _compared(one: Closing, other: Closing, request: HttpRequest) -> dict[str, Any]:
    """The two in the order of their cut-offs, and what differs, a page of each list."""
    after, rows_after = (request.GET.get(name, "") for name in ("after", "incidents_after"))
    two = behind.beside(behind.read(one), behind.read(other))
    then, since = (Reading(read.content, None, "en") for read in (two.before, two.now))
    figures = behind.part(two.found.figures, lambda row: row["path"], after=after, most=behind.FIGURES_A_PAGE)
    incidents = behind.part(behind.differing(two.found), lambda row: row[1], after=rows_after, most=behind.A_PAGE)
    kept = {"before": one.public_id, "now": other.public_id}
    return {
        "before": two.before.closing,
        "now": two.now.closing,
        "same_closing": one == other,
        "same_period": compare.same_period(two.before.content, two.now.content),
        "found": two.found,
        "said": compared_shown.said(two.found),
        "figures": list(compared_shown.figures_that_differ(then, since, figures.rows)),
        "incidents": list(compared_shown.incidents_that_differ(then, since, incidents.rows)),
        "next": figures.next_after
        and "?" + urlencode({**kept, "incidents_after": rows_after, "after": figures.next_after}),
        "next_incidents": incidents.next_after
        and "?" + urlencode({**kept, "after": after, "incidents_after": incidents.next_after}),
    }
