"""The pages of a party's liaison: what the party complained of and how it stands, file, correct, answer a question.

A complaint is an incident report that is the party's own word. Who filed is behind row-level security, so every page
reads within `sealing.reading_own`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation
from monitoring.accreditation import Role
from monitoring.errors import NotFound, Refusal
from monitoring.models import Agreement
from reports.pages import ReadersView
from reports.renderers import values
from reports.returns_shown import language
from violations import filing, questions, sealing
from violations.codebook import ReviewState
from violations.models import FilerQuestion, IncidentReport
from violations.report_form import ReportForm
from violations.report_form_filled import form_correcting

MOST_SHOWN = 50


class AnswerForm(forms.Form):
    """An answer in words."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=questions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    language = forms.CharField(
        label=gettext_lazy("Language of these words"), max_length=8, help_text=gettext_lazy("Its code, as en or ar.")
    )

    def tell(self, refusal: Refusal) -> None:
        """Put what the verb refused to its fields; what concerns no field, to the whole."""
        for pointer, sentences in (getattr(refusal, "fields", {}) or {"": [refusal.message]}).items():
            name = pointer.strip("/")
            self.add_error(name if name in self.fields else None, sentences)


class LiaisonsView(ReadersView):
    """What is common: the person speaks for a party of the truce that the address names."""

    http_method_names = ["get", "head", "post"]

    def speaking(self, code: str) -> Any:
        """The accreditation by which the person speaks in this truce. Raises NotFound, whether or not there is one."""
        held = accreditation.held_by(self.reader, Role.PARTY_LIAISON).filter(agreement__code=code)
        found = held.select_related("agreement", "sent_by_party").order_by("pk").first()
        if found is None:
            raise NotFound(_("Your account speaks for no party in such a truce."), code="not_found")
        return found


class Complaints(LiaisonsView):
    """What the person filed as a party's word, and how it stands."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The newest, with what is asked of them."""
        held = accreditation.held_by(self.reader, Role.PARTY_LIAISON).select_related("agreement", "sent_by_party")
        truces = [
            {"code": row.agreement.code, "name": row.agreement.name_in(language()), "party": _named(row)}
            for row in held.order_by("agreement__code")
        ]
        with sealing.reading_own(self.reader):
            own = IncidentReport.objects.filed_by(self.reader).with_standing().newest()
            shown = own.filter(told_by__isnull=False, agreement__in=held.values("agreement"))
            rows = shown.select_related("agreement").prefetch_related("questions__answer").order_by("-recorded_at")
            told = [_row(report) for report in rows[:MOST_SHOWN]]
        context = {"title": _("Complaints"), "truces": truces, "complaints": told}
        return render(request, "reports/complaints.html", context)


