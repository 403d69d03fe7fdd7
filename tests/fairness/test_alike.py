"""The same deadlines, precision and moment of release for every guarantor."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from monitoring import days, ledger
from reports import choosing, periods
from reports.figures import choices
from reports.figures.annex import reference
from reports.figures.known import Known
from reports.models import Closing, Edition, Rendition
from tests.reports.chosen import MONTH, event
from tests.reports.released import released_month
from tests.violations.cases import taken
from tests.violations.occasions import breach, filed, incident_of
from tests.violations.replying import asked
from violations import findings, returns_due

pytestmark = pytest.mark.django_db
STATES = ("alder", "birch", "cedar")


def test_a_reply_is_due_after_as_long_whoever_is_asked(exercise, people):
    terms = set()
    for moderator in (people.moderator_north, people.moderator_south, people.moderator_independent):
        for state in STATES:
            request = asked(exercise, moderator, f"guarantor:{state}")
            terms.add(request.due_at - request.recorded_at)
    assert len(terms) == 1


def test_a_return_is_due_at_one_instant_whoever_owes_it_and_told_so_to_each(exercise, people):
    version = exercise.terms
    first = days.day_holding(version, version.in_force_from).date
    told = {}
    for state in STATES:
        rows = returns_due.returns_due(
            exercise,
            reader=getattr(people, f"guarantor_{state}"),
            from_date=first,
            until_date=first + 5 * days.ONE_DAY,
            at=timezone.now(),
        )
        told[state] = {(row.owner, row.day, row.due_at) for row in rows}
    assert told["alder"] == told["birch"] == told["cedar"]
    for number in range(5):
        due = {at for _owner, day, at in told["alder"] if day == first + number * days.ONE_DAY}
        assert len(due) == 1
    assert {owner for owner, _day, _at in told["alder"]} == set(STATES)


def test_a_proposal_is_to_be_seconded_within_as_long_whosever_it_is(exercise, people):
    terms = set()
    for moderator in (people.moderator_north, people.moderator_south, people.moderator_independent):
        report = taken(exercise, people.monitor_independent, by=people.moderator_independent)
        finding = findings.propose(incident_of(report), breach(exercise), by=moderator)
        terms.add(finding.second_by - finding.recorded_at)
    assert len(terms) == 1


def test_what_page_1_says_is_the_same_whichever_side_proposed_it_and_whichever_agreed(exercise, people):
    """Nor does it tell who was the first to say so."""
    incident = incident_of(filed(exercise, people.monitor_independent))
    told = []
    sides = (people.moderator_north, people.moderator_south, people.moderator_independent)
    for one, other in permutations(sides, 2):
        proposed = choosing.propose(exercise, event(incident), by=one)
        agreed = choosing.agree(proposed.public_id, by=other)
        at = ledger.now()
        known = Known(exercise, exercise.terms, periods.bounds(exercise.terms, "month", MONTH), at)
        section = choices.section(known)
        (row,) = section["events_of_concern"]["chosen"]
        assert row.pop("choice") == reference(agreed.public_id)
        told.append(section)
        choosing.withdraw(agreed.public_id, by=one)
    assert all(section == told[0] for section in told)


@pytest.fixture
def closing(exercise, people) -> Closing:
    for filer in (people.monitor_north, people.monitor_south, people.monitor_independent):
        filed(exercise, filer)
    return released_month(exercise)


def test_every_edition_is_released_at_the_closing_s_one_instant(closing):
    editions = Edition.objects.filter(closing=closing).select_related("guarantor")
    assert {edition.guarantor.code for edition in editions} == set(STATES)
    assert {edition.released_at for edition in editions} == {closing.released_at}


def test_every_guarantor_has_the_same_sections_files_and_figures(closing):
    editions = list(Edition.objects.filter(closing=closing).select_related("guarantor"))
    assert {json.loads(edition.content)["content_sha256"] for edition in editions} == {closing.content_sha256}
    files = {edition.guarantor.code: set() for edition in editions}
    shapes = {}
    for edition in editions:
        for file in Rendition.objects.filter(edition=edition):
            files[edition.guarantor.code].add((file.format, file.language))
            if file.format == "json":
                with default_storage.open(file.path) as stored:
                    told = json.loads(stored.read())
                shapes[edition.guarantor.code] = (json.dumps(told["closing"], sort_keys=True), sorted(told["edition"]))
    assert files["alder"] == files["birch"] == files["cedar"] != set()
    assert shapes["alder"] == shapes["birch"] == shapes["cedar"]


def test_what_a_guarantor_may_see_says_nothing_of_which_guarantor(exercise):
    """Precision and delay are columns of the truce's version: there is no row in which one State could have another."""
    terms = exercise.terms
    assert terms.guarantor_place_level
    assert terms.guarantor_time_step
    for model in (exercise.guarantors.model, exercise.guarantors.get(code="alder").terms.model):
        names = {field.name for field in model._meta.get_fields()}
        assert not {
            name for name in names if "place" in name or "delay" in name or "step" in name or "deadline" in name
        }
