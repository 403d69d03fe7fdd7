"""The form by which a side files its return of a day: its own ledger, or its word on another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.date_field import DayField
from monitoring.models import Area
from violations.codebook import CountUnit
from violations.models import DailyReturn
from violations.return_content import LARGEST, Line
from violations.return_filing import FiledReturn

if TYPE_CHECKING:
    from monitoring.models import Agreement, GuarantorState

AREA = "area_"
WORD = ("confirmed", "not_confirmed", "attributed_elsewhere")
COARSE = (Area.Level.GOVERNORATE, Area.Level.DISTRICT, Area.Level.SUBDISTRICT)


def _count(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=LARGEST, required=False, **more)


class ReturnForm(forms.Form):
    """What is announced of a day. Whether the areas make up the total is read from the counts that are given."""

    on = DayField(label=_("Date that the return bears"))
    total = forms.IntegerField(
        label=_("Total announced"), min_value=0, max_value=LARGEST, help_text=_("0 is a nil return: it is a statement.")
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=CountUnit.choices)
    confirmed = _count(_("Of these, confirmed"))
    not_confirmed = _count(_("Of these, not confirmed"))
    attributed_elsewhere = _count(_("Of these, ascribed to a designated group"))
    note = forms.CharField(
        label=_("Why it is corrected"),
        max_length=2000,
        error_messages={"required": _("Say why the return is corrected.")},
    )
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, agreement: Agreement, ledger: GuarantorState, mine: GuarantorState, **more: Any) -> None:
        super().__init__(**more)
        self.ledger, self.mine = ledger, mine
        self.fields["unit"].initial = agreement.terms.unit_of_count
        self.areas = _areas(agreement)
        if ledger == mine:
            for name in WORD:
                del self.fields[name]
        if not (self.data or self.initial).get("replaces"):
            del self.fields["note"]
        for area in self.areas:
            self.fields[AREA + area.code] = _count(area.name)

    @property
    def by_area(self) -> list[Any]:
        """The fields of the areas."""
        return [self[AREA + area.code] for area in self.areas]

    @property
    def plain(self) -> list[Any]:
        """The other fields that are seen."""
        return [field for field in self.visible_fields() if not field.name.startswith(AREA)]

    @property
    def filed(self) -> FiledReturn:
        """What the form says, for the verb."""
        given = self.cleaned_data
        lines = tuple(
            Line(area.name, given[AREA + area.code], area.code)
            for area in self.areas
            if given.get(AREA + area.code) is not None
        )
        return FiledReturn(
            on=given["on"],
            total=given["total"],
            unit=given["unit"],
            ledger=self.ledger.code,
            breakdown=_breakdown(given["total"], lines),
            lines=lines,
            note=given.get("note", ""),
            replaces=given.get("replaces"),
            **{name: given[name] for name in WORD if name in given},
        )

    def tell(self, faults: dict[str, list[str]]) -> None:
        """Show the verb's faults at their fields; what has no field of its own, at the top."""
        for pointer, sentences in faults.items():
            name = pointer.removeprefix("/")
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def initial_of(told: DailyReturn) -> dict[str, Any]:
    """What a form begins with that corrects `told`."""
    plain = ("total", "unit", *WORD)
    return {
        "on": told.bears_date,
        "replaces": told.public_id,
        **{name: getattr(told, name) for name in plain},
        **{AREA + line.area.code: line.count for line in told.lines.all() if line.area},
    }


def _areas(agreement: Agreement) -> list[Area]:
    """The coarsest level of the truce's areas, and the groupings that sources use."""
    held = list(agreement.areas.order_by("code"))
    levels = [level for level in COARSE if any(area.level == level for area in held)]
    shown = {Area.Level.GROUPING.value, *(str(level) for level in levels[:1])}
    return [area for area in held if area.level in shown]


def _breakdown(total: int, lines: tuple[Line, ...]) -> str:
    """Whether the lines make up the total; more than it is refused by the verb."""
    if not lines:
        return DailyReturn.Breakdown.NONE
    made_up = sum(line.count for line in lines)
    return DailyReturn.Breakdown.PARTIAL if made_up < total else DailyReturn.Breakdown.COMPLETE
