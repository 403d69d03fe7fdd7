"""The forms by which moderators call sittings, fill their agenda and write down what they said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.date_field import DayField
from violations import sittings, taking_down
from violations.admin.forms import DecidingForm, by_reference, chains_by_receipt
from violations.admin.replies_forms import OnceForm
from violations.models import Incident, IncidentReport, ReportLink
from violations.moderation_codes import SittingSaid
from violations.moderation_definitions import OF_MODERATION
from violations.sittings import Minuted


class CallForm(OnceForm):
    """When the body sits, and where."""

    held_on = DayField(
        label=gettext_lazy("The day of the sitting"), help_text=gettext_lazy("By the truce's clocks; past or to come.")
    )
    place = forms.CharField(
        label=gettext_lazy("Where"), max_length=sittings.LONGEST_PLACE, required=False, widget=forms.TextInput
    )


class FindForm(DecidingForm):
    """Which incident is meant: by a reference or a receipt."""

    reference = forms.CharField(
        label=gettext_lazy("Incident, report or receipt"),
        max_length=40,
        help_text=gettext_lazy("The reference that pages show, or the receipt of a report of it, as K7M-D3X-Q2F."),
    )

    def __init__(self, *args: Any, incidents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents = incidents
        self.incident: Incident | None = None

    def clean_reference(self) -> str:
        """Find the incident meant: its own reference, that of a report, or a receipt."""
        written = str(self.cleaned_data["reference"]).strip()
        reports = by_reference(IncidentReport.objects.all(), written).values("chain")
        told = ReportLink.objects.open().members().filter(incident=OuterRef("pk"))
        of_reports = Exists(told.filter(Q(chain__in=reports) | Q(chain__in=chains_by_receipt(written))))
        own = by_reference(self.incidents, written).values("pk")
        found = list(self.incidents.filter(Q(pk__in=own) | of_reports)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Several incidents begin so; give more of the reference.")
                if found
                else _("There is no such incident in this agreement; check the reference.")
            )
        self.incident = found[0]
        return written


class BeforeForm(DecidingForm):
    """Which finding of an incident goes before which sitting."""

    sitting = forms.ChoiceField(label=gettext_lazy("Sitting"), widget=forms.RadioSelect)
    finding = forms.ChoiceField(label=gettext_lazy("What is before it"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, offered: list[tuple[str, str]], findings: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("sitting", offered), ("finding", findings)):
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            field.choices = choices


class OutcomeForm(DecidingForm):
    """What the sitting said of an item."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What the sitting said"), choices=SittingSaid.choices, widget=forms.RadioSelect
    )
    grounds = forms.CharField(
        label=gettext_lazy("On what grounds, in its words"),
        max_length=taking_down.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy(
            "Where it is agreed, these are the grounds of the determined finding; where it is referred back, they say "
            "what moderators look at again. Name nobody who told the mechanism anything."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meanings = OF_MODERATION["sitting_said"].definitions
        outcome: forms.ChoiceField = self.fields["outcome"]  # type: ignore[assignment]
        outcome.choices = [(code, f"{label}: {meanings[code]}") for code, label in SittingSaid.choices]


class MinutesForm(DecidingForm):
    """The minutes, whole."""

    words = forms.CharField(
        label=gettext_lazy("Minutes"),
        max_length=sittings.LONGEST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        help_text=gettext_lazy(
            "As they were kept, in their own language. Name nobody who told the mechanism anything."
        ),
    )
    language = forms.CharField(
        label=gettext_lazy("Language of these words"), max_length=16, help_text=gettext_lazy("Its code, as en or ar.")
    )
    on_paper = forms.CharField(
        label=gettext_lazy("Where the signed paper is kept"),
        max_length=sittings.LONGEST_PLACE,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    @property
    def minuted(self) -> Minuted:
        """The minutes, as the verb takes them."""
        given = self.cleaned_data
        return Minuted(given["words"], given["language"], given["on_paper"])
