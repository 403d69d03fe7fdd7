"""The second real truce: what its mechanism file says, and whom it does not make a guarantor."""

from datetime import UTC, datetime, time
from io import StringIO

import pytest
import shapely
from django.core.management import call_command

from monitoring import mechanism_file
from monitoring.models import (
    Adherence,
    Agreement,
    GuarantorState,
    GuarantorTerm,
    InstrumentTerms,
    PartyTerms,
    ProvisionTerms,
    Reservation,
    TeamTerms,
    Undertaking,
    ZoneLine,
)
from tests.monitoring.truces import SHIPPED
from violations import codebook

pytestmark = pytest.mark.django_db


def drawing(code: str) -> shapely.Geometry:
    return shapely.from_wkb(bytes(ZoneLine.objects.get(zone__code=code).boundary.wkb))


def test_it_is_loaded_like_any_other_and_again_changes_nothing():
    out = StringIO()
    for _time in range(2):
        call_command("load_mechanism", SHIPPED / "minsk-2015.toml", stdout=out)
    first, second = out.getvalue().splitlines()
    assert "minsk-2015: mechanism version 1" in first
    assert "0 guarantors" in first
    assert second.endswith("says the same already; nothing was written.")
    assert not Agreement.objects.get().simulated


def test_its_day_begins_at_half_past_seven_and_bears_the_date_of_its_end(minsk):
    version = minsk.terms
    assert (version.day_begins, version.day_named_for, version.time_zone) == (time(19, 30), "end", "Europe/Kyiv")
    assert version.in_force_from == datetime(2015, 2, 14, 22, tzinfo=UTC)
    assert (version.attribution, version.first_period, version.unit_of_count) == ("not_made", "", "incident")


def test_nobody_is_a_guarantor_and_nobody_undertook_which_stands_as_a_reservation(minsk):
    assert not GuarantorState.objects.exists()
    assert not GuarantorTerm.objects.exists()
    assert not Undertaking.objects.exists()
    reservation = Reservation.objects.get(version=minsk.terms, code="no-guarantor-signed")
    assert (reservation.on_kind, reservation.on_code) == ("instrument", "normandy-declaration")
    assert "None signed as guarantor" in reservation.text["en"]


def test_the_mission_is_independent_and_no_team_is_of_a_guarantor(minsk):
    assert dict(TeamTerms.objects.values_list("team__code", "kind")) == {
        "special-monitoring-mission": "independent",
        "jccc": "joint",
    }


def test_each_party_is_bound_by_what_was_signed_for_it(minsk):
    package = Adherence.objects.filter(version=minsk.terms, instrument__code="package-of-measures")
    assert dict(package.values_list("party__code", "kind")) == dict.fromkeys(
        ("ukrainian-forces", "armed-formations", "armed-formations-donetsk", "armed-formations-luhansk"), "signatory"
    )
    sides = dict(PartyTerms.objects.filter(version=minsk.terms).values_list("party__code", "side__code"))
    assert sides == {
        "ukrainian-forces": "government",
        "armed-formations": "certain-areas",
        "armed-formations-donetsk": "certain-areas",
        "armed-formations-luhansk": "certain-areas",
        "unknown": None,
    }


def test_the_texts_are_in_force_from_when_they_were_and_say_where_they_can_be_read(minsk):
    starts = {row.instrument.code: row.valid_from for row in InstrumentTerms.objects.filter(version=minsk.terms)}
    assert starts["package-of-measures"] == minsk.terms.in_force_from
    assert starts["memorandum-2014"] < starts["package-of-measures"] < starts["framework-decision"]
    for told in (InstrumentTerms, ProvisionTerms, Adherence, Reservation, ZoneLine):
        assert all(row.source for row in told.objects.filter(version=minsk.terms)), told


def test_every_line_is_indicative_and_says_so(minsk):
    lines = ZoneLine.objects.filter(version=minsk.terms)
    assert len(lines) == 7
    assert all(line.indicative and "drawn by us for orientation" in line.source.lower() for line in lines)


def test_withdrawal_zones_lie_within_one_another_and_are_about_as_wide_as_the_text_asks(minsk):
    widths = {code: drawing(f"security-zone-{code}") for code in (30, 50, 70, 140)}
    for inner, outer in ((30, 50), (50, 70), (70, 140)):
        assert widths[inner].difference(widths[outer]).area < widths[inner].area * 0.01
    # Across the line near Shchastia, where it runs from west to east: a degree of latitude is 111 km.
    across = shapely.LineString([(39.0, 46), (39.0, 51)])
    for code, zone in widths.items():
        if code < 140:  # the widest is cut off by the border there
            assert zone.intersection(across).length * 111 == pytest.approx(code, rel=0.1)
    for code, town in (
        ("stanytsia-luhanska", (39.46, 48.645)),
        ("zolote", (38.53, 48.67)),
        ("petrivske", (37.65, 47.68)),
    ):
        area = drawing(code)
        assert area.covers(shapely.Point(town))
        assert widths[30].covers(area)


def test_levels_are_called_as_the_country_calls_them(minsk):
    assert minsk.terms.level_names["governorate"]["en"] == "region"
    assert set(minsk.areas.values_list("code", flat=True)) == {"UA14", "UA44"}


def test_parties_are_named_as_the_resolution_names_them():
    """Names that one side gives itself or the other are aliases at most: what sources write, never what we print."""
    truce = mechanism_file.read(SHIPPED / "minsk-2015.toml", **codebook.FOR_MECHANISMS)
    printed = [
        name
        for table in (truce.parties, truce.sides, truce.zones, truce.areas)
        for row in table
        for name in row.names.values()
    ]
    assert not [name for name in printed if any(word in name for word in ("DPR", "LPR", "ATO", "separat", "occup"))]
    assert "certain areas of the Donetsk and Luhansk regions of Ukraine" in truce.agreement.names["en"]
