"""The rows of the form of a finding in which casualties are verified: a group of people a row, with its sources.

Rows are offered for the groups that the finding before or the reports speak of, these with the reports that do, and one
that is blank; another is added
by a button, without a script. A row that says nothing is none. Two rows of the same group are one: so a second source
outside is written beside a number that stands in the row before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import casualties
from violations.admin import words
from violations.admin.case import Case
from violations.casualties import LONGEST_ADDRESS, LONGEST_NAME, Casualties, Source
from violations.models import Finding, IncidentReport
from violations.moderation_codes import CasualtySourceKind, Harm, People

MOST_ROWS = 20
COUNT = "casualties-rows"  # How many rows the page had.
GROUPS = [(f"{harm.value}:{people.value}", f"{harm.label}, {people.label}") for harm in Harm for people in People]
OUTSIDE = [(code, name) for code, name in CasualtySourceKind.choices if code != CasualtySourceKind.REPORT]
# What reports tell of all together, or of nobody's status, is of people whose status is unknown.
SPOKEN_OF = {
    "civilian": People.CIVILIAN,
    "combatant": People.COMBATANT,
    "unknown": People.UNKNOWN,
    "all": People.UNKNOWN,
}


class CasualtyRow(forms.Form):
    """One group: at least how many, by which reports, by whom else."""

    template_name = "violations/fields.html"

    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False, choices=[("", gettext_lazy("nobody"))])
    at_least = forms.IntegerField(
        label=gettext_lazy("At least"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("The verified minimum; empty where it could not be established."),
    )
    reports = forms.TypedMultipleChoiceField(
        label=gettext_lazy("By reports of the incident"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(label=gettext_lazy("By another source"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Its name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Of the organisation or publication. Name no person."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Where it can be read"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
    )
    dated = forms.DateField(
        label=gettext_lazy("Of what day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, reports: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("who", [("", _("nobody")), *GROUPS])
        self._choices("kind", [("", _("none")), *OUTSIDE])
        self._choices("reports", list(reports))

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def says_nothing(self) -> bool:
        """Whether neither a number nor a source stands in it; call once it is cleaned."""
        told = (self.cleaned_data.get(name) for name in ("reports", "kind", "name", "address", "dated"))
        return self.cleaned_data.get("at_least") is None and not any(told)

    def clean(self) -> dict[str, Any]:
        """Whoever is counted is named as a group; a source outside by its kind and name."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors or self.says_nothing:
            return cleaned
        if not cleaned.get("who"):
            self.add_error("who", _("Choose who they were."))
        outside = [cleaned.get(name) for name in ("kind", "name", "address", "dated")]
        if any(outside) and not cleaned.get("kind"):
            self.add_error("kind", _("Choose what kind of source this is."))
        if any(outside) and not cleaned.get("name"):
            self.add_error("name", _("Name the organisation or publication; name no person."))
        return cleaned

    def sources(self) -> frozenset[Source]:
        """The sources that it names."""
        cleaned = self.cleaned_data
        found = {Source(report=number) for number in cleaned["reports"]}
        if cleaned["kind"]:
            told = {name: cleaned[name] for name in ("kind", "name", "address", "dated")}
            found.add(Source(**told))
        return frozenset(found)


