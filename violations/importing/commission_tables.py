"""The tables in which the joint commission's figures are handed in, line by line.

Two layouts are read: the project's own, one line a return and source, and a pair of tables, totals and counts by
province, as they were transcribed. Who told a pair is known from its columns: they say what Russia confirmed.
A bulletin bears the date of its dateline; its hour is not given, so its 24 hours end where that date begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring import local_time
from monitoring.faults import Fault, FaultyFile
from violations.importing import table
from violations.importing.occasion import KIND, Occasion
from violations.importing.table import Row
from violations.models import DailyReturn
from violations.return_content import Line, ReturnContent, Source

SCHEME = "joint-commission"
WINDOW_BASIS = "the 24 hours before the bulletin; its hour is not given"
WHOSE = {"RU": "russia", "TR": "turkey"}
TELLER_OF_THE_PAIR = "russia"

OWN = (
    "bears_date",
    "ledger",
    "told_by",
    "total",
    "headline_total",
    "confirmed",
    "not_confirmed",
    "attributed_elsewhere",
    "breakdown",
    "lines",
    "outlet",
    "url",
    "note",
)
TOTALS = (
    "bulletin_date",
    "date_basis",
    "registered_by",
    "total",
    "confirmed_by_russia",
    "attributed_to_jabhat_nusra",
    "not_confirmed_by_russia",
    "headline_total",
    "breakdown_sum",
    "breakdown_complete",
    "outlet",
    "url",
    "note",
)
PROVINCES = ("bulletin_date", "registered_by", "province", "admin1_pcode", "count", "url")
LAYOUTS = (OWN, TOTALS, PROVINCES)

Breakdown = DailyReturn.Breakdown
BREAKDOWNS = {value: value for value in Breakdown.values}
COMPLETE = {"yes": Breakdown.COMPLETE.value, "partial": Breakdown.PARTIAL.value, "none": Breakdown.NONE.value}
# In which column of each layout a field of the return stands; where a reader is sent to mend it.
COLUMNS_OF_THE_PAIR = {
    "bears_date": "bulletin_date",
    "owner": "registered_by",
    "teller": "registered_by",
    "confirmed": "confirmed_by_russia",
    "not_confirmed": "not_confirmed_by_russia",
    "attributed_elsewhere": "attributed_to_jabhat_nusra",
    "breakdown": "breakdown_complete",
    "lines": "breakdown_complete",
}
COLUMNS_OF_OUR_OWN = {"owner": "ledger", "teller": "told_by"}
_LINE = re.compile(r"(?P<name>[^;=@]+?)\s*(?:@\s*(?P<area>[A-Za-z0-9_-]+)\s*)?=\s*(?P<count>[0-9]{1,9})", re.ASCII)

Key = tuple[str, str, str]


@dataclass
class Told:
    """A return as read, and the line it was read from."""

    row: Row
    content: ReturnContent
    columns: dict[str, str]


def read(paths: Sequence[Path], occasion: Occasion, *, zone: ZoneInfo) -> list[Told]:
    """Read the returns in `paths`, in their order. Raises FaultyFile with every fault that could be found."""
    tables = {path: table.heading(path) for path in paths}
    faults = [fault for path, names in tables.items() for fault in _faults_of_heading(path, names)]
    refuse(paths, faults)
    own, totals, provinces = (
        [
            row
            for path, names in tables.items()
            if _layout(names) == set(layout)
            for row in occasion.of_its_kind(table.rows(path))
        ]
        for layout in LAYOUTS
    )
    told = [*_told_of_our_own(own, zone), *_told_of_the_pair(totals, provinces, zone)]
    _refuse_repeated(told)
    for one in told:
        occasion.require_happened(one.row, one.columns.get("bears_date", "bears_date"), one.content.bears_date)
    refuse(paths, [fault for row in (*own, *totals, *provinces) for fault in row.faults])
    return told


def refuse(paths: Sequence[Path], faults: list[Fault]) -> None:
    """Refuse the files whole where there is anything to mend."""
    if faults:
        raise FaultyFile(", ".join(path.name for path in paths), faults)


def _faults_of_heading(path: Path, names: list[str]) -> Iterator[Fault]:
    """Yield what keeps a table from being one that is known here."""
    place = _("%(file)s, line 1") % {"file": path.name}
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(place, _("the column '%(name)s' stands here twice") % {"name": name})
    if any(_layout(names) == set(layout) for layout in LAYOUTS):
        return
    nearest = max(LAYOUTS, key=lambda layout: len(set(layout) & set(names)))
    for name in nearest:
        if name not in names:
            yield Fault(place, _("the column '%(name)s' is missing") % {"name": name})
    for name in names:
        if name not in (*nearest, KIND):
            yield Fault(place, _("the column '%(name)s' is not known here") % {"name": name})


def _layout(names: list[str]) -> set[str]:
    """Return the columns that tell which layout it is; that it is simulated any table may say."""
    return set(names) - {KIND}


def _window(bulletin: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    until = local_time.first_instant(bulletin, zone)
    return until - timedelta(hours=24), until


def _source(row: Row) -> Source:
    return Source(row.required("outlet", longest=120), row.address("url"), row.text("note"))


def _told_of_our_own(own: Iterable[Row], zone: ZoneInfo) -> Iterator[Told]:
    for row in own:
        bears_date = row.date("bears_date")
        window_from, window_until = _window(bears_date, zone)
        content = ReturnContent(
            owner=row.required("ledger", longest=80),
            teller=row.required("told_by", longest=80),
            bears_date=bears_date,
            window_from=window_from,
            window_until=window_until,
            window_basis=WINDOW_BASIS,
            total=row.number("total"),
            headline_total=row.number_if_given("headline_total"),
            confirmed=row.number_if_given("confirmed"),
            not_confirmed=row.number_if_given("not_confirmed"),
            attributed_elsewhere=row.number_if_given("attributed_elsewhere"),
            breakdown=row.one_of("breakdown", BREAKDOWNS),
            lines=tuple(_lines(row)),
            source=_source(row),
            scheme=SCHEME,
        )
        yield Told(row, content, COLUMNS_OF_OUR_OWN)


def _lines(row: Row) -> Iterator[Line]:
    """Read `Hama@SY05=6; Damascus=6`: name as written, code of the area where one is given, count."""
    for part in filter(None, (part.strip() for part in row.text("lines").split(";"))):
        found = _LINE.fullmatch(part)
        if found:
            yield Line(found["name"], int(found["count"]), found["area"] or "")
        else:
            row.refuse("lines", _("'%(part)s' is not read; write Hama@SY05=6 or Damascus=6") % {"part": part})


def _told_of_the_pair(totals: Iterable[Row], provinces: Iterable[Row], zone: ZoneInfo) -> Iterator[Told]:
    lines: dict[Key, list[tuple[Row, Line]]] = {}
    for row in provinces:
        line = Line(row.required("province", longest=120), row.number("count"), row.text("admin1_pcode"))
        lines.setdefault(_key(row), []).append((row, line))
    for row in totals:
        key = _key(row)
        given = [line for _row, line in lines.pop(key, [])]
        yield Told(row, _content_of_total(row, given, zone), COLUMNS_OF_THE_PAIR)
    for (bulletin, whose, url), unclaimed in lines.items():
        for row, _line in unclaimed:
            message = _("there is no total of %(whose)s on %(date)s from %(url)s")
            row.refuse("url", message % {"whose": whose, "date": bulletin, "url": url})


def _key(row: Row) -> Key:
    return row.text("bulletin_date"), row.text("registered_by"), row.text("url")


def _content_of_total(row: Row, lines: list[Line], zone: ZoneInfo) -> ReturnContent:
    row.one_of("date_basis", {"dateline": "dateline"})
    bears_date = row.date("bulletin_date")
    window_from, window_until = _window(bears_date, zone)
    made_up = sum(line.count for line in lines)
    if (row.number_if_given("breakdown_sum") or 0) != made_up:
        row.refuse("breakdown_sum", _("the counts by province make %(sum)d") % {"sum": made_up})
    return ReturnContent(
        owner=row.one_of("registered_by", WHOSE),
        teller=TELLER_OF_THE_PAIR,
        bears_date=bears_date,
        window_from=window_from,
        window_until=window_until,
        window_basis=WINDOW_BASIS,
        total=row.number("total"),
        headline_total=row.number_if_given("headline_total"),
        confirmed=row.number_if_given("confirmed_by_russia"),
        not_confirmed=row.number_if_given("not_confirmed_by_russia"),
        attributed_elsewhere=row.number_if_given("attributed_to_jabhat_nusra"),
        breakdown=row.one_of("breakdown_complete", COMPLETE),
        lines=tuple(lines),
        source=_source(row),
        scheme=SCHEME,
    )


def _refuse_repeated(told: Iterable[Told]) -> None:
    """Refuse a return that stands twice in the files with one address."""
    first: dict[tuple[str, str, date, str], Row] = {}
    for one in told:
        url = one.content.source.url if one.content.source else ""
        key = (one.content.owner, one.content.teller, one.content.bears_date, url)
        before = first.setdefault(key, one.row)
        if before is not one.row:
            message = _("this return stands at %(place)s already")
            one.row.refuse("url", message % {"place": before.place("url")})
