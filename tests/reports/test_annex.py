"""What leaves to a guarantor of single incidents: no finer than the truce allows, and nothing that leads to anyone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import MultiPolygon

from monitoring import ledger
from monitoring.models import Zone, ZoneLine
from reports import closings, periods
from reports.figures import annex, concerns, incidents
from reports.figures.known import Known
from reports.models import Closing
from tests.conftest import accredited, loaded_exercise
from tests.reports.schema import check_content
from tests.violations import occasions
from violations import assessment
from violations.models import Incident
from violations.report_content import NamedParty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


def content_of(closing) -> dict:
    return json.loads(closing.content())


def test_time_and_place_are_cut_to_the_truces_rule(exercise, people):
    occasions.filed(exercise, people.monitor_north, occurred_from=datetime(2025, 3, 10, 20, 37, 12, tzinfo=UTC))
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    (incident,) = content_of(closing)["beside"]["annex"]["incidents"]
    assert incident["occurred_from"] == "2025-03-10T20:00:00.000000Z"
    assert incident["occurred_until"] == "2025-03-10T21:00:00.000000Z"
    assert incident["date"] == "2025-03-10"
    assert (incident["level"], incident["area"][:2]) == ("district", "VA")
    assert incident["reference"] == Incident.objects.get().public_id.hex[:10]


def test_nothing_of_who_filed_what_was_told_or_where_exactly_is_in_any_content(exercise, people):
    occasions.filed(
        exercise,
        people.monitor_north,
        narrative="A shepherd by the Old Mill saw it.",
        narrative_language="en",
        place_as_written="behind the Old Mill",
        position=(-123.456789, -48.812345),
        parties=(NamedParty("alleged", "men of the miller"),),
        source={"name": "Aino the shepherd"},
    )
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    texts = [closing.content(), *closing.editions.values_list("content", flat=True)]
    for text in texts:
        for secret in ("Mill", "miller", "shepherd", "Aino", "123.456", "123456789", "team-alder", "monitor-north"):
            assert secret not in text


def test_a_zone_smaller_than_the_area_shown_is_named_in_the_tables_only(exercise, people):
    """The harbour zone lies inside a district: named beside an incident it would tell where in the district."""
    line = ZoneLine.objects.filter(version=exercise.terms, zone__code="harbour-zone").get()
    occasions.filed(exercise, people.monitor_north, position=line.boundary.point_on_surface.coords)
    content = content_of(closings.advance(closings.request(exercise, *MONTH).pk))
    (incident,) = content["beside"]["annex"]["incidents"]
    assert incident["area"]
    assert incident["zones"] == []
    assert [row["zone"] for row in content["sections"]["incidents"]["by_zone"] if row["registered"]] == ["harbour-zone"]


def test_a_zone_that_holds_all_of_the_area_shown_is_named(db):
    exercise = loaded_exercise()  # what belongs to a version is written with it
    occasions.filed(exercise, accredited(exercise)["monitor_north"])
    known = Known(exercise, exercise.terms, periods.bounds(exercise.terms, *MONTH), datetime(2100, 1, 1, tzinfo=UTC))
    (incident,) = annex.annex(known)["incidents"]
    area = exercise.areas.get(code=incident["area"]).shapes.get().boundary
    for number in range(2):
        zone = Zone.objects.create(
            agreement=exercise, code=f"wide-{number}", names={"en": "Wide"}, recorded_at=exercise.terms.recorded_at
        )
        drawn = area.envelope.buffer(1) if number == 0 else area.centroid.buffer(0.001)
        ZoneLine.objects.create(
            version=exercise.terms, zone=zone, boundary=MultiPolygon(drawn, srid=4326), indicative=True
        )
    with ledger.writing() as entry:
        assessment.reassess_agreement(exercise, recorded_at=entry.stamp())
    assert annex.annex(known)["incidents"][0]["zones"] == ["wide-0"]


def test_what_is_younger_than_the_truces_delay_stands_in_the_totals_only(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    long_ago = content_of(closings.advance(closings.request(exercise, *MONTH).pk))["beside"]["annex"]
    assert (len(long_ago["incidents"]), long_ago["withheld_recent"]) == (1, 0)
    version = exercise.terms
    version.guarantor_delay_hours = 24 * 365 * 100
    delayed = Known(exercise, version, periods.bounds(version, *MONTH), datetime.now(tz=UTC))
    assert (annex.annex(delayed)["incidents"], annex.annex(delayed)["withheld_recent"]) == ([], 1)
    assert incidents.section(delayed)["total"]["registered"] == 1
    concerned = concerns.edition(delayed, Closing(), concerns.editions(delayed)[0], "")["concerns"]["undertaken"][0]
    assert (concerned["registered"], concerned["incidents"]) == (1, [])


def test_where_attribution_is_internal_no_party_leaves(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ('attribution = "published"', 'attribution = "internal"'))
    report = occasions.under_review(occasions.filed(exercise, people.monitor_independent), people.moderator_north)
    occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(exercise),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    content = content_of(closing)
    counted = content["sections"]["incidents"]
    assert counted["total"]["columns"]["violations_preliminary"] == 1
    assert (counted["by_side"], counted["by_party"], counted["attribution"]) == ([], [], [])
    (incident,) = content["beside"]["annex"]["incidents"]
    assert content["beside"]["annex"]["parties_withheld"] is True
    assert [incident[role] for role in ("alleged", "target", "involved", "attributed", "attribution")] == [
        [],
        [],
        [],
        [],
        None,
    ]
    for edition in closing.editions.all():
        assert json.loads(edition.content)["concerns"] == {"parties_withheld": True, "own_forces": [], "undertaken": []}


def test_an_edition_tells_of_its_own_forces_apart_from_those_it_answers_for(exercise, people):
    own = (NamedParty("alleged", "alder-forces"),)
    occasions.filed(exercise, people.monitor_south, parties=own)
    occasions.filed(exercise, people.monitor_south)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    concerned = {
        edition.guarantor.code: json.loads(edition.content)["concerns"]
        for edition in closing.editions.select_related("guarantor")
    }
    assert [(row["party"], row["registered"]) for row in concerned["alder"]["own_forces"]] == [("alder-forces", 1)]
    assert [(row["party"], row["role"], row["registered"]) for row in concerned["alder"]["undertaken"]] == [
        ("north-army", "concerned", 1)
    ]
    targets = [row for row in concerned["birch"]["undertaken"] if row["role"] == "target"]
    assert [(row["party"], row["registered"], len(row["incidents"])) for row in targets] == [("south-guard", 1, 1)]
    assert concerned["cedar"]["undertaken"][0]["basis"] == ["contested"]


def test_every_section_of_a_day_counts_what_the_month_counts_of_it(exercise, people):
    occasions.filed(exercise, people.monitor_south)
    version = exercise.terms
    at = datetime(2100, 1, 1, tzinfo=UTC)
    month, day = (
        incidents.section(Known(exercise, version, periods.bounds(version, kind, code), at))
        for kind, code in (MONTH, ("day", "2025-03-10"))
    )
    of_day = next(row for row in month["by_day"] if row["date"] == "2025-03-10")
    assert of_day["columns"] == day["total"]["columns"]


# Where attribution is internal: what else would name a party


INTERNAL = ('attribution = "published"', 'attribution = "internal"')
ALL_BOUND = (
    ('kind = "designated"', 'kind = "signatory"'),
    ('kind = "non_signatory"', 'kind = "declared"'),
    ('kind = "disputed"', 'kind = "declared"'),
)
PARTIES = {"north-army", "south-guard", "black-gull", "hill-clans", "coast-watch", "unknown-armed-men"}


def month_of(exercise) -> dict:
    return content_of(closings.advance(closings.request(exercise, *MONTH).pk))


def filed_of(exercise, people, party: str, **changes):
    return occasions.filed(exercise, people.monitor_independent, parties=(NamedParty("alleged", party),), **changes)


def test_where_attribution_is_internal_whoever_fired_the_incident_reads_the_same(exercise, people, tmp_path):
    """Black Gull alone is designated, the Hill Clans alone did not sign, over the Coast Watch alone readings differ."""
    occasions.reloaded(tmp_path, INTERNAL)
    for party in sorted(PARTIES):
        filed_of(exercise, people, party)
    content = month_of(exercise)
    columns = content["sections"]["incidents"]["total"]["columns"]
    assert {name: count for name, count in columns.items() if count} == {
        "excluded_designated": 1,
        "excluded_non_signatory": 1,
        "scope_disputed": 1,
        "pending": 3,
    }
    told = content["beside"]["annex"]
    assert (told["parties_withheld"], told["binding_withheld"]) == (True, True)
    read = [{**row, "reference": None} for row in told["incidents"]]
    assert read == [read[0]] * len(PARTIES)
    assert [read[0][name] for name in annex.BINDING] == [None] * 5


def test_nor_do_the_provisions_that_were_breached_name_who_fired(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, INTERNAL)
    report = occasions.under_review(occasions.filed(exercise, people.monitor_independent), people.moderator_north)
    occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(exercise),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    (incident,) = month_of(exercise)["beside"]["annex"]["incidents"]
    assert (incident["column"], incident["provisions"]) == (None, None)
    assert [incident[axis] for axis in ("verification", "conduct", "standing")] == ["verified", "breach", "preliminary"]


def test_where_an_incident_stands_whoever_fired_is_told(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, INTERNAL)
    before = datetime(2025, 3, 1, 20, tzinfo=UTC)
    for party in sorted(PARTIES):
        filed_of(exercise, people, party, occurred_from=before)
    report = occasions.under_review(filed_of(exercise, people, "black-gull"), people.moderator_north)
    occasions.agreed(
        occasions.incident_of(report), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    *outside, discounted = month_of(exercise)["beside"]["annex"]["incidents"]
    assert {(row["column"], row["scope"], row["reasons"]) for row in outside} == {("outside_period", None, None)}
    assert (discounted["column"], discounted["scope"]) == ("discounted", None)


def test_what_both_sides_share_names_nobody_and_is_told(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, INTERNAL, *ALL_BOUND)
    for party in sorted(PARTIES):
        filed_of(exercise, people, party)
    told = month_of(exercise)["beside"]["annex"]
    assert (told["parties_withheld"], told["binding_withheld"]) == (True, False)
    assert {(row["column"], row["scope"], tuple(row["reasons"])) for row in told["incidents"]} == {
        ("pending", "in_scope", ("in_scope",)),
        ("pending", "not_assessed", ("not_assessed",)),
    }
    assert not PARTIES & {word for row in told["incidents"] for word in json.dumps(row).split('"')}


def test_section_5_does_not_say_over_whose_adherence_readings_differ(exercise, people, tmp_path):
    filed_of(exercise, people, "coast-watch")
    published = month_of(exercise)["sections"]["out_of_scope"]["by_reading"]
    assert {"kind": "adherence", "code": "coast-watch"} in published[0]["on"]
    occasions.reloaded(tmp_path, INTERNAL)
    content = month_of(exercise)
    section = content["sections"]["out_of_scope"]
    assert "coast-watch" not in json.dumps(section)
    held = {row["reading"]: row["on"] for row in section["by_reading"]}
    assert held[""] == [{"kind": "adherence", "code": None}]
    assert {"kind": "zone", "code": "strait-buffer"} in held["North side"]
    assert [(row["same"], row["changed"]) for row in section["by_reading"]] == [
        (row["same"], row["changed"]) for row in published
    ]
    check_content(content)