class CasualtyRows:
    """All rows of one form: bound to what was typed, or begun with what was found before and what the reports tell."""

    def __init__(
        self,
        case: Case,
        data: Mapping[str, Any] | None,
        before: Finding | None,
        *,
        begun: list[dict[str, Any]] | None = None,
    ) -> None:
        reports = [chain.in_effect for chain in case.chains if chain.in_effect is not None]
        told = [(report.pk, words.reference(report.public_id)) for report in reports]
        if data is not None:
            initial: list[dict[str, Any]] = [{}] * _typed_rows(data)
        else:
            initial = [*(_initial(reports, before) if begun is None else begun), {}][:MOST_ROWS]
        self.rows = [
            CasualtyRow(data, prefix=f"casualties-{number}", initial=row, reports=told, label_suffix="")
            for number, row in enumerate(initial)
        ]
        self.open = len(initial) > 1
        self.full = len(initial) >= MOST_ROWS
        self.errors: list[str] = []
        self._without_numbers = True

    @property
    def faults(self) -> bool:
        """Whether anything is wrong with them."""
        return bool(self.errors) or any(row.is_bound and row.errors for row in self.rows)

    def as_typed(self) -> list[dict[str, Any]]:
        """What stands in the rows, to begin another page with."""
        return [{name: row[name].value() for name in row.fields} for row in self.rows]

    def is_valid(self) -> bool:
        """Whether every row has its shape. A group whose number stands in two rows with another each has not."""
        told = [row.is_valid() for row in self.rows]
        sound = all(told)
        if sound:
            for rows in self._by_group().values():
                numbers = {row.cleaned_data["at_least"] for row in rows} - {None}
                if len(numbers) > 1:
                    sound = False
                    rows[-1].add_error("at_least", _("This group has another number in a row above: keep one of them."))
        return sound

    def casualties(self, *, stands: bool) -> tuple[Casualties, ...]:
        """What was typed, as the verb takes it; rows of the same group are one.

        Of what does not stand nobody's number is asked: rows without one, as the page begins with, are left out.
        """
        self._without_numbers = stands
        return tuple(
            Casualties(
                harm=group.split(":")[0],
                people=group.split(":")[1],
                at_least=next((number for row in rows if (number := row.cleaned_data["at_least"]) is not None), None),
                sources=frozenset().union(*(row.sources() for row in rows)),
            )
            for group, rows in self._by_group().items()
        )

    def tell(self, pointer: str, message: str) -> None:
        """Put a refusal at "/casualties/2/sources" to the row it is about; what is of no row, above them all."""
        parts = pointer.strip("/").split("/")
        groups = list(self._by_group().values())
        if len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(groups):
            row = groups[int(parts[1])][0]
            field = {"at_least": "at_least", "sources": "reports"}.get(parts[2] if len(parts) > 2 else "", "who")
            row.add_error(field, message)
        else:
            self.errors.append(message)

    def _by_group(self) -> dict[str, list[CasualtyRow]]:
        groups: dict[str, list[CasualtyRow]] = defaultdict(list)
        for row in self.rows:
            if not row.says_nothing and (self._without_numbers or row.cleaned_data["at_least"] is not None):
                groups[row.cleaned_data["who"]].append(row)
        return groups


def _typed_rows(data: Mapping[str, Any]) -> int:
    """As many as the page says it had, no more than it may have; a number of a thousand digits is not read as one."""
    written = str(data.get(COUNT, "0"))
    if not (written.isascii() and written.isdigit()):
        return 0
    return min(int(written), MOST_ROWS) if len(written) < 10 else MOST_ROWS


def _initial(reports: list[IncidentReport], before: Finding | None) -> list[dict[str, Any]]:
    """A row for each group that was found before, or that the reports tell of."""
    rows = _found(reports, before) if before is not None else []
    seen = {row["who"] for row in rows}
    for report in reports:
        for harm, groups in report.casualties.items():
            for group in groups:
                if group not in SPOKEN_OF or not _tells(report, harm, group):
                    continue
                who = f"{harm}:{SPOKEN_OF[group].value}"
                if who not in seen:
                    seen.add(who)
                    rows.append({"who": who, "reports": [other.pk for other in reports if _tells(other, harm, group)]})
    return rows


def _tells(report: IncidentReport, harm: str, group: str) -> bool:
    """Whether the report tells of people of the group who came to the harm."""
    return any(((report.casualties.get(harm) or {}).get(group) or {}).values())


def _found(reports: list[IncidentReport], before: Finding) -> list[dict[str, Any]]:
    """What was found, a row a group and one more for each further source outside; totals alone as they stand."""
    here = {report.chain: report.pk for report in reports}
    said = casualties.said_in(before)
    named = {source.report for group in said for source in group.sources if source.report is not None}
    chains = dict(IncidentReport.objects.filter(pk__in=named).values_list("pk", "chain"))
    rows: list[dict[str, Any]] = []
    for group in said:
        first: dict[str, Any] = {"who": f"{group.harm}:{group.people}", "at_least": group.at_least}
        told = [
            here[chains[source.report]] for source in group.sources if source.report and chains[source.report] in here
        ]
        outside = sorted((source for source in group.sources if not source.report), key=lambda source: source.name)
        first["reports"] = told
        rows.append(first | (_outside(outside[0]) if outside else {}))
        rows += [{"who": first["who"], **_outside(source)} for source in outside[1:]]
    spoken_of = {group.harm for group in said}
    for harm in Harm:
        number = getattr(before, f"{harm.value}_verified")
        if number is not None and harm not in spoken_of:
            rows.append({"who": f"{harm.value}:{People.UNKNOWN.value}", "at_least": number})
    return rows


def _outside(source: Source) -> dict[str, Any]:
    return {"kind": source.kind, "name": source.name, "address": source.address, "dated": source.dated}
