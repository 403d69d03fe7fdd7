"""Boundary sets: shapes of areas from an operator's GeoJSON or GeoPackage."""

import json

import numpy
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import Point

from monitoring import areas, ledger
from monitoring.faults import FaultyFile
from monitoring.models import Area, AreaPiece, AuditEntry, BoundarySet
from tests.monitoring.truces import SHIPPED

pytestmark = pytest.mark.django_db

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
NEXT_SQUARE = [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]
BOW_TIE = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


def feature(code, coordinates=SQUARE, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": {"code": code, **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def geojson(folder, *features, name="areas.geojson"):
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def geopackage(folder, crs, shapes, layer="districts", name="areas.gpkg"):
    path = folder / name
    pyogrio.raw.write(
        path,
        geometry=numpy.array([shapely.to_wkb(shape) for shape in shapes.values()], dtype=object),
        field_data=[numpy.array(list(shapes), dtype=object)],
        fields=["code"],
        geometry_type="Polygon",
        crs=crs,
        layer=layer,
        driver="GPKG",
        append=path.exists(),
    )
    return path


def load(agreement, path, *, level="subdistrict", **options):
    with ledger.writing() as entry:
        return areas.load(
            agreement,
            path,
            **{"level": level, "source": "A test", "by": None, "code_property": "code"} | options,
            entry=entry,
        )


def faults(agreement, path, **options):
    with pytest.raises(FaultyFile) as refused:
        load(agreement, path, **options)
    return [str(fault) for fault in refused.value.faults]


def test_the_exercises_districts_are_placed_by_small_pieces(exercise):
    (boundary_set,) = BoundarySet.objects.open()
    assert set(boundary_set.shapes.values_list("area__code", flat=True)) == {f"VA0{number}" for number in range(1, 7)}
    assert all(piece.piece.num_coords <= areas.MAX_VERTICES + 1 for piece in AreaPiece.objects.all())
    harbour = AreaPiece.objects.filter(boundary_set=boundary_set, piece__covers=Point(-123.2, -49.32, srid=4326))
    assert {piece.area.code for piece in harbour} == {"VA05"}


def test_a_point_on_a_border_belongs_to_both_sides(exercise, tmp_path):
    boundary_set = load(exercise, geojson(tmp_path, feature("W"), feature("E", NEXT_SQUARE)))
    on_the_border = AreaPiece.objects.filter(boundary_set=boundary_set, piece__covers=Point(1, 0.5, srid=4326))
    assert {piece.area.code for piece in on_the_border} == {"W", "E"}


def test_a_large_shape_is_cut_into_pieces_that_make_it_up_again(exercise, tmp_path):
    circle = shapely.Point(5, 5).buffer(2, quad_segs=400)
    boundary_set = load(exercise, geojson(tmp_path, feature("ROUND", [list(map(list, circle.exterior.coords))])))
    pieces = AreaPiece.objects.filter(boundary_set=boundary_set)
    assert pieces.count() > 8
    assert sum(piece.piece.area for piece in pieces) == pytest.approx(circle.area)


def test_rings_that_cross_themselves_are_mended_and_listed(exercise, tmp_path):
    boundary_set = load(exercise, geojson(tmp_path, feature("KNOT", BOW_TIE), feature("SOUND", NEXT_SQUARE)))
    (mended,) = boundary_set.mended
    assert mended["code"] == "KNOT"
    assert "Self-intersection" in mended["why"]
    knot = boundary_set.shapes.get(area__code="KNOT").boundary
    assert knot.valid
    assert knot.num_geom == 2


def test_areas_not_yet_recorded_are_made_with_their_names_and_what_they_lie_in(exercise, tmp_path):
    path = geojson(tmp_path, feature("VA0101", name="Cape Town", arabic="الرأس", above="VA01"))
    load(exercise, path, name_properties={"en": "name", "ar": "arabic"}, parent_property="above")
    made = Area.objects.get(code="VA0101")
    assert (made.names, made.parent.code, made.level) == ({"en": "Cape Town", "ar": "الرأس"}, "VA01", "subdistrict")


def test_the_names_of_areas_that_are_recorded_stay(exercise, tmp_path):
    load(exercise, geojson(tmp_path, feature("VA01", name="Other")), level="district", name_properties={"en": "name"})
    assert Area.objects.get(code="VA01").name == "Northcape"


def test_the_same_shapes_again_write_nothing_whatever_the_format(exercise, tmp_path):
    first = load(exercise, geojson(tmp_path, feature("W")))
    rows = AuditEntry.objects.count()
    assert load(exercise, geojson(tmp_path, feature("W", remark="in passing"), name="again.geojson")) == first
    assert (
        load(exercise, geopackage(tmp_path, "EPSG:4326", {"W": shapely.geometry.shape(feature("W")["geometry"])}))
        == first
    )
    assert AuditEntry.objects.count() == rows


def test_other_shapes_supersede_the_set_of_their_level_and_no_other(exercise, tmp_path):
    first = load(exercise, geojson(tmp_path, feature("W")))
    second = load(exercise, geojson(tmp_path, feature("W", NEXT_SQUARE), name="new.geojson"))
    first.refresh_from_db()
    assert first.superseded_at == second.recorded_at
    assert {row.level for row in BoundarySet.objects.open()} == {"district", "subdistrict"}
    assert first.shapes.count() == 1


def test_a_geopackage_in_metres_comes_out_in_degrees(exercise, tmp_path):
    box = shapely.box(500_000, 4_000_000, 510_000, 4_010_000)  # UTM zone 37 north, east of Aleppo
    boundary_set = load(exercise, geopackage(tmp_path, "EPSG:32637", {"UTM": box}))
    west, south, east, north = boundary_set.shapes.get().boundary.extent
    assert west == pytest.approx(39.0)
    assert (south, north) == (pytest.approx(36.14, abs=0.02), pytest.approx(36.24, abs=0.02))
    assert east > west


def test_of_a_geopackage_with_several_layers_one_is_named(exercise, tmp_path):
    geopackage(tmp_path, "EPSG:4326", {"A": shapely.box(0, 0, 1, 1)}, layer="one")
    path = geopackage(tmp_path, "EPSG:4326", {"B": shapely.box(0, 0, 1, 1)}, layer="two")
    assert faults(exercise, path) == ["areas.gpkg: name the layer to read; the file has one, two"]
    assert load(exercise, path, layer="two").shapes.get().area.code == "B"


def test_every_feature_that_cannot_be_used_is_listed(exercise, tmp_path):
    path = geojson(
        tmp_path,
        feature(None),
        feature("TWICE"),
        feature("TWICE", NEXT_SQUARE),
        feature("POINT", [0, 0], kind="Point"),
        feature("FAR", [[[0, 0], [400, 0], [400, 1], [0, 0]]]),
    )
    found = [fault.partition(" (longitude first")[0] for fault in faults(exercise, path)]
    assert found == [
        "areas.geojson: features[1]: the property 'code' gives no code",
        "areas.geojson: features[3] TWICE: this code stands in the file already",
        "areas.geojson: features[4] POINT: a polygon is needed, this is a Point",
        "areas.geojson: features[5] FAR: it lies outside WGS84",
    ]
    assert not Area.objects.filter(code="TWICE").exists()


def test_a_property_that_no_feature_has_is_told_once_with_those_there_are(exercise, tmp_path):
    path = geojson(tmp_path, *(feature(f"A{number}") for number in range(62)))
    found = faults(exercise, path, code_property="pcode", parent_property="above_it")
    assert [fault.partition("; there are: ")[0] for fault in found] == [
        "areas.geojson: no feature has a property 'pcode'",
        "areas.geojson: no feature has a property 'above_it'",
    ]
    assert all("code" in fault.partition("; there are: ")[2] for fault in found)


def test_of_many_features_with_one_fault_twenty_are_listed_and_the_rest_counted(exercise, tmp_path):
    path = geojson(tmp_path, feature("A"), *(feature(None) for _number in range(61)))
    found = faults(exercise, path)
    assert len(found) == 21
    assert found[-1] == "areas.geojson: and 41 more"
    path = geojson(tmp_path, *(feature(f"A{number}", above="nowhere") for number in range(30)))
    assert faults(exercise, path, parent_property="above")[-1] == "areas.geojson: and 10 more"


def test_a_shape_without_its_parent_or_of_another_level_is_refused(exercise, tmp_path):
    path = geojson(tmp_path, feature("NEW", above="VA77"), feature("VA01", above="VA01"))
    assert faults(exercise, path, parent_property="above") == [
        "areas.geojson: 'NEW' lies in 'VA77', which the agreement does not have; load that level first",
        "areas.geojson: 'VA01' is recorded as a district, and that never changes",
    ]


def test_what_an_area_lies_in_is_coarser_and_never_changes(exercise, tmp_path):
    above = {"parent_property": "above"}
    load(exercise, geojson(tmp_path, feature("S1", above="VA01"), feature("S2", NEXT_SQUARE, above="VA01")), **above)
    path = geojson(tmp_path, feature("S1", above="VA02"), feature("S3", above="S2"))
    assert faults(exercise, path, **above) == [
        "areas.geojson: 'S1' is recorded in 'VA01', and that never changes; the file says 'VA02'",
        "areas.geojson: 'S3' is a subdistrict and cannot lie in 'S2', a subdistrict",
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b'{"type": "FeatureCollection", "features": []}'])
def test_a_file_with_no_shapes_is_refused(exercise, tmp_path, content):
    path = tmp_path / "areas.geojson"
    path.write_bytes(content)
    assert len(faults(exercise, path)) == 1


def test_a_file_that_is_not_there_is_refused(exercise, tmp_path):
    (fault,) = faults(exercise, tmp_path / "none.geojson")
    assert fault.startswith(f"{tmp_path / 'none.geojson'}: there is no such file")


def test_the_districts_of_the_exercise_tile_the_island():
    shapes = [
        shapely.geometry.shape(drawn["geometry"])
        for drawn in json.loads((SHIPPED / "exercise-districts.geojson").read_text())["features"]
    ]
    island = shapely.unary_union(shapes)
    assert island.geom_type == "Polygon"
    assert not island.interiors
    assert sum(shape.area for shape in shapes) == pytest.approx(island.area)
