"""Notices: told once, to whom they are for, and seen by each for themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring import accreditation, notices
from monitoring.accreditation import Role
from monitoring.admission import admission_of
from monitoring.models import AuditEntry, Notice, NoticeSeen
from monitoring.notices import Told
from tests.everybody import client_of

LIST = reverse("admin:monitoring_notice_changelist")
SEE = reverse("admin:monitoring_notice_see")


def late(on: str, **said) -> Told:
    return Told("second_late", on, details={"count": 3}, **said)


@pytest.mark.django_db
def test_what_is_told_again_is_told_once(exercise):
    assert notices.give(exercise, [late("2025-03-01"), late("2025-03-02"), late("2025-03-01")]) == 2
    assert notices.give(exercise, [late("2025-03-02"), late("2025-03-03")]) == 1
    assert notices.give(exercise, [late("2025-03-03")]) == notices.give(exercise, []) == 0
    assert Notice.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_several_who_tell_at_once_one_does(exercise):
    def tell(_number: int) -> int:
        try:
            return notices.give(exercise, [late(f"2025-03-{day:02}") for day in range(1, 11)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as several:
        told = list(several.map(tell, range(8)))
    assert sum(told) == Notice.objects.count() == 10


@pytest.mark.django_db
def test_a_notice_is_for_its_role_in_its_agreement_while_it_is_held(exercise, people):
    notices.give(exercise, [late("2025-03-01"), Told("work_failed", "2025-03-01", role=Role.OPERATOR)])
    for_moderators, for_operators = Notice.objects.order_by("pk")
    assert list(notices.of(people.moderator_north)) == [for_moderators]
    assert list(notices.of(people.operator)) == [for_operators]
    for nobody in (people.guarantor_alder, people.monitor_north, people.superuser):
        assert not notices.of(nobody).exists()
        assert admission_of(nobody).notices == 0
    accreditation.end(people.moderator_north.accreditations.open().get(), by=None)
    assert not notices.of(people.moderator_north).exists()
    assert admission_of(people.moderator_north).notices == 0


@pytest.mark.django_db
def test_each_sees_for_themselves_and_once(exercise, people):
    notices.give(exercise, [late(f"2025-03-{day:02}") for day in range(1, 6)])
    north, south = people.moderator_north, people.moderator_south
    assert notices.see(north, notices.of(north)) == 5
    assert notices.see(north, notices.of(north)) == 0
    assert [admission_of(one).notices for one in (north, south)] == [0, 5]
    assert not notices.waiting_for(north).exists()
    assert AuditEntry.objects.filter(action="notice.see", actor=north).count() == 1
    assert NoticeSeen.objects.count() == 5


@pytest.mark.django_db
def test_the_number_is_bounded_and_as_many_as_wait(exercise, people):
    notices.give(exercise, [late(f"day {day}") for day in range(150)])
    north = people.moderator_north
    assert admission_of(north).notices == notices.MOST == 100
    assert notices.waiting_for(north).count() == 150
    notices.see(north, notices.of(north).filter(pk__in=[row.pk for row in notices.of(north)[:130]]))
    assert admission_of(north).notices == notices.waiting_for(north).count() == 20


@pytest.mark.django_db
def test_the_number_takes_no_statement_of_its_own(exercise, people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert admission_of(people.moderator_north).notices == 0
    notices.give(exercise, [late(f"day {day}") for day in range(60)])
    with django_assert_num_queries(1):
        assert admission_of(people.moderator_north).notices == 60


@pytest.mark.django_db
def test_what_was_chosen_is_marked_and_what_came_meanwhile_is_not(exercise, people):
    notices.give(exercise, [late(f"day {day}") for day in range(3)])
    client = client_of(people.moderator_north)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "Notices (3)" in page.content.decode()
    first = Notice.objects.earliest("pk")
    answer = client.post(SEE, {"notice": [str(first.public_id), "nonsense"]}, follow=True)
    assert "1 notice is marked as seen." in answer.content.decode()
    notices.give(exercise, [late("came meanwhile")])
    client.post(SEE, {"all": "1", "newest": str(page.context["newest_id"])})
    assert [row.once for row in notices.waiting_for(people.moderator_north)] == ["came meanwhile"]
    assert "Notices (1)" in client.get(LIST).content.decode()
    assert len(client.get(LIST, {"seen": "all"}).context["notices"]) == 4


@pytest.mark.django_db
def test_another_s_notices_are_neither_listed_nor_marked(exercise, people):
    notices.give(exercise, [late("for operators", role=Role.OPERATOR)])
    client = client_of(people.moderator_north)
    assert client.get(LIST).context["notices"] == []
    client.post(SEE, {"notice": [str(Notice.objects.get().public_id)], "all": "1", "newest": "999999"})
    assert not NoticeSeen.objects.exists()
    for nobody in (people.guarantor_alder, people.monitor_north):
        assert client_of(nobody).get(LIST).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("newest", ["", "-1", "nonsense", "²", "9" * 5000, "1\x00"])
def test_a_page_that_no_page_was_marks_nothing(exercise, people, newest):
    notices.give(exercise, [late("a day")])
    client = client_of(people.moderator_north)
    assert client.post(SEE, {"all": "1", "newest": newest}).status_code == 302
    assert not NoticeSeen.objects.exists()


@pytest.mark.django_db
def test_pages_follow_one_another_and_filters_narrow(exercise, people):
    notices.give(exercise, [late(f"day {day}") for day in range(70)])
    client = client_of(people.moderator_north)
    first = client.get(LIST)
    second = client.get(LIST + first.context["older"])
    assert [len(page.context["notices"]) for page in (first, second)] == [50, 20]
    assert client.get(LIST, {"kind": "flash"}).context["notices"] == []
    assert len(client.get(LIST, {"kind": "second_late", "agreement": exercise.code}).context["notices"]) == 50
    assert client.get(LIST, {"kind": "sorcery"}).status_code == 400


@pytest.mark.django_db
def test_the_list_asks_as_often_for_fifty_as_for_one(exercise, people):
    notices.give(exercise, [late("one")])
    client = client_of(people.moderator_north)

    def asked() -> int:
        with CaptureQueriesContext(connection) as statements:
            client.get(LIST)
        return len(statements)

    asked()
    few = asked()
    notices.give(exercise, [late(f"day {day}") for day in range(60)])
    assert asked() == few
