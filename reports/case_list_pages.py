"""The guarantor's pages for its own list of cases: hand in, tell, lay beside what others hold, download the sheet.

That another told a list is shown at once; its rows once both have told theirs.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from monitoring import audit, days
from monitoring.english_order import by_english_name
from monitoring.errors import Malformed, NotFound, NotNow, Refusal
from monitoring.models import Agreement, GuarantorState
from reports import reconciliation, reconciliation_sheet, telling_order
from reports.attachments import as_csv
from reports.case_list_form import ListForm
from reports.renderers import values
from reports.return_pages import SpeakersView
from reports.returns_shown import language, named
from violations import case_lists
from violations.case_list_order import After, order_of
from violations.cases_compared import Verdict
from violations.models import CaseList

MOST_SHOWN = 500


class TruceLists(SpeakersView):
    """The lists of a truce that one may read, and the form to hand in one's own."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show them."""
        agreement, mine = self.speaking(code)
        return self._page(agreement, mine, ListForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Hand in a list as a draft; of a file with faults nothing is recorded."""
        agreement, mine = self.speaking(code)
        form = ListForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                case_lists.hand_in(agreement, **form.handed_in, by=self.reader)
            except Malformed as refused:
                form.tell(refused.message, refused.fields)
            except NotNow as refused:
                form.add_error(None, refused.message)
            else:
                return redirect("truce-lists", code)
        return self._page(agreement, mine, form, status=400)

    def _page(self, agreement: Agreement, mine: GuarantorState, form: ListForm, status: int = 200) -> HttpResponse:
        names = named(agreement.guarantors.order_by(*by_english_name()))
        audit.looked("caselist", by=self.reader, agreement=agreement)
        with case_lists.reading_own(mine):
            lists = [_shown(one, mine, names) for one in case_lists.readable(agreement, mine)]
        context = {
            "title": _("Lists of cases"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "form": form,
            "lists": lists,
            "told_by_others": telling_order.notices(agreement, mine, names),
            "others": [{"code": code, "name": name} for code, name in names.items() if code != mine.code],
        }
        return render(self.request, "reports/case_lists.html", context, status=status)


class TellList(SpeakersView):
    """Tell one's list to the others: first what that means is shown, then it is done."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Ask whether it is to be told, and say to whom. What is told leads back to the lists."""
        one, mine = case_lists.read(id, by=self.reader)
        if one.owner_id != mine.pk:
            raise NotFound(_("There is no such list among yours."), code="not_found")
        case_lists.require_latest(one)
        audit.looked("caselist", by=self.reader, on=one)
        if case_lists.is_told(one):
            return redirect("truce-lists", one.agreement.code)
        names = named(one.agreement.guarantors.order_by(*by_english_name()))
        with case_lists.reading_own(mine):
            shown = _shown(one, mine, names)
        context = {
            "title": _("Tell a list to the others"),
            "agreement": one.agreement,
            "truce": one.agreement.name_in(language()),
            "list": shown,
            "others": [name for code, name in names.items() if code != mine.code],
            "readable": _readable(one, mine, names),
        }
        return render(request, "reports/tell_list.html", context)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Do it, and go back to the lists."""
        return redirect("truce-lists", case_lists.tell(id, by=self.reader).agreement.code)


class ListSheet(SpeakersView):
    """One's list beside what others hold."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """A table to read; with `form=csv` the sheet to download."""
        against = request.GET.get("against", "")
        try:
            sheet = reconciliation.sheet(id, against, by=self.reader)
        except NotNow as refused:
            return self._not_now(refused)
        if request.GET.get("form") == "csv":
            return as_csv(reconciliation_sheet.table(sheet), reconciliation_sheet.file_name(sheet))
        told = reconciliation_sheet.document(sheet)
        names = named(sheet.case_list.agreement.guarantors.all())
        context = {
            "title": _("Lists of cases, side by side"),
            "agreement": sheet.case_list.agreement,
            "against": against,
            "other": names.get(against, _("the incidents of the released reports")),
            "counts": [(name, sheet.counts[verdict]) for verdict, name in reconciliation_sheet.NAMES.items()],
            "in_order": telling_order.sentences(sheet.order, names),
            "closings": sheet.closings,
            "lines": [_line(line, sheet.case_list.agreement.terms.time_zone) for line in told["lines"][:MOST_SHOWN]],
            "more": max(0, len(told["lines"]) - MOST_SHOWN),
        }
        return render(request, "reports/case_sheet.html", context)

    def _not_now(self, refused: Refusal) -> HttpResponse:
        context = {"title": _("Not shown"), "message": refused.message}
        return render(self.request, "reports/refused.html", context, status=refused.status)


def _line(line: dict[str, Any], zone: str) -> dict[str, Any]:
    """A line with its verdict in words and its times by the truce's clocks."""
    both = {
        whose: row and {**row, "when": values.occurred(row["occurred_from"], row["occurred_until"], zone)}
        for whose, row in ((whose, line[whose]) for whose in ("ours", "theirs"))
    }
    return {**line, **both, "verdict": reconciliation_sheet.NAMES[Verdict(line["verdict"])]}


def _shown(one: CaseList, mine: GuarantorState, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "owner": names[one.owner.code],
        "own": one.owner_id == mine.pk,
        "told": telling_order.told_on(one),
        "first": values.day(one.from_date.isoformat()),
        "last": values.day((one.until_date - days.ONE_DAY).isoformat()),
        "cases": one.rows.count(),
    }


def _readable(one: CaseList, mine: GuarantorState, names: dict[str, str]) -> list[str]:
    """The other guarantors of whom one can read a list of these days already: the sheet will say so."""
    others = one.agreement.guarantors.exclude(pk=mine.pk).order_by(*by_english_name())
    return [names[other.code] for other in others if order_of(one, other).after == After.READABLE]
