"""The boundaries of Syria as OCHA draws them: named, nested, and every incident placed anew when they come."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from monitoring.models import Area, AreaAlias, AreaPiece, BoundarySet
from tests import real_data
from tests.conftest import superuser_connection
from violations import moved
from violations.models import Assessment

pytestmark = [pytest.mark.django_db, real_data.given]

# The levels of area at which an event counts, by how finely UCDP knows its place.
FINEST = {"1": tuple(real_data.LEVELS), "2": ("governorate",), "3": ("governorate", "district"), "4": ("governorate",)}


def told(*arguments, **options) -> str:
    out = StringIO()
    call_command("areas", "astana-2016", *arguments, stdout=out, **options)
    return out.getvalue()


def load_all() -> None:
    for level in real_data.LEVELS:
        real_data.load_boundaries(level)


def swapped(folder, one, other):
    """The governorates with the codes of two exchanged: a drawing in which their incidents change place."""
    drawn = json.loads(real_data.boundaries("governorate").read_text())
    for feature in drawn["features"]:
        code = feature["properties"]["adm1_pcode"]
        feature["properties"]["adm1_pcode"] = {one: other, other: one}.get(code, code)
    path = folder / "swapped.geojson"
    path.write_text(json.dumps(drawn))
    return path


def test_three_levels_come_with_their_names_and_one_ring_is_mended(astana):
    told = {level: real_data.load_boundaries(level) for level in real_data.LEVELS}
    assert [BoundarySet.objects.open().get(level=level).shapes.count() for level in told] == [14, 62, 272]
    assert "mended" not in told["governorate"] + told["district"]
    assert told["subdistrict"].count("mended") == 1
    assert "mended: SY080006 (Ring Self-intersection" in told["subdistrict"]
    assert all("without a shape" not in said for said in told.values())
    for level, number in real_data.LEVELS.items():
        names = {
            code: {"en": feature["properties"][f"adm{number}_name"], "ar": feature["properties"][f"adm{number}_name1"]}
            for code, feature in real_data.features(level).items()
        }
        assert dict(Area.objects.filter(level=level).values_list("code", "names")) == names


def test_the_governorates_are_those_that_the_mechanism_file_declares(astana):
    before = dict(Area.objects.values_list("code", "pk"))
    aliases = set(AreaAlias.objects.values_list("area__code", "alias"))
    load_all()
    assert dict(Area.objects.filter(level="governorate").values_list("code", "pk")) == {
        code: pk for code, pk in before.items() if code.startswith("SY")
    }
    assert set(AreaAlias.objects.values_list("area__code", "alias")) == aliases


def test_each_area_lies_in_its_parent(astana):
    load_all()
    parents = dict(Area.objects.exclude(parent=None).values_list("code", "parent__code"))
    assert len(parents) == 62 + 272
    assert all(code.startswith(parent) and len(code) == len(parent) + 2 for code, parent in parents.items())
    for code, parent in parents.items():
        level = "district" if len(parent) == 4 else "subdistrict"
        inner = real_data.shapes(level)[code].representative_point()
        assert parent in real_data.covering("governorate" if len(parent) == 4 else "district", inner.x, inner.y)


def test_the_capitals_lie_in_the_areas_that_their_codes_name(astana):
    """A second source of truth: OCHA's own list says in which area each capital lies."""
    load_all()
    outside = set()
    capitals = [row for row in real_data.rows(real_data.CAPITALS) if row["adm1_pcode"]]
    for row in capitals:
        stated = {row[f"adm{number}_pcode"] for number in real_data.LEVELS.values()} - {""}
        with connection.cursor() as cursor:
            cursor.execute(
                "select area.code from monitoring_areapiece piece join monitoring_area area on area.id = piece.area_id "
                "where st_covers(piece.piece, st_setsrid(st_makepoint(%s, %s), 4326))",
                [float(row["lon"]), float(row["lat"])],
            )
            found = {code for (code,) in cursor.fetchall()}
        by_shapely = {
            code
            for level in real_data.LEVELS
            for code in real_data.covering(level, float(row["lon"]), float(row["lat"]))
        }
        assert found == by_shapely, row["name"]
        if not stated <= found:
            outside.add(row["name"])
    assert len(capitals) > 250
    assert outside == {"Arwad", "Hameidiyyeh"}, "an island, and a town on the shore that was simplified"


