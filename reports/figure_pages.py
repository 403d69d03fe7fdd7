"""A guarantor's pages of the figures of an edition: each leads to its incidents; and any two closings side by side.

Nothing here tells of an incident but what the annex of the same report does. Plain pages that work without JavaScript.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed
from reports import behind, compare, compared_shown, figures_listed, figures_shown
from reports.figures.paths import Elsewhere, Found
from reports.models import Edition
from reports.pages import ReadersView
from reports.renderers import values
from reports.renderers.reading import Reading
from reports.shown import EditionShown, ListedEdition

MOST_TO_CHOOSE_FROM = 200


class OfAnEdition(ReadersView):
    """What is common: an edition that the reader may read now, and that it is looked at is in the audit."""

    def edition(self, public_id: UUID) -> EditionShown:
        """The edition, read. Raises NotFound where it is not theirs."""
        edition = behind.readable(public_id, by=self.reader)
        audit.looked("edition", by=self.reader, on=edition, agreement=edition.agreement)
        return EditionShown(edition)


class Figures(OfAnEdition):
    """Every number of an edition, table by table, each a link to what it counts."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """List the tables, and the numbers of the one asked for."""
        shown = self.edition(id)
        tables = figures_listed.tables(shown.reading)
        chosen = figures_listed.table_at(tables, request.GET.get("table", ""))
        part = behind.part(
            chosen["figures"],
            lambda row: row[0],
            after=request.GET.get("after", ""),
            most=behind.FIGURES_A_PAGE,
        )
        groups = figures_listed.grouped(shown.reading, chosen, part.rows)
        context = {
            "title": _("Figures of %(edition)s") % {"edition": shown.title},
            "shown": shown,
            "tables": tables,
            "chosen": chosen,
            "groups": groups,
            "notes": figures_listed.notes(groups),
            "next": _next(table=chosen["code"], after=part.next_after),
        }
        return render(request, "reports/figures.html", context)


class FigureIncidents(OfAnEdition):
    """The incidents behind one figure."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """List those that the annex shows, and say why others are not."""
        shown = self.edition(id)
        path = request.GET.get("path", "")
        if not path:
            raise Malformed(_("No figure was asked for. Choose one from the report's list of figures."))
        found = behind.figure_at(shown.reading.content, path)
        note = figures_shown.note(found, shown.reading)
        told = None if note else behind.incidents(shown.reading.content, found)
        context: dict[str, Any] = {
            "title": figures_shown.called(shown.reading, path),
            "shown": shown,
            "figure": figures_shown.amount(found, shown.reading),
            "note": note,
            "path": path,
            "table": figures_listed.table_of(path),
            "leads_to": figures_shown.leads_to(found),
            "onward": _onward(shown, found),
        }
        if told is not None:
            part = behind.part(
                told.incidents,
                lambda row: row[1]["reference"],
                after=request.GET.get("after", ""),
                most=behind.A_PAGE,
            )
            context |= {
                "how_many": figures_shown.how_many(told, persons=behind.unit_of(found) == "persons"),
                "why": figures_shown.why(shown.reading, told),
                "persons": behind.unit_of(found) == "persons",
                "zone": values.zone_of(shown.reading.period),
                "lines": figures_shown.lines(shown.reading, part.rows),
                "next": _next(path=path, after=part.next_after),
            }
        return render(request, "reports/figure.html", context)


class Comparison(OfAnEdition):
    """An edition beside another one of its truce, whichever the reader names."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Say which there are; beside the one that is chosen, every figure and incident that differs."""
        shown = self.edition(id)
        edition = shown.edition
        others = (
            Edition.objects.visible_to(self.reader)
            .filter(agreement=edition.agreement_id, guarantor=edition.guarantor_id)
            .exclude(pk=edition.pk)
            .select_related("agreement", "guarantor", "closing__version")
            .defer("content")
            .order_by(_like(edition.closing.kind), "-released_at", "-closing__period_from", "pk")[:MOST_TO_CHOOSE_FROM]
        )
        context: dict[str, Any] = {
            "title": _("%(edition)s beside another") % {"edition": shown.title},
            "shown": shown,
            "others": [ListedEdition(other) for other in others],
            "chosen": request.GET.get("with", ""),
        }
        if context["chosen"]:
            other = self.edition(_named(context["chosen"]))
            context |= _compared(shown, other, request.GET.get("after", ""), request.GET.get("incidents_after", ""))
        return render(request, "reports/comparison.html", context)


def _like(kind: str) -> Case:
    """What sorts editions of periods of the same kind first: a month is laid beside a month."""
    return Case(When(closing__kind=kind, then=Value(0)), default=Value(1))


def _named(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed(_("No report is named so. Choose one from the list.")) from None


def _compared(one: EditionShown, other: EditionShown, after: str, incidents_after: str) -> dict[str, Any]:
    """The two in the order of their cut-offs, and what differs, a page of each list."""
    two = behind.beside(*(behind.Read(shown.closing, shown.reading.content) for shown in (one, other)))
    before, now = (one, other) if two.before.closing == one.closing else (other, one)
    readings: tuple[Reading, Reading] = (before.reading, now.reading)
    figures = behind.part(two.found.figures, lambda row: row["path"], after=after, most=behind.FIGURES_A_PAGE)
    incidents = behind.part(behind.differing(two.found), lambda row: row[1], after=incidents_after, most=behind.A_PAGE)
    kept = {"with": other.id}
    return {
        "before": before,
        "now": now,
        "same_closing": two.before.closing == two.now.closing,
        "same_period": compare.same_period(two.before.content, two.now.content),
        "found": two.found,
        "said": compared_shown.said(two.found),
        "figures": list(compared_shown.figures_that_differ(*readings, figures.rows)),
        "incidents": list(compared_shown.incidents_that_differ(*readings, incidents.rows)),
        "next": _next(**kept, incidents_after=incidents_after, after=figures.next_after),
        "next_incidents": _next(**kept, after=after, incidents_after=incidents.next_after, last="incidents_after"),
    }


def _next(*, last: str = "after", **asked: str) -> str:
    """The query of the page that follows; '' where none does."""
    return f"?{urlencode({name: value for name, value in asked.items() if value})}" if asked[last] else ""


def _onward(shown: EditionShown, found: Found) -> tuple[str, str]:
    """A page on which what a figure is made of can be seen, and what it is called; ('', '') where there is none."""
    code = shown.edition.agreement.code
    return {
        Elsewhere.RETURNS: (reverse("truce-returns", args=[code]), _("Daily returns of this truce")),
        Elsewhere.CASES_LISTED: (reverse("truce-lists", args=[code]), _("Lists of cases of this truce")),
    }.get(found.counts if isinstance(found.counts, Elsewhere) else Elsewhere.NO_NUMBER, ("", ""))
