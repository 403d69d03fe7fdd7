"""The forms by which moderators ask, take down what came on paper, and record measures. The rules are the verbs'."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.date_field import DayField
from monitoring.english_order import by_english_name
from violations import addressees, taking_down
from violations.admin.forms import DecidingForm
from violations.measures import Agreed, Seen
from violations.reply_codes import MeasureState, ReplyChannel, Statement
from violations.requests import Asked
from violations.taking_down import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.models import Agreement, GuarantorState
    from violations.models import Incident


def _words(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    return forms.CharField(label=label, max_length=taking_down.LONGEST, widget=widget, help_text=help_text, **more)


class OnceForm(DecidingForm):
    """A form that is the same however often it is sent: `client_id` is drawn with the page."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_id"].initial = uuid.uuid4

    @property
    def name(self) -> str:
        """By which the same form is known."""
        return str(self.cleaned_data["client_id"])


class AskForm(OnceForm):
    """Whom to ask, what, and until when."""

    addressee = forms.ChoiceField(label=_("Whom to ask"))
    question = _words(
        _("The question"), _("They read it as you write it. Name nobody who told the mechanism anything.")
    )
    due_on = DayField(label=_("Answer by the end of this day"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.code: one for one in addressees.addressees(agreement)}
        states = [(code, one.guarantor.name) for code, one in self.offered.items() if one.guarantor]
        parties = [(code, _route(one)) for code, one in self.offered.items() if one.party]
        choice: forms.ChoiceField = self.fields["addressee"]  # type: ignore[assignment]
        choice.choices = [("", ""), (_("Guarantors"), states), (_("Parties"), parties)]
        self.fields["due_on"].help_text = _(
            "Left out, it is due after the %(days)d days that this truce gives. Nobody is given less."
        ) % {"days": agreement.terms.reply_deadline_days}

    def asked(self, incident: Incident | None) -> Asked:
        """What is asked, as the verb takes it."""
        given = self.cleaned_data
        return Asked(self.offered[given["addressee"]], given["question"], incident, given["due_on"])


def _route(one: addressees.Addressee) -> str:
    assert one.party is not None  # noqa: S101 - it is a party
    said = "; ".join(addressees.named(one.said))
    through = _("through %(guarantor)s") % {"guarantor": one.through.name} if one.through else _("directly")
    return f"{one.party.name}, {through}" + (f" ({said})" if said else "")


class PaperForm(OnceForm):
    """A word that came on paper: how it came, who handed it in, its dates."""

    channel = forms.ChoiceField(label=_("How it came"), choices=ReplyChannel.choices, widget=forms.RadioSelect)
    handed_in_by = forms.CharField(
        label=_("Who handed it in"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("The office, or the name on the paper."),
    )
    dated_on = DayField(label=_("The date on it"))
    received_on = DayField(label=_("The day on which it was handed in"))
    words = _words(_("What it says"), _("Word for word, in its own language."))
    language = forms.CharField(label=_("Language of these words"), max_length=8, help_text=_("Its code, as en or ar."))
    told = forms.BooleanField(label=_("It is addressed to the other guarantors, too: show it to them"), required=False)

    @property
    def paper(self) -> Paper:
        """How it came, as the verb takes it."""
        given = self.cleaned_data
        return Paper(given["channel"], given["handed_in_by"], given["dated_on"], given["received_on"])


class AnswerFromPaperForm(PaperForm):
    """An answer to a request; a duty officer names the request by the reference on the paper."""

    reference = forms.CharField(
        label=_("Reference of the request"),
        max_length=36,
        help_text=_("Ten signs or more, as they stand on the paper."),
    )
    field_order = ("client_id", "reference")

    def __init__(self, *args: Any, referring: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not referring:
            del self.fields["reference"]


class StatementFromPaperForm(PaperForm):
    """A guarantor's statement: whose, on what, and which."""

    guarantor = forms.ChoiceField(label=_("Whose statement"))
    statement = forms.ChoiceField(label=_("What it states"), choices=[("", ""), *Statement.choices])
    incident = forms.CharField(
        label=_("Reference of the incident"),
        max_length=36,
        required=False,
        help_text=_("As reports print it: ten signs or more."),
    )
    period = forms.CharField(
        label=_("Or the period"), max_length=10, required=False, help_text=_("As 2025-03, or a day as 2025-03-12.")
    )
    closing_number = forms.IntegerField(
        label=_("Number of the closing"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Where it is on an edition of the period; the edition prints it."),
    )
    corrects = forms.BooleanField(
        label=_("It takes the place of what this guarantor stated on this before"), required=False
    )
    field_order = ("client_id", "guarantor", "statement", "incident", "period", "closing_number", "corrects")

    def __init__(self, *args: Any, states: Iterable[GuarantorState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = {one.code: one for one in states}
        choice: forms.ChoiceField = self.fields["guarantor"]  # type: ignore[assignment]
        choice.choices = [("", ""), *((code, state.name) for code, state in self.states.items())]
        self.fields["words"].required = self.fields["language"].required = False
        for name in ("incident", "period"):
            self.fields[name].when = _("one of the two")  # type: ignore[attr-defined]


class MeasureForm(OnceForm):
    """A measure that was agreed."""

    of = forms.ChoiceField(label=_("Whose measure"))
    words = _words(_("What was agreed"), _("And where that is written, as: minutes of the session of 3 March."))
    agreed_on = DayField(label=_("Agreed on"))
    due_on = DayField(label=_("To be looked at by"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = {one.code: one for one in agreement.guarantors.order_by(*by_english_name())}
        self.parties = {one.code: one for one in agreement.parties.order_by(*by_english_name())}
        choice: forms.ChoiceField = self.fields["of"]  # type: ignore[assignment]
        choice.choices = [
            ("", ""),
            (_("Guarantors"), [(f"guarantor:{code}", one.name) for code, one in self.states.items()]),
            (_("Parties"), [(f"party:{code}", one.name) for code, one in self.parties.items()]),
        ]

    def agreed(self, incident: Incident | None) -> Agreed:
        """The measure, as the verb takes it."""
        given = self.cleaned_data
        kind, _between, code = given["of"].partition(":")
        whose = {"guarantor": self.states[code]} if kind == "guarantor" else {"party": self.parties[code]}
        return Agreed(given["words"], given["agreed_on"], given["due_on"], incident=incident, **whose)


class StepForm(OnceForm):
    """What was seen of a measure."""

    state = forms.ChoiceField(label=_("How it stands"), choices=MeasureState.choices, widget=forms.RadioSelect)
    words = _words(_("What was seen, and by whom"))
    seen_on = DayField(label=_("Seen on"))
    due_on = DayField(label=_("To be looked at again by"), required=False, help_text=_("Left out where it has ended."))

    @property
    def seen(self) -> Seen:
        """The step, as the verb takes it."""
        given = self.cleaned_data
        return Seen(given["state"], given["words"], given["seen_on"], given["due_on"])
