"""What is imported again, beside what people noted and proposed meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.violations import sets
from tests.violations.accepting import graded
from tests.violations.occasions import discounted, filed, incident_of, reloaded, under_review
from violations import data_sets, findings, linking, review
from violations.importing import ucdp
from violations.importing.events import import_events
from violations.models import Finding, IncidentReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def truce(exercise, people, tmp_path):
    reloaded(tmp_path, sets.FORBIDDEN)
    return exercise


def noted_as_related(number: str, to: str, by) -> None:
    report = IncidentReport.objects.get(external_id=number)
    review.take(report, by=by)
    linking.link(report, sets.incident(to), by=by, kind="related", grounds="Same night.")


def test_a_party_that_a_line_names_twice_is_no_news_the_second_time(truce, tmp_path):
    event = {"side_a": "North Army, River Company", "side_b": "North Army"}
    sets.imported(truce, tmp_path, event)
    again = sets.imported(truce, tmp_path, event)
    assert (again.known, again.read_anew, IncidentReport.objects.count()) == (1, 0, 1)


def test_an_event_that_is_noted_as_related_to_another_is_revised_at_once(truce, people, tmp_path):
    sets.imported(truce, tmp_path, {"id": "1"}, {"id": "2"})
    noted_as_related("1", "2", people.moderator_north)
    told = sets.imported(truce, tmp_path, {"id": "1", "best": "4"}, {"id": "2"})
    assert (told.revised, told.waiting) == (1, 0)


def test_what_is_proposed_of_a_related_incident_holds_up_no_revision(truce, people, tmp_path):
    sets.imported(truce, tmp_path, {"id": "1"}, {"id": "2"})
    findings.propose(graded("2", people), discounted(), by=people.moderator_north)
    noted_as_related("1", "2", people.moderator_north)
    told = sets.imported(truce, tmp_path, {"id": "1", "best": "4"}, {"id": "2"})
    assert (told.revised, told.waiting) == (1, 0)


def test_a_set_is_not_accepted_over_a_link_that_somebody_proposed_into_it(truce, people, tmp_path):
    sets.imported(truce, tmp_path, *sets.KINDS)
    report = under_review(filed(truce, people.monitor_south), people.moderator_north)
    findings.propose(incident_of(report), discounted(), by=people.moderator_north)
    link = linking.link(report, sets.incident("2"), by=people.moderator_north, kind="same_event", grounds="One event.")
    proposed = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="It is the reference.")
    assert proposed.left_out["proposed"] == 1
    data_sets.second(proposed.acceptance, by=people.moderator_south)
    assert not Finding.objects.open().agreed().filter(incident=sets.incident("2")).exists()
    findings.second(link, by=people.moderator_south)


def test_the_table_of_rejects_is_written_through_no_name_that_somebody_laid_there(truce, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("theirs")
    (tmp_path / f".r.csv.{os.getpid()}.part").symlink_to(victim)
    path = tmp_path / "set.csv"
    path.write_text(",".join(sets.EVENT) + "\n" + ",".join(["x"] * (len(sets.EVENT) - 1) + ["yes"]) + "\n")
    import_events(truce, path, reader=ucdp, by=None, rejects=tmp_path / "r.csv")
    assert victim.read_text() == "theirs"
    assert not Path(tmp_path / "r.csv").is_symlink()
