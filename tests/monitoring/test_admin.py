"""The mechanism in admin: looked at by those accredited, changed by nobody."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import Accreditation, Agreement, AuditEntry, BoundarySet, MechanismVersion, User

pytestmark = pytest.mark.django_db

TABLES = [Agreement, MechanismVersion, BoundarySet, Accreditation]


def page(model, view, *args):
    return reverse(f"admin:monitoring_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", TABLES)
def test_an_operator_reads_every_table_of_the_mechanism_and_changes_none(client, people, model):
    client.force_login(people.operator)
    row = model.objects.first()
    assert client.get(page(model, "changelist")).status_code == 200
    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "change", row.pk), {}).status_code == 403
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_version_shows_all_that_it_states(client, people, exercise):
    client.force_login(people.moderator_south)
    text = client.get(page(MechanismVersion, "change", exercise.terms.pk)).content.decode()
    for stated in (
        "River Company",
        "Undertaking",
        "South proposal",
        "Contests that Cedar",
        "North side",
        "Harbour zone",
    ):
        assert stated.lower() in text.lower() or stated == "South proposal", stated


def test_who_monitors_is_not_shown_to_moderators(client, people):
    client.force_login(people.moderator_north)
    for model in (Accreditation, AuditEntry):
        assert client.get(page(model, "changelist")).status_code == 403


def test_accreditations_say_who_sent_each_and_tell_times_by_the_clocks_of_the_truce(client, people, exercise):
    liaison = User.objects.create(username="liaison-of-the-army")
    begins, ends = datetime(2025, 3, 4, 6, 30, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    given = accreditation.accredit(
        liaison,
        exercise,
        "liaison",
        by=None,
        party=exercise.parties.get(code="north-army"),
        valid_from=begins,
        valid_until=ends,
    )
    client.force_login(people.operator)
    said = (
        "North Army",
        "3 March 2025, 22:30 (UTC−08:00)",
        "1 January 2026, 16:00 (UTC−08:00)",
    )
    for address in (page(Accreditation, "changelist"), page(Accreditation, "change", given.pk)):
        text = client.get(address).text.replace("\u00a0", " ")
        for told in said:
            assert told in text, (told, address)
        assert "a.m." not in text
        assert "p.m." not in text
    with CaptureQueriesContext(connection) as few:
        client.get(page(Accreditation, "changelist"))
    for number in range(3):
        accreditation.accredit(User.objects.create(username=f"auditor-{number}"), exercise, "auditor", by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(page(Accreditation, "changelist"))
    assert len(many) == len(few)


def test_another_truces_mechanism_is_not_there_for_those_not_accredited_to_it(client, people, exercise, astana):
    client.force_login(people.moderator_north)
    assert client.get(page(MechanismVersion, "change", exercise.terms.pk)).status_code == 200
    assert client.get(page(MechanismVersion, "change", astana.terms.pk)).status_code == 404
    assert "astana-2016" not in client.get(page(Agreement, "changelist")).content.decode()


@pytest.mark.parametrize("name", ["monitor_north", "guarantor_alder"])
def test_who_is_not_staff_does_not_enter(client, people, name):
    client.force_login(getattr(people, name))
    assert client.get(page(Agreement, "changelist")).status_code in {302, 403}


def test_a_version_is_shown_in_a_number_of_queries_that_does_not_grow_with_its_parties(
    client, people, exercise, django_assert_max_num_queries
):
    client.force_login(people.operator)
    with django_assert_max_num_queries(32):
        client.get(page(MechanismVersion, "change", exercise.terms.pk))


def test_no_list_is_narrowed_by_what_its_filters_do_not_offer(rf):
    """Else whoever may not read a column asks for it sign by sign."""
    request = rf.get("/admin/")
    for table in admin.site._registry.values():
        for lookup in (
            "id__regex",
            "recorded_at__year",
            "content__contains",
            "common__content__contains",
            "digest__startswith",
            "failure__contains",
        ):
            assert not table.lookup_allowed(lookup, ["1"], request), (table, lookup)


@pytest.mark.parametrize(
    "asked",
    [
        {"common__content__contains": "registered"},
        {"common__content__regex": "("},
        {"comments_sha256__startswith": "a"},
        {"recorded_at__year": "99999999999"},
        {"agreement__name__contains": "V"},
        {"state__exact": "\0"},
    ],
)
def test_an_operator_asks_a_closing_for_nothing_but_what_is_listed(client, people, asked):
    client.force_login(people.operator)
    at = reverse("admin:reports_closing_changelist")
    assert client.get(at, asked).status_code == 400
    assert client.get(at, {"state__exact": "released"}).status_code == 200
