"""Two incidents side by side: what the system makes of each and what its lead report says, what differs marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import codebook
from violations.admin import offered, words
from violations.admin.case import Case
from violations.admin.forms import DecidingForm, GroundsForm
from violations.codebook import ReviewState
from violations.models import Incident, IncidentReport

Facts = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Compared:
    """One thing that is said of both, a line or more each."""

    name: str
    mine: Sequence[str]
    other: Sequence[str]

    @property
    def differs(self) -> bool:
        """Whether the two say otherwise of it."""
        return self.mine != self.other


def compared(mine: Case, other: Case, facts: Callable[[Case], Facts]) -> list[Compared]:
    """What is known of the two, in the order of the page of an incident."""
    ours, theirs = (_told(case, facts) for case in (mine, other))
    last = [name for name in (_("Parties"), _("Reports")) if name in ours or name in theirs]
    names = [name for name in dict.fromkeys([*ours, *theirs]) if name not in last] + last
    return [Compared(name, ours.get(name, []), theirs.get(name, [])) for name in names]


def _told(case: Case, facts: Callable[[Case], Facts]) -> dict[str, list[str]]:
    told = {name: list(lines) for name, lines in facts(case)}
    report = lead(case)
    if report is None:
        return told
    filed = offered.filed(case, report)
    of_report = [(name, [str(value)]) for name, value in filed["rows"] if name not in told]
    of_report.append((_("Parties"), [_party(party) for party in filed["parties"]]))
    of_report.append((_("Reports"), [str(len(case.chains))]))
    return told | dict(of_report)


def _party(party: dict[str, str]) -> str:
    return _("%(role)s: %(party)s (written “%(as_written)s”)") % party


def lead(case: Case) -> IncidentReport | None:
    """The revision of a report that the facts of the incident come from, where it still belongs there."""
    pk = case.assessment.lead_report_id if case.assessment else None
    return next((report for chain in case.chains for report in chain.revisions if report.pk == pk), None)


@dataclass(frozen=True)
class Movable:
    """A report under review that may be linked: from which incident into which."""

    report: IncidentReport
    into: Incident

    @property
    def key(self) -> str:
        """By which a form names it."""
        return str(self.report.public_id)


def movable(mine: Case, other: Case) -> list[Movable]:
    """The reports of the two that are under review, those of `mine` first."""
    return [
        Movable(chain.newest, into)
        for case, into in ((mine, other.incident), (other, mine.incident))
        for chain in case.chains
        if chain.state == ReviewState.UNDER_REVIEW
    ]


class CompareForm(DecidingForm):
    """Which report of the two incidents belongs to the other one, how, and on what grounds."""

    report = forms.ChoiceField(label=gettext_lazy("Which report"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("How it belongs"),
        choices=codebook.LinkKind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "All but “related” move the report into that incident; “related” only notes it. It can be taken back."
        ),
    )
    grounds = GroundsForm.base_fields["grounds"]

    def __init__(self, *args: Any, movable: Sequence[Movable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.movable = {one.key: one for one in movable}
        chosen: forms.ChoiceField = self.fields["report"]  # type: ignore[assignment]
        chosen.choices = [(one.key, _choice(one)) for one in movable]
        if len(movable) == 1:
            chosen.initial = movable[0].key

    def clean_report(self) -> Movable:
        """The report that was meant, with the incident that it goes to."""
        return self.movable[self.cleaned_data["report"]]


def _choice(one: Movable) -> str:
    return _("report %(report)s, into incident %(incident)s") % {
        "report": words.reference(one.report.public_id),
        "incident": words.reference(one.into.public_id),
    }
