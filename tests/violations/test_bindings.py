"""Asked of many at once, what binds is what is asked of one; and a page of many costs what one of few does."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.cases import proposed_on
from tests.violations.occasions import NOON, filed
from violations import provisions
from violations.bindings import Bindings
from violations.models import Assessment

pytestmark = pytest.mark.django_db


def test_what_binds_of_many_is_what_binds_of_one(exercise, people):
    for act in ("indirect_fire", "looting", "reinforcement", "overflight"):
        for days in (-400, 0, 5, 400):
            filed(exercise, people.monitor_north, act=act, occurred_from=NOON + timedelta(days=days))
    terms, answers = exercise.terms, set()
    parties = list(exercise.parties.order_by("pk").values_list("pk", flat=True))
    groups = [[], *([pk] for pk in parties), *combinations(parties[:4], 2)]
    for attribution in ("published", "not_made"):
        terms.attribution = attribution  # as a file may say
        bindings = Bindings(terms)
        for assessed in Assessment.objects.open():
            for group in groups:
                told = provisions.binding(assessed, terms, group).exists()
                assert bindings.bind(assessed, group) == told, (assessed.act, assessed.occurred_from, group)
                answers.add((told, bool(group), attribution))
    assert {(True, True, "published"), (False, True, "published"), (True, False, "not_made")} <= answers
    assert (False, False, "published") in answers


def test_the_effects_of_many_cost_as_many_queries_as_those_of_few(client, exercise, people):
    client.force_login(people.moderator_south)
    addresses = [(reverse("admin:violations_bulkjob_second"), {"which": "all"})]
    addresses += [(reverse("admin:violations_bulkjob_reports"), {"view": "all", "do": do}) for do in ("take", "accept")]
    asked = []
    for more in (2, 0, 9):  # what is asked once a process is asked at first
        for _number in range(more):
            proposed_on(filed(exercise, people.monitor_independent), by=people.moderator_north)
        asked.append([])
        for address, what in addresses:
            with CaptureQueriesContext(connection) as statements:
                assert client.get(address, what).status_code == 200
            asked[-1].append(len(statements))
    assert asked[1] == asked[2]
