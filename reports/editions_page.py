"""The guarantor's page of its editions: the newest of the longest period before all else, then every one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation, audit
from reports.models import Edition, PeriodKind
from reports.pages import ReadersView
from reports.querysets import longest_first
from reports.shown import ListedEdition

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
