"""A week's report: that of a month, only earlier; told as preliminary in every rendition, and not issued again."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from pypdf import PdfReader

from reports import closings, periods
from reports.closings.verifying import Outcome
from reports.figures import assemble, comparison, incidents
from reports.figures.known import Known
from reports.models import Closing
from tests.reports.oracle import Oracle
from tests.reports.records import LongRecord
from tests.reports.schema import check_content, check_edition
from tests.violations import occasions

WEEK = ("week", "2025-W11")
WITH_WEEKS = ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]')

pytestmark = pytest.mark.django_db


@pytest.fixture
def weeks(exercise, tmp_path):
    """The exercise, whose calendar closes weeks as well."""
    occasions.reloaded(tmp_path, WITH_WEEKS)
    return exercise


def closed(agreement, period=WEEK) -> Closing:
    closing = closings.advance(closings.request(agreement, *period).pk)
    assert closing.released_at is not None, closing.failure
    return closing


def kept(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()


@pytest.mark.by_hand
def test_the_columns_of_a_week_are_a_plain_count(long_truce, people):
    record = LongRecord(long_truce, people, 1)
    record.draw(300)
    version = long_truce.terms
    met = 0
    for code in ("2025-W09", "2025-W10", "2025-W11"):
        known = Known(long_truce, version, periods.bounds(version, "week", code), record.now)
        cases = Oracle(known).cases()
        told = known.once(incidents.section)["total"]
        assert told["registered"] == len(cases)
        for column, count in told["columns"].items():
            assert count == sum(case.column == column for case in cases), (code, column)
        compared = known.once(comparison.section)
        assert compared["previous"] == {"period": periods.before(version, known.period).code, "days": 7}
        assert compared["standing"]["previous"]["registered"] == len(
            Oracle(known.once(comparison.compared_with)).cases()
        )
        met += len(cases)
    assert met


def test_a_week_has_the_sections_of_a_month_fits_its_schema_and_verifies(weeks, people):
    occasions.filed(weeks, people.monitor_north)
    closing = closed(weeks)
    content = json.loads(closing.content())
    check_content(content)
    assert content["head"]["period"]["kind"] == "week"
    told = [(section["code"], section["version"]) for section in content["head"]["sections"]]
    assert told == list(assemble.CURRENT["month"])
    assert [day["date"] for day in content["beside"]["header"]["days"]] == [f"2025-03-{day}" for day in range(10, 17)]
    assert content["sections"]["incidents"]["total"]["registered"] == 1
    for edition in closing.editions.all():
        check_edition(json.loads(edition.content))
    assert closings.verify(closing).outcome == Outcome.SAME


@pytest.mark.usefixtures("json_alone")
def test_what_comes_later_stands_in_the_month_and_the_week_is_not_issued_again(weeks, people):
    occasions.filed(weeks, people.monitor_north)
    week, month = closed(weeks), closed(weeks, ("month", "2025-03"))
    occasions.filed(weeks, people.monitor_south)
    assert list(closings.unchecked()) == [month], "a week among the closings stops no sweep, and is not looked at"
    assert closings.request(weeks, *WEEK) == week
    again = closed(weeks, ("month", "2025-03"))
    assert json.loads(again.content())["sections"]["incidents"]["total"]["registered"] == 2
    assert closings.verify(week).outcome == Outcome.SAME


def test_each_rendition_says_that_a_week_is_preliminary_and_none_that_it_is_of_a_day(weeks, people):
    occasions.filed(weeks, people.monitor_north)
    closing = closed(weeks)
    edition = closing.editions.get(guarantor__code="birch")
    files = {file.format: kept(file.path) for file in edition.renditions.all()}
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(files["pdf"])).pages]
    assert "Compliance report · weekly, preliminary" in pages[0]
    assert "week 11 of 2025 (10 March to 16 March)" in pages[0]
    assert "preliminary, and not issued again: the report of the month is the reference" in pages[0]
    assert all("preliminary" in page for page in pages[1:]), "on every page"
    assert not any("Compliance report · daily" in page for page in pages)
    assert any("which is the reference, counts it" in page for page in pages), "in what the report does not show"
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert any("2025-W11" in cell for row in rows for cell in row)
    assert json.loads(files["json"])["closing"]["head"]["period"]["code"] == "2025-W11"


@pytest.mark.usefixtures("json_alone")
def test_a_reader_finds_the_week_among_the_editions(weeks, people, client):
    closed(weeks)
    client.force_login(people.guarantor_alder)
    listed = client.get("/api/v1/editions/", {"period_kind": "week", "period": "2025-W11"}).json()["results"]
    assert [(one["period_kind"], one["period"]) for one in listed] == [WEEK]
    page = client.get(f"/editions/{listed[0]['id']}/").content.decode()
    assert "week 11 of 2025 (10 March to 16 March)" in page
    assert "A week has one edition, which is preliminary." in page
    assert "The one edition of this week, preliminary" in client.get("/editions/").content.decode()


@pytest.mark.usefixtures("json_alone")
def test_a_command_closes_a_week(weeks, capsys):
    call_command("close_period", agreement="exercise", period="2025-W11")
    assert "exercise (simulated) 2025-W11" in capsys.readouterr().out
    assert Closing.objects.get().kind == "week"
