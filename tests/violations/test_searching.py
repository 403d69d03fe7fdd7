"""Words of reports are found in any script, however they are written, in any revision; by an index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from tests.violations.occasions import corrected, filed, incident_of
from violations import searching

pytestmark = pytest.mark.django_db

TOLD = "ثلاثة انفجارات قرب مَدرسة الأمل في ٢٤ آذار"


def found(exercise, written):
    return searching.incidents(written, [exercise.pk])


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("Éveil de la Forêt", "eveil foret"),
        ("Żółkiew", "zolkiew"),
        ("Diyarbakır köyü", "DIYARBAKIR koyu"),
        ("İstasyon", "istasyon"),
        ("посёлок Зелёный", "ПОСЕЛОК зеленый"),
        ("مدرسة الأمل", "مدرسه الامل"),
        ("خان يونس", "خان یونس"),
        ("کوبانی", "كوبانى"),
        ("الـــمستشفى", "المستشفى"),
        ("حاجز ٢٤", "حاجز 24"),
        ("می\u200cشود", "میشود"),
        ("ﺣﻠﺐ", "حلب"),
        ("Skerry mill", "sker mil"),
        ("King's Mill & Sons", "king's"),
    ],
)
def test_words_are_found_however_they_are_written(exercise, people, place, written):
    report = filed(exercise, people.monitor_north, place_as_written=place)
    filed(exercise, people.monitor_north, place_as_written="elsewhere")
    assert found(exercise, written) == {incident_of(report).pk}


def test_every_word_is_asked_for_in_place_and_narrative_of_any_revision(exercise, people):
    report = filed(
        exercise, people.monitor_north, place_as_written="by the weir", narrative=TOLD, narrative_language="ar"
    )
    corrected(report, people.monitor_north, place_as_written="by the mill")
    incident = {incident_of(report).pk}
    for written in ("weir", "mill", "weir انفجارات", "مدرسة 24"):
        assert found(exercise, written) == incident, written
    for written in ("weir lock", "eir", "' | !()&:*", "", "%"):
        assert found(exercise, written) == set(), written


def test_where_too_many_have_the_words_each_incident_is_asked(client, exercise, people, monkeypatch):
    reports = [filed(exercise, people.monitor_north, place_as_written=f"post {number}") for number in range(3)]
    filed(exercise, people.monitor_north, place_as_written="elsewhere")
    monkeypatch.setattr(searching, "MOST", 2)
    assert found(exercise, "post") is None
    client.force_login(people.moderator_north)
    queue = client.get(reverse("admin:violations_incident_changelist"), {"q": "Pöst"}).context["queue"]
    assert [row.assessment.incident_id for row in queue.rows] == [incident_of(report).pk for report in reports]


def test_the_list_of_reports_finds_them_too(client, exercise, people):
    report = filed(exercise, people.monitor_north, place_as_written="مدرسة الأمل")
    filed(exercise, people.monitor_north, place_as_written="elsewhere")
    client.force_login(people.moderator_north)
    text = client.get(reverse("admin:violations_incidentreport_changelist"), {"q": "مدرسه الامل"}).text
    assert report.public_id.hex[:10] in text
    assert "elsewhere" not in text


def test_words_are_found_by_their_index(exercise, people):
    filed(exercise, people.monitor_north)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        words = searching.WORDS.format(report="told")
        cursor.execute(
            f"explain select from violations_incidentreport told where {words} @@ {searching.ASKED}", ["weir"]
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "violations_report_words" in plan
