"""The door by which guarantors' systems ask of an edition's figures: each of them, its incidents, another beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from monitoring import audit
from monitoring.api.fields import Text
from monitoring.api.views import Query
from reports import behind, compare
from reports.api.editions import ReadersView
from reports.api.figures_told import ComparisonTold, FigureIncidentsTold, FiguresTold
from reports.compare import Differing
from reports.models import Edition

LONGEST_PATH = 2000
AFTER = gettext_lazy("From `next`: go on after this one.")


class FiguresQuery(Query):
    """Where in the list of figures to go on."""

    after = Text(max_length=LONGEST_PATH, required=False, help_text=AFTER)


class IncidentsQuery(Query):
    """Which figure, and where in its list to go on."""

    path = Text(
        max_length=LONGEST_PATH, help_text=gettext_lazy("Of the figure, as incidents/total/columns/pending: its codes.")
    )
    after = Text(max_length=80, required=False, help_text=AFTER)


class ComparisonQuery(Query):
    """Where in either list to go on."""

    after = Text(max_length=LONGEST_PATH, required=False, help_text=AFTER)
    incidents_after = Text(
        max_length=80, required=False, help_text=gettext_lazy("From `next_incidents`: go on after this one.")
    )


class OfAnEdition(ReadersView):
    """What is common: an edition that the reader may read now, and that it is looked at is in the audit."""

    def edition(self, public_id: UUID) -> Edition:
        """The edition. Raises NotFound where it is not theirs."""
        edition = behind.readable(public_id, by=self.reader)
        audit.looked("edition", by=self.reader, on=edition, agreement=edition.agreement)
        return edition

    def further(self, request: Request, last: str, **asked: str) -> str | None:
        """The address of the page that follows after `last`; None where none does."""
        told = urlencode({name: value for name, value in asked.items() if value})
        return request.build_absolute_uri(f"{request.path}?{told}") if last else None


class Figures(OfAnEdition):
    """Every number of an edition."""

    query = FiguresQuery

    @extend_schema(operation_id="edition_figures_list", parameters=[FiguresQuery], responses=FiguresTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Every number of an edition by its path, and where the incidents are that it counts."""
        content = behind.read(self.edition(id).closing).content
        after = self.asked.get("after", "")
        page = behind.part(behind.numbers(content), lambda row: row[1], after=after, most=behind.FIGURES_A_PAGE)
        nothing = behind.no_counts(content)
        there = reverse("api-edition-figure-incidents", kwargs={"id": id}, request=request)
        results = [
            {
                "section": section,
                "path": path,
                "figure": None if note else figure,
                "note": note,
                "href": f"{there}?{urlencode({'path': path})}",
            }
            for section, path, figure in page.rows
            for note in [nothing.why_at(path, figure)]
        ]
        return Response({"next": self.further(request, page.next_after, after=page.next_after), "results": results})


class FigureIncidents(OfAnEdition):
    """The incidents behind one figure."""

    query = IncidentsQuery

    @extend_schema(
        operation_id="edition_figure_incidents_list", parameters=[IncidentsQuery], responses=FigureIncidentsTold
    )
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The incidents that a figure counts, as the annex shows them; how many are not listed, and why."""
        content, path = behind.read(self.edition(id).closing).content, self.asked["path"]
        found = behind.figure_at(content, path)
        note = behind.no_counts(content).why_at(path, found.figure)
        told = None if note else behind.incidents(content, found)
        page = behind.part(
            told.incidents if told else (),
            lambda row: row[1]["reference"],
            after=self.asked.get("after", ""),
            most=behind.A_PAGE,
        )
        document = {
            "edition": id,
            "path": path,
            "figure": None if note else found.figure,
            "note": note,
            "counts": behind.unit_of(found),
            "listed": told.listed if told else None,
            "unlisted": told.unlisted if told else None,
            "why_unlisted": list(told.why) if told else [],
            "next": self.further(request, page.next_after, path=path, after=page.next_after),
            "incidents": [{"number": number, "incident": incident} for number, incident in page.rows],
        }
        return Response(document)


class Comparison(OfAnEdition):
    """An edition beside another of the same truce."""

    query = ComparisonQuery

    @extend_schema(operation_id="editions_compare", parameters=[ComparisonQuery], responses=ComparisonTold)
    def get(self, request: Request, id: UUID, other: UUID) -> Response:  # noqa: A002
        """Any two editions of one truce beside one another: every figure that differs, and every incident."""
        editions = [self.edition(one) for one in (id, other)]
        two = behind.beside(*(behind.read(edition.closing) for edition in editions))
        by_closing = {edition.closing_id: edition for edition in editions}
        after, rows_after = (self.asked.get(name, "") for name in ("after", "incidents_after"))
        figures = behind.part(two.found.figures, lambda row: row["path"], after=after, most=behind.FIGURES_A_PAGE)
        incidents = behind.part(behind.differing(two.found), lambda row: row[1], after=rows_after, most=behind.A_PAGE)
        found = two.found
        document = {
            "before": _named(by_closing[two.before.closing.pk]),
            "now": _named(by_closing[two.now.closing.pk]),
            "same_period": compare.same_period(two.before.content, two.now.content),
            "why_not": found.why_not,
            "why_no_incidents": found.why_no_incidents,
            "sections_only_before": list(found.only_before),
            "sections_only_now": list(found.only_now),
            "sections_told_otherwise": list(found.told_otherwise),
            "views": list(found.views),
            "other_codebook": found.other_codebook,
            "days_apart": found.days_apart,
            "figures_differing": len(found.figures),
            "figures": _claimed(two, figures.rows),
            "next": self.further(request, figures.next_after, after=figures.next_after, incidents_after=rows_after),
            "incidents": [_differing(*line) for line in incidents.rows],
            "next_incidents": self.further(
                request, incidents.next_after, after=after, incidents_after=incidents.next_after
            ),
        }
        return Response(ComparisonTold(document).data)


def _named(edition: Edition) -> dict[str, Any]:
    closing = edition.closing
    return {
        "edition": edition.public_id,
        "closing": closing.public_id,
        "period": closing.period,
        "number": closing.number,
        "cutoff_at": closing.cutoff_at,
        "content_sha256": closing.content_sha256,
    }


def _claimed(two: behind.Beside, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures that differ; null where what is 0 in a content is no count."""
    nothing = {"old": behind.no_counts(two.before.content), "new": behind.no_counts(two.now.content)}
    return [
        {**row, **{which: None for which, of in nothing.items() if of.why_at(row["path"], row[which])}} for row in shown
    ]


def _differing(how: str, reference: str, row: Any) -> dict[str, Any]:
    fields = row.fields if isinstance(row, Differing) else ()
    return {
        "reference": reference,
        "how": how,
        "fields_differing": [{"field": name, "old": old, "new": new} for name, old, new in fields],
        "incident": row.now if isinstance(row, Differing) else row,
    }
