"""The moderators' page of corrigenda and addenda: propose one to a released closing, second one, take one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import supplements, tasks
from reports.models import Closing, Supplement
from reports.renderers.document.corrigenda import called
from violations.admin.forms import DecidingForm
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, person, typed

LIST = "admin:reports_closing_supplements"
MOST = 100  # closings to choose from, and sheets listed


class SheetForm(DecidingForm):
    """To which closing, which kind, and the words."""

    closing = forms.ChoiceField(label=gettext_lazy("Closing"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Supplement.Kind.choices)
    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=supplements.LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        help_text=gettext_lazy("Printed as they are, for every guarantor. They are to name nobody."),
    )


class SupplementsPage(ModeratorAdmin):
    """The page; it belongs to the table of closings, of which moderators see no other."""

    home = LIST

    def get_urls(self) -> list[URLPattern]:
        """The list with its form, seconding, taking back."""
        return [
            path(
                "supplements/",
                self.door("supplement.propose", self.list, methods=FORM),
                name="reports_closing_supplements",
            ),
            path(
                "supplements/<uuid:public_id>/second/",
                self.door("supplement.second", self.second, methods=ACT),
                name="reports_supplement_second",
            ),
            path(
                "supplements/<uuid:public_id>/withdraw/",
                self.door("supplement.withdraw", self.withdraw, methods=ACT),
                name="reports_supplement_withdraw",
            ),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """Those proposed and those released, the newest first; what is handed in is proposed."""
        form = SheetForm(typed(request))
        form.fields["closing"].choices = [  # type: ignore[attr-defined]
            (str(row.public_id), _named(row)) for row in supplements.closings_of(person(request))[:MOST]
        ]
        status, made = self.attempt(
            request,
            "supplement.propose",
            form,
            lambda given: supplements.propose(
                UUID(given["closing"]), given["kind"], given["words"], by=person(request)
            ),
        )
        if made:
            messages.success(request, _("It is proposed. Another side, or an independent, must second it."))
            return redirect(LIST)
        with supplements.reading_as(person(request)):
            listed = [_shown(row, request) for row in supplements.visible_to(person(request))[:MOST]]
        context = {"form": form, "listed": listed}
        return self.page(request, "reports/supplements", _("Corrigenda and addenda"), context, status=status)

    def second(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Agree; a worker makes the files and releases them to all."""
        agreed = supplements.second(public_id, by=person(request))
        tasks.issue_supplement.delay_on_commit(supplement_id=agreed.pk)
        messages.success(request, _("Agreed. It goes to all guarantors at one moment."))
        return redirect(LIST)

    def withdraw(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take one's own proposal back."""
        supplements.withdraw(public_id, by=person(request))
        messages.success(request, _("It is taken back."))
        return redirect(LIST)


def _named(closing: Closing) -> str:
    told = {"truce": closing.agreement.name, "period": closing.period, "number": closing.number}
    return _("%(truce)s, %(period)s, closing %(number)s") % told


def _shown(row: Supplement, request: HttpRequest) -> dict[str, Any]:
    return {
        "name": called(row.kind, row.number) if row.number else row.get_kind_display(),
        "to": _named(row.closing),
        "words": row.words,
        "side": row.proposed_side.name if row.proposed_side else "",
        "mine": row.proposed_by_id == person(request).pk,
        "open": row.seconded_at is None and row.withdrawn_at is None,
        "state": _state(row),
        "second": reverse("admin:reports_supplement_second", args=[row.public_id]),
        "withdraw": reverse("admin:reports_supplement_withdraw", args=[row.public_id]),
    }


def _state(row: Supplement) -> str:
    if row.released_at is not None:
        return _("released")
    if row.withdrawn_at is not None:
        return _("taken back")
    return _("proposed") if row.seconded_at is None else _("agreed on, being made")
