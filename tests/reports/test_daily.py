"""A day's report: one page, registrations only, the same hash when computed again; every count a plain count."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from monitoring import canonical
from monitoring.models import Agreement, MechanismVersion
from reports import closings, periods, renderers
from reports.closings.verifying import Outcome
from reports.figures import assemble, incidents, registrations
from reports.figures.known import Known
from reports.renderers.document.first_page import total_announced
from tests.reports import readings
from tests.reports.oracle import held_at
from tests.reports.records import Record
from tests.reports.schema import check_content, check_edition
from tests.violations import occasions
from violations import linking
from violations.models import Assessment, ReportLink

DAY = ("day", "2025-03-10")


# --- the section ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.by_hand
@pytest.mark.parametrize("seed", [3, 4])
def test_every_row_is_a_plain_count_of_registrations(exercise, people, seed):
    record = Record(exercise, people, seed)
    record.draw(200)
    began = exercise.terms.recorded_at
    met: Counter = Counter()
    for at in (began + (record.now - began) / 2, record.now + timedelta(days=30)):
        for day in periods.bounds(exercise.terms, "month", "2025-03").dates:
            known = Known(exercise, exercise.terms, periods.bounds(exercise.terms, "day", day.isoformat()), at)
            section = registrations.section(known)
            assert section == plainly_counted(known), day
            it_adds_up(section)
            assert section["total"] == incidents.section(known)["total"]["registered"], "the month counts the same"
            met += Counter(hours=section["by_hour"]["not_dated"], all=section["total"])
    assert all(met[what] for what in ("hours", "all"))


@pytest.mark.django_db
def test_what_several_told_of_counts_in_each_row_and_once_in_the_total(exercise, people):
    first = occasions.filed(exercise, people.monitor_north)
    other = occasions.under_review(occasions.filed(exercise, people.monitor_south), people.moderator_north)
    linking.link(
        other, occasions.incident_of(first), by=people.moderator_north, kind="same_event", grounds="The same shelling."
    )
    occasions.filed(exercise, people.monitor_independent)
    known = Known(exercise, exercise.terms, periods.bounds(exercise.terms, *DAY), datetime(2100, 1, 1, tzinfo=UTC))
    section = registrations.section(known)
    assert section == plainly_counted(known)
    assert (section["total"], section["by_filer_joint"]) == (2, 1)
    counts = {(row["team_kind"], row["side"]): row["count"] for row in section["by_filer"]}
    assert (counts["guarantor", "north"], counts["guarantor", "south"], counts["independent", None]) == (1, 1, 1)


def plainly_counted(known: Known) -> dict:
    """The section once more, row by row."""
    teams = {"team-alder": ("guarantor", "north"), "team-birch": ("guarantor", "south")}
    teams |= {"team-joint": ("joint", None), "team-independent": ("independent", None), None: ("none", None)}
    districts = dict(known.agreement.areas.filter(level="district").values_list("pk", "code"))
    live = [
        row
        for row in Assessment.objects.filter(agreement=known.agreement)
        if held_at(row, known.known_at) and known.period.starts_at <= row.occurred_from < known.period.ends_at
    ]
    filers: dict[int, set] = {}
    for link in ReportLink.objects.filter(incident__agreement=known.agreement).select_related("report__team"):
        if held_at(link, known.known_at) and link.kind != "related":
            team = link.report.team.code if link.report.team else None
            filers.setdefault(link.incident_id, set()).add(teams[team])
    placed = {row.pk: {districts[area] for area in row.areas if area in districts} or {None} for row in live}
    by_filer = Counter(filer for row in live for filer in filers[row.incident_id])
    by_area = Counter(area for row in live for area in placed[row.pk])
    by_act = Counter(row.act for row in live)
    young = known.known_at - timedelta(hours=24)
    hours: Counter = Counter()
    for row in live:
        if row.occurred_until > young:
            hours["withheld_recent"] += 1
        elif row.occurred_until - row.occurred_from > timedelta(hours=1):
            hours["not_dated"] += 1
        else:
            hours[row.occurred_from.replace(minute=0, second=0, microsecond=0)] += 1
    return {
        "total": len(live),
        "by_filer": [
            {"team_kind": kind, "side": side, "count": by_filer[kind, side]}
            for kind, side in (("guarantor", "north"), ("guarantor", "south"), *list(teams.values())[2:])
        ],
        "by_filer_joint": sum(len(filers[row.incident_id]) > 1 for row in live),
        "by_act": [{"act": act, "count": by_act[act]} for act in sorted(by_act)],
        "by_area": {
            "level": "district",
            "joint": sum(len(areas) > 1 for areas in placed.values()),
            "rows": [
                *({"area": area, "count": by_area[area]} for area in sorted(set(by_area) - {None})),
                {"area": None, "count": by_area[None]},
            ],
        },
        "by_hour": {
            "rows": [
                {"from": canonical.instant(at), "count": hours[at]}
                for at in (known.period.starts_at + timedelta(hours=number) for number in range(24))
            ],
            "not_dated": hours["not_dated"],
            "withheld_recent": hours["withheld_recent"],
        },
    }


def it_adds_up(section: dict) -> None:
    total = section["total"]
    assert sum(row["count"] for row in section["by_act"]) == total
    hours = section["by_hour"]
    assert sum(row["count"] for row in hours["rows"]) + hours["not_dated"] + hours["withheld_recent"] == total
    assert sum(row["count"] for row in section["by_filer"]) >= total
    if not section["by_filer_joint"]:
        assert sum(row["count"] for row in section["by_filer"]) == total
    if not section["by_area"]["joint"]:
        assert sum(row["count"] for row in section["by_area"]["rows"]) == total


@pytest.mark.django_db
def test_what_is_found_moves_nothing_in_a_day(exercise, people):
    report = occasions.filed(exercise, people.monitor_independent)
    at = datetime(2100, 1, 1, tzinfo=UTC)
    known = Known(exercise, exercise.terms, periods.bounds(exercise.terms, *DAY), at)
    before = assemble.figures(known).sha256
    occasions.under_review(report, people.moderator_north)
    occasions.agreed(
        occasions.incident_of(report), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    again = assemble.figures(Known(exercise, exercise.terms, known.period, at))
    assert again.sha256 == before
    assert again.sections["registrations"]["total"] == 1


@pytest.mark.django_db
def test_no_hour_is_told_before_the_delay_or_where_the_truce_lets_out_days_alone(exercise, people):
    report = occasions.filed(exercise, people.monitor_north)
    version, period = exercise.terms, periods.bounds(exercise.terms, *DAY)
    version.guarantor_delay_hours = 24 * 365 * 1000
    recent = registrations.section(Known(exercise, version, period, datetime(2100, 1, 1, tzinfo=UTC)))
    assert (recent["total"], recent["by_hour"]["withheld_recent"]) == (1, 1)
    assert not any(row["count"] for row in recent["by_hour"]["rows"])
    version.guarantor_time_step = "day"
    assert registrations.section(Known(exercise, version, period, report.recorded_at))["by_hour"] is None


def test_a_day_on_which_the_clock_is_moved_has_as_many_hours_as_it_has():
    truce = SimpleNamespace(time_zone="Asia/Damascus", day_begins=datetime.min.time(), day_named_for="start")
    truce.DayNamedFor = MechanismVersion.DayNamedFor
    for code, hours in (("2017-03-31", 23), ("2017-10-27", 25), ("2017-06-01", 24)):
        period = periods.bounds(truce, "day", code)
        told = registrations._hours(Known(Agreement(), truce, period, period.ends_at))
        assert len(told) == round((period.ends_at - period.starts_at) / timedelta(hours=1))
        assert len(told) in (hours, 24)
        assert told[-1] + timedelta(hours=1) == period.ends_at


# --- the closing ------------------------------------------------------------------------------------------------------


def closed(agreement: Agreement, period: tuple[str, str] = DAY):
    closing = closings.advance(closings.request(agreement, *period).pk)
    assert closing.released_at is not None, closing.failure
    return closing


@pytest.mark.django_db
def test_a_day_has_ledgers_and_registrations_fits_its_schema_and_verifies(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise)
    content = json.loads(closing.content())
    check_content(content)
    assert [section["code"] for section in content["head"]["sections"]] == ["ledgers", "registrations"]
    assert set(content["beside"]) == {"header", "changes", "labels"}
    assert content["beside"]["changes"]["previous"] is None
    for edition in closing.editions.all():
        arranged = json.loads(edition.content)
        check_edition(arranged)
        assert arranged["concerns"] is None
        for rendition in edition.renditions.filter(format="pdf"):
            with rendition_file(rendition) as file:
                assert len(PdfReader(file).pages) == 1
    assert {"pdf", "csv", "json"} == set(closing.editions.first().renditions.values_list("format", flat=True))
    occasions.filed(exercise, people.monitor_south)
    assert closings.verify(closing).outcome == Outcome.SAME
    assert closings.request(exercise, *DAY) == closing, "never again"


def rendition_file(rendition):
    from django.core.files.storage import default_storage

    return default_storage.open(rendition.path)


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_a_day_and_its_month_verify_each_by_its_own_sections(exercise, people):
    report = occasions.filed(exercise, people.monitor_independent)
    day, month = closed(exercise), closed(exercise, ("month", "2025-03"))
    occasions.under_review(report, people.moderator_north)
    assert [closings.verify(one).outcome for one in (day, month)] == [Outcome.SAME, Outcome.SAME]
    content = json.loads(day.content())
    content["sections"]["registrations"]["total"] += 1
    day.common.content = json.dumps(content)
    assert closings.verify(day).sections == ("registrations",)


# --- the renditions ---------------------------------------------------------------------------------------------------


def pages_of(content: dict, edition: dict) -> list[str]:
    pdf = PdfReader(io.BytesIO(renderers.render("pdf", content, edition, language="en")))
    for page in pdf.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842], "A4, upright"
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pdf.pages]


def quiet_day() -> tuple[dict, dict]:
    content, edition = readings.single_day()
    content["sections"]["registrations"] |= {"total": 0, "by_act": []}
    return content, edition


@pytest.mark.parametrize("day", [readings.single_day, readings.busy_day, quiet_day])
def test_it_is_one_page_on_any_day_and_says_what_it_is_and_is_not(day):
    content, edition = day()
    (text,) = pages_of(content, edition)
    reading = readings.Reading(content, edition, "en")
    for said in (
        "Compliance report · daily",
        "5 March 2025",
        "SIMULATED: an exercise",
        "Exercise material",
        "the record as known at",
        "it is not issued again",
        reading.short_hash,
        "page 1 of 1",
        "without prejudice to the status or recognition",
        "whether it broke the truce",
        "That all incidents were reported",
        "Not told in the report of a day, and therefore not zero: what was monitored",
        "how often access was refused. The report of the month tells it.",
    ):
        assert said in text, said
    assert reading.content_sha256 in text.replace(" ", "")
    for word in ("Pending", "Out of scope", "Determined", "alleged", "In scope"):
        assert word not in text


@pytest.mark.parametrize(("total", "said"), [(0, "0 incidents"), (1, "1 incident"), (2, "2 incidents")])
def test_what_was_announced_is_told_in_the_form_that_its_number_has(total, said):
    content, edition = readings.single_day()
    ledger = next(row for row in content["sections"]["ledgers"]["ledgers"] if row["days"][0]["returns"])
    ledger["days"][0]["returns"][0] |= {"total": total, "unit": "incident"}
    assert f"{said}, Alder" in pages_of(content, edition)[0]
    assert total_announced({"total": total, "unit": "incident", "no_total": None}) == said


def test_what_has_no_room_is_one_line_and_adds_up():
    (text,) = pages_of(*readings.busy_day())
    content, _edition = readings.busy_day()
    section = content["sections"]["registrations"]
    acts = sorted((row["count"] for row in section["by_act"]), reverse=True)
    shown = text.count("District of Upper and Lower Somewhere")
    areas = sorted((row["count"] for row in section["by_area"]["rows"] if row["area"]), reverse=True)
    assert f"{len(areas) - shown} others {sum(areas[shown:])}" in text.replace("\u202f", "").replace(" ", " ") or (
        f"{len(areas) - shown} others" in text
    )
    assert f"{len(acts) - 5} others" in text
    assert "1 other" in text, "the third telling of a ledger's day"


def test_a_day_without_registrations_is_no_count_of_zero():
    assert "This is not a count of zero" in pages_of(*quiet_day())[0]


def test_the_csv_holds_every_row_and_the_json_is_the_content():
    content, edition = readings.busy_day()
    text = renderers.render("csv", content, edition, language="en").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    section = content["sections"]["registrations"]
    assert {line["section"] for line in lines} == {"header", "ledgers", "registrations"}
    told = {(line["table"], line["row_code"]): line["value"] for line in lines if line["section"] == "registrations"}
    for row in section["by_area"]["rows"]:
        assert told["by_area", row["area"] or ""] or row["area"] is None
    areas = [line for line in lines if (line["table"], line["measure_code"]) == ("by_area", "registered")]
    assert sum(int(line["value"]) for line in areas) == sum(row["count"] for row in section["by_area"]["rows"])
    assert len([line for line in lines if (line["table"], line["measure_code"]) == ("by_act", "registered")]) == len(
        section["by_act"]
    )
    assert len([line for line in lines if line["row_by"] == "hour"]) == 24
    check_content(readings.single_day()[0])
    both = json.loads(renderers.render("json", content, edition, language="en"))
    assert both == {"closing": content, "edition": edition}


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_its_page_and_the_api_show_it_without_findings(client, exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise)
    edition = closing.editions.get(guarantor__code="alder")
    client.force_login(people.guarantor_alder)
    text = client.get(f"/editions/{edition.public_id}/").content.decode()
    assert "A day has one edition, of registrations only" in text
    assert "Incidents registered" in text
    assert "of these violations" not in text
    assert "The one edition of this day" in client.get("/editions/").content.decode()
