"""Grades: by team and means until a moderator gives others, with grounds; they change nothing but what is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from tests.violations import sets
from tests.violations.cases import taken
from tests.violations.occasions import corrected, filed, incident_of
from violations import grades
from violations.linking import link
from violations.models import Grade, IncidentReport

pytestmark = pytest.mark.django_db


def grades_of(report):
    row = IncidentReport.objects.with_grades().get(pk=report.pk)
    return row.source_grade + row.information_grade


def graded(report, given, *, by, grounds="The post sees that bank."):
    return grades.grade(report, source=given[0], information=given[1], grounds=grounds, by=by)


def test_team_and_means_give_the_first_grades_alike_on_every_side(exercise, people, tmp_path):
    assert grades_of(filed(exercise, people.monitor_north)) == "C2"
    assert grades_of(filed(exercise, people.monitor_south)) == "C2"
    assert grades_of(filed(exercise, people.monitor_independent)) == "B2"
    assert grades_of(filed(exercise, people.monitor_independent, means="heard")) == "B3"
    assert grades_of(filed(exercise, people.monitor_independent, means="open_source")) == "B6"
    sets.imported(exercise, tmp_path, sets.EVENT)
    assert grades_of(IncidentReport.objects.exclude(source="").get()) == "F6"


def test_a_moderator_grades_with_grounds_and_a_correction_begins_anew(exercise, people):
    report = filed(exercise, people.monitor_north)
    graded(report, "B3", by=people.moderator_south)
    row = graded(report, "D4", by=people.moderator_north)
    assert grades_of(report) == "D4"
    assert list(Grade.objects.open()) == [row]
    assert AuditEntry.objects.filter(action="report.grade", object_id=str(report.public_id)).count() == 2
    assert grades_of(corrected(report, people.monitor_north, place_as_written="the left bank")) == "C2"
    with pytest.raises(NotNow) as refused:
        graded(report, "B2", by=people.moderator_north)
    assert refused.value.code == "is_superseded"


def test_confirmed_needs_another_source_of_another_side(exercise, people):
    report = filed(exercise, people.monitor_north)

    def joined_by(filer):
        other = taken(exercise, filer, by=people.moderator_north)
        link(other, incident_of(report), by=people.moderator_north, kind="same_event", grounds="One event.")

    for joins in ((), (people.monitor_north,)):
        for filer in joins:
            joined_by(filer)
        with pytest.raises(Malformed) as refused:
            graded(report, "C1", by=people.moderator_south)
        assert refused.value.fields.keys() == {"/information"}
    joined_by(people.monitor_south)
    graded(report, "C1", by=people.moderator_south)
    assert grades_of(report) == "C1"


@pytest.mark.parametrize(
    ("given", "grounds", "fields"),
    [("C2", "So.", {"/source"}), ("Z9", " ", {"/source", "/information", "/grounds"})],
)
def test_what_makes_no_sense_is_refused_by_field(exercise, people, given, grounds, fields):
    report = filed(exercise, people.monitor_north)
    with pytest.raises(Malformed) as refused:
        graded(report, given, by=people.moderator_north, grounds=grounds)
    assert refused.value.fields.keys() == fields


def test_what_is_routine_keeps_its_grades_and_only_moderators_grade(exercise, people):
    with pytest.raises(NotNow) as routine:
        graded(filed(exercise, people.monitor_north, means="heard"), "A2", by=people.moderator_north)
    assert routine.value.code == "routine"
    report = filed(exercise, people.monitor_north)
    for person in (people.monitor_north, people.monitor_south, people.guarantor_alder):
        with pytest.raises(Forbidden):
            graded(report, "A2", by=person)


def test_the_pages_show_and_give_grades_and_the_queue_is_narrowed_by_them(client, exercise, people):
    report = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_independent)
    page = reverse("admin:violations_incident_change", args=[incident_of(report).public_id])
    form = reverse("admin:violations_incidentreport_grade", args=[report.public_id])
    client.force_login(people.moderator_north)
    assert "Grade: C2, given by its team and means." in client.get(page).text
    assert "Its grade: C2, given by its team and means." in client.get(form).text
    assert client.post(form, {"source": "C", "information": "2", "grounds": "So."}).status_code == 400
    answer = client.post(form, {"source": "A", "information": "3", "grounds": "Sensor beside."}, follow=True)
    assert "Grade: A3, given by a moderator." in answer.text
    assert "graded A3" in answer.text
    queue = reverse("admin:violations_incident_changelist")
    for grade, number in (("A", 1), ("B", 1), ("3", 1), ("C", 0)):
        rows = client.get(queue, {"grade": grade}).context["queue"].rows
        assert len(rows) == number, grade
