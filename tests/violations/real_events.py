"""Real events and boundaries, handed in beside the project and no part of it; and the commands that load them."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).parents[3] / "shared" / "data"
TRUCE = DATA / "ucdp-ged" / "ged_syria_truce_2016-12-30_2017-05-05.csv"
WORLD = DATA / "ucdp-ged" / "ged_v23_sample_1000.csv"
BOUNDARIES = DATA / "boundaries-syria"
LEVELS = ("governorate", "district", "subdistrict")

LINES_REFUSED = 3  # with which an import ends

# Where the tests are the gate, what is missing is a failure.
given = pytest.mark.skipif(
    not TRUCE.exists() and os.environ.get("CI") != "true", reason=f"{TRUCE} is not there: real events are handed in"
)


def shapes_of(number: int) -> Path:
    """The file of the boundaries of level `number`: 1 governorates, 2 districts, 3 subdistricts."""
    return BOUNDARIES / f"syr_admin{number}.simplified.geojson"


def load_boundaries() -> None:
    """Load the boundaries of every level, as an operator does."""
    for number, level in enumerate(LEVELS, start=1):
        call_command(
            "load_areas",
            "astana-2016",
            shapes_of(number),
            level=level,
            source="OCHA COD-AB",
            code=f"adm{number}_pcode",
            name=[f"en=adm{number}_name", f"ar=adm{number}_name1"],
            parent=f"adm{number - 1}_pcode" if number > 1 else "",
            stdout=StringIO(),
        )


def run(path: Path, **options) -> str:
    """Import the events in `path`, as an operator does, and return what was said."""
    options = {"rejects": path.with_suffix(".rejects.csv"), "stderr": StringIO()} | options
    return told("import_events", path, format="ucdp-ged", agreement="astana-2016", **options)


def told(*command, **options) -> str:
    """Run an import and return what it said, also where it refused lines and ended with the code for that."""
    out = StringIO()
    try:
        call_command(*command, stdout=out, **options)
    except CommandError as ended:
        if ended.returncode != LINES_REFUSED:
            raise
    return out.getvalue()
