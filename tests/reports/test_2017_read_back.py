"""The joint commission's figures of 2017, closed month by month, read back from print, table and JSON as told.

Nothing of the product reads here: the sample is read with the standard library, and so are the files.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import closings
from tests.reports.readings import rendered
from tests.reports.test_january_2017 import SAMPLES
from tests.reports.test_periods_told import lines_of, text_of
from violations.importing.commission import import_returns

MONTHS = [f"2017-0{month}" for month in range(1, 7)]
NUMBERS = ("total", "headline_total", "confirmed", "not_confirmed", "attributed_elsewhere")
SAYS = {
    "confirmed": "confirms {}",
    "not_confirmed": "does not confirm {}",
    "attributed_elsewhere": "ascribes {} to a designated group",
    "headline_total": "the headline gives {}",
}


@dataclass(frozen=True)
class Told:
    """A return as one outlet told it: its numbers, how far it is broken down, its lines as written, what is noted."""

    numbers: tuple[int | None, ...]
    breakdown: str
    lines: tuple[tuple[str, int], ...]
    note: str


Returns = dict[tuple[str, str, str], Told]  # by ledger, date and outlet


def sample() -> Returns:
    """What the file of the sample says, line by line."""
    told = {}
    text = (SAMPLES / "joint_commission_2017.csv").read_text()
    for row in csv.DictReader(io.StringIO(text)):
        lines = [line.strip().rpartition("=") for line in row["lines"].split(";") if line.strip()]
        told[row["ledger"], row["bears_date"], row["outlet"]] = Told(
            tuple(int(row[name]) if row[name] else None for name in NUMBERS),
            row["breakdown"],
            tuple((written.partition("@")[0], int(count)) for written, _sign, count in lines),
            row["note"],
        )
    return told


def from_json(content: dict) -> Returns:
    return {
        (ledger["guarantor"], day["date"], source["outlet"]): Told(
            tuple(one[name] for name in NUMBERS),
            one["breakdown"],
            tuple((line["as_written"], line["count"]) for line in one["lines"]),
            source["note"],
        )
        for ledger in content["sections"]["ledgers"]["ledgers"]
        for day in ledger["days"]
        for one in day["returns"]
        for source in one["sources"]
    }


def from_table(table: bytes) -> Returns:
    rows = [line for line in lines_of(table) if line["table"] in {"returns", "return_lines"}]
    told = {}
    for key in {(line["row_code"], line["date"]) for line in rows}:
        own = [line for line in rows if (line["row_code"], line["date"]) == key]
        values = {line["measure_code"]: line["value"] for line in own if line["table"] == "returns"}
        for source in (line for line in own if line["measure_code"] == "source"):
            noted = [line for line in own if (line["measure_code"], line["note"]) == ("source_note", source["note"])]
            told[*key, source["note"]] = Told(
                tuple(int(values[name]) if name in values else None for name in NUMBERS),
                values["breakdown"],
                tuple(
                    (re.match(r"as written: (.*); as told by", line["note"])[1], int(line["value"]))
                    for line in own
                    if line["table"] == "return_lines"
                ),
                noted[0]["value"] if noted else "",
            )
    return told


def short(on: date) -> str:
    return f"{on.day} {on:%b}"


def printed(told: Told, on: date, outlets: list[str], notes: list[str]) -> str:
    """A pattern of the line that the print has of a return."""
    numbers = dict(zip(NUMBERS, told.numbers, strict=True))
    ends = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo("Asia/Damascus"))
    begins = (ends.astimezone(UTC) - timedelta(hours=24)).astimezone(ends.tzinfo)  # across the clock moved on 31 March
    window = " to ".join(f"{short(at)} {at:%H:%M}" for at in (begins, ends))
    if told.lines:
        areas = "; ".join(rf"{re.escape(name)}(?: \([^)]*\))? {count}" for name, count in told.lines)
        areas = f"partial: {areas}" if told.breakdown == "partial" else areas
    else:
        areas = "–" if numbers["total"] == 0 else "no breakdown"
    says = [pattern.format(numbers[name]) for name, pattern in SAYS.items() if numbers[name] is not None]
    said = re.escape("; ".join([*says, *notes]) or "–")
    return f"{short(on)} {numbers['total']} {re.escape(window)} {areas} {said} {re.escape('; '.join(outlets))}"


def unspaced(text: str) -> str:
    """Without spaces, also those of a pattern: a long word of a narrow column is broken at its hyphen."""
    return re.sub(r"\\?\s", "", text)


def is_printed(text: str, returns: Returns, period: str, names: dict[str, str]) -> int:
    """Check that each return of the period stands in its ledger's part of the print; return how many outlets told."""
    owners = "|".join(map(re.escape, names))
    _before, *parts = re.split(rf"Ledger of ({owners}), as told by (?:{owners})", text)
    ledgers: dict[str, str] = {}
    for name, part in zip(parts[::2], parts[1::2], strict=True):  # a heading within the table is said again on a page
        ledgers[names[name]] = ledgers.get(names[name], "") + part
    found = 0
    for ledger, on in sorted({key[:2] for key in returns if key[1].startswith(period)}):
        outlets = [outlet for *of, outlet in returns if of == [ledger, on]]
        notes = [returns[ledger, on, outlet].note for outlet in outlets if returns[ledger, on, outlet].note]
        line = printed(returns[ledger, on, outlets[0]], date.fromisoformat(on), outlets, notes)
        assert len(re.findall(unspaced(line), unspaced(ledgers[ledger]))) == 1, line
        found += len(outlets)
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_every_return_and_every_count_is_read_back_as_told_from_print_table_and_json(astana):
    returns = sample()
    assert (len(returns), sum(len(told.lines) for told in returns.values())) == (37, 118)
    import_returns(astana, [SAMPLES / "joint_commission_2017.csv"], by=None)
    read: dict[str, Returns] = {"json": {}, "csv": {}}
    in_print = 0
    for period in MONTHS:
        closing = closings.advance(closings.request(astana, "month", period).pk)
        content, edition = json.loads(closing.content()), json.loads(closing.editions.first().content)
        read["json"] |= from_json(content)
        read["csv"] |= from_table(rendered("csv", content, edition))
        names = {told["en"]: code for code, told in content["beside"]["labels"]["guarantor"].items()}
        in_print += is_printed(text_of(rendered("pdf", content, edition)), returns, period, names)
    assert read["json"] == returns
    assert read["csv"] == returns
    assert in_print == 37


def test_the_sample_holds_what_contradicts():
    """What is read back is worth it: the headline that has one more, one figure of two outlets, parts of a total."""
    returns = sample()
    headline = returns["russia", "2017-02-25", "Sputnik (en)"]
    assert (headline.numbers[:2], sum(count for _area, count in headline.lines)) == ((14, 15), 14)
    assert len([key for key in returns if key[:2] == ("turkey", "2017-03-25")]) == 2
    partial = [told for told in returns.values() if told.breakdown == "partial"]
    assert len(partial) == 2
    for told in partial:
        assert sum(count for _area, count in told.lines) < told.numbers[0]
