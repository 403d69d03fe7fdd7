"""What the system makes of an incident, and when it says so anew."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.contrib.gis.geos import Polygon
from django.db import OperationalError, connection, transaction

from monitoring import areas, ledger, mechanism, mechanism_file
from monitoring.models import MechanismVersion
from tests.conftest import MECHANISMS
from tests.violations.occasions import NOON, corrected, filed, incident_of
from violations import assessment, docket, filing
from violations.codebook import LinkKind
from violations.models import Assessment, Incident, IncidentReport, ReportLink
from violations.report_content import NamedParty

pytestmark = pytest.mark.django_db


def assessed(report: IncidentReport) -> Assessment:
    """The open assessment of the incident that the report's chain is a member of."""
    return Assessment.objects.open().get(incident=incident_of(report))


def area_codes(agreement, one: Assessment) -> set[str]:
    return set(agreement.areas.filter(pk__in=one.areas).values_list("code", flat=True))


def zone_codes(agreement, one: Assessment) -> set[str]:
    return set(agreement.zones.filter(pk__in=one.zones).values_list("code", flat=True))


def load_exercise(tmp_path, *changes: tuple[str, str]) -> MechanismVersion:
    """Load the exercise's file again with some of its text changed, as `load_mechanism` does."""
    text = (MECHANISMS / "exercise.toml").read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "exercise.toml"
    path.write_text(text)
    path.with_suffix(".geojson").write_text((MECHANISMS / "exercise.geojson").read_text())
    with ledger.writing() as entry:
        version = mechanism.record(mechanism_file.read(path), by=None, entry=entry)
        assessment.reassess_agreement(version.agreement, recorded_at=entry.stamp())
    return version


def join(report: IncidentReport, other: IncidentReport, kind: str) -> None:
    """Make `report` a member of the incident of `other`, as linking does once it is decided."""
    into, left = incident_of(other), incident_of(report)
    with ledger.writing() as entry:
        entry.close(ReportLink.objects.open().filter(chain=report.chain), expected=1)
        ReportLink.objects.create(
            report=report, chain=report.chain, incident=into, kind=kind, recorded_at=entry.stamp()
        )
        assessment.reassess([into.pk, left.pk], recorded_at=entry.stamp())
        docket.follow([into.pk, left.pk], recorded_at=entry.stamp())


def test_a_filed_incident_is_placed_and_judged_at_the_stamp_of_its_filing(exercise, people):
    report = filed(exercise, people.monitor_north, position=(-123.25, -48.8))
    one = assessed(report)
    assert one.recorded_at == report.recorded_at
    assert (one.lead_report, one.version) == (report, exercise.terms)
    assert area_codes(exercise, one) == {"VA02"}
    assert one.boundary_sets == [exercise.boundary_sets.open().get().pk]
    assert one.scope == "in_scope"
    assert one.scope_reasons == [
        {"class": "in_scope", "party": "north-army", "role": "alleged", "as_written": "north-army"},
        {"class": "in_scope", "party": "south-guard", "role": "target", "as_written": "south-guard"},
    ]


SCOPE_OF_PARTIES = {
    "north-army": "in_scope",
    "north-volunteers": "in_scope",  # bound through another
    "harbour-brigade": "in_scope",  # by what its league signed
    "south-league": "in_scope",  # an umbrella with an adherence of its own
    "cedar-forces": "in_scope",  # a guarantor's own forces are judged as anybody
    "black-gull": "excluded_designated",
    "hill-clans": "excluded_non_signatory",
    "coast-watch": "disputed",
    "unknown-armed-men": "not_assessed",
    "men in a red boat": "not_assessed",
}


@pytest.mark.parametrize("role", ["alleged", "target", "involved"])
def test_each_named_party_is_judged_firing_or_fired_at(exercise, people, role):
    for name, scope in SCOPE_OF_PARTIES.items():
        one = assessed(filed(exercise, people.monitor_north, parties=(NamedParty(role, name),)))
        assert one.scope == scope, name
        party = None if name == "men in a red boat" else name
        assert one.scope_reasons == [{"class": scope, "party": party, "role": role, "as_written": name}]