def test_a_sample_of_incidents_lies_where_shapely_says(astana, tmp_path):
    real_data.import_events(tmp_path)
    load_all()
    codes = dict(Area.objects.values_list("pk", "code"))
    open_now = {row.lead_report.external_id: row for row in Assessment.objects.open().select_related("lead_report")}
    sample = real_data.rows(real_data.EVENTS)[::15]
    assert len(sample) > 140
    for line in sample:
        expected = {
            code
            for level in FINEST.get(line["where_prec"], ())
            for code in real_data.covering(level, float(line["longitude"]), float(line["latitude"]))
        }
        assert {codes[pk] for pk in open_now[line["id"]].areas} == expected, line["id"]


def test_a_new_set_assesses_all_incidents_in_a_handful_of_statements(astana, tmp_path):
    real_data.import_events(tmp_path)
    with CaptureQueriesContext(connection) as captured:
        real_data.load_boundaries("governorate")
    statements = [query["sql"] for query in captured if "violations_assessment" in query["sql"]]
    assert len(statements) <= 5
    assert Assessment.objects.open().count() == 2216


@pytest.fixture
def nothing_analysed():
    """PostgreSQL believes that there are no rows, as after an analysis that ran while an import had not ended yet."""
    name = connection.settings_dict["NAME"]
    ours = "relkind = 'r' and (relname like 'violations_%' or relname like 'monitoring_area%')"
    with superuser_connection(name) as postgres:
        postgres.execute(f"delete from pg_statistic where starelid in (select oid from pg_class where {ours})")
        postgres.execute(f"update pg_class set reltuples = 0, relpages = 100 where {ours}")
    yield
    with superuser_connection(name) as postgres:
        postgres.execute(f"update pg_class set reltuples = -1, relpages = 0 where {ours}")