class FileComplaint(LiaisonsView):
    """The form of a complaint."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """An empty form."""
        held = self.speaking(code)
        return self._page(held, ReportForm(held.agreement))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """File it; what is wrong is shown at its field."""
        held = self.speaking(code)
        form = ReportForm(held.agreement, data=request.POST)
        if not form.is_valid():
            return self._page(held, form, status=400)
        try:
            filed = filing.file_report(
                held.agreement, form.filed, by=self.reader, client_id=str(form.cleaned_data["client_id"])
            )
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(held, form, status=refusal.status)
        messages.success(request, _("It is recorded. Its receipt is %(receipt)s.") % {"receipt": filed.report.receipt})
        return redirect("complaints")

    def _page(self, held: Any, form: ReportForm, status: int = 200) -> HttpResponse:
        agreement: Agreement = held.agreement
        context = {
            "title": _("File a complaint"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "party": _named(held),
            "zone": values.clocks(agreement.terms.time_zone),
            "form": form,
        }
        return render(self.request, "reports/file_complaint.html", context, status=status)


class CorrectComplaint(LiaisonsView):
    """The form of a complaint, filled in with what was filed: what is handed in takes its place, whole."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """The form. Raises NotNow where it cannot say what was filed, or that was corrected before."""
        report, form = self._filled(id)
        filing.require_newest(report)
        return self._page(report, form)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """File the correction; what is wrong is shown at its field. Handed in twice it is the same."""
        report, _filled = self._filled(id)
        form = ReportForm(report.agreement, data=request.POST)
        if not form.is_valid():
            return self._page(report, form, status=400)
        try:
            filed = filing.correct(report, form.filed, by=self.reader, client_id=str(form.cleaned_data["client_id"]))
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(report, form, status=refusal.status)
        told = _("The correction is recorded. Its receipt is %(receipt)s.") % {"receipt": filed.report.receipt}
        messages.success(request, told)
        return redirect("complaints")

    def _filled(self, public_id: UUID) -> tuple[Any, ReportForm]:
        held = accreditation.held_by(self.reader, Role.PARTY_LIAISON)
        with sealing.reading_own(self.reader):
            own = IncidentReport.objects.filed_by(self.reader).with_standing()
            report = (
                own.filter(public_id=public_id, told_by__isnull=False, agreement__in=held.values("agreement"))
                .select_related("agreement", "stated_area", "told_by", "sealed_source")
                .first()
            )
            if report is None:
                raise NotFound(_("There is no such complaint among yours."), code="not_found")
            return report, form_correcting(report)

    def _page(self, report: Any, form: ReportForm, status: int = 200) -> HttpResponse:
        agreement: Agreement = report.agreement
        context = {
            "title": _("Correct a complaint"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "party": report.told_by.name_in(language()),
            "zone": values.clocks(agreement.terms.time_zone),
            "form": form,
            "corrects": report.receipt,
            "returned_with": report.state_grounds if report.state == ReviewState.RETURNED else "",
        }
        return render(self.request, "reports/file_complaint.html", context, status=status)


class AnswerQuestion(LiaisonsView):
    """A question about a complaint, and the form of its answer."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """The question."""
        return self._page(self._question(id), AnswerForm(initial={"language": language()}))

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Answer it, once."""
        question = self._question(id)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(question, form, status=400)
        given = form.cleaned_data
        try:
            questions.answer(id, by=self.reader, words=given["answer"], language=given["language"])
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(question, form, status=refusal.status)
        messages.success(request, _("Your answer is recorded."))
        return redirect("complaints")

    def _question(self, public_id: UUID) -> FilerQuestion:
        held = accreditation.held_by(self.reader, Role.PARTY_LIAISON)
        with sealing.reading_own(self.reader):
            asked = questions.asked_of(self.reader).filter(
                report__agreement__in=held.values("agreement"), report__told_by__isnull=False
            )
            found = asked.filter(public_id=public_id).first()
        if found is None:
            raise NotFound(_("There is no such question about a complaint of yours."), code="not_found")
        return found

    def _page(self, question: FilerQuestion, form: AnswerForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Answer a question"),
            "question": question,
            "receipt": question.report.receipt,
            "answered": getattr(question, "answer", None),
            "form": form,
        }
        return render(self.request, "reports/answer_question.html", context, status=status)


def _row(report: Any) -> dict[str, Any]:
    """A complaint in the list: what was filed, how it stands, what is asked."""
    return {
        "id": report.public_id,
        "receipt": report.receipt,
        "act": report.get_act_display(),
        "place": report.place_as_written,
        "occurred": _told_at(report, report.agreement.terms.time_zone),
        "state": ReviewState(report.state).label,
        "reason": report.state_grounds if report.state == ReviewState.RETURNED else "",
        "may_correct": report.state != ReviewState.WITHDRAWN,
        "questions": list(report.questions.all()),
    }


def _told_at(report: IncidentReport, zone: str) -> str:
    """When it happened, by the truce's clocks, no finer than it was said."""
    if report.time_precision in {"minute", "hour"}:
        return values.instant(report.occurred_from.isoformat(), zone)
    return values.day(report.occurred_from.astimezone(ZoneInfo(zone)).date().isoformat())


def _named(held: Any) -> str:
    return held.sent_by_party.name_in(language())
