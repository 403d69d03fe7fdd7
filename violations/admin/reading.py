"""What the page of deciding begins with: what was filed, and the reports that are accepted with the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from violations import codebook, deciding
from violations.admin.case import Case


class AcceptForm(forms.Form):
    """Whether the reports that are still to be read are accepted in the same act; asked only where there are some."""

    accept = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Accept"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = sum(
            chain.in_effect == chain.newest and chain.state in deciding.TO_READ and not chain.with_duty
            for chain in case.chains
        )
        self.fields["accept"].label = ngettext(
            "Accept its report in the same act: it tells of this incident",
            "Accept its %(n)d reports in the same act: they tell of this incident",
            self.number,
        ) % {"n": self.number}

    @property
    def chosen(self) -> bool:
        """Whether that was handed in."""
        return self.is_bound and self.is_valid() and self.cleaned_data["accept"]


def as_filed(case: Case) -> dict[str, Any]:
    """Answers that a new finding begins with, because no report says anything else. What is judged begins empty."""
    if case.assessment is None or case.assessment.alleged:
        return {}
    return {"attribution": codebook.Attribution.NOT_ASSESSED}
