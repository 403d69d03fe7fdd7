"""Lists and times of the admin: by the truce's clocks, dates as elsewhere, with what a row is recognised by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from monitoring import accreditation
from monitoring.models import User
from tests.second_factors import with_second_factor
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import corrected, filed, incident_of, reloaded
from tests.violations.test_import_third_party import run as third_party_figures
from tests.violations.test_import_third_party import written
from tests.violations.test_returns import TOLD
from violations import review
from violations.admin import words
from violations.models import IncidentReport
from violations.report_content import NamedParty
from violations.returns import record_return

DAMASCUS, FIXED = ZoneInfo("Asia/Damascus"), ZoneInfo("Etc/GMT+8")
WINTER, SUMMER = datetime(2017, 1, 22, 10, tzinfo=UTC), datetime(2017, 5, 5, 10, tzinfo=UTC)
# The clocks of Kyiv were put forward at one o'clock UTC.
NIGHT = datetime(2025, 3, 29, 23, 30, tzinfo=UTC)
HOURS = timedelta(hours=1)


def listed(client, person, model: str, **asked) -> str:
    client.force_login(person)
    response = client.get(reverse(f"admin:violations_{model}_changelist"), asked)
    assert response.status_code == 200
    return response.text


def test_a_zone_of_several_offsets_is_named_alone_and_each_time_has_its_own():
    assert words.zone_name(DAMASCUS) == "Asia/Damascus"
    assert words.instant(WINTER, DAMASCUS) == "22 January 2017, 12:00 (UTC+02:00)"
    assert words.instant(SUMMER, DAMASCUS) == "5 May 2017, 13:00 (UTC+03:00)"
    assert words.zone_name(FIXED) == "UTC−08:00"
    assert words.instant(WINTER, FIXED) == "22 January 2017, 02:00"


@pytest.mark.parametrize(
    ("hours", "zone", "told"),
    [
        (1, "Europe/Kyiv", "30 March 2025, 01:30 to 02:30 (UTC+02:00)"),
        (2, "Europe/Kyiv", "30 March 2025, 01:30 (UTC+02:00) to 04:30 (UTC+03:00)"),
        (24, "Europe/Kyiv", "30 March 2025, 01:30 (UTC+02:00) to 31 March 2025, 02:30 (UTC+03:00)"),
        (1, "Etc/GMT+8", "29 March 2025, 15:30 to 16:30"),
    ],
)
def test_hours_between_two_offsets_have_each_its_own(hours, zone, told):
    assert words.occurred(NIGHT, NIGHT + hours * HOURS, "hour", ZoneInfo(zone)) == told


@pytest.mark.django_db
def test_the_pages_of_an_incident_name_the_zone_alone_where_its_times_differ(client, exercise, people, tmp_path):
    reloaded(tmp_path, ('"Etc/GMT+8"', '"Europe/Kyiv"'))
    report = filed(
        exercise, people.monitor_north, occurred_from=NIGHT, occurred_until=NIGHT + 2 * HOURS, time_precision="hour"
    )
    finding = proposed_on(report, by=people.moderator_north)
    client.force_login(people.moderator_south)
    for address in (
        reverse("admin:violations_incident_change", args=[incident_of(report).public_id]),
        reverse("admin:violations_incidentreport_change", args=[report.public_id]),
        reverse("admin:violations_finding_change", args=[finding.public_id]),
    ):
        assert "All times in Europe/Kyiv." in client.get(address).text
    queue = client.get(reverse("admin:violations_incident_changelist")).text
    assert "Times in Europe/Kyiv." in queue
    assert "30 March 2025, 01:30 (UTC+02:00) to 04:30 (UTC+03:00)" in queue


@pytest.mark.django_db
def test_the_list_of_findings_says_of_what_incident_each_is(client, exercise, people):
    agreed_on(filed(exercise, people.monitor_north, place_as_written="the mill"), people)
    text = listed(client, people.moderator_south, "finding")
    for told in ("the mill", "indirect fire", "10\u00a0March\u00a02025, 12:00\u00a0(UTC−08:00)"):
        assert text.casefold().count(told.casefold()) >= 2, told


@pytest.mark.django_db
def test_the_list_of_reports_says_who_is_named_and_where_the_review_stands(client, exercise, people):
    taken(exercise, people.monitor_north, by=people.moderator_south)
    filed(exercise, people.monitor_north, parties=(NamedParty("involved", "men of the coast"),))
    text = listed(client, people.moderator_south, "incidentreport")
    for told in (
        '<span class="cell-line">alleged North Army</span><span class="cell-line">against South Guard</span>',
        "involved men of the coast",
        "under review",
        "submitted",
    ):
        assert told.casefold() in text.casefold(), told
    assert "10\u00a0March\u00a02025, 12:00\u00a0(UTC−08:00)" in text


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["incidentreport", "incident"])
@pytest.mark.parametrize("said", ["{0}", " {0} ", "{bare}", "{lower}", "{lower_bare}"])
def test_a_report_is_found_by_the_receipt_that_its_filer_reads_out(client, exercise, people, model, said):
    report = taken(exercise, people.monitor_north, by=people.moderator_south, place_as_written="the mill")
    filed(exercise, people.monitor_north, place_as_written="the quay")
    bare = report.receipt.replace("-", "")
    asked = said.format(report.receipt, bare=bare, lower=report.receipt.lower(), lower_bare=bare.lower())
    text = listed(client, people.moderator_south, model, q=asked, **({"view": "all"} if model == "incident" else {}))
    assert "the mill" in text
    assert "the quay" not in text


@pytest.mark.django_db
def test_a_report_is_found_by_the_receipt_of_an_earlier_revision_and_never_another_s(client, exercise, people, astana):
    first = filed(exercise, people.monitor_north, place_as_written="the mill")
    corrected(first, people.monitor_north, place_as_written="the weir")
    for receipt in IncidentReport.objects.values_list("receipt", flat=True):
        assert "the weir" in listed(client, people.moderator_south, "incidentreport", q=receipt)
    misheard = first.receipt[:-1] + ("2" if first.receipt[-1] != "2" else "3")
    assert "the weir" not in listed(client, people.moderator_south, "incidentreport", q=misheard)
    elsewhere = with_second_factor(User.objects.create_user("moderator-elsewhere"))
    accreditation.accredit(elsewhere, astana, "moderator", by=None)
    assert "the weir" not in listed(client, elsewhere, "incidentreport", q=first.receipt)


@pytest.mark.django_db
def test_the_lists_ask_no_more_for_many_rows_than_for_one(client, exercise, people):
    agreed_on(filed(exercise, people.monitor_north), people)
    asked = {}
    for of in ("one", "many"):
        for model in ("finding", "incidentreport"):
            with CaptureQueriesContext(connection) as captured:
                listed(client, people.moderator_south, model)
            asked[of, model] = len(captured)
        for number in range(4):
            report = taken(exercise, people.monitor_north, by=people.moderator_south, place_as_written=f"{number}")
            review.accept(report, by=people.moderator_south)
            agreed_on(report, people)
    for model in ("finding", "incidentreport"):
        assert asked["many", model] <= asked["one", model]


@pytest.mark.django_db
def test_returns_and_figures_of_third_parties_are_dated_as_everything_else(client, exercise, people, astana, tmp_path):
    record_return(exercise, TOLD, by=None)
    assert "5\u00a0March\u00a02025" in listed(client, people.moderator_north, "dailyreturn")
    third_party_figures(written(tmp_path, {}))
    reader = with_second_factor(User.objects.create_user("moderator-of-astana"))
    accreditation.accredit(reader, astana, "moderator", by=None)
    text = listed(client, reader, "thirdpartyfigure")
    assert "14\u00a0January\u00a02017" in text
    assert "Jan. 14, 2017" not in text


def test_nothing_is_deleted_by_an_action_and_no_list_offers_any(client, people, exercise):
    filed(exercise, people.monitor_north)
    seen = 0
    for person in (people.moderator_north, people.operator):
        client.force_login(person)
        for model in admin.site._registry:
            try:
                address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            except NoReverseMatch:
                continue  # buttons alone
            shown = client.get(address)
            seen += shown.status_code == 200
            assert "delete_selected" not in shown.text, address
            there = set(model._default_manager.values_list("pk", flat=True))
            chosen = {"action": "delete_selected", "_selected_action": list(there), "select_across": "1", "post": "yes"}
            client.post(address, chosen)
            assert there <= set(model._default_manager.values_list("pk", flat=True)), address  # audits grow
    assert seen > 20
