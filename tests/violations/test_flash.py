"""Flash reports: which are told of by the file's rule, once a report, whatever becomes of the workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from monitoring.models import ALERTS, Notice
from tests.everybody import client_of
from tests.monitoring.truces import changed, faults, write
from tests.violations.occasions import HARM, corrected, filed, incident_of, reloaded
from violations import filing, flash
from violations.tasks import tell_of_flash_reports, tell_of_flash_reports_missed

pytestmark = pytest.mark.django_db


def told(agreement) -> list[tuple[str, list[str]]]:
    return [(row.details["act"], row.details["why"]) for row in agreement.notices.filter(kind="flash").order_by("pk")]


def with_rule(folder, rule: str):
    return reloaded(folder, ('[[sides]]\ncode = "north"', f'[alerts.flash]\n{rule}\n[[sides]]\ncode = "north"'))


def test_a_file_that_says_nothing_has_the_general_rule_and_the_hash_that_it_had(tmp_path, exercise):
    general = "[alerts.flash]\ngrave = true\nacts = []\nkilled_at_least = 0\n"
    silent = changed(tmp_path)
    assert silent.alerts.model_dump(mode="json") == ALERTS == exercise.terms.alerts
    said = changed(tmp_path, ("[[sides]]", f"{general}[[sides]]"))
    assert said.sha256 == silent.sha256
    other = changed(tmp_path, ("[[sides]]", f"{general.replace('true', 'false')}[[sides]]"))
    assert other.sha256 != silent.sha256


def test_a_rule_of_codes_that_nobody_knows_is_refused_with_its_place(tmp_path):
    rule = '[alerts.flash]\nacts = ["sorcery"]\nkilled_at_least = -1\nloud = true\n'
    places = [line.split(":")[0] for line in faults(write(tmp_path, ("[[sides]]", f"{rule}[[sides]]")))]
    assert places == ["alerts.flash.acts[1]", "alerts.flash.killed_at_least", "alerts.flash.loud"]


def test_what_is_grave_by_the_rule_of_lanes_is_told_at_once_and_once(exercise, people):
    filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_north, casualties=HARM)
    filed(exercise, people.monitor_south, objects_hit=("school",))
    assert flash.tell(exercise) == 2
    assert told(exercise) == [("indirect_fire", ["grave"]), ("indirect_fire", ["grave"])]
    tell_of_flash_reports()
    tell_of_flash_reports_missed()
    assert len(told(exercise)) == 2


def test_the_file_names_acts_and_a_number_killed(exercise, people, tmp_path):
    with_rule(tmp_path, 'grave = false\nacts = ["territory_taken"]\nkilled_at_least = 3')
    filed(exercise, people.monitor_north, act="territory_taken", casualties=HARM)
    filed(exercise, people.monitor_north, casualties={"killed": {"all": {"best": 2}}})
    filed(exercise, people.monitor_north, casualties=HARM)
    flash.tell(exercise)
    assert told(exercise) == [("territory_taken", ["act", "killed"]), ("indirect_fire", ["killed"])]


def test_a_report_is_judged_by_the_file_that_held_when_it_was_filed(exercise, people, tmp_path):
    filed(exercise, people.monitor_north)
    with_rule(tmp_path, 'acts = ["indirect_fire"]')
    assert flash.tell(exercise) == 0
    filed(exercise, people.monitor_north)
    assert flash.tell(exercise) == 1


def test_a_correction_that_fits_first_is_told_and_another_is_not(exercise, people):
    report = filed(exercise, people.monitor_north)
    assert flash.tell(exercise) == 0
    graver = corrected(report, people.monitor_north, casualties=HARM)
    assert flash.tell(exercise) == 1
    corrected(graver, people.monitor_north, objects_hit=("school",))
    assert flash.tell(exercise) == 0
    assert exercise.notices.get().object_id == str(incident_of(report).public_id)


def test_what_was_withdrawn_before_it_was_told_is_told_of_no_more(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    filing.withdraw(report, by=people.monitor_north, grounds="Heard of by others only.")
    assert flash.tell(exercise) == 0


def test_a_sweep_looks_no_further_back_than_it_is_asked(exercise, people):
    filed(exercise, people.monitor_north, casualties=HARM)
    assert flash.tell(exercise, within=timedelta()) == 0
    assert flash.tell(exercise) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_sweeps_at_once_each_report_is_told_by_one(exercise, people):
    for _number in range(5):
        filed(exercise, people.monitor_north, casualties=HARM)

    def sweep(_number: int) -> int:
        try:
            return flash.tell(exercise)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as several:
        assert sum(several.map(sweep, range(8))) == 5
    assert len(told(exercise)) == 5


def test_filing_sends_nothing_more_to_the_database(exercise, people, django_assert_num_queries):
    """What a flash report costs its filer: nothing, for the sweep finds it."""
    filed(exercise, people.monitor_north)  # what is planned once is planned
    with django_assert_num_queries(3) as ordinary:
        filed(exercise, people.monitor_north)
    with django_assert_num_queries(len(ordinary)):
        filed(exercise, people.monitor_north, casualties=HARM)
    assert not Notice.objects.exists()


def test_the_page_says_what_it_is_and_leads_there(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    flash.tell(exercise)
    (shown,) = client_of(people.moderator_south).get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert shown.says == "Indirect fire, up to 3 reported killed: in the grave lane by the truce's rule."
    assert shown.address == reverse("admin:violations_incident_change", args=[incident_of(report).public_id])
    assert client_of(people.moderator_south).get(shown.address).status_code == 200
