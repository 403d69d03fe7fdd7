"""The duty officer's pages: the log of their teams, checking and asking, gathering entries of one event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.accreditation import Role
from monitoring.errors import Malformed
from violations import codebook, duty, duty_log
from violations.admin import duty_filing, paper, words
from violations.admin.duty_shown import Log, shown
from violations.admin.forms import DecidingForm, GroundsForm
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, person, typed
from violations.models import IncidentReport

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOG = "admin:violations_dutycheck_changelist"


class Worded(NamedTuple):
    """A page that asks for words about one entry: what it asks, what it is called, and what is told when it is done."""

    action: str
    label: StrOrPromise
    hint: StrOrPromise
    title: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise


ASK = Worded(
    "duty.ask",
    gettext_lazy("The question"),
    gettext_lazy("The filer reads it as you write it. Name nobody."),
    gettext_lazy("Ask the filer of entry %(ref)s"),
    gettext_lazy("Ask the filer"),
    gettext_lazy("The filer was asked."),
)
ASK_TEAM = Worded(
    "duty.ask",
    gettext_lazy("The question"),
    gettext_lazy("Whoever files for the team reads it with these hours, and answers by a correction. Name nobody."),
    gettext_lazy("Ask the team about %(ref)s"),
    gettext_lazy("Ask the team"),
    gettext_lazy("The team was asked."),
)
TAKE_BACK = Worded(
    "duty.take_back",
    gettext_lazy("Grounds"),
    gettext_lazy("It stands with you again while its hours last."),
    gettext_lazy("Take the check of entry %(ref)s back"),
    gettext_lazy("Take it back"),
    gettext_lazy("The check was taken back."),
)
SEPARATE = Worded(
    "duty.separate",
    gettext_lazy("Grounds"),
    gettext_lazy("It tells again of the incident that it opened when it was filed."),
    gettext_lazy("Take entry %(ref)s out of its group"),
    gettext_lazy("Take it out"),
    gettext_lazy("The entry was taken out."),
)


class GatherForm(DecidingForm):
    """That several entries tell of one event or of one series, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What they tell of"),
        choices=[(kind.value, kind.label) for kind in map(codebook.LinkKind, duty.KINDS)],
        initial=codebook.LinkKind.SAME_EVENT,
        widget=forms.RadioSelect,
    )
    grounds = GroundsForm.base_fields["grounds"]


