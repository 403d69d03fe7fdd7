"""Several querysets in one statement: each is answered as if it had been asked alone."""

import pytest
from django.db import connection
from django.db.models import DecimalField, F, Value
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from monitoring import accreditation
from monitoring.models import Accreditation, AreaShape, MechanismVersion, Party, Side, TeamTerms, ZoneLine
from monitoring.together import give, together
from tests.violations.occasions import HARM, filed
from violations.models import Assessment, IncidentReport, ReportParty

pytestmark = pytest.mark.django_db


def columns(row):
    return {name: value for name, value in vars(row).items() if name != "_state"}


def asked(exercise):
    return {
        "versions": MechanismVersion.objects.all(),
        "lines": ZoneLine.objects.select_related("zone").order_by("pk"),
        "shapes": AreaShape.objects.select_related("area").order_by("-pk"),
        "reports": IncidentReport.objects.with_redactions().with_grades().select_related("told_by").order_by("-pk"),
        "assessments": Assessment.objects.with_lane().select_related("lead_report", "version").order_by("pk"),
        "held": accreditation.with_side(Accreditation.objects.order_by("pk")),
        "kinds": TeamTerms.objects.order_by("pk").values_list("team_id", "kind"),
        "codes": Party.objects.order_by("-code").values_list("code", flat=True)[:3],
        "names": Side.objects.order_by("code").values("code", "names"),
        "none": Party.objects.none(),
        "nobody": Party.objects.filter(code="nobody"),
    }


@pytest.fixture
def reports(exercise, people):
    return [filed(exercise, people.monitor_north, casualties=HARM, objects_hit=("school", "market")) for _ in range(2)]


def test_every_queryset_has_the_rows_that_it_has_alone(exercise, people, reports):
    with CaptureQueriesContext(connection) as queries:
        found = together(**asked(exercise))
    assert len(queries) == 1
    for name, queryset in asked(exercise).items():
        alone = list(queryset)
        assert len(found[name]) == len(alone), name
        for one, other in zip(found[name], alone, strict=True):
            if isinstance(other, dict | tuple | str):
                assert one == other, name
            else:
                assert columns(one) == columns(other), name
                kept = other._state.fields_cache
                assert one._state.fields_cache.keys() == kept.keys(), name
                assert all(
                    (row is None) == (kept[field] is None) and (row is None or columns(row) == columns(kept[field]))
                    for field, row in one._state.fields_cache.items()
                ), name
    assert found["reports"]
    assert found["shapes"][0].boundary.srid == 4326
    assert found["none"] == found["nobody"] == []


def test_nothing_asked_is_answered_with_nothing(exercise):
    assert together(none=Party.objects.none()) == {"none": []}


def test_parts_are_given_to_the_rows_they_belong_to(exercise, people, reports):
    found = together(
        reports=IncidentReport.objects.order_by("pk"),
        parties=ReportParty.objects.select_related("party").order_by("pk"),
    )
    give(found["reports"], "parties", found["parties"])
    with CaptureQueriesContext(connection) as queries:
        told = [[row.party.code for row in report.parties.all()] for report in found["reports"]]
    assert told == [["north-army", "south-guard"]] * 2
    assert not queries.captured_queries
    give([], "parties", [])


def test_what_json_does_not_carry_whole_is_refused(exercise):
    exact = Party.objects.annotate(exact=Cast(Value("0.1"), DecimalField(max_digits=40, decimal_places=39)))
    with pytest.raises(TypeError, match="DecimalField"):
        together(exact=exact.annotate(again=F("exact")))


def test_sides_told_with_accreditations_are_those_that_are_asked_one_by_one(exercise, people):
    held = list(accreditation.with_side(Accreditation.objects.order_by("pk")))
    assert {accreditation.side_told(one) for one in held} == {accreditation.side_of(one) for one in held}
    assert [accreditation.side_told(one) for one in held] == [accreditation.side_of(one) for one in held]
    assert None in [accreditation.side_told(one) for one in held]
