"""The guarantor's editions: the newest of the longest period before all else, then every one; one of them; its files.

An edition's page says what changed since the last closing, its hash, and where each file is.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation, audit
from monitoring.errors import NotFound
from reports import downloads
from reports.attachments import attachment
from reports.models import Edition, PeriodKind
from reports.pages import ReadersView
from reports.querysets import longest_first
from reports.shown import EditionShown, ListedEdition

A_PAGE = 25

KINDS = {
    PeriodKind.MONTH: gettext_lazy("Monthly reports"),
    PeriodKind.WEEK: gettext_lazy("Weekly reports"),
    PeriodKind.DAY: gettext_lazy("Daily reports"),
}
NEWEST = {
    PeriodKind.MONTH: gettext_lazy("Newest monthly report"),
    PeriodKind.WEEK: gettext_lazy("Newest weekly report"),
    PeriodKind.DAY: gettext_lazy("Newest daily report"),
}


class EditionsFilter(forms.Form):
    """Which editions are listed. Everything is optional; what is not offered is told to be none of the choices."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Which reports"), required=False, choices=[("", gettext_lazy("all")), *KINDS.items()]
    )
    truce = forms.ChoiceField(label=gettext_lazy("Of which truce"), required=False)

    def __init__(self, asked: Any, *, truces: dict[str, str]) -> None:
        super().__init__(asked)
        if len(truces) > 1:
            self.fields["truce"].choices = [("", _("all")), *truces.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["truce"]

    def narrowed(self, editions: Any) -> Any:
        """Those of `editions` that are asked for; none where what was asked is not offered."""
        if not self.is_valid():
            return editions.none()
        for name, column in (("kind", "closing__kind"), ("truce", "agreement__code")):
            if wanted := self.cleaned_data.get(name):
                editions = editions.filter(**{column: wanted})
        return editions


class Editions(ReadersView):
    """The editions of the guarantors for which the reader is accredited now, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them; without any, say why."""
        held = accreditation.held_by(self.reader, accreditation.Role.GUARANTOR)
        sent = list(held.select_related("sent_by_guarantor__agreement"))
        truces = {row.sent_by_guarantor.agreement.code: row.sent_by_guarantor.agreement.name for row in sent}
        form = EditionsFilter(request.GET, truces=truces)
        asked = any(request.GET.get(name) for name in form.fields)
        agreement = accreditation.the_one_agreement(self.reader)
        audit.looked("edition", by=self.reader, agreement=agreement, searched=asked)
        editions = form.narrowed(Edition.objects.visible_to(self.reader)).for_listing()
        page = Paginator(editions, A_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": _("Editions"),
            "form": form,
            "asked": asked,
            "page": page,
            "listed": [ListedEdition(edition) for edition in page],
            "newest": _newest(editions) if page.number == 1 else None,
            "guarantors": [row.sent_by_guarantor.name for row in sent],
        }
        return render(request, "reports/editions.html", context)


def _newest(editions: Any) -> dict[str, Any] | None:
    """The newest of the longest kind of period: who opens the page for the month is not shown a day."""
    found = editions.order_by(longest_first("closing__"), *editions.query.order_by).first()
    if found is None:
        return None
    return {"edition": ListedEdition(found), "called": NEWEST[PeriodKind(found.closing.kind)]}


class OneEdition(ReadersView):
    """One edition: what it is, what changed since the last closing, the hash and every file."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Show it."""
        mine = Edition.objects.visible_to(self.reader)
        edition = mine.filter(public_id=id).for_listing().first()
        if edition is None:
            raise NotFound(_("There is no such edition among those that are yours to read."), code="not_found")
        others = mine.filter(
            closing__agreement=edition.agreement_id,
            closing__kind=edition.closing.kind,
            closing__period=edition.closing.period,
            guarantor=edition.guarantor_id,
        ).exclude(pk=edition.pk)
        audit.looked("edition", by=self.reader, on=edition, agreement=edition.agreement)
        shown = EditionShown(edition)
        listed = [ListedEdition(other) for other in others.for_listing()]
        before = (other.id for other in listed if str(other.closing.public_id) == shown.previous_closing)
        context = {"title": shown.title, "shown": shown, "others": listed, "before": next(before, "")}
        return render(request, "reports/edition.html", context)


class RenditionDownload(ReadersView):
    """A file of an edition."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return attachment(*downloads.take(id, by=self.reader))


class SheetDownload(ReadersView):
    """A file of a corrigendum or addendum."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return attachment(*downloads.take_sheet(id, by=self.reader))
