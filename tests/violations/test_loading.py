"""The operator's doors: load_mechanism and load_areas, each one transaction with one stamp."""

import json

import pytest
from django.core.management import CommandError, call_command

from monitoring.models import Agreement, BoundarySet, MechanismVersion
from tests.monitoring.truces import SHIPPED, write

pytestmark = pytest.mark.django_db
DISTRICTS = SHIPPED / "exercise-districts.geojson"
AREAS = {"level": "district", "source": "A test", "code": "code", "name": ["en=name"]}


def test_a_truce_is_loaded_once_and_again_changes_nothing(capsys):
    call_command("load_mechanism", SHIPPED / "exercise.toml")
    assert "mechanism version 1" in capsys.readouterr().out
    call_command("load_mechanism", SHIPPED / "exercise.toml")
    assert "says the same already; nothing was written" in capsys.readouterr().out
    call_command("load_areas", "exercise", DISTRICTS, **AREAS)
    assert "6 shapes of level district are recorded" in capsys.readouterr().out
    call_command("load_areas", "exercise", DISTRICTS, **AREAS)
    assert "nothing was written" in capsys.readouterr().out
    assert (MechanismVersion.objects.count(), BoundarySet.objects.count()) == (1, 1)


def test_a_faulty_file_is_refused_whole_with_every_place(tmp_path):
    path = write(tmp_path, ('basis = "contested"', 'basis = "x"'), ('acts = ["raid_or_advance"', 'acts = ["shouting"'))
    with pytest.raises(CommandError) as refused:
        call_command("load_mechanism", path)
    assert "guarantors[3] (cedar).undertakings[1].basis" in str(refused.value)
    assert "there is no act 'shouting'" in str(refused.value)
    assert not Agreement.objects.exists()


def test_areas_of_a_truce_that_is_not_loaded_are_refused():
    with pytest.raises(CommandError, match="load its mechanism file first"):
        call_command("load_areas", "nowhere", DISTRICTS, **AREAS)


def test_a_property_for_a_name_says_its_language(exercise):
    with pytest.raises(CommandError, match="Write --name as LANGUAGE=PROPERTY"):
        call_command("load_areas", "exercise", DISTRICTS, **{**AREAS, "name": ["name"]})


def test_a_faulty_file_of_shapes_records_nothing_and_says_so(exercise, tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with pytest.raises(CommandError, match="there is no feature in it"):
        call_command("load_areas", "exercise", path, **AREAS)


def test_what_was_mended_and_what_has_no_shape_is_told(exercise, tmp_path, capsys):
    knot = [[[-123.6, -48.8], [-123.5, -48.7], [-123.5, -48.8], [-123.6, -48.7], [-123.6, -48.8]]]
    drawn = {
        "type": "Feature",
        "properties": {"code": "VA01"},
        "geometry": {"type": "Polygon", "coordinates": knot},
    }
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [drawn]}))
    call_command("load_areas", "exercise", path, **AREAS)
    told = capsys.readouterr().out
    assert "mended: VA01" in told
    assert "without a shape: VA06 (Southmarch)" in told
