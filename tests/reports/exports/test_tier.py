"""The SQL that COPY sends holds each incident as the annex holds it, row by row, over records drawn at random."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from reports import periods
from reports.exports import behind as behind_closings
from reports.exports import sending, tier
from reports.figures import annex, geometry, labels
from reports.figures.known import Known
from reports.renderers import listed, tables
from reports.renderers.reading import Reading
from tests.reports.records import Record
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]

# What else a truce may say of what it lets out, each as a change of the exercise's file.
INTERNAL = ('attribution = "published"', 'attribution = "internal"')
RULES: dict[str, list[tuple[str, str]]] = {
    "as it is": [],
    "by the day": [('time = "hour"', 'time = "day"'), ("delay_hours = 24", "delay_hours = 0")],
    "parties withheld": [INTERNAL],
    "a clock that is moved, days from the evening": [
        ('time_zone = "Etc/GMT+8"', 'time_zone = "America/Los_Angeles"'),
        ("day_begins = 00:00:00", "day_begins = 19:30:00"),
        ('day_named_for = "start"', 'day_named_for = "end"'),
    ],
}


class Behind(SimpleNamespace):
    """What lies behind a closing that is not made: the record, and the names and outlines that it would freeze."""

    def area_names(self) -> dict[str, str]:
        return {code: told["en"] for code, told in labels.labels(self.known)["area"].items()}

    def outlines(self) -> dict[str, dict]:
        return {
            told["area"]: behind_closings.geometry(told["shape"]) for told in geometry.geometry(self.known)["areas"]
        }


def behind(known: Known) -> Behind:
    closing = SimpleNamespace(number=3, cutoff_at=known.known_at, content_sha256="0" * 64)
    return Behind(closing=closing, known=known)


def reading(known: Known) -> Reading:
    """The annex as a content would hold it."""
    content = {
        "head": {
            "agreement": known.agreement.code,
            "simulated": known.agreement.simulated,
            "period": {"code": known.period.code, "kind": str(known.period.kind)},
        },
        "beside": {
            "header": {"number": 3, "time_zone": known.version.time_zone},
            "labels": labels.labels(known),
            "annex": annex.annex(known),
        },
    }
    return Reading(content, None, "en")


def cut(rows: list[dict]) -> list[list[str]]:
    return [["" if row[name] is None else str(row[name]) for name in tables.INCIDENTS.names] for row in rows]


def sent(table) -> list[list[str]]:
    head, *rows = csv.reader(io.StringIO(b"".join(table).decode("utf-8-sig"), newline=""))
    assert head == tables.INCIDENTS.names
    return rows


def told(table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(table).decode("utf-8-sig"), newline="")))


def dissents(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["reference"]: row["dissents"] for row in rows}


def knowns(record: Record) -> list[Known]:
    version = record.agreement.terms
    month = periods.bounds(version, "month", "2025-03")
    began = version.recorded_at
    cutoffs = [began + (record.now - began) * 6 // 10, record.now + timedelta(hours=5)]
    return [Known(record.agreement, version, month, at) for at in cutoffs]


@pytest.mark.parametrize(("at_once", "seed"), [(10_000, 1), (20, 2)], ids=["at once", "day by day"])
@pytest.mark.parametrize("rule", RULES)
def test_each_row_is_the_row_of_the_annex(exercise, people, tmp_path, monkeypatch, rule, at_once, seed):
    monkeypatch.setattr(tier, "AT_ONCE", at_once)
    if RULES[rule]:
        occasions.reloaded(tmp_path, *RULES[rule])
    record = Record(exercise, people, seed)
    record.draw(150)
    met: set[str] = set()
    for known in knowns(record):
        rows = list(listed.incidents(reading(known)))
        expected = cut(rows)
        assert sent(sending.as_csv(behind(known), "incidents")) == expected
        in_full = told(sending.as_csv(behind(known), "incidents", in_full=True))
        assert dissents(in_full).items() >= {row["reference"]: str(row["dissents"]) for row in rows}.items()
        met |= {column for row in expected for column, cell in zip(tables.INCIDENTS.names, row, strict=True) if cell}
    never = set(tables.INCIDENTS.names) - met
    hidden = {*tier.OF_PARTIES, *tier.BOUND} - {"column"}
    assert never <= {"zones", *(hidden if INTERNAL in RULES[rule] else ["withheld"])}


def test_a_feature_has_the_cells_of_the_row_and_the_outline_of_its_area_and_no_point(exercise, people):
    record = Record(exercise, people, 3)
    record.draw(150)
    known = knowns(record)[-1]
    collection = json.loads(b"".join(sending.as_geojson(behind(known))))
    rows = list(listed.incidents(reading(known)))
    outlines = behind(known).outlines()
    assert [feature["id"] for feature in collection["features"]] == [row["reference"] for row in rows]
    shown = set()
    for feature, row in zip(collection["features"], rows, strict=True):
        shows = feature["properties"].pop("geometry_shows")
        assert feature["properties"] == row
        assert feature["geometry"] == outlines.get(row["area"])
        shown.add((shows.partition(":")[0], feature["geometry"] and feature["geometry"]["type"]))
    assert shown == {("outline of the area", "MultiPolygon"), ("nothing", None)}
    assert collection["simulated"] is True
