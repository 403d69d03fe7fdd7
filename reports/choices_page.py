"""The moderators' page of what page 1 is to say: propose an event of concern or an improvement, agree, take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import Agreement, Side
from reports import choices_seen, choosing, periods
from reports.choice_content import Said
from reports.choices import LONGEST, MOST
from reports.figures.annex import reference
from reports.models import Choice, PeriodKind
from violations.admin.forms import DecidingForm
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed

LIST = "admin:reports_closing_choices"
CODE = len("2017-W04")


class PeriodForm(forms.Form):
    """Of which truce and period."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"))
    period = forms.CharField(
        label=gettext_lazy("Month or week"), max_length=CODE, help_text=gettext_lazy("As 2017-01 or 2017-W04.")
    )


class ChoiceForm(DecidingForm):
    """Of which truce and period, which kind, the words, and what they refer to."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"))
    period = forms.CharField(
        label=gettext_lazy("Month or week"), max_length=CODE, help_text=gettext_lazy("As 2017-01 or 2017-W04.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Choice.Kind.choices, widget=forms.RadioSelect)
    refers_to = forms.ChoiceField(
        label=gettext_lazy("What it refers to"),
        choices=[("", gettext_lazy("nothing (of an improvement alone)")), *Choice.RefersTo.choices],
        required=False,
    )
    reference = forms.CharField(
        label=gettext_lazy("Its reference"),
        max_length=36,
        required=False,
        help_text=gettext_lazy("As reports print it: ten signs or more."),
    )
    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "Printed as they are, for every guarantor. Neutral; no person, no source, no place or time more finely "
            "than the report tells, and of a truce that does not publish who fired, nobody who did."
        ),
    )


class ChoicesPage(ModeratorAdmin):
    """The page; it belongs to the table of closings, of which moderators see no other."""

    home = LIST

    def get_urls(self) -> list[URLPattern]:
        """The choices of a period with the form, agreeing, taking back."""
        return [
            path("choices/", self.door("choice.propose", self.list, methods=FORM), name="reports_closing_choices"),
            path(
                "choices/<uuid:public_id>/agree/",
                self.door("choice.agree", self.agree, methods=ACT),
                name="reports_choice_agree",
            ),
            path(
                "choices/<uuid:public_id>/withdraw/",
                self.door("choice.withdraw", self.withdraw, methods=ACT),
                name="reports_choice_withdraw",
            ),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """What stands for a period, what waits and what was taken back; what is handed in is proposed."""
        acting = {row.accreditation.agreement.code: row.accreditation.agreement for row in capacities(request).values()}
        offered = [(code, one.name) for code, one in acting.items()]
        of = _first(acting) | {name: value for name, value in request.GET.items() if name in _first(acting) and value}
        form = ChoiceForm(typed(request), initial=of)
        asked = PeriodForm({name: (typed(request) or of).get(name, of[name]) for name in of})
        for one in (form, asked):
            one.fields["agreement"].choices = offered  # type: ignore[attr-defined]
        status, made = self.attempt(
            request,
            "choice.propose",
            form,
            lambda given: choosing.propose(
                acting[given["agreement"]],
                Said(given["period"], given["kind"], given["words"], given["refers_to"], given["reference"]),
                by=person(request),
            ),
        )
        if made:
            messages.success(request, _("It is proposed. Another side, or an independent, must agree."))
            return _back(made)
        told: dict[str, Any] = {"form": form, "asked": asked, "most": MOST}
        if asked.is_valid():
            agreement = acting[asked.cleaned_data["agreement"]]
            request._opened = agreement  # type: ignore[attr-defined]
            told |= self._told(request, agreement, asked.cleaned_data["period"])
        title = _("Events of concern and improvements for page 1")
        return self.page(request, "reports/choices", title, told, status=status)

    def agree(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Agree: it stands for page 1."""
        agreed = choosing.agree(public_id, by=person(request))
        messages.success(request, _("Agreed. The next closing of the period prints it."))
        return _back(agreed)

    def withdraw(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take back what one, or one's side, proposed or agreed on."""
        taken = choosing.withdraw(public_id, by=person(request))
        messages.success(request, _("It is taken back."))
        return _back(taken)

    def _told(self, request: HttpRequest, agreement: Agreement, period: str) -> dict[str, Any]:
        """The choices of the period: those that stand by kind, those that wait, those that are over."""
        capacity = capacities(request)[agreement.pk]
        with choices_seen.reading_for([agreement.pk]):
            rows = [_shown(row) | _doors(row, capacity, request) for row in choosing.of(agreement, period)]
        stand = [row for row in rows if row["state"] == "stands"]
        return {
            "period": period,
            "stands": [
                {"name": Choice.Kind(kind).label, "rows": sorted(of, key=lambda row: row["place"])}
                for kind in Choice.Kind.values
                for of in [[row for row in stand if row["kind"] == kind]]
            ],
            "waits": [row for row in rows if row["state"] == "waits"],
            "over": [row for row in rows if row["state"] == "over"],
        }


def _first(acting: dict[str, Agreement]) -> dict[str, str]:
    """What is shown where nothing is asked for: this month, or the last in which the truce stood."""
    code, agreement = next(iter(acting.items()))
    terms = agreement.terms
    now = timezone.now()
    last = min(now, terms.in_force_until - timedelta.resolution) if terms.in_force_until else now
    return {"agreement": code, "period": periods.code_of(PeriodKind.MONTH, periods.day_holding(terms, last).date)}


def _back(choice: Choice) -> HttpResponse:
    asked = urlencode({"agreement": choice.agreement.code, "period": choice.period})
    return redirect(f"{reverse(LIST)}?{asked}")


def _shown(row: Choice) -> dict[str, Any]:
    referred = row.referred
    over = row.superseded_at is not None
    return {
        "kind": row.kind,
        "called": row.get_kind_display(),
        "place": row.place,
        "words": row.words,
        "refers_to": row.get_refers_to_display() if row.refers_to else "",
        "reference": reference(referred.public_id) if referred is not None else "",
        "proposed": _side(row.proposed_side),
        "agreed": _side(row.agreed_side) if row.place else "",
        "state": "over" if over else "stands" if row.place else "waits",
    }


def _doors(row: Choice, capacity: Any, request: HttpRequest) -> dict[str, Any]:
    """Where this person agrees to it or takes it back; '' where they may not."""
    by, waits = person(request), row.superseded_at is None
    return {
        "agree": reverse("admin:reports_choice_agree", args=[row.public_id])
        if waits and row.place is None and choosing.may_agree(row, capacity, by)
        else "",
        "withdraw": reverse("admin:reports_choice_withdraw", args=[row.public_id])
        if waits and choosing.may_withdraw(row, capacity, by)
        else "",
    }


def _side(side: Side | None) -> str:
    return side.name if side is not None else _("independent")