def test_every_reason_is_kept_and_the_first_in_precedence_is_the_answer(exercise, people):
    one = assessed(
        filed(
            exercise,
            people.monitor_north,
            occurred_from=NOON - timedelta(days=9),
            position=(-120, -40),
            parties=(
                NamedParty("alleged", "hill-clans"),
                NamedParty("alleged", "black-gull"),
                NamedParty("target", "north-army"),
            ),
        )
    )
    assert one.scope == "outside_period"
    assert [reason["class"] for reason in one.scope_reasons] == [
        "outside_period",
        "outside_area",
        "excluded_designated",
        "excluded_non_signatory",
        "in_scope",
    ]


def test_where_nobody_is_named_scope_is_not_assessed(exercise, people):
    one = assessed(filed(exercise, people.monitor_north, parties=()))
    assert one.scope == "not_assessed"
    assert one.scope_reasons == [{"class": "not_assessed", "party": None, "role": None, "as_written": None}]


def test_the_truce_holds_from_its_first_instant_until_before_its_last(exercise, people):
    begins, ends = exercise.terms.in_force_from, exercise.terms.in_force_until
    scopes = [
        assessed(filed(exercise, people.monitor_north, occurred_from=at)).scope
        for at in (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends)
    ]
    assert scopes == ["outside_period", "in_scope", "in_scope", "outside_period"]


def test_a_point_on_a_border_belongs_to_both_districts(exercise, people):
    shapes = {shape.area.code: shape.boundary for shape in exercise.boundary_sets.open().get().shapes.all()}
    border = shapes["VA01"].intersection(shapes["VA02"])
    corner = next(iter(border.coords[0])) if border.num_coords else border.centroid.coords
    one = assessed(filed(exercise, people.monitor_north, position=corner))
    assert {"VA01", "VA02"} <= area_codes(exercise, one)


def test_a_place_is_answered_only_as_finely_as_it_is_known(exercise, people):
    here = (-123.25, -48.8)
    found = {
        precision: area_codes(
            exercise, assessed(filed(exercise, people.monitor_north, position=here, place_precision=precision))
        )
        for precision in ("exact", "locality", "district", "surroundings", "governorate", "country")
    }
    assert found == {
        "exact": {"VA02"},
        "locality": {"VA02"},
        "district": {"VA02"},
        "surroundings": set(),
        "governorate": set(),
        "country": set(),
    }


def test_a_sector_is_in_a_district_only_if_all_of_it_is(exercise, people):
    small = Polygon.from_bbox((-123.26, -48.81, -123.24, -48.79))
    large = Polygon.from_bbox((-123.9, -48.9, -122.7, -48.7))
    found = [
        area_codes(
            exercise,
            assessed(filed(exercise, people.monitor_north, position=None, place_area=sector, place_precision="sector")),
        )
        for sector in (small, large)
    ]
    assert found == [{"VA02"}, set()]


def test_without_a_point_the_area_as_stated_is_taken(exercise, people):
    one = assessed(filed(exercise, people.monitor_north, position=None, stated_area="VA05", place_precision="district"))
    assert area_codes(exercise, one) == {"VA05"}


def test_a_zone_is_said_under_any_reading_of_its_line(exercise, people):
    zone = exercise.zones.get(code="strait-buffer")
    drawn = {line.drawn_by: line.boundary for line in zone.lines.filter(version=exercise.terms)}
    only_north = drawn["North side"].difference(drawn["South side"]).point_on_surface.coords
    beyond = (-123.25, -48.75)
    assert zone_codes(exercise, assessed(filed(exercise, people.monitor_north, position=only_north))) == {zone.code}
    assert zone_codes(exercise, assessed(filed(exercise, people.monitor_north, position=beyond))) == set()


