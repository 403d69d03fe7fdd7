"""Real events at size: what UCDP recorded comes in as it is told, and an outsider with other tools counts the same."""

import csv
import json
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely.geometry import shape

from monitoring import ledger, mechanism, mechanism_file
from monitoring.models import Area
from tests.conftest import MECHANISMS
from violations.models import Assessment, Incident, IncidentReport, ReportLink

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[3] / "shared" / "data"
TRUCE = DATA / "ucdp-ged" / "ged_syria_truce_2016-12-30_2017-05-05.csv"
WORLD = DATA / "ucdp-ged" / "ged_v23_sample_1000.csv"
LEVELS = ("governorate", "district", "subdistrict")
given = pytest.mark.skipif(not TRUCE.exists(), reason=f"{TRUCE} is not there: real events are handed in beside")

EVENT = {
    "id": "7",
    "type_of_violence": "1",
    "side_a": "Government of Syria",
    "side_b": "SDF",
    "source_headline": "Shells fell",
    "where_prec": "1",
    "where_coordinates": "Hill",
    "adm_1": "Aleppo Governorate",
    "adm_2": "",
    "latitude": "36.2",
    "longitude": "37.1",
    "date_prec": "1",
    "date_start": "2017-01-03",
    "date_end": "2017-01-03",
    "deaths_a": "1",
    "deaths_b": "0",
    "deaths_civilians": "2",
    "deaths_unknown": "0",
    "low": "2",
    "best": "3",
    "high": "4",
}


def boundaries(level: int) -> dict[str, shapely.Geometry]:
    text = (DATA / "boundaries-syria" / f"syr_admin{level}.simplified.geojson").read_text()
    return {
        feature["properties"][f"adm{level}_pcode"]: shapely.make_valid(shape(feature["geometry"]))
        for feature in json.loads(text)["features"]
    }


def load_boundaries() -> None:
    for number, level in enumerate(LEVELS, start=1):
        call_command(
            "load_areas",
            "astana-2016",
            DATA / "boundaries-syria" / f"syr_admin{number}.simplified.geojson",
            level=level,
            source="OCHA COD-AB",
            code=f"adm{number}_pcode",
            name=[f"en=adm{number}_name", f"ar=adm{number}_name1"],
            parent=f"adm{number - 1}_pcode" if number > 1 else "",
            stdout=StringIO(),
        )


def run(path: Path, **options) -> str:
    out = StringIO()
    options = {"rejects": path.with_suffix(".rejects.csv")} | options
    call_command(
        "import_events", path, format="ucdp-ged", agreement="astana-2016", stdout=out, stderr=StringIO(), **options
    )
    return out.getvalue()


def written(tmp_path: Path, *events: dict[str, str], name: str = "events.csv") -> Path:
    path = tmp_path / name
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, EVENT)
        table.writeheader()
        table.writerows(EVENT | event for event in events)
    return path


def lines() -> list[dict[str, str]]:
    with TRUCE.open(newline="") as file:
        return list(csv.DictReader(file))


@given
def test_the_events_of_the_truce_are_counted_as_an_outsider_counts_them(astana, tmp_path):
    """By governorate, district and subdistrict, by day, and the dead: from CSV and GeoJSON with shapely alone."""
    load_boundaries()
    said = run(TRUCE, rejects=tmp_path / "rejects.csv")
    assert "2,216  new" in said
    assert not (tmp_path / "rejects.csv").exists()
    codes = dict(Area.objects.values_list("pk", "code"))
    levels = dict(Area.objects.values_list("code", "level"))
    shapes = {level: boundaries(number) for number, level in enumerate(LEVELS, start=1)}
    finest = {"1": LEVELS, "2": LEVELS[:1], "3": LEVELS[:2], "4": LEVELS[:1], "5": (), "6": (), "7": ()}
    expected, days, dead = Counter(), Counter(), [0, 0]
    for line in lines():
        point = shapely.Point(float(line["longitude"]), float(line["latitude"]))
        for level in finest[line["where_prec"]]:
            expected.update(code for code, area in shapes[level].items() if area.covers(point))
        days[line["date_start"]] += 1
        bounds = [int(line[name]) for name in ("low", "best", "high")]
        dead = [dead[0] + min(bounds), dead[1] + max(bounds)]
    found, found_days, found_dead = Counter(), Counter(), [0, 0]
    zone = ZoneInfo("Asia/Damascus")
    for one in Assessment.objects.open():
        found.update(codes[area] for area in one.areas if levels[codes[area]] in LEVELS)
        found_days[one.occurred_from.astimezone(zone).date().isoformat()] += 1
        found_dead = [found_dead[0] + one.killed_low, found_dead[1] + one.killed_high]
    assert found_days == days
    assert found_dead == dead
    assert found == expected


@given
def test_a_second_run_writes_nothing(astana, tmp_path):
    run(TRUCE, rejects=tmp_path / "rejects.csv")
    before = IncidentReport.objects.count(), Incident.objects.count()
    assert "2,216  known already" in run(TRUCE, rejects=tmp_path / "rejects.csv")
    assert (IncidentReport.objects.count(), Incident.objects.count()) == before == (2216, 2216)