def test_a_load_is_no_slower_for_what_the_planner_does_not_know(astana, tmp_path, nothing_analysed):
    """Planned loop in loop it took more than a quarter of an hour."""
    real_data.import_events(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = '60s'")
    for level in real_data.LEVELS:
        real_data.load_boundaries(level)
    assert told("--moved").count("incidents changed area or scope") == 1


def test_what_changed_place_at_a_load_is_what_an_outsider_counts(astana, tmp_path):
    """Before, the governorate that UCDP names; then, the one that covers the point."""
    real_data.import_events(tmp_path)
    stated = dict(AreaAlias.objects.filter(scheme="ucdp", area__level="governorate").values_list("alias", "area__code"))
    said = real_data.load_boundaries("governorate")
    expected = Counter()
    for line in real_data.rows(real_data.EVENTS):
        if "governorate" not in FINEST.get(line["where_prec"], ()):
            continue
        was = (stated[line["adm_1"]],) if line["adm_1"] in stated else ()
        now = tuple(sorted(real_data.covering("governorate", float(line["longitude"]), float(line["latitude"]))))
        expected[was, now] += was != now
    compared = moved.at_loading(BoundarySet.objects.get())
    assert {(move.was, move.now): move.count for move in compared.of("governorate")} == +expected
    assert compared.compared == 2216
    assert f"  governorate: {expected.total()} incidents" in said
    assert said.splitlines().index(f"  {compared.differing} of 2216 incidents changed area or scope") > 0


def test_a_set_that_draws_two_governorates_the_other_way_round_moves_their_incidents(astana, tmp_path):
    real_data.import_events(tmp_path)
    real_data.load_boundaries("governorate")
    in_areas = Counter(
        code
        for line in real_data.rows(real_data.EVENTS)
        if "governorate" in FINEST.get(line["where_prec"], ())
        for code in real_data.covering("governorate", float(line["longitude"]), float(line["latitude"]))
        if code in ("SY02", "SY07")
    )
    real_data.load_boundaries("governorate", swapped(tmp_path, "SY02", "SY07"), source="Another hand", parent="")
    lines = told("--moved").splitlines()
    assert f"{in_areas['SY02']:>9,}  SY02 -> SY07" in lines
    assert f"{in_areas['SY07']:>9,}  SY07 -> SY02" in lines
    assert told("--moved", "2") == told("--moved")
    assert lines[1:] == told("--moved", "1", "2").splitlines()[1:]


def test_going_back_to_the_first_drawing_puts_every_incident_back(astana, tmp_path):
    real_data.import_events(tmp_path)
    real_data.load_boundaries("governorate")
    first = dict(Assessment.objects.open().values_list("incident_id", "areas"))
    real_data.load_boundaries("governorate", swapped(tmp_path, "SY02", "SY07"), source="Another hand")
    assert dict(Assessment.objects.open().values_list("incident_id", "areas")) != first
    real_data.load_boundaries("governorate")
    assert dict(Assessment.objects.open().values_list("incident_id", "areas")) == first
    assert "0 of 2216 incidents changed area or scope" in told("--moved", "1", "3")


def test_shapes_may_come_before_events_or_after_them(astana, tmp_path):
    few = tmp_path / "few.csv"
    few.write_text("".join(real_data.EVENTS.read_text().splitlines(keepends=True)[:301]))

    def assessed(*steps) -> dict[str, tuple[str, list[str]]]:
        with transaction.atomic():
            for step in steps:
                step()
            codes = dict(Area.objects.values_list("pk", "code"))
            found = Assessment.objects.open().values_list("lead_report__external_id", "scope", "areas")
            answer = {event: (scope, sorted(codes[area] for area in areas)) for event, scope, areas in found}
            transaction.set_rollback(True)
        return answer

    def imported() -> None:
        real_data.import_events(tmp_path, few)

    before, after = assessed(load_all, imported), assessed(imported, load_all)
    assert len(before) == 300
    assert before == after


def test_the_sets_are_listed_with_whose_they_are_and_what_was_mended(astana, tmp_path):
    assert told().count("no shapes: counted as the source states the area") == 1  # governorates
    assert "  damascus-and-rural: SY01 + SY03 told as one; it has no shapes" in told()
    load_all()
    real_data.load_boundaries("governorate", swapped(tmp_path, "SY02", "SY07"), source="Another hand", licence="")
    said = told()
    assert "governorate: 14 areas\n  set 1: OCHA COD-AB Syria, v02; licence: CC BY 3.0 IGO; valid on 2020-12-17" in said
    assert "  set 4: Another hand; licence: not stated; valid on 2020-12-17; 14 shapes; recorded" in said
    lines = said.splitlines()
    assert ["superseded" in line for line in lines if "  set " in line] == [True, False, False, False]
    assert [line for line in lines if "mended" in line] == [
        "    mended: SY080006 (Ring Self-intersection[41.25429 36.60625])"
    ]


def test_an_area_that_a_new_set_leaves_out_is_told(astana, tmp_path):
    real_data.load_boundaries("governorate")
    drawn = json.loads(real_data.boundaries("governorate").read_text())
    drawn["features"] = [row for row in drawn["features"] if row["properties"]["adm1_pcode"] != "SY14"]
    path = tmp_path / "thirteen.geojson"
    path.write_text(json.dumps(drawn))
    assert "without a shape: SY14 (Quneitra)" in real_data.load_boundaries("governorate", path)
    assert "  without a shape: SY14 (Quneitra)" in told().splitlines()


@pytest.mark.parametrize("asked", [["9"], ["1", "1", "1"], ["0"]])
def test_a_set_that_is_not_there_is_refused(astana, asked):
    real_data.load_boundaries("governorate")
    with pytest.raises(CommandError, match="there are 1 to 1"):
        told("--moved", *asked)


def test_without_shapes_there_is_nothing_to_compare(astana):
    with pytest.raises(CommandError, match="No shapes were ever loaded"):
        told("--moved")
    with pytest.raises(CommandError, match="There is no agreement “nowhere”; loaded are: astana-2016"):
        call_command("areas", "nowhere")


def test_neither_points_nor_incidents_are_told(astana, tmp_path):
    real_data.import_events(tmp_path)
    real_data.load_boundaries("governorate")
    assert AreaPiece.objects.exists()
    said = told("--moved", all=True)
    assert not any(str(row.incident.public_id) in said for row in Assessment.objects.select_related("incident")[:50])
    assert "." not in said.partition("UTC:")[2]
