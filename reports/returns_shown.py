"""What a guarantor's person is shown of the ledgers' days: words, times by the truce's clocks, what there is to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from monitoring import canonical
from monitoring.models import Area
from reports.renderers import values
from violations.codebook import CountUnit, LedgerDay
from violations.return_corrections import Correction, corrections_of
from violations.returns_due import DayDue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.models import Agreement, GuarantorState
    from violations.ledger_days import ToldLine, ToldReturn
    from violations.models import DailyReturn, ReturnLine


@dataclass(frozen=True)
class Telling:
    """One telling of a day: the numbers as a sentence, and whether the reader may acknowledge or correct it."""

    id: str
    teller: str
    said: str
    corrects: str
    note: str
    may_acknowledge: bool
    may_correct: bool


@dataclass(frozen=True)
class Cell:
    """One guarantor's ledger on one day."""

    ledger: str
    state: str
    when: str
    tellings: list[Telling]
    may_file: bool


@dataclass(frozen=True)
class Row:
    """One day: until when its returns are due, and every ledger."""

    on: date
    day: str
    due: str
    cells: list[Cell]


def rows_of(
    agreement: Agreement, mine: GuarantorState, due: list[DayDue], names: dict[str, str], *, now: datetime
) -> list[Row]:
    """Return the days, newest first, each with a cell for every ledger in the order of `names`."""
    by_day: dict[date, dict[str, DayDue]] = {}
    for day in due:
        by_day.setdefault(day.day, {})[day.owner] = day
    zone = agreement.terms.time_zone
    corrected = corrections_of(told.public_id for day in due for told in day.returns)
    written = [line for day in due for told in day.returns for line in told.lines]
    areas = _areas(agreement, [*written, *(line for correction in corrected.values() for line in correction.lines)])
    return [
        Row(
            on=on,
            day=values.day(on.isoformat()),
            due=values.instant(canonical.instant(next(iter(held.values())).due_at), zone),
            cells=[_cell(held[code], mine, names, zone, corrected, areas) for code in names if code in held],
        )
        for on, held in by_day.items()
    ]


def said(told: ToldReturn | DailyReturn, lines: Iterable[ToldLine | ReturnLine], areas: dict[str, str]) -> str:
    """The numbers of a telling, in words; nothing is summed. An area written by its code bears its name: `areas`."""
    parts = [
        _("nil")
        if told.total == 0
        else _("%(count)s (%(unit)s)") % {"count": values.count(told.total), "unit": CountUnit(told.unit).label}
    ]
    for count, words in (
        (told.confirmed, _("confirms %(count)s")),
        (told.not_confirmed, _("does not confirm %(count)s")),
        (told.attributed_elsewhere, _("ascribes %(count)s to a designated group")),
    ):
        if count is not None:
            parts.append(words % {"count": values.count(count)})
    parts += [f"{areas.get(line.as_written, line.as_written)} {values.count(line.count)}" for line in lines]
    return "; ".join(parts)


def correction_said(correction: Correction, zone: str, areas: dict[str, str]) -> str:
    """That a telling corrects another: when, what that had said and when it was told, and why."""
    told = {
        "at": _minute(correction.at, zone),
        "before": said(correction.before, correction.lines, areas),
        "told_at": _minute(correction.before.recorded_at, zone),
        "why": correction.why,
    }
    form = (
        _("Corrected on %(at)s; before, told on %(told_at)s: %(before)s. Why: %(why)s")
        if correction.why
        else _("Corrected on %(at)s; before, told on %(told_at)s: %(before)s.")
    )
    return form % told


def told_before(told: DailyReturn, zone: str) -> str:
    """What a correction is about to take the place of."""
    lines = list(told.lines.order_by("pk"))
    before = {"at": _minute(told.recorded_at, zone), "before": said(told, lines, _areas(told.agreement, lines))}
    return _("You correct what was told on %(at)s: %(before)s.") % before


def _areas(agreement: Agreement, lines: Iterable[ToldLine | ReturnLine]) -> dict[str, str]:
    """The names of the areas that lines name by their codes, by code."""
    written = {line.as_written for line in lines}
    rows = Area.objects.filter(agreement=agreement, code__in=written) if written else ()
    return {area.code: area.name_in(language()) for area in rows}


def _cell(
    day: DayDue,
    mine: GuarantorState,
    names: dict[str, str],
    zone: str,
    corrected: dict[str, Correction],
    areas: dict[str, str],
) -> Cell:
    own = day.owner == mine.code
    return Cell(
        ledger=day.owner,
        state=_state(day),
        when=_when(day, zone),
        tellings=[
            Telling(
                id=told.public_id,
                teller="" if told.teller == day.owner else names.get(told.teller, told.teller),
                said=said(told, told.lines, areas),
                corrects=correction_said(corrected[told.public_id], zone, areas) if told.public_id in corrected else "",
                note=_("acknowledged by the owner") if told.acknowledged else "",
                may_acknowledge=own and told.teller != mine.code and not told.acknowledged,
                may_correct=told.teller == mine.code,
            )
            for told in day.returns
        ],
        may_file=not any(told.teller == mine.code for told in day.returns),
    )


def _state(day: DayDue) -> str:
    if day.state is None:
        return _("returned; shown to the others when the day is due")
    return str(LedgerDay(day.state).label)


def _when(day: DayDue, zone: str) -> str:
    if day.filed_at is None:
        return ""
    at = _minute(day.filed_at, zone)
    return (_("filed %(at)s, in time") if day.in_time else _("filed %(at)s, after it was due")) % {"at": at}


def _minute(at: datetime, zone: str) -> str:
    return values.instant(canonical.instant(at.replace(second=0, microsecond=0)), zone)


def language() -> str:
    """The language of the page, two letters."""
    return (get_language() or "en").partition("-")[0]


def named(guarantors: Any) -> dict[str, str]:
    """Guarantors' names in the language of the page, by code."""
    return {state.code: state.name_in(language()) for state in guarantors}
