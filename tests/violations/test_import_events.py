"""Real events at size: what UCDP recorded comes in as it is told, and an outsider with other tools counts the same."""

import csv
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import shapely
from django.core.management import CommandError
from django.db import connection
from shapely.geometry import shape

from monitoring import ledger, mechanism, mechanism_file
from monitoring.models import Area
from tests.conftest import MECHANISMS
from tests.violations.real_events import DATA, TRUCE, WORLD, given, load_boundaries, run
from violations.importing import ucdp
from violations.importing.events import import_events
from violations.models import Assessment, Incident, IncidentReport, ReportLink

pytestmark = pytest.mark.django_db

LEVELS = ("governorate", "district", "subdistrict")

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


def written(tmp_path: Path, *events: dict[str, str], name: str = "events.csv") -> Path:
    path = tmp_path / name
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
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
    assert "the mechanism knows nothing" not in said, "a name of these events is unknown to the mechanism file"
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
def test_a_later_release_of_the_same_events_revises_them(astana, tmp_path):
    """The two files share some ids, each told otherwise in the later one: in spelling, in place, in day."""
    with WORLD.open(newline="") as file:
        later = {line["id"].removesuffix(".0") for line in csv.DictReader(file)}
    shared = later & {line["id"] for line in lines()}
    assert shared
    run(TRUCE, rejects=tmp_path / "rejects.csv")
    incidents = Incident.objects.count()
    said = run(WORLD, rejects=tmp_path / "rejects.csv", anyway=True)
    assert f"{len(later - shared):,}  new" in said
    assert f"{len(shared):,}  told otherwise than before" in said
    assert Incident.objects.count() == incidents + len(later - shared)
    assert set(IncidentReport.objects.filter(revision=2).values_list("external_id", flat=True)) == shared


@given
def test_both_headers_are_read_and_events_abroad_lie_outside(astana, tmp_path):
    load_boundaries()
    said = run(WORLD, rejects=tmp_path / "rejects.csv", anyway=True)
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


def test_the_rejects_hold_the_lines_as_they_stood_and_can_be_mended_and_handed_in(astana, tmp_path):
    bad = written(tmp_path, {}, {"id": "8", "latitude": "far", "best": "many"}, {"high": "9"})
    assert "2  refused" in run(bad)
    rejects = bad.with_suffix(".rejects.csv")
    with rejects.open(newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(line["line"], line["column"]) for line in rejected] == [("3", "latitude; best"), ("4", "id")]
    assert "line 2 already" in rejected[1]["reason"]
    assert rejected[1]["high"] == "9"
    assert rejected[0]["source_headline"] == EVENT["source_headline"]
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.read_text().replace(",far,", ",36.5,").replace(",many,", ",3,"))
    said = run(mended)
    assert "1  new" in said
    assert "1  refused" in said, "with the id of another"


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        (b'9,1,"a"b,c', "id", "not a table"),
        (b'9,1,"a\nb,c\nd"e', "id", "lines 2 to 4"),
        (b"9,1,a", "id", "3 cells"),
        (b"9,1,Gov\x00ernment", "side_a", "no text in UTF-8"),
        (b"9,1,Gou\xe9", "side_a", "no text in UTF-8"),
        ("9,1,Gou\ufffd".encode(), "side_a", "no text in UTF-8"),
        (b"9,1," + b"a" * 140_000, "id", "field larger"),
    ],
)
def test_lines_that_are_no_table_or_no_text_are_refused_and_the_rest_comes_in(astana, tmp_path, line, place, reason):
    path = written(tmp_path, {})
    head, good, end = path.read_bytes().split(b"\r\n")
    if place == "side_a":
        line += b"," + good.split(b",", 3)[3]
    path.write_bytes(b"\r\n".join([head, line, good, end]))
    assert "1  refused" in run(path)
    assert IncidentReport.objects.get().external_id == "7"
    with path.with_suffix(".rejects.csv").open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        rejected = [(row["column"], row["reason"]) for row in csv.DictReader(file)]
    assert (place, True) in [(column, reason in why) for column, why in rejected]


def test_a_run_that_fails_leaves_the_rejects_as_they_were(astana, tmp_path):
    bad = written(tmp_path, {}, {"id": "8", "latitude": "far"})
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("line,column,reason,id\n2,id,of an earlier run,x\n")

    def interrupted(said: str) -> None:
        if said == "assessing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_events(astana, bad, reader=ucdp, by=None, rejects=rejects, tell=interrupted)
    assert "of an earlier run" in rejects.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "rejects.csv"]
    assert not IncidentReport.objects.exists()


def test_rejects_of_an_earlier_run_stay_where_every_line_is_taken_and_other_files_too(astana, tmp_path):
    path = written(tmp_path, {})
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("line,column,reason,id\n2,id,of an earlier run,x\n")
    run(path, rejects=rejects)
    assert "of an earlier run" in rejects.read_text()
    for other in (path, written(tmp_path, {}, name="letter.csv")):
        before = other.read_bytes()
        with pytest.raises(CommandError, match="no table of rejects"):
            run(path, rejects=other)
        assert other.read_bytes() == before
    with pytest.raises(CommandError, match="No such file"):
        run(path, rejects=tmp_path / "nowhere" / "rejects.csv")


