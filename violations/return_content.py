"""What a side announced of a day, as it is handed in to be recorded, and what may be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from monitoring.models import Agreement
from violations.codebook import CountUnit
from violations.models import DailyReturn

LARGEST = 2_000_000_000


@dataclass(frozen=True)
class Line:
    """The count of one area: as written, and the area's code where the source gives one."""

    as_written: str
    count: int
    area: str = ""


@dataclass(frozen=True)
class Source:
    """Where a return was read, and what is peculiar to that telling."""

    outlet: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class ReturnContent:
    """What was announced. `owner` and `teller` are codes of guarantors; [window_from, window_until) are instants.

    `total` stands alone: it is never made of the lines. 0 is an explicit nil. Areas are found by their code, else by
    the mechanism's aliases for `scheme`; a name that is not known is kept as written.
    """

    owner: str
    teller: str
    bears_date: date
    window_from: datetime
    window_until: datetime
    window_basis: str
    total: int
    breakdown: str
    unit: str = CountUnit.CASE_OF_FIRE
    headline_total: int | None = None
    confirmed: int | None = None
    not_confirmed: int | None = None
    attributed_elsewhere: int | None = None
    acknowledged: bool = False
    note: str = ""
    lines: tuple[Line, ...] = ()
    source: Source | None = None
    scheme: str = ""


def faults_of(agreement: Agreement, contents: Sequence[ReturnContent]) -> list[tuple[int, str, str]]:
    """Return what is wrong: (number of the content from 0, field, what to do about it), in order."""
    guarantors = set(agreement.guarantors.values_list("code", flat=True))
    areas = set(agreement.areas.values_list("code", flat=True))
    return [
        (number, field, message)
        for number, content in enumerate(contents)
        for field, message in _faults(content, guarantors, areas)
    ]


def _faults(content: ReturnContent, guarantors: set[str], areas: set[str]) -> Iterator[tuple[str, str]]:
    for field in ("owner", "teller"):
        if getattr(content, field) not in guarantors:
            message = _("'%(code)s' is not a guarantor of this agreement; known are %(known)s")
            yield field, message % {"code": getattr(content, field), "known": ", ".join(sorted(guarantors))}
    for field in ("total", "headline_total", "confirmed", "not_confirmed", "attributed_elsewhere"):
        count = getattr(content, field)
        if count is not None and not 0 <= count <= LARGEST:
            yield field, _("a count is a whole number from 0 to %(largest)d") % {"largest": LARGEST}
    if content.window_until <= content.window_from:
        yield "window_until", _("the window ends before it begins")
    if content.unit not in CountUnit.values:
        yield "unit", _("'%(unit)s' is not a unit of the codebook") % {"unit": content.unit}
    told = sum(filter(None, (content.confirmed, content.not_confirmed, content.attributed_elsewhere)))
    if told > max(content.total, 0):
        message = _("of %(total)d cases the teller cannot have answered %(told)d")
        yield "confirmed", message % {"total": content.total, "told": told}
    yield from _faults_of_lines(content, areas)
    yield from _faults_of_breakdown(content)


def _faults_of_lines(content: ReturnContent, areas: set[str]) -> Iterator[tuple[str, str]]:
    for line in content.lines:
        if not line.as_written or len(line.as_written) > 120:
            yield "lines", _("an area is named in 1 to 120 characters")
        if not 0 <= line.count <= LARGEST:
            yield "lines", _("a count is a whole number from 0 to %(largest)d") % {"largest": LARGEST}
        if line.area and line.area not in areas:
            yield "lines", _("there is no area '%(code)s' in this agreement") % {"code": line.area}
    for name, times in Counter(line.as_written.casefold() for line in content.lines).items():
        if times > 1:
            yield "lines", _("'%(name)s' is counted twice") % {"name": name}


def _faults_of_breakdown(content: ReturnContent) -> Iterator[tuple[str, str]]:
    made_up = sum(line.count for line in content.lines)
    sums = {"lines": made_up, "total": content.total}
    match content.breakdown:
        case DailyReturn.Breakdown.COMPLETE:
            if made_up != content.total:
                yield "breakdown", _("the lines make %(lines)d, the total is %(total)d: is it complete?") % sums
        case DailyReturn.Breakdown.PARTIAL:
            if not content.lines or made_up >= content.total:
                message = _("a partial breakdown has lines that make less than the total, not %(lines)d of %(total)d")
                yield "breakdown", message % sums
        case DailyReturn.Breakdown.NONE:
            if content.lines:
                yield "breakdown", _("there are lines, so there is a breakdown")
        case unknown:
            known = ", ".join(DailyReturn.Breakdown.values)
            yield "breakdown", _("'%(value)s' is not known; known are %(known)s") % {"value": unknown, "known": known}
