"""What a process remembers of an account's last report is asked again when the next is written, and decides nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from monitoring import accreditation, ledger
from monitoring.errors import Forbidden, Malformed
from monitoring.models import Area, Team
from tests.violations.duty_officers import duty_officer
from tests.violations.occasions import filed, incident_of, reloaded
from violations import assessment, first_filing
from violations.models import Assessment, IncidentReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def monitor(exercise, people):
    """A monitor of whom the process remembers something."""
    filed(exercise, people.monitor_north)
    return people.monitor_north


def reports():
    return IncidentReport.objects.count()


def test_who_is_no_monitor_any_more_files_nothing(exercise, monitor):
    accreditation.end(monitor.accreditations.get(), by=None)
    with pytest.raises(Forbidden):
        filed(exercise, monitor)
    assert reports() == 1


def test_who_came_to_another_team_files_for_that(exercise, monitor):
    with ledger.writing() as entry:
        other = Team.objects.create(agreement=exercise, code="other", names={"en": "Other"}, recorded_at=entry.stamp())
    alder = monitor.accreditations.get()
    accreditation.end(alder, by=None)
    accreditation.accredit(monitor, exercise, "monitor", by=None, team=other, guarantor=alder.sent_by_guarantor)
    assert filed(exercise, monitor).team == other
    accreditation.accredit(monitor, exercise, "monitor", by=None, team=alder.team, guarantor=alder.sent_by_guarantor)
    with pytest.raises(Malformed) as refused:
        filed(exercise, monitor)
    assert list(refused.value.fields) == ["/team"]
    assert reports() == 2


def test_a_new_version_of_the_mechanism_is_what_the_next_report_is_judged_by(exercise, monitor, tmp_path):
    version = reloaded(tmp_path, ("in_force_from = 2025-03-02", "in_force_from = 2025-03-20"))
    assessed = Assessment.objects.open().get(incident=incident_of(filed(exercise, monitor)))
    assert (assessed.version, assessed.scope) == (version, "outside_period")


def test_what_happened_since_is_not_taken_to_be_in_the_future(exercise, monitor):
    """By the clock that is remembered it would be: the ledger's own is asked before anything is refused."""
    for key, (clock, *found) in first_filing._found_before.items():
        first_filing._found_before[key] = (clock - timedelta(hours=1), *found)
    since = timezone.now() - timedelta(minutes=20)
    assert filed(exercise, monitor, occurred_from=since).occurred_from == since
    with pytest.raises(Malformed):
        filed(exercise, monitor, occurred_from=since + timedelta(hours=1))
    assert reports() == 2


def test_an_area_is_known_as_soon_as_it_is_there(exercise, monitor):
    told = {"position": None, "stated_area": "VA99", "place_precision": "district"}
    for _again in range(2):
        with pytest.raises(Malformed) as refused:
            filed(exercise, monitor, **told)
        assert list(refused.value.fields) == ["/place/area"]
    with ledger.writing() as entry:
        area = Area.objects.create(
            agreement=exercise, code="VA99", level="district", names={"en": "New"}, recorded_at=entry.stamp()
        )
    assert filed(exercise, monitor, **told).stated_area == area


def test_of_who_files_for_others_nothing_is_remembered(exercise):
    """For whom they do is asked each time, under the locks: they may serve several teams, and speak for a party."""
    officer = duty_officer(exercise)
    for _time in range(2):
        filed(exercise, officer, channel="caller", source={"name": "A caller"})
        assert not first_filing._found_before
    assert reports() == 2


def test_what_was_refused_for_its_area_is_not_remembered(exercise, people):
    with pytest.raises(Malformed):
        filed(exercise, people.monitor_north, position=None, stated_area="A. Weaver", place_precision="district")
    assert not first_filing._found_before


def test_a_version_that_was_rolled_back_is_known_by_nobody(exercise, monitor):
    """As where a process remembers what a transaction found that came to nothing."""
    for key, (clock, found, agreement, version, *others) in first_filing._found_before.items():
        first_filing._found_before[key] = (clock, found.replace(f",{version},", ",0,"), agreement, 0, *others)
    assert filed(exercise, monitor).pk
    assert reports() == 2


def test_no_more_is_remembered_than_so_many(exercise, monitor, people, monkeypatch):
    monkeypatch.setattr(first_filing, "REMEMBERED", 1)
    filed(exercise, people.monitor_south)
    filed(exercise, monitor)
    assert len(first_filing._found_before) == 1


@pytest.mark.parametrize(
    ("bounds", "outside"),
    [
        ('scope_area = "island-and-waters"\n', True),
        ('scope_level = "district"\n', True),
        ("", False),
    ],
)
def test_a_place_is_held_against_whatever_bounds_the_truce(exercise, people, tmp_path, bounds, outside):
    drawing = "island-and-waters"
    filed(exercise, people.monitor_north)  # the account is remembered as of a truce that a drawing bounds
    reloaded(tmp_path, (f'scope_area = "{drawing}"\n', bounds), without="" if drawing in bounds else drawing)
    for _again in range(2):  # looked at anew, then remembered
        told = filed(exercise, people.monitor_north, position=(100.0, 10.0), stated_area="", place_precision="exact")
        assessed = Assessment.objects.open().get(incident=incident_of(told))
        assert ("outside_area" in {reason["class"] for reason in assessed.scope_reasons}) is outside
    with ledger.writing() as entry:
        anew = assessment.reassess_agreement(exercise, recorded_at=entry.stamp())
    assert anew == assessment.Reassessed(closed=0, written=0)
