"""The grades that the form of a finding on a grave incident asks for: of each report that no moderator has graded yet.

They begin with those of team and means. Whoever proposes gives them with the finding, on its grounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from violations import moderation_codes
from violations.admin import words
from violations.admin.case import Case
from violations.codebook import LinkKind
from violations.full_form import Given
from violations.moderation_codes import Lane

# What stands where a report came in while the page was filled in: a list without it would begin with the best grade.
UNCHOSEN = ("", _("choose"))


class GradeRow(forms.Form):
    """The two grades of one report."""

    source = forms.ChoiceField(label=_("Source"), choices=[UNCHOSEN, *moderation_codes.SourceGrade.choices])
    information = forms.ChoiceField(
        label=_("Information"), choices=[UNCHOSEN, *moderation_codes.InformationGrade.choices]
    )

    def __init__(self, *args: Any, report: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.reference = words.reference(report.public_id)


class GradeRows:
    """The reports that are still to be graded; none of what is not grave."""

    def __init__(self, case: Case, data: Mapping[str, Any] | None, begun: Mapping[int, Any] | None = None) -> None:
        grave = getattr(case.assessment, "lane", "") == Lane.GRAVE
        self.rows = [_row(report, data, begun or {}) for report in in_effect(case) if grave and not report.graded]

    def is_valid(self) -> bool:
        """Whether each is of the list."""
        told = [row.is_valid() for row in self.rows]
        return all(told)

    def given(self) -> list[Given]:
        """What was typed, as the verb takes it."""
        return [Given(row.report, **row.cleaned_data) for row in self.rows]

    def tell(self, pointer: str, message: str) -> bool:
        """Put a refusal at "/grades/17/source" to its report; return whether it is of one."""
        parts = pointer.strip("/").split("/")
        for row in self.rows:
            if len(parts) == 3 and parts[1] == str(row.report.pk):
                row.add_error(parts[2] if parts[2] in row.fields else None, message)
                return True
        return False

    def as_typed(self) -> dict[int, dict[str, Any]]:
        """What stands in the rows, to begin another page with."""
        return {row.report.pk: {name: row[name].value() for name in row.fields} for row in self.rows}

    @property
    def faults(self) -> bool:
        """Whether anything is wrong with them."""
        return any(row.is_bound and row.errors for row in self.rows)


def in_effect(case: Case) -> list[Any]:
    """The reports of the incident as the count rests on them, with their grades; duplicates left out."""
    return [
        report
        for chain in case.chains
        if chain.link is not None and chain.link.kind != LinkKind.DUPLICATE
        for report in chain.revisions
        if report.pk == chain.link.report_id
    ]


def _row(report: Any, data: Mapping[str, Any] | None, begun: Mapping[int, Any]) -> GradeRow:
    """A row that was not on the page, for the report came meanwhile, is asked for and says so."""
    has = {"source": report.source_grade, "information": report.information_grade}
    prefix = f"grades-{report.pk}"
    return GradeRow(data, prefix=prefix, initial=begun.get(report.pk, has), report=report, label_suffix="")