@given
def test_both_headers_are_read_and_events_abroad_lie_outside(astana, tmp_path):
    load_boundaries()
    said = run(WORLD, rejects=tmp_path / "rejects.csv")
    assert "1,000  new" in said
    with WORLD.open(newline="") as file:
        abroad = [
            line for line in csv.DictReader(file) if line["country"] != "Syria" and line["date_start"] > "2016-12-30"
        ]
    assert Assessment.objects.open().filter(scope="outside_area").count() >= len(abroad) * 0.9 > 0


def test_each_event_is_a_report_and_an_incident_of_its_own(astana, tmp_path):
    run(written(tmp_path, {}, {"id": "8"}))
    assert ReportLink.objects.open().count() == Incident.objects.count() == 2
    report = IncidentReport.objects.get(external_id="8")
    zone = ZoneInfo("Asia/Damascus")
    assert report.occurred_from == datetime(2017, 1, 3, tzinfo=zone)
    assert report.occurred_until == datetime(2017, 1, 4, tzinfo=zone)
    assert report.casualties["killed"]["all"] == {"low": 2, "best": 3, "high": 4}
    assert report.noticed == ["same_keys"]


def test_an_event_told_otherwise_later_is_a_revision(astana, tmp_path):
    run(written(tmp_path, {}))
    assert "1  told otherwise" in run(written(tmp_path, {"high": "9"}))
    newest = IncidentReport.objects.order_by("-revision")
    assert [report.revision for report in newest] == [2, 1]
    assert newest[0].chain == newest[1].chain
    assert Incident.objects.count() == 1
    assert Assessment.objects.open().get().killed_high == 9


def test_a_line_that_cannot_be_taken_goes_to_the_rejects_and_the_rest_comes_in(astana, tmp_path):
    bad = written(
        tmp_path, {}, {"id": "8", "latitude": ""}, {"id": "9", "date_start": "3 January"}, {"id": "10", "best": "many"}
    )
    assert "3  refused" in run(bad)
    assert IncidentReport.objects.count() == 1
    with bad.with_suffix(".rejects.csv").open(newline="") as file:
        rejected = [(line["line"], line["column"]) for line in csv.DictReader(file)]
    assert rejected == [("3", "latitude"), ("4", "date_start"), ("5", "best")]


def test_a_strict_import_refuses_the_file_whole(astana, tmp_path):
    with pytest.raises(CommandError, match="line 3, column latitude"):
        run(written(tmp_path, {}, {"id": "8", "latitude": "far"}), strict=True)
    assert not IncidentReport.objects.exists()


def test_a_dry_run_says_the_same_and_records_nothing(astana, tmp_path):
    assert "1  new" in run(written(tmp_path, {}), dry_run=True)
    assert not IncidentReport.objects.exists()


def test_the_same_id_twice_in_a_file_with_other_content_is_refused(astana, tmp_path):
    path = written(tmp_path, {}, {"high": "9"}, {})
    said = run(path)
    assert "1  refused" in said
    assert "2  an id that stands in the file before" in said
    assert IncidentReport.objects.get().casualties["killed"]["all"]["high"] == 4


def test_a_column_that_is_missing_is_named(astana, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,side_a\n1,x\n")
    with pytest.raises(CommandError, match="type_of_violence"):
        run(path)


def test_only_one_sided_violence_names_who_acted(astana, tmp_path):
    run(written(tmp_path, {}, {"id": "8", "type_of_violence": "3", "side_b": "Civilians"}))
    roles = {
        report.external_id: sorted(report.parties.values_list("role", "as_written"))
        for report in IncidentReport.objects.all()
    }
    assert roles == {
        "7": [("involved", "Government of Syria"), ("involved", "SDF")],
        "8": [("alleged", "Government of Syria")],
    }


def test_several_parties_written_as_one_that_mix_classes_are_disputed(astana, tmp_path):
    run(written(tmp_path, {"side_b": "Ahrar al-Sham, HTS"}, {"id": "8", "side_b": "HTS"}))
    scopes = dict(Assessment.objects.open().values_list("lead_report__external_id", "scope"))
    assert scopes == {"7": "disputed", "8": "excluded_designated"}


def test_a_name_nobody_knows_ends_in_a_stanza_and_is_read_anew_once_it_is_known(astana, tmp_path):
    path = written(tmp_path, {"side_b": "River Front"})
    assert 'aliases = { ucdp = ["River Front"] }' in run(path)
    text = (
        (MECHANISMS / "astana-2016.toml")
        .read_text()
        .replace('aliases = { any = ["SDF"] }', 'aliases = { any = ["SDF", "River Front"] }')
    )
    changed = tmp_path / "astana-2016.toml"
    changed.write_text(text)
    changed.with_suffix(".geojson").write_text((MECHANISMS / "astana-2016.geojson").read_text())
    with ledger.writing() as entry:
        mechanism.record(mechanism_file.read(changed), by=None, entry=entry)
    assert "1  read anew" in run(path)
    assert Assessment.objects.open().get().scope == "excluded_non_signatory"


def test_what_is_odd_but_may_be_true_is_kept_and_flagged(astana, tmp_path):
    far = (date(2017, 1, 3) + timedelta(days=300)).isoformat()
    run(written(tmp_path, {"low": "9"}, {"id": "8", "date_prec": "5", "date_end": far}))
    noticed = dict(IncidentReport.objects.values_list("external_id", "noticed"))
    assert noticed == {"7": ["bounds_out_of_order"], "8": ["longer_than_a_month"]}
