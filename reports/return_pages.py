"""The guarantor's pages for daily returns: who has filed and who has not, file one's own, correct, acknowledge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation, audit, days
from monitoring.english_order import by_english_name
from monitoring.errors import Malformed, NotFound, NotNow
from monitoring.models import Agreement, GuarantorState, MechanismVersion
from reports import telling_order
from reports.pages import ReadersView
from reports.renderers import values
from reports.return_form import ReturnForm, initial_of
from reports.returns_shown import language, named, rows_of, told_before
from violations import return_filing
from violations.models import DailyReturn
from violations.returns_due import returns_due

A_PAGE = 14


class SpeakersView(ReadersView):
    """What is common: the person speaks for a guarantor of the truce that the address names."""

    http_method_names = ["get", "head", "post"]

    def speaking(self, code: str) -> tuple[Agreement, GuarantorState]:
        """The truce and the guarantor for which the person files. Raises NotFound, whether or not there is a truce."""
        held = accreditation.held_by(self.reader, *return_filing.FILES_FOR).filter(agreement__code=code)
        found = held.select_related("agreement", "sent_by_guarantor").order_by("pk").first()
        if found is None or found.sent_by_guarantor is None:
            raise NotFound(_("Your account files for no guarantor state in such a truce."), code="not_found")
        return found.agreement, found.sent_by_guarantor


class Returns(SpeakersView):
    """The truces for which the person files; with one, straight to it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, or go there."""
        held = accreditation.held_by(self.reader, *return_filing.FILES_FOR).select_related("agreement")
        truces = sorted({row.agreement for row in held}, key=lambda truce: truce.code)
        if len(truces) == 1:
            return redirect("truce-returns", truces[0].code)
        listed = [{"code": truce.code, "name": truce.name_in(language())} for truce in truces]
        return render(request, "reports/returns.html", {"title": _("Daily returns"), "truces": listed})


class DayForm(forms.Form):
    """The newest of the days that are shown."""

    day = forms.DateField(
        label=gettext_lazy("Show the days up to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def until(self) -> date | None:
        """The day after it; None where none is asked for, or what is asked for is no day, which the form says."""
        if not self.is_valid():
            return None
        day: date = self.cleaned_data["day"]
        if not days.is_known(day):
            self.add_error("day", _("There is no such day in any truce."))
            return None
        return day + days.ONE_DAY


class TruceReturns(SpeakersView):
    """The last days of every ledger of a truce."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Who has filed and who has not; `until` turns the pages."""
        agreement, mine = self.speaking(code)
        audit.looked("dailyreturn", by=self.reader, agreement=agreement)
        now = timezone.now()
        newest = days.day_holding(agreement.terms, now).date
        if agreement.terms.in_force_until is not None:
            last = agreement.terms.in_force_until - timedelta(microseconds=1)
            newest = min(newest, days.day_holding(agreement.terms, last).date)
        form = DayForm(request.GET if request.GET.get("day") else None, initial={"day": newest})
        until = form.until() or _date(request.GET.get("until")) or newest + days.ONE_DAY
        span = {"from_date": until - timedelta(days=A_PAGE), "until_date": until}
        names = named(agreement.guarantors.order_by(*by_english_name()))
        due = returns_due(agreement, reader=self.reader, at=now, **span)
        context = {
            "title": _("Daily returns"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "mine": mine.code,
            "names": names.values(),
            "told_lists": telling_order.notices(agreement, mine, names),
            "rows": rows_of(agreement, mine, due, names, now=now),
            "form": form,
            "held": _newest_held(agreement, span["until_date"]) if not any(day.returns for day in due) else None,
            "older": span["from_date"].isoformat(),
            "newer": (until + timedelta(days=A_PAGE)).isoformat() if until <= newest else "",
        }
        return render(request, "reports/truce_returns.html", context)


class FileReturn(SpeakersView):
    """The form of one return."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """An empty form, or one that corrects what the guarantor told before."""
        agreement, mine = self.speaking(code)
        ledger = _ledger(agreement, mine, request.GET.get("ledger"))
        on = _date(request.GET.get("on"))
        told = DailyReturn.objects.open().filter(agreement=agreement, owner=ledger, teller=mine, bears_date=on).first()
        if told is not None:
            audit.looked("dailyreturn", by=self.reader, on=told)
        form = ReturnForm(agreement, ledger, mine, initial=initial_of(told) if told else {"on": on})
        return self._page(agreement, form, corrected=told)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """File it; what is wrong is shown at its field."""
        agreement, mine = self.speaking(code)
        ledger = _ledger(agreement, mine, request.GET.get("ledger"))
        form = ReturnForm(agreement, ledger, mine, data=request.POST)
        if form.is_valid():
            try:
                return_filing.file_return(agreement, form.filed, by=self.reader)
            except Malformed as refused:
                form.tell(refused.fields)
            except NotNow as refused:
                form.add_error(None, refused.message)
            else:
                until = form.cleaned_data["on"] + days.ONE_DAY
                messages.success(request, _("The return of %(day)s is recorded.") % {"day": _day(form)})
                return redirect(f"{reverse('truce-returns', args=[code])}?until={until.isoformat()}")
        return self._page(agreement, form, status=400)

    def _page(
        self, agreement: Agreement, form: ReturnForm, status: int = 200, corrected: DailyReturn | None = None
    ) -> HttpResponse:
        context = {
            "title": _("Correct a return") if form["replaces"].value() else _("File a return"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "form": form,
            "corrected": corrected and told_before(corrected, agreement.terms.time_zone),
            "own": form.ledger == form.mine,
            "from_publications": agreement.terms.ledgers_from == MechanismVersion.LedgersFrom.PUBLICATIONS,
            "ledger": form.ledger.name_in(language()),
            "teller": form.mine.name_in(language()),
        }
        return render(self.request, "reports/file_return.html", context, status=status)


class AcknowledgeReturn(SpeakersView):
    """Acknowledge what another told of one's own ledger."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Do it, and go back to the days."""
        told = return_filing.acknowledge(id, by=self.reader)
        until = told.bears_date + days.ONE_DAY
        messages.success(request, _("It is acknowledged."))
        return redirect(f"{reverse('truce-returns', args=[told.agreement.code])}?until={until.isoformat()}")


def _day(form: ReturnForm) -> str:
    return values.day(form.cleaned_data["on"].isoformat())


def _newest_held(agreement: Agreement, before: date) -> dict[str, str] | None:
    """The newest day before `before` of which a return is held, as it is called and as it is asked for."""
    returns = DailyReturn.objects.open().filter(agreement=agreement, bears_date__lt=before)
    newest = returns.order_by("-bears_date").values_list("bears_date", flat=True).first()
    return {"day": values.day(newest.isoformat()), "asked": newest.isoformat()} if newest else None


def _ledger(agreement: Agreement, mine: GuarantorState, code: Any) -> GuarantorState:
    """The ledger that is told of: one's own where none is named."""
    if not code:
        return mine
    found = agreement.guarantors.filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no such ledger in this truce."), code="not_found")
    return found


def _date(text: Any) -> Any:
    try:
        on = parse_date(text or "")
    except ValueError:
        return None
    return on if on is not None and days.is_known(on) else None
