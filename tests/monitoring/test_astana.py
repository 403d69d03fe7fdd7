"""The real truce: what its mechanism file says, and what it leaves unsaid."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from monitoring.models import (
    Adherence,
    AreaAlias,
    GuarantorTerm,
    InstrumentTerms,
    ObserverTerm,
    PartyTerms,
    Reservation,
    Undertaking,
    ZoneLine,
)
from tests.monitoring.truces import SHIPPED

pytestmark = pytest.mark.django_db
DAMASCUS = ZoneInfo("Asia/Damascus")


def local(*numbers):
    return datetime(*numbers, tzinfo=DAMASCUS)


def test_russia_and_turkey_are_guarantors_from_the_first_day_and_iran_from_the_joint_statement(astana):
    terms = {row.guarantor.code: row for row in GuarantorTerm.objects.filter(version=astana.terms)}
    assert {code: row.valid_from.astimezone(DAMASCUS).date() for code, row in terms.items()} == {
        "russia": date(2016, 12, 30),
        "turkey": date(2016, 12, 30),
        "iran": date(2017, 1, 24),
    }
    assert {code: row.side.code for code, row in terms.items()} == {
        "russia": "government",
        "iran": "government",
        "turkey": "opposition",
    }
    assert terms["iran"].contested_by == ["Delegation of the armed opposition groups at Astana"]
    assert not terms["russia"].contested_by


def test_it_is_real_closes_nothing_by_itself_and_draws_its_ledgers_from_publications(astana):
    version = astana.terms
    assert not astana.simulated
    assert (version.first_period, version.release, version.ledgers_from) == ("", "automatic", "publications")
    assert version.in_force_from == local(2016, 12, 30)


def test_who_signed_who_did_not_and_who_is_outside(astana):
    kinds = Adherence.objects.filter(version=astana.terms, instrument__code="ceasefire-statement", valid_until=None)
    by_kind = {kind: {row.party.code for row in kinds if row.kind == kind} for kind in Adherence.Kind.values}
    assert len(by_kind["signatory"]) == 7
    assert by_kind["designated"] == {"isil", "nusra-front"}
    neither_party_nor_guarantor = {"iraqi-forces", "israeli-forces", "united-states-forces"}
    assert by_kind["non_signatory"] == {"sdf", "ypg"} | neither_party_nor_guarantor
    assert by_kind["bound_through"] == {"hezbollah", "other-allied-groups"}
    assert not Adherence.objects.filter(party__code="armed-opposition").exists()
    before = Adherence.objects.get(version=astana.terms, party__code="iranian-forces", kind="disputed")
    assert before.valid_until == local(2017, 1, 24)


def test_parties_for_which_nobody_has_undertaken_are_shown_by_absence(astana):
    answered_for = set(Undertaking.objects.filter(version=astana.terms).values_list("party__code", flat=True))
    nobody = set(astana.parties.values_list("code", flat=True)) - answered_for
    assert {"isil", "nusra-front", "sdf", "ypg", "later-adherents", "armed-opposition"} <= nobody
    own = PartyTerms.objects.filter(version=astana.terms, kind="guarantor_forces").values_list("party__code", flat=True)
    assert set(own) == {"iranian-forces", "russian-forces", "turkish-forces"}
    assert not set(own) & answered_for


def test_nothing_is_said_to_be_undertaken_that_no_text_we_read_says(astana):
    assert set(Undertaking.objects.filter(version=astana.terms).values_list("basis", flat=True)) == {
        "inferred",
        "attributed_by_others",
    }


def test_the_rival_proposal_and_every_reservation_have_a_holder_and_a_source(astana):
    assert InstrumentTerms.objects.get(version=astana.terms, kind="rival").holder
    reservations = Reservation.objects.filter(version=astana.terms)
    assert {(row.on_kind, row.on_code) for row in reservations} == {
        ("guarantor", "iran"),
        ("instrument", "joint-statement"),
        ("instrument", "de-escalation-memorandum"),
        ("party", "ahrar-al-sham"),
        ("observer", "united-states"),
    }
    assert all("://" in row.source for row in reservations)


def test_the_united_states_observe_by_the_consent_of_some_and_contested_by_iran(astana):
    term = ObserverTerm.objects.get(version=astana.terms, observer__code="united-states")
    assert term.contested_by == ["Iran (Islamic Republic of)"]
    assert {row.observer.code for row in ObserverTerm.objects.filter(version=astana.terms)} == {
        "united-nations",
        "united-states",
        "kazakhstan",
        "jordan",
    }


def test_the_de_escalation_areas_are_said_to_be_indicative(astana):
    lines = ZoneLine.objects.filter(version=astana.terms)
    assert lines.values("zone").distinct().count() == 4
    assert all(line.indicative for line in lines)
    assert not any(line.valid_from < local(2017, 5, 6) for line in lines)


def test_the_governorates_are_listed_in_english_and_arabic_without_shapes(astana):
    governorates = astana.areas.filter(level="governorate")
    assert [area.code for area in governorates] == [f"SY{number:02}" for number in range(1, 15)]
    assert all({"en", "ar"} <= area.names.keys() for area in governorates)
    assert not astana.boundary_sets.exists()


def test_every_province_that_the_bulletins_name_is_found(astana):
    aliases = AreaAlias.objects.filter(version=astana.terms, scheme="joint-commission")
    named = {alias.alias: alias.area for alias in aliases}
    assert set(named) == {"Aleppo", "Damascus", "Daraa", "Hama", "Homs", "Idlib", "Latakia"}
    mixed = named["Damascus"]
    assert (mixed.level, {area.code for area in mixed.members.all()}) == ("grouping", {"SY01", "SY03"})


def test_sources_are_given_by_address_and_nothing_is_quoted():
    text = (SHIPPED / "astana-2016.toml").read_text()
    for loaded in ("terrorist", "regime forces", "militia", "sponsor", "rebel", "accused", "refuted"):
        assert loaded not in text.lower(), loaded
    assert "determine all modalities" not in text
    assert text.count("://") > 40
