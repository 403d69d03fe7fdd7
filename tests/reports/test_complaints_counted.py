"""What a party's liaison filed is registered as that party's word, in rows of its own, and never as a team's."""

import json

import pytest

from reports import closings
from reports.closings import verifying
from reports.models import Edition
from reports.renderers.document.blocks import texts
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.reports.released import released_month
from tests.reports.schema import check_content
from tests.violations.documents import REPORTS, device_of, document
from tests.violations.duty_officers import duty_officer
from tests.violations.occasions import filed
from tests.violations.test_complaints import liaison_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


@pytest.fixture
def told(exercise, people):
    """A monitor's report, a party's word, and what a duty officer wrote down."""
    filed(exercise, people.monitor_north)
    device_of(liaison_of(exercise)).post(REPORTS, document(means="party_notification"))
    device_of(duty_officer(exercise)).post(REPORTS, document(channel="caller"))


def content_of(closing):
    return json.loads(closing.content())


def test_a_month_tells_filed_by_teams_and_by_parties_apart(exercise, told):
    closing = released_month(exercise)
    content = content_of(closing)
    check_content(content)
    section = content["sections"]["ledgers"]
    others = {row["team_kind"]: row["total"] for row in section["filed_by_others"]}
    assert others == {"joint": 0, "independent": 0, "none": 0, "party": 1}
    assert {row["guarantor"]: row["filed"]["total"] for row in section["ledgers"]}["alder"] == 2
    steps = {(row["step"], row["role"]): row["count"] for row in content["beside"]["steps"]["record"]}
    assert [steps["report_filed", role] for role in ("monitor", "liaison", "duty_officer")] == [1, 1, 1]
    assert closings.verify(closing).outcome == verifying.Outcome.SAME
    reading = Reading(content, json.loads(Edition.objects.get(closing=closing, guarantor__code="birch").content), "en")
    assert "Parties' own word, by their liaisons" in " ".join(texts(compose(reading)["blocks"]))


def test_a_day_tells_the_party_s_side(exercise, told):
    closing = closings.advance(closings.request(exercise, "day", "2025-03-10").pk)
    content = content_of(closing)
    check_content(content)
    rows = content["sections"]["registrations"]["by_filer"]
    assert rows[-1] == {"team_kind": "party", "side": "south", "count": 1}
    assert sum(row["count"] for row in rows) == 3


def test_where_nobody_complained_there_is_no_such_row(exercise, people):
    filed(exercise, people.monitor_north)
    section = content_of(released_month(exercise))["sections"]["ledgers"]
    assert "party" not in {row["team_kind"] for row in section["filed_by_others"]}