def test_a_correction_closes_the_assessment_and_opens_the_next_at_one_instant(exercise, people):
    report = filed(exercise, people.monitor_north)
    first = assessed(report)
    revision = corrected(report, people.monitor_north, act="direct_fire")
    second = assessed(revision)
    first.refresh_from_db()
    assert first.superseded_at == second.recorded_at == revision.recorded_at
    assert (first.act, second.act) == ("indirect_fire", "direct_fire")


def test_a_withdrawn_incident_has_no_open_assessment(exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    filing.withdraw(report, by=people.monitor_north, grounds="It was thunder.")
    assert not incident.assessments.open().exists()
    assert incident.assessments.count() == 1


def test_nothing_is_written_where_the_answer_is_the_same(exercise, people):
    report = filed(exercise, people.monitor_north)
    with ledger.writing() as entry:
        found = assessment.reassess([incident_of(report).pk] * 2, recorded_at=entry.stamp())
    assert (found.closed, found.written) == (0, 0)


def test_a_new_mechanism_version_touches_only_those_whose_answer_it_changes(exercise, people, tmp_path):
    clans = filed(exercise, people.monitor_north, parties=(NamedParty("alleged", "hill-clans"),))
    army = filed(exercise, people.monitor_north)
    before = {report: assessed(report) for report in (clans, army)}
    version = load_exercise(tmp_path, ('kind = "non_signatory", source', 'kind = "declared", source'))
    assert assessed(army) == before[army], "an answer that stays keeps its row, and the version it was found by"
    after = assessed(clans)
    assert (before[clans].scope, after.scope) == ("excluded_non_signatory", "in_scope")
    assert after.version == version
    assert after.recorded_at == version.recorded_at


def test_rival_readings_of_a_signature_leave_the_party_disputed(exercise, people, tmp_path):
    report = filed(exercise, people.monitor_north, parties=(NamedParty("alleged", "hill-clans"),))
    rival = '{ to = "truce-agreement", kind = "declared", reading = "South side", source = "Invented." }'
    load_exercise(
        tmp_path,
        (
            '[{ to = "truce-agreement", kind = "non_signatory", source = "Invented for the exercise." }]',
            f'[{{ to = "truce-agreement", kind = "non_signatory", source = "Invented." }}, {rival}]',
        ),
    )
    assert assessed(report).scope == "disputed"


@pytest.mark.parametrize(("parent", "scope"), [("", "not_assessed"), ('parent = "south-league"\n', "disputed")])
def test_an_umbrella_without_a_word_of_its_own_is_disputed_where_its_parties_differ(
    exercise, people, tmp_path, parent, scope
):
    report = filed(exercise, people.monitor_north, parties=(NamedParty("alleged", "south-league"),))
    league = 'bulletin = ["southern formations"] }\nadherences = '
    brigade = 'aliases = { any = ["Old Harbour Brigade"] }\n'
    signed = '[{ to = "truce-agreement", kind = "signatory", source = "Invented." }]'
    load_exercise(
        tmp_path,
        (league, league.replace("adherences = ", "adherences = [] #")),
        (brigade, f"{brigade}adherences = {signed}\n"),
        ('names = { en = "Hill Clans" }\n', f'names = {{ en = "Hill Clans" }}\n{parent}'),
    )
    assert assessed(report).scope == scope


def load_districts(agreement, path) -> assessment.Reassessed:
    """Load shapes as `load_areas` does, from another source than the fixture's."""
    with ledger.writing() as entry:
        areas.load(
            agreement,
            path,
            level="district",
            source="Drawn again",
            by=None,
            entry=entry,
            code_property="code",
        )
        return assessment.reassess_agreement(agreement, recorded_at=entry.stamp())


def test_shapes_drawn_otherwise_place_incidents_anew(exercise, people, tmp_path):
    report = filed(exercise, people.monitor_north, position=(-123.25, -48.8))
    before = assessed(report)
    same = load_districts(exercise, MECHANISMS / "exercise-districts.geojson")
    assert (same.closed, same.written) == (0, 0), "the same shapes from another source change no answer"
    drawn = (MECHANISMS / "exercise-districts.geojson").read_text()
    path = tmp_path / "renamed.geojson"
    path.write_text(drawn.replace("VA02", "VAxx").replace("VA03", "VA02").replace("VAxx", "VA03"))
    assert load_districts(exercise, path) == assessment.Reassessed(closed=1, written=1)
    after = assessed(report)
    assert (area_codes(exercise, before), area_codes(exercise, after)) == ({"VA02"}, {"VA03"})
    assert after.boundary_sets == [exercise.boundary_sets.open().get().pk]


def test_the_lead_is_the_first_member_and_a_duplicate_only_where_there_is_no_other(exercise, people):
    first = filed(exercise, people.monitor_north, act="direct_fire")
    second = filed(exercise, people.monitor_south, act="indirect_fire")
    third = filed(exercise, people.monitor_independent, act="device")
    join(second, first, LinkKind.DUPLICATE)
    join(third, first, LinkKind.SAME_EVENT)
    assert assessed(first).lead_report == first
    filing.withdraw(first, by=people.monitor_north, grounds="Seen wrongly.")
    assert assessed(third).lead_report == third
    filing.withdraw(third, by=people.monitor_independent, grounds="Seen wrongly.")
    assert assessed(second).lead_report == second


def test_a_correction_keeps_the_lead_before_a_report_linked_meanwhile(exercise, people):
    first = filed(exercise, people.monitor_north)
    join(filed(exercise, people.monitor_south), first, LinkKind.SAME_EVENT)
    revision = corrected(first, people.monitor_north, act="direct_fire")
    assert assessed(first).lead_report == revision


def test_casualties_are_the_least_of_the_lead_and_the_most_of_all(exercise, people):
    broken = {"killed": {"civilian": {"low": 4, "best": 2, "high": 3}, "unknown": {"best": 1}}}
    first = filed(exercise, people.monitor_north, casualties=broken)
    one = assessed(first)
    assert (one.killed_low, one.killed_high, one.injured_low, one.injured_high) == (3, 5, None, None)
    more = {"killed": {"civilian": {"low": 0, "high": 7}}, "injured": {"combatant": {"high": 0}}}
    join(filed(exercise, people.monitor_south, casualties=more), first, LinkKind.DUPLICATE)
    one = assessed(first)
    assert (one.killed_low, one.killed_high, one.injured_low, one.injured_high) == (3, 7, None, 0)


def test_merging_closes_the_assessment_of_the_incident_that_is_left(exercise, people):
    first, second = filed(exercise, people.monitor_north), filed(exercise, people.monitor_south)
    left = incident_of(second)
    join(second, first, LinkKind.SAME_EVENT)
    assert not left.assessments.open().exists()
    assert Assessment.objects.open().count() == 1


def test_as_many_statements_for_one_incident_as_for_many(exercise, people, django_assert_num_queries):
    for _ in range(12):
        filed(exercise, people.monitor_north)
    incidents = list(Incident.objects.values_list("pk", flat=True))
    with ledger.writing() as entry:
        stamp = entry.stamp()
        for asked in (incidents[:1], incidents):
            with django_assert_num_queries(3):
                assessment.reassess(asked, recorded_at=stamp)
        with django_assert_num_queries(4):
            assessment.reassess_agreement(exercise, recorded_at=stamp)
        with django_assert_num_queries(0):
            assessment.reassess([], recorded_at=stamp)


def test_an_entry_stamped_earlier_does_not_overrule_a_later_one(exercise, people):
    report = filed(exercise, people.monitor_north)
    with ledger.writing(), pytest.raises(ledger.Conflict):
        assessment.reassess([incident_of(report).pk], recorded_at=datetime(2025, 4, 1, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_filing_waits_for_whoever_records_the_mechanism_before_it_is_stamped(exercise, people):
    settings = connection.settings_dict
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user=settings["USER"]) as loader:
        loader.execute("select 1 from monitoring_agreement where id = %s for update", [exercise.pk])
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                filed(exercise, people.monitor_north)
            transaction.set_rollback(True)
    assert filed(exercise, people.monitor_north)