class DutyAdmin(ModeratorAdmin):
    """A team's log as its duty officer sees it, before moderators take it up."""

    role = Role.DUTY_OFFICER
    acting_as = gettext_lazy("you act as duty officer")
    not_accredited = gettext_lazy("Your account is not accredited as a duty officer of any agreement now.")
    home = LOG
    home_called = gettext_lazy("Duty log")

    def get_urls(self) -> list[URLPattern]:
        """The log, and a page or button for each thing that is done about an entry."""
        forms_of_entry = {
            "ask": (ASK, self._ask),
            "take_back": (TAKE_BACK, self._take_back),
            "separate": (SEPARATE, self._separate),
            "hours_ask": (ASK_TEAM, self._hours_ask),
        }
        return [
            path("", self.door("duty.log", self.log), name=_name("changelist")),
            path("file/<slug:code>/", self.door("report.file", self.file, methods=FORM), name=_name("file")),
            path(
                "file-hours/<slug:code>/",
                self.door("effort.file", self.file_hours, methods=FORM),
                name=_name("file_hours"),
            ),
            path(
                "paper/answer/<slug:code>/",
                self.door("request.take_down", self.take_down_answer, methods=FORM),
                name=_name("answer"),
            ),
            path(
                "paper/statement/<slug:code>/",
                self.door("statement.take_down", self.take_down_statement, methods=FORM),
                name=_name("statement"),
            ),
            path("filed/<str:receipt>/", self.door("report.receipt", self.filed), name=_name("filed")),
            path("check/", self.door("duty.check", self.check_entries, methods=ACT), name=_name("check")),
            path("gather/", self.door("duty.group", self.gather, methods=ACT), name=_name("gather")),
            path(
                "hours/<uuid:public_id>/check/",
                self.door("duty.check", self.check_hours, methods=ACT),
                name=_name("hours_check"),
            ),
            *(
                path(
                    f"{what.replace('hours_', 'hours/')}/<uuid:public_id>/",
                    self.door(page.action, view, methods=FORM),
                    name=_name(what),
                )
                for what, (page, view) in forms_of_entry.items()
            ),
        ]

    def log(self, request: HttpRequest) -> HttpResponse:
        """What is to be checked, and what was."""
        return self.page(request, "duty_log", _("Duty log"), {"log": Log(person(request))})

    def file(self, request: HttpRequest, code: str) -> HttpResponse:
        """File what a caller tells or what stands on paper."""
        return duty_filing.file(self, request, code)

    def file_hours(self, request: HttpRequest, code: str) -> HttpResponse:
        """File a patrol, a post or a watch from paper."""
        return duty_filing.file_hours(self, request, code)

    def take_down_answer(self, request: HttpRequest, code: str) -> HttpResponse:
        """Record an answer that came on paper."""
        return paper.answer_by_reference(self, request, code)

    def take_down_statement(self, request: HttpRequest, code: str) -> HttpResponse:
        """Record a guarantor's statement that came on paper."""
        return paper.statement(self, request, code, reverse(LOG))

    def filed(self, request: HttpRequest, receipt: str) -> HttpResponse:
        """The receipt of what was filed, to read out."""
        return duty_filing.receipt(self, request, receipt)

    def check_entries(self, request: HttpRequest) -> HttpResponse:
        """Check the entries that were chosen."""
        chosen = self._chosen(request)
        duty.check(chosen, by=person(request))
        told = ngettext("One entry is checked.", "%(count)d entries are checked.", len(chosen))
        messages.success(request, told % {"count": len(chosen)})
        return redirect(LOG)

    def gather(self, request: HttpRequest) -> HttpResponse:
        """Gather the entries that were chosen: first which and why is asked, then it is done."""
        chosen = self._chosen(request)
        form = GatherForm(request.POST if "grounds" in request.POST else None)
        status, made = 200, None
        if form.is_bound:
            status, made = self.attempt(
                request, "duty.group", form, lambda asked: duty.group(chosen, by=person(request), **asked)
            )
        if made:
            messages.success(request, _("They tell of one incident now. Each can be taken out of it again."))
            return redirect(LOG)
        context = {
            "form": form,
            "chosen": [report.public_id for report in chosen],
            "entries": [shown(report) for report in chosen],
            "intro": _("Each stays a report of its own."),
            "button": _("Gather them"),
        }
        return self.page(request, "duty_form", _("Gather entries"), context, status=status)

    def check_hours(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Check a patrol, a post or a watch."""
        duty.check_hours(self._hours(request, public_id), by=person(request))
        messages.success(request, _("It is checked."))
        return redirect(LOG)

    def _ask(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        report = self._entry(request, public_id)
        return self._worded(request, report, ASK, lambda said: duty.ask(report, by=person(request), question=said))

    def _hours_ask(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        patrol = self._hours(request, public_id)
        return self._worded(
            request, patrol, ASK_TEAM, lambda said: duty.ask_about_hours(patrol, by=person(request), question=said)
        )

    def _take_back(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        report = self._entry(request, public_id)
        return self._worded(
            request, report, TAKE_BACK, lambda said: duty.take_back(report, by=person(request), grounds=said)
        )

    def _separate(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        report = self._entry(request, public_id)
        return self._worded(
            request, report, SEPARATE, lambda said: duty.separate(report, by=person(request), grounds=said)
        )

    def _worded(self, request: HttpRequest, on: Any, page: Worded, verb: Callable[[str], Any]) -> HttpResponse:
        """Ask for words; where they are handed in right, call the verb once and go back to the log."""
        form = GroundsForm(typed(request), label=str(page.label), hint=str(page.hint))
        status, made = self.attempt(request, page.action, form, lambda asked: verb(asked["grounds"]))
        if made:
            messages.success(request, page.done)
            return redirect(LOG)
        context = {"form": form, "entries": [shown(on)], "button": page.button}
        title = page.title % {"ref": words.reference(on.public_id)}
        return self.page(request, "duty_form", title, context, status=status)

    def _chosen(self, request: HttpRequest) -> list[IncidentReport]:
        """The entries that were ticked, the one filed first before the others."""
        try:
            asked = [UUID(value) for value in request.POST.getlist("chosen")]
        except ValueError:
            asked = []
        if not asked:
            raise Malformed(_("Choose at least one entry of the log first."))
        return [self._entry(request, public_id) for public_id in dict.fromkeys(asked)]

    def _entry(self, request: HttpRequest, public_id: UUID) -> IncidentReport:
        return self.find(request, duty_log.reports_of(person(request)), public_id)

    def _hours(self, request: HttpRequest, public_id: UUID) -> Any:
        return self.find(request, duty_log.hours_of(person(request)), public_id)


def _name(what: str) -> str:
    return f"violations_dutycheck_{what}"
