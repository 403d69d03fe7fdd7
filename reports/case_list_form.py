"""The form by which a guarantor hands in its own list of cases as a file."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import days
from monitoring.date_field import DayField

LARGEST = 1024 * 1024


class ListForm(forms.Form):
    """A file of the cases of some days: CSV with a head, or JSON."""

    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    first = DayField(label=gettext_lazy("First day that the list covers"))
    last = DayField(label=gettext_lazy("Last day that the list covers"))
    file = forms.FileField(
        label=gettext_lazy("File (CSV or JSON)"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "Columns: reference, their_reference, date, time, place, area, longitude, latitude, precision, act,"
            " alleged, killed, injured. Of each case date and act are required; act is a code, as indirect_fire. Date"
            " and time are by the clocks of the truce. A list without a case says that there were none."
        ),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["client_id"].initial = uuid.uuid4

    def clean_file(self) -> str:
        """The text of the file, UTF-8."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than %(most)d KiB.") % {"most": LARGEST // 1024})
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Save the file as UTF-8 text.")) from None
        self.form = "json" if text.lstrip().startswith(("[", "{")) else "csv"
        return text

    @property
    def handed_in(self) -> dict[str, Any]:
        """What the form says, for the verb."""
        given = self.cleaned_data
        span = {"from_date": given["first"], "until_date": given["last"] + days.ONE_DAY}
        named = {"client_id": str(given["client_id"] or "")}
        return {"text": given["file"], "form": self.form, **span, **named}

    def tell(self, message: str, faults: dict[str, list[str]]) -> None:
        """Show the verb's faults: what is wrong, and each cell by its row and column."""
        self.add_error(None, message)
        for pointer, sentences in faults.items():
            parts = pointer.strip("/").split("/")
            for sentence in sentences:
                if parts[0] == "cases" and len(parts) == 3:
                    place = {"row": int(parts[1]) + 1, "column": parts[2], "what": sentence}
                    self.add_error(None, _("Case %(row)d, %(column)s: %(what)s") % place)
