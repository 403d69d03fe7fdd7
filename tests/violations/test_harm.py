"""How many a report says were harmed: what is read of it when it is filed is what PostgreSQL reads of it ever after."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from violations import harm

BOUNDS = st.dictionaries(st.sampled_from(["low", "best", "high"]), st.none() | st.integers(0, 100_000))
BY_WHOM = st.dictionaries(st.sampled_from(["civilian", "combatant", "unknown", "all", "women", "children"]), BOUNDS)
CASUALTIES = st.dictionaries(st.sampled_from(["killed", "injured"]), BY_WHOM)
# One report of one incident, as if it stood in the record.
ASKED = f"""
with violations_incidentreport as (select 1 as id, %s::jsonb as casualties),
     facts as (select 1 as report_id, array[1] as report_ids)
select casualties.* from facts left join {harm.CASUALTIES} on true"""

pytestmark = pytest.mark.django_db


@given(CASUALTIES)
@example({"killed": {"all": {}, "civilian": {"low": 1, "best": 2}}})
@example({"killed": {"all": {"best": 3}, "civilian": {"low": 9}}, "injured": {"women": {"low": 1}}})
@example({"injured": {"civilian": {"low": 5, "high": 2}, "unknown": {"best": 1}}})
def test_what_is_read_at_once_is_what_is_read_of_the_record(casualties):
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [json.dumps(casualties)])
        found = cursor.fetchone()
    assert harm.of_report(casualties) == found


def test_what_was_given_for_nobody_is_no_number():
    assert harm.of_report({}) == (None, None, None, None)
    assert harm.of_report({"killed": {"civilian": {"low": 0}}}) == (0, 0, None, None)
