"""Findings, returns and the zip: they tell what the report tells, and the dictionary tells of every column of each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from monitoring.models import AuditEntry
from monitoring.plain_text import guarded
from reports import periods, renderers
from reports.exports import sending, zipped
from reports.exports.behind import behind
from reports.figures import annex, cases
from reports.figures.known import Known
from reports.renderers import dictionary, listed, tables, xlsx
from reports.renderers.csv import FIXED
from reports.renderers.reading import Reading
from reports.renderers.tidy import ORDER
from tests.everybody import client_of
from tests.reports import readings
from tests.reports.exports.test_tier import behind as not_closed
from tests.reports.exports.test_tier import knowns, reading, told
from tests.reports.records import Record
from tests.reports.released import released_month
from tests.violations import occasions
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.pages import page
from tests.violations.test_returns import TOLD
from violations import findings
from violations.importing import commission
from violations.returns import record_return

SAMPLE = Path(commission.__file__).parents[1] / "samples" / "joint_commission_2017.csv"

pytestmark = pytest.mark.django_db


@pytest.mark.by_hand
def test_findings_are_those_of_the_incidents_listed_and_those_determined_on_earlier_ones(exercise, people, tmp_path):
    occasions.reloaded(
        tmp_path, ("in_force_from = 2025-03-02", "in_force_from = 2025-02-01"), ("2025-03-01", "2025-02-01")
    )
    record = Record(exercise, people, 5)
    record.draw(250)
    # the month in which the record itself was written: what people agreed then on earlier incidents
    version = exercise.terms
    now = periods.day_holding(version, record.now).date.strftime("%Y-%m")
    this_month = Known(exercise, version, periods.bounds(version, "month", now), record.now + timedelta(hours=30))
    march = knowns(record)[-1]
    for known in (march, this_month):
        rows = told(sending.as_csv(not_closed(known), "findings"))
        incidents = {row["reference"]: row for row in listed.incidents(reading(known))}
        found = {reference: row for reference, row in incidents.items() if row["verification"]}
        assert {row["reference"] for row in rows if row["on_earlier"] == "no"} == found.keys()
        for row in rows:
            if row["on_earlier"] == "no":
                expected = {**found[row["reference"]], "on_earlier": "no"}
                assert row == {name: "" if expected[name] is None else str(expected[name]) for name in row}
        earlier = [row for row in rows if row["on_earlier"] == "yes"]
        counted = cases.section(known)["determinations"]
        assert len(earlier) == (counted["all"]["registered"] if counted else 0)
    assert earlier, "nothing was determined on an earlier incident"


def test_findings_in_full_have_grounds_and_sides_and_no_names(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    other = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposed_on(other, by=people.moderator_north, grounds="+heard at the post")
    rows = told(sending.as_csv(behind(released_month(exercise), language="en"), "findings", in_full=True))
    assert Counter(row["standing"] for row in rows) == {"preliminary": 1, "proposed": 1}
    (proposed,) = [row for row in rows if row["standing"] == "proposed"]
    assert (proposed["grounds"], proposed["proposed_side"], proposed["seconded_side"]) == (
        "'+heard at the post",
        "north",
        "",
    )
    assert people.moderator_north.username not in json.dumps(rows)


def test_grounds_leave_to_no_guarantor_as_the_forms_say(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north, grounds="Counted from the mill.")
    client.force_login(people.moderator_south)
    dissenting = client.get(page("finding_dissent", proposal)).text
    assert "never on what grounds" in dissenting
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from the weir.")
    findings.second(proposal, by=people.moderator_south)
    proposing = client.get(page("incident_propose", proposal.incident)).text
    assert "Moderators of every side read it" in proposing
    assert "no table for a guarantor has it" in " ".join(proposing.split())
    closing = released_month(exercise)
    telling = behind(closing, language="en")
    told_to_guarantors = [bytes(closing.content() or "", "utf-8")]
    told_to_guarantors += [bytes(edition.content or "", "utf-8") for edition in closing.editions.all()]
    told_to_guarantors += [b"".join(sending.as_csv(telling, name)) for name in ("findings", "incidents")]
    assert closing.editions.exists()
    assert annex.reference(proposal.incident.public_id).encode() in told_to_guarantors[-1]
    for one in told_to_guarantors:
        assert b"from the mill" not in one
        assert b"from the weir" not in one
    assert b"Counted from the mill." in b"".join(sending.as_csv(telling, "findings", in_full=True))


def test_who_dissented_from_a_proposal_that_was_seconded_is_counted_with_what_was_agreed(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from elsewhere.")
    agreed = findings.second(proposal, by=people.moderator_south)
    findings.dissent(agreed, by=people.moderator_independent, grounds="As before.")
    other = taken(exercise, people.monitor_north, by=people.moderator_north)
    findings.dissent(
        proposed_on(other, by=people.moderator_north), by=people.moderator_south, grounds="Seen by nobody."
    )
    telling = behind(released_month(exercise), language="en")
    in_full = told(sending.as_csv(telling, "findings", in_full=True))
    assert sorted((row["standing"], row["dissents"]) for row in in_full) == [("preliminary", "1"), ("proposed", "1")]
    for name in ("findings", "incidents"):
        rows = told(sending.as_csv(telling, name))
        assert {row["reference"]: row["dissents"] for row in rows if row["verification"]} == {
            annex.reference(agreed.incident.public_id): "1"
        }
    listed_in_full = told(sending.as_csv(telling, "incidents", in_full=True))
    assert sorted(row["dissents"] for row in listed_in_full) == ["0", "1"], "nothing is agreed on the other"


@pytest.fixture
def published(astana):
    """The truce of 2016 with the figures that were published in the first half of 2017."""
    commission.import_returns(astana, [SAMPLE], by=None)
    return astana


@pytest.mark.usefixtures("json_alone")
@pytest.mark.parametrize("month", ["2017-01", "2017-03"])
def test_returns_are_what_the_section_on_ledgers_holds_day_by_day(published, month):
    closing = released_month(published, month)
    returns_are_those_of(closing)


@pytest.mark.usefixtures("json_alone")
def test_of_a_day_without_a_return_it_is_said_why_and_no_number_stands_there(exercise):
    record_return(exercise, TOLD, by=None)
    rows = returns_are_those_of(released_month(exercise))
    assert {row["state"] for row in rows if not row["teller"]} == {"missing", "not_due"}
    assert {row["total"] for row in rows if not row["teller"]} == {""}


def returns_are_those_of(closing) -> list[dict[str, str]]:
    ledgers = json.loads(closing.content())["sections"]["ledgers"]["ledgers"]
    rows = told(sending.as_csv(behind(closing, language="en"), "returns"))
    lines = told(sending.as_csv(behind(closing, language="en"), "return-lines"))
    expected, expected_lines = [], []
    for ledger in ledgers:
        for day in ledger["days"]:
            fixed = {"owner": ledger["guarantor"], "date": day["date"]}
            expected += [{**fixed, "state": day["state"], **cut(one)} for one in day["returns"] or [{}]]
            expected_lines += [
                {**fixed, "teller": one["teller"], **cut(line)} for one in day["returns"] for line in one["lines"]
            ]
    assert len(rows) == len(expected)
    for row, one in zip(rows, expected, strict=True):
        assert {name: row[name] for name in one} == one
    assert len(lines) == len(expected_lines)
    for row, one in zip(lines, expected_lines, strict=True):
        assert {name: row[name] for name in one} == one
    return rows


def cut(one: dict) -> dict[str, str]:
    """A return, or a line of one, of the section as its cells."""
    sources = " | ".join(f"{source['outlet']} {source['url']}" for source in one.get("sources", []))
    told = {name: value for name, value in one.items() if name not in {"lines", "sources"}}
    said = {
        name: str(guarded(("yes" if value else "no") if isinstance(value, bool) else value))
        for name, value in told.items()
    }
    return {**said, **({"sources": str(guarded(sources))} if "sources" in one else {})}


def test_every_column_of_every_file_of_the_zip_is_in_its_dictionary_and_every_code_has_a_name(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    record_return(exercise, TOLD, by=None)
    with whole(people, released_month(exercise)) as archive:
        sheets = {name: table_of(archive.read(name)) for name in archive.namelist() if name.endswith(".csv")}
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("edition.xlsx")))
        features = json.loads(archive.read("incidents.geojson"))["features"]
    columns = [dict(zip(tables.COLUMNS.names, line, strict=True)) for line in sheets["columns.csv"][1:]]
    codes = {(line[0], line[1]) for line in sheets["codes.csv"][1:]}
    described = {(row["file"], row["column"]) for row in columns}
    heads = {file if file in dictionary.FILES else "edition.csv": rows[0] for file, rows in sheets.items()}
    heads |= {f"edition.xlsx, {name}": book.get_sheet_by_name(name).to_python()[0] for name in book.sheet_names}
    heads["incidents.geojson"] = list(features[0]["properties"])
    assert described == {(file, column) for file, head in heads.items() for column in head}
    assert all(row["told"] and row["cells"] for row in columns)
    listed_in = {(row["file"], row["column"]): row["list"] for row in columns if row["list"]}
    met = set()
    for file, rows in sheets.items():
        for row in rows[1:]:
            for column, cell in zip(rows[0], row, strict=True):
                of = listed_in.get((file, column))
                if of and cell:
                    assert {(of, code) for code in cell.split(tables.PART)} <= codes, (file, column, cell)
                    met.add((file, column))
    assert len(met) > 30


def test_the_zip_holds_the_files_as_released_and_the_hash_of_each_and_is_the_same_twice(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = released_month(exercise)
    edition = closing.editions.get(guarantor__code="alder")
    with whole(people, closing) as archive:
        assert archive.testzip() is None
        sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert sums == {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS"
        }
        assert {file.file_name: file.sha256 for file in edition.renditions.all()}.items() <= sums.items()
        assert {entry.date_time for entry in archive.infolist()} == {zipped.WHEN}
        assert archive.namelist()[-1] == "SHA256SUMS"
        assert "SIMULATED" in archive.read("README.txt").decode()
    files = AuditEntry.objects.filter(actor=people.guarantor_alder, action="rendition.download")
    assert set(files.values_list("object_id", flat=True)) == {str(file.public_id) for file in edition.renditions.all()}
    assert packed(people, closing) == packed(people, closing)


def test_a_file_that_is_not_as_rendered_is_not_packed(exercise, people, files):
    closing = released_month(exercise)
    file = closing.editions.get(guarantor__code="alder").renditions.first()
    (files / file.path).write_bytes(b"another")
    address = reverse("edition-zip", args=[file.edition.public_id])
    assert client_of(people.guarantor_alder).get(address).status_code == 409


def packed(people, closing) -> bytes:
    edition = closing.editions.get(guarantor__code="alder")
    answer = client_of(people.guarantor_alder).get(reverse("edition-zip", args=[edition.public_id]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def whole(people, closing) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed(people, closing)))


def table_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", [readings.EXERCISE, readings.JANUARY])
def test_the_spreadsheet_holds_the_lines_of_the_csv_with_numbers_as_numbers_and_no_formula(name):
    edition = readings.reading(name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(edition)))
    head, *rows = book.get_sheet_by_name("Figures").to_python()
    expected_head, *expected = table_of(renderers.render("csv", edition.content, edition.edition, language="en"))
    assert head == expected_head == tables.FIGURES.names == [*FIXED, *ORDER]
    assert len(rows) == len(expected)
    for row, line in zip(rows, expected, strict=True):
        assert [str(int(cell)) if isinstance(cell, float) else cell for cell in row] == line
    values = [row[head.index("value")] for row in rows]
    assert any(isinstance(value, float) for value in values)
    incidents = book.get_sheet_by_name("Incidents").to_python()
    assert incidents[0] == tables.INCIDENTS.names
    assert len(incidents) == 1 + len(edition.content["beside"]["annex"]["incidents"])


def test_no_text_of_a_spreadsheet_is_a_formula_or_a_link_and_none_is_lost():
    content, edition = readings.renamed("party", "north-army", '=HYPERLINK("http://x.invalid","y")\u202e')
    content["beside"]["header"]["marking"] = "https://x.invalid/" + "m" * 40_000
    told = xlsx.render(Reading(content, edition, "en"))
    with zipfile.ZipFile(io.BytesIO(told)) as parts:
        sheets = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))
        assert not [name for name in parts.namelist() if name.endswith(".rels") and "worksheets" in name]
    assert b"<f>" not in sheets
    assert b"<hyperlink" not in sheets
    assert "\u202e".encode() not in sheets
    assert b"'=HYPERLINK" in sheets
    assert b"mmm [...]" in sheets
