"""An accepted set in a closing: a column of its own, no total, nothing verified; and real events at size."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection

from monitoring import accreditation
from monitoring.models import Agreement, User
from reports import closings, periods
from reports.closings.verifying import Outcome
from reports.figures import assemble
from reports.figures.known import Known
from reports.renderers.document import cases, scope
from reports.renderers.reading import Reading
from tests.record.plain_count import add_up, counted, tallies, told_by
from tests.reports.schema import check_content
from tests.violations import occasions, sets
from tests.violations.accepting import graded
from tests.violations.test_import_events import TRUCE, load_boundaries, run
from violations import data_sets, decisions
from violations.models import Finding, IncidentReport
from violations.outside_sources import SOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
given = pytest.mark.skipif(
    not TRUCE.exists() and os.environ.get("CI") != "true",
    reason=f"{TRUCE} is not there: real events are handed in beside",
)
MONTH = ("month", "2025-03")


@pytest.fixture
def truce(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, sets.FORBIDDEN)
    sets.imported(exercise, tmp_path, *sets.KINDS)
    return exercise


def closed(agreement: Agreement, kind: str = MONTH[0], period: str = MONTH[1]):
    return closings.advance(closings.request(agreement, kind, period).pk)


def incidents(closing) -> dict:
    return json.loads(closing.content())["sections"]["incidents"]


def columns(tally: dict) -> dict[str, int]:
    return {column: number for column, number in tally["columns"].items() if number}


def test_an_accepted_set_stands_beside_and_in_no_total(truce, people):
    before = closed(truce)
    apart = {"excluded_designated": 1, "outside_period": 1}
    assert columns(incidents(before)["total"]) == {"pending": 4} | apart
    proposal = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    assert closings.check(before).touched_at is None, "one person alone changes nothing, also past any date"
    data_sets.second(proposal, by=people.moderator_south)
    assert closings.check(before).touched_at is not None
    after = closed(truce)
    assert columns(incidents(after)["total"]) == {"probable_data_set": 4} | apart
    assert set(incidents(after)["total"]["subtotals"].values()) == {0}
    for of in incidents(after)["casualties"]:
        assert (of["killed"]["verified_minimum"], of["killed"]["verified_incidents"]) == (0, 0)
    out = json.loads(after.content())["sections"]["out_of_scope"]["by_reason"]
    assert {row["verified"] for row in out} == {0}
    check_content(json.loads(after.content()))
    assert [closings.verify(one).outcome for one in (before, after)] == [Outcome.SAME, Outcome.SAME]


def record_steps(steps: list[dict]) -> list[tuple]:
    """What people did with sets and findings, but for the day."""
    return [
        (step["step"], step["role"], step["side"], step["count"])
        for step in steps
        if step["step"].startswith(("set_", "finding_"))
    ]


def test_both_sides_of_an_accepted_set_stand_among_the_steps_and_what_follows_is_nobodys(truce, people):
    proposal = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    proposed = json.loads(closed(truce).content())["beside"]
    assert record_steps(proposed["steps"]["record"]) == [("set_proposed", "moderator", "north", 1)]
    data_sets.second(proposal, by=people.moderator_south)
    content = json.loads(closed(truce).content())
    agreed = [("set_seconded", "moderator", "south", 1), ("set_taken", "system", None, len(sets.KINDS))]
    assert record_steps(content["beside"]["steps"]["record"]) == [("set_proposed", "moderator", "north", 1), *agreed]
    assert record_steps(content["beside"]["changes"]["because"]) == agreed
    check_content(content)


def test_a_set_that_tells_nothing_of_the_period_is_no_step_to_it(long_truce, people, tmp_path):
    sets.imported(long_truce, tmp_path, *sets.KINDS)
    proposal = data_sets.propose(long_truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    assert record_steps(json.loads(closed(long_truce, "month", "2025-02").content())["beside"]["steps"]["record"]) == []


def test_an_accepted_event_that_people_find_on_is_told_of_both_of_them_too(truce, people):
    proposal = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    found = Finding.objects.open().agreed().get(incident=sets.incident("2"))
    said = replace(
        decisions.said_by(found, grounds="Heard both villages."),
        verification="verified",
        **occasions.verified(killed=None, people="unknown"),
    )
    occasions.agreed(graded("2", people), said, by=people.moderator_south, and_by=people.moderator_north)
    steps = record_steps(json.loads(closed(truce).content())["beside"]["steps"]["record"])
    assert {("finding_proposed", "moderator", "south", 1), ("finding_agreed", "moderator", "north", 1)} <= set(steps)
    assert ("set_taken", "system", None, len(sets.KINDS)) in steps


def test_a_report_says_that_accepting_a_set_takes_no_incident_up(truce, people):
    def told() -> str:
        closing = closed(truce)
        reading = Reading(json.loads(closing.content()), json.loads(closing.editions.first().content), "en")
        return json.dumps([*cases.cases(reading), *scope.scope(reading)], default=str)

    singly = "takes none of its incidents up singly"
    before = told()
    assert "6 incidents of this period had been taken up singly by nobody" in before
    assert singly not in before
    proposal = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    after = told()
    assert "6 incidents of this period had been taken up singly by nobody at the cut-off" in after
    assert singly in after
    assert "of these found verified or probable by people" in after


def test_the_header_names_the_set_where_it_tells_of_the_period(truce):
    """With name and terms, beside the hash; of a day of which it tells nothing it is not named."""

    def named(kind: str, period: str) -> list[tuple[str, str, str]]:
        header = json.loads(closed(truce, kind, period).content())["beside"]["header"]
        return [(one["told"], one["code"], one["licence"]) for one in header["data_sets"]]

    told = [("incidents", sets.SET, SOURCES[sets.SET].licence)]
    assert named(*MONTH) == named("day", "2025-03-10") == told
    assert named("day", "2025-03-20") == []


def test_what_people_find_later_takes_its_place_in_the_count(truce, people):
    proposal = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    first = incidents(closed(truce))["total"]
    found = Finding.objects.open().agreed().get(incident=sets.incident("2"))
    said = replace(
        decisions.said_by(found, grounds="Heard both villages."),
        verification="verified",
        **occasions.verified(killed=2),
    )
    occasions.agreed(graded("2", people), said, by=people.moderator_south, and_by=people.moderator_north)
    then = incidents(closed(truce))["total"]
    assert then["columns"]["violations_preliminary"] == first["columns"]["violations_preliminary"] + 1 == 1
    assert then["columns"]["probable_data_set"] == first["columns"]["probable_data_set"] - 1
    assert then["subtotals"]["violations"] == 1


@pytest.fixture
def moderators(astana) -> dict[str, User]:
    """One sent by each of the two states that declared the ceasefire."""
    sent = {}
    for state in ("russia", "turkey"):
        sent[state] = User.objects.create_user(f"moderator-{state}")
        guarantor = astana.guarantors.get(code=state)
        accreditation.accredit(sent[state], astana, "moderator", by=None, guarantor=guarantor)
    return sent


def known_now(agreement: Agreement, month: str) -> Known:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (at,) = cursor.fetchone()
    version = agreement.terms_known_at(at)
    return Known(agreement, version, periods.bounds(version, "month", month), at)


@given
def test_the_real_set_is_counted_beside_as_plain_python_counts_it(astana, moderators, tmp_path):
    load_boundaries()
    run(TRUCE, rejects=tmp_path / "rejects.csv")
    proposal = data_sets.propose(astana, sets.SET, by=moderators["russia"], grounds="Sampled.").acceptance
    weighed = data_sets.second(proposal, by=moderators["turkey"])
    with TRUCE.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert weighed.acceptance.incidents == Finding.objects.filter(standing="data_set").count() == len(lines)
    known_names = set(
        IncidentReport.objects.filter(parties__party__isnull=False).values_list("parties__as_written", flat=True)
    )
    named = [
        line
        for line in lines
        if line["type_of_violence"] == "3" and ", " not in line["side_a"] and line["side_a"] in known_names
    ]
    assert Finding.objects.filter(attribution="attributed").count() == len(named) > 0
    by_party = Counter(line["side_a"] for line in named)
    bound = by_party["Government of Syria"]
    assert (
        0 < Finding.objects.filter(conduct="breach").count() <= bound + by_party["Government of Russia (Soviet Union)"]
    )
    spread: Counter[str] = Counter()
    for month in ("2016-12", "2017-01", "2017-02", "2017-03", "2017-04", "2017-05"):
        known = known_now(astana, month)
        told = assemble.figures(known).sections["incidents"]
        add_up(told)
        plain = tallies(counted(astana, known.period.starts_at, known.period.ends_at, known.known_at), named=True)
        assert columns(told["total"]) == {name: number for name, number in plain["total"][""].items() if number}
        assert told_by(told)["act"] == plain["act"]
        assert told_by(told)["party"] == plain["party"]
        assert set(told["total"]["subtotals"].values()) == {0}
        spread.update(columns(told["total"]))
    assert spread["probable_data_set"] > 0
    assert not spread["pending"] + spread["scope_not_assessed"]
    assert not spread["violations_determined"] + spread["violations_preliminary"]
    assert sum(spread.values()) == len(lines)
