"""Who joined a truce in a period: groups by what binds them, settlements by the mechanism's file."""

from __future__ import annotations

import json

import pytest

from monitoring import mechanism_file
from reports import closings, periods
from reports.figures import accessions
from reports.figures.known import Known
from tests.reports.readings import rendered
from tests.reports.schema import check_content
from tests.reports.test_periods_told import lines_of, text_of
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
JOINED = """
[[accessions]]
code = "mill-town"
names = { en = "Mill Town", tr = "Değirmen" }
to = "truce-agreement"
area = "VA01"
from = 2025-03-09T12:00:00
source = "Invented for the exercise: letter of its council, 9 March 2025."

[[accessions]]
code = "upper-mill"
names = { en = "Upper Mill" }
to = "truce-agreement"
from = 2025-04-02
source = "Invented for the exercise."
"""
BOTH = (
    '{ to = "truce-agreement", kind = "declared", from = 2025-03-01, until = 2025-03-20, source = "One." },'
    '{ to = "truce-agreement", kind = "signatory", from = 2025-03-20, source = "Two." }'
)
TEAMS = "# --- Teams"


def known(agreement, code: str, kind: str = "month") -> Known:
    version = agreement.terms
    return Known(agreement, version, periods.bounds(version, kind, code), version.recorded_at)


def test_the_groups_that_joined_in_january_2017_are_told_with_how_when_and_by_which_source(astana):
    (row,) = accessions.section(known(astana, "2017-01"))["groups"]
    assert row == {
        "party": "iranian-forces",
        "instrument": "ceasefire-statement",
        "kind": "declared",
        "through": None,
        "reading": "",
        "from": "2017-01-23T22:00:00.000000Z",
        "source": "http://tass.com/world/926976",
        "before": None,
    }
    assert accessions.section(known(astana, "2017-02"))["groups"] == []
    joined = {row["party"] for row in accessions.section(known(astana, "2016-12"))["groups"]}
    assert {"russian-forces", "turkish-forces"} <= joined
    assert "iranian-forces" not in joined, "whether it was bound before is disputed"


def test_who_is_bound_otherwise_now_is_told_with_how_it_was_bound_before(exercise, tmp_path):
    occasions.reloaded(
        tmp_path,
        (
            '{ to = "truce-agreement", kind = "declared", from = 2025-03-01, source = "Invented for the exercise." }',
            BOTH,
        ),
    )
    rows = [row for row in accessions.section(known(exercise, "2025-03"))["groups"] if row["party"] == "cedar-forces"]
    assert [(row["kind"], row["before"], row["source"]) for row in rows] == [
        ("declared", None, "One."),
        ("signatory", "declared", "Two."),
    ]
    (row,) = accessions.section(known(exercise, "2025-03-20", "day"))["groups"]
    assert row["kind"] == "signatory"


def test_a_settlement_that_joined_stands_in_the_report_of_its_month_in_every_form(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, (TEAMS, JOINED + "\n" + TEAMS))
    occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    content = json.loads(closing.content())
    check_content(content)
    (row,) = content["sections"]["accessions"]["settlements"]
    assert (row["settlement"], row["area"], row["from"]) == ("mill-town", "VA01", "2025-03-09T20:00:00.000000Z")
    assert content["beside"]["labels"]["settlement"]["mill-town"] == {"en": "Mill Town", "tr": "Değirmen"}
    edition = json.loads(closing.editions.first().content)
    text = text_of(rendered("pdf", content, edition))
    assert "Settlements that joined in this period" in text
    assert "letter of its council, 9 March 2025" in text
    lines = lines_of(rendered("csv", content, edition))
    told = {line["measure_code"]: line["value"] for line in lines if line["row_code"] == "mill-town"}
    assert told["joined_from"] == "2025-03-09T20:00:00.000000Z"
    assert not [line for line in lines if line["row_code"] == "upper-mill"]


def test_a_file_without_settlements_has_the_hash_that_it_had(exercise, tmp_path):
    before = exercise.terms.file_sha256
    occasions.reloaded(tmp_path, (TEAMS, "\n" + TEAMS))
    assert exercise.versions.open().get().file_sha256 == before
    occasions.reloaded(tmp_path, (TEAMS, JOINED + "\n" + TEAMS))
    assert exercise.versions.open().get().file_sha256 != before


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ('to = "truce-agreement"\narea', 'to = "no-text"\narea', "accessions[1] (mill-town).to"),
        ('area = "VA01"', 'area = "VA99"', "accessions[1] (mill-town).area"),
        ("from = 2025-03-09T12:00:00\n", "", "accessions[1] (mill-town).from"),
        ('code = "upper-mill"', 'code = "mill-town"', "accessions[2] (mill-town).code"),
    ],
)
def test_what_is_wrong_with_one_is_told_with_its_place(exercise, tmp_path, was, now, fault):
    with pytest.raises(mechanism_file.MechanismFileError) as refused:
        occasions.reloaded(tmp_path, (TEAMS, JOINED.replace(was, now) + "\n" + TEAMS))
    assert fault in str(refused.value)