def test_a_strict_import_refuses_the_file_whole(astana, tmp_path):
    with pytest.raises(CommandError, match="line 3, column latitude"):
        run(written(tmp_path, {}, {"id": "8", "latitude": "far"}), strict=True)
    assert not IncidentReport.objects.exists()


def test_a_strict_import_tells_the_first_faults_and_how_many_more(astana, tmp_path):
    path = written(tmp_path, *({"id": str(number), "best": "many", "low": "few"} for number in range(1, 16)))
    with pytest.raises(CommandError, match="and 10 more"):
        run(path, strict=True)
    assert not path.with_suffix(".rejects.csv").exists()


def test_a_dry_run_says_the_same_and_records_nothing(astana, tmp_path):
    assert "1  new" in run(written(tmp_path, {}), dry_run=True)
    assert not IncidentReport.objects.exists()


def test_the_same_id_twice_in_a_file_with_other_content_is_refused(astana, tmp_path):
    path = written(tmp_path, {}, {"high": "9"}, {})
    said = run(path)
    assert "1  refused" in said
    assert "1  repeating a line that stands in the file before" in said
    assert IncidentReport.objects.get().casualties["killed"]["all"]["high"] == 4


def test_a_column_that_is_missing_is_named(astana, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,side_a\n1,x\n")
    with pytest.raises(CommandError, match="type_of_violence"):
        run(path)


def test_a_column_that_stands_twice_is_named(astana, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(",".join([*EVENT, "best"]) + "\n")
    with pytest.raises(CommandError, match="stand here twice: best"):
        run(path)


def test_counts_that_the_database_cannot_hold_are_refused(astana, tmp_path):
    said = run(written(tmp_path, {"deaths_a": "100000000"}, {"id": "8", "deaths_a": "99999999", "high": "99999999"}))
    assert "1  refused" in said
    assert Assessment.objects.open().get().killed_high == 99999999


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


def test_a_name_nobody_knows_ends_in_a_stanza_that_can_be_loaded(astana, tmp_path):
    """Pasted as it stands it makes the name known; that the truce does not apply is for an adherence to say."""
    path = written(
        tmp_path, {"side_b": "River “Front”\nof the \\ South"}, {"id": "8", "side_b": "River “Front”\nof the \\ South"}
    )
    said = run(path)
    stanza = said[said.index("[[parties]]") :]
    assert stanza.startswith("[[parties]] # events that write this name: 2")
    assert 'code = "river-front-of-the-south"' in stanza
    load_changed(tmp_path, lambda text: text.replace("# --- Guarantors", stanza + "\n\n# --- Guarantors", 1))
    again = run(path)
    assert "2  read anew" in again
    assert "[[parties]]" not in again
    assert set(Assessment.objects.open().values_list("scope", flat=True)) == {"not_assessed"}


def test_a_name_is_read_anew_once_it_is_an_alias(astana, tmp_path):
    path = written(tmp_path, {"side_b": "River Front"})
    assert 'aliases = { ucdp = ["River Front"] }' in run(path)
    load_changed(
        tmp_path,
        lambda text: text.replace('aliases = { any = ["SDF"] }', 'aliases = { any = ["SDF", "River Front"] }'),
    )
    assert "1  read anew" in run(path)
    assert Assessment.objects.open().get().scope == "excluded_non_signatory"


def load_changed(folder: Path, changed) -> None:
    text = (MECHANISMS / "astana-2016.toml").read_text()
    path = folder / "astana-2016.toml"
    path.write_text(changed(text))
    assert path.read_text() != text
    path.with_suffix(".geojson").write_text((MECHANISMS / "astana-2016.geojson").read_text())
    with ledger.writing() as entry:
        mechanism.record(mechanism_file.read(path), by=None, entry=entry)


def test_an_area_that_nobody_bears_is_told_as_an_alias(astana, tmp_path):
    assert 'aliases = { ucdp = ["Far Governorate"] } # events that write this name: 1' in run(
        written(tmp_path, {"adm_1": "Far Governorate"}), anyway=True
    )


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_the_same_moment_record_it_once(astana, tmp_path):
    path = written(tmp_path, *({"id": str(number)} for number in range(1, 300)))
    together = threading.Barrier(2)

    def imported(_turn: int) -> tuple[int, int]:
        try:
            together.wait(timeout=30)
            told = import_events(astana, path, reader=ucdp, by=None)
            return told.new, told.known
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(imported, range(2))) == [(0, 299), (299, 0)]
    assert IncidentReport.objects.count() == Incident.objects.count() == 299


def test_what_is_odd_but_may_be_true_is_kept_and_flagged(astana, tmp_path):
    far = (date(2017, 1, 3) + timedelta(days=300)).isoformat()
    run(written(tmp_path, {"low": "9"}, {"id": "8", "date_prec": "5", "date_end": far}))
    noticed = dict(IncidentReport.objects.values_list("external_id", "noticed"))
    assert noticed == {"7": ["bounds_out_of_order"], "8": ["longer_than_a_month"]}
