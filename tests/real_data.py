"""Real files handed in beside the project: read where they lie, never copied into it.

Tests that need them are skipped where they are not there, and say so; in continuous integration they must be there.
"""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from shapely.geometry import shape

BESIDE = Path(__file__).parents[2] / "shared" / "data"
EVENTS = BESIDE / "ucdp-ged" / "ged_syria_truce_2016-12-30_2017-05-05.csv"
CAPITALS = BESIDE / "gazetteer" / "ocha_codab_syr_admin_capitals.csv"
LEVELS = {"governorate": 1, "district": 2, "subdistrict": 3}

given = pytest.mark.skipif(
    not BESIDE.is_dir() and os.environ.get("CI") != "true", reason=f"{BESIDE} is not there: real files are handed in"
)


def boundaries(level: str) -> Path:
    """The file of the shapes of a level, as OCHA gives them."""
    return BESIDE / "boundaries-syria" / f"syr_admin{LEVELS[level]}.simplified.geojson"


@cache
def features(level: str) -> dict[str, dict[str, Any]]:
    """The features of a level by the code of their area."""
    read = json.loads(boundaries(level).read_text())["features"]
    return {feature["properties"][f"adm{LEVELS[level]}_pcode"]: feature for feature in read}


@cache
def shapes(level: str) -> dict[str, shapely.Geometry]:
    """The shapes of a level by code, read and mended by shapely alone."""
    return {code: shapely.make_valid(shape(feature["geometry"])) for code, feature in features(level).items()}


def covering(level: str, longitude: float, latitude: float) -> set[str]:
    """The codes of the areas of a level that cover a point, by shapely alone."""
    point = shapely.Point(longitude, latitude)
    return {code for code, area in shapes(level).items() if area.covers(point)}


def rows(path: Path) -> list[dict[str, str]]:
    """The lines of a table."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def load_boundaries(level: str, path: Path | None = None, **options: Any) -> str:
    """Load the shapes of a level as an operator does, and return what the command says."""
    number = LEVELS[level]
    told = StringIO()
    call_command(
        "load_areas",
        "astana-2016",
        path or boundaries(level),
        stdout=told,
        **{
            "level": level,
            "source": "OCHA COD-AB Syria, v02",
            "licence": "CC BY 3.0 IGO",
            "valid_on": date(2020, 12, 17),
            "code": f"adm{number}_pcode",
            "name": [f"en=adm{number}_name", f"ar=adm{number}_name1"],
            "parent": f"adm{number - 1}_pcode" if number > 1 else "",
        }
        | options,
    )
    return told.getvalue()


def import_events(folder: Path, path: Path = EVENTS) -> str:
    """Import events of UCDP GED as an operator does."""
    told = StringIO()
    call_command(
        "import_events",
        path,
        format="ucdp-ged",
        agreement="astana-2016",
        rejects=folder / "rejects.csv",
        stdout=told,
        stderr=StringIO(),
    )
    return told.getvalue()
