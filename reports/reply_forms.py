"""The forms by which a guarantor states and whoever is asked answers. The rules are the verbs'."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.errors import Refusal
from violations import taking_down
from violations.reply_codes import Statement


class WordForm(forms.Form):
    """Words in a language, sent once: `client_id` is drawn with the page. `told` shows them to the others at once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("In your words"),
        max_length=taking_down.LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
    )
    language = forms.CharField(label=_("Language of these words"), max_length=8, help_text=_("Its code, as en or ar."))
    told = forms.BooleanField(
        label=_("Tell it to the other guarantors, too"),
        required=False,
        help_text=_("Otherwise the moderators alone read it, until you tell it. It cannot be untold."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_id"].initial = uuid.uuid4

    @property
    def said(self) -> dict[str, Any]:
        """Words, language, and how they are filed, as the verbs take them."""
        given = self.cleaned_data
        names = ("words", "language", "replaces", "told")
        return {name: given[name] for name in names} | {"client_id": str(given["client_id"])}

    def tell(self, refusal: Refusal) -> None:
        """Put what the verb refused to its fields; what concerns no field, to the whole."""
        for pointer, sentences in (getattr(refusal, "fields", {}) or {"": [refusal.message]}).items():
            name = pointer.strip("/")
            self.add_error(name if name in self.fields else None, sentences)


class AnswerForm(WordForm):
    """The answer to a request."""


class StatementForm(WordForm):
    """A statement on an incident, a period or an edition; a correction is on what it corrects."""

    statement = forms.ChoiceField(label=_("What you state"), choices=[("", ""), *Statement.choices])
    incident = forms.CharField(
        label=_("Reference of the incident"),
        max_length=36,
        required=False,
        help_text=_("As the list of incidents in a report prints it."),
    )
    period = forms.CharField(
        label=_("Or the period"), max_length=10, required=False, help_text=_("As 2025-03, or a day as 2025-03-12.")
    )
    closing_number = forms.IntegerField(
        label=_("Number of the closing"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Where you state on one edition of the period, not on the period."),
    )
    field_order = ("client_id", "replaces", "statement", "incident", "period", "closing_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = self.fields["language"].required = False
        for name in ("incident", "period"):
            self.fields[name].when = _("one of the two")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say with the other faults that it is on nothing, or on two things."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        named = [name for name in ("incident", "period") if given.get(name)]
        if len(named) != 1 and not self.errors.keys() & {"incident", "period"}:
            self.add_error("incident", _("Say what it is about: an incident, or a period, or an edition of a period."))
        return given

    @property
    def about(self) -> dict[str, Any]:
        """What it is on, as it is named."""
        return {name: self.cleaned_data[name] for name in ("incident", "period", "closing_number")}
