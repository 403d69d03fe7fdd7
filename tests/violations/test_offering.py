"""Which provisions bear on an incident and whom they bind, and why: the count's answer, and every reading beside it."""

from datetime import UTC, datetime
from itertools import product

import pytest

from monitoring.errors import Malformed
from tests.violations.occasions import NOON, breach, filed, incident_of, party, provision
from violations import codebook, findings, offering, provisions
from violations.admin.case import Case
from violations.admin.provision_words import Provisions
from violations.models import Assessment
from violations.offering import Texts

BEFORE = datetime(2025, 2, 1, tzinfo=UTC)


def assessed(agreement, *, act="indirect_fire", zones=(), at=NOON):
    """What the system makes of an incident, as far as provisions ask; not in the record."""
    return Assessment(agreement=agreement, act=act, zones=list(zones), occurred_from=at, alleged=[])


@pytest.fixture
def texts(exercise):
    return Texts(exercise.terms, [row.pk for row in exercise.parties.all()])


@pytest.fixture
def offered(exercise, texts):
    """The offers of an incident, by code of the provision."""

    def ask(**told):
        return {offer.provision.code: offer for offer in texts.offers(assessed(exercise, **told))}

    return ask


def test_what_binds_by_the_common_reading_is_what_the_count_follows_for_every_act_place_day_and_party(exercise, texts):
    """Two answers to one question, from the database and from rows read once."""
    zones = [(), *[(zone.pk,) for zone in exercise.zones.all()]]
    parties = list(exercise.parties.values_list("pk", flat=True))
    met = set()
    for act, here, at in product(codebook.Act.values, zones, (NOON, BEFORE)):
        row = assessed(exercise, act=act, zones=here, at=at)
        offers = texts.offers(row)
        offering_it = {offer.provision.pk for offer in offers if offer.offered}
        assert offering_it == set(provisions.forbidding(row, exercise.terms).values_list("provision", flat=True))
        if not offering_it:
            continue
        for one in parties:
            bound = {offer.provision.pk for offer in offers if offer.bonds[one].common}
            assert bound == set(provisions.binding(row, exercise.terms, [one]).values_list("provision", flat=True))
            met |= {offer.bonds[one].standing for offer in offers if offer.offered}
    assert met == set(offering.STANDINGS)


def test_every_reading_is_heard_alike_whatever_the_common_one_says(exercise, offered):
    fire = offered()["no-fire"]
    coast, north, clans = (party(exercise, code).pk for code in ("coast-watch", "north-army", "hill-clans"))
    assert (fire.bonds[north].standing, fire.bonds[north].otherwise) == ("binding", ())
    assert (fire.bonds[coast].standing, fire.bonds[coast].common) == ("contested", False)
    assert fire.bonds[coast].otherwise == ("North side",)
    assert (fire.bonds[clans].standing, fire.bonds[clans].adherence.kind) == ("not_binding", "non_signatory")


def test_a_rival_reading_of_the_provision_makes_it_contested_for_whoever_signed(exercise, offered):
    buffer = exercise.zones.get(code="strait-buffer").pk
    offer = offered(act="uav_overflight", zones=[buffer])["empty-buffer"]
    assert offer.offered
    assert {reading.holder: reading.why_not for reading in offer.readings} == {"": ("act",), "North side": ()}
    north, clans = party(exercise, "north-army").pk, party(exercise, "hill-clans").pk
    assert (offer.bonds[north].standing, offer.bonds[north].common) == ("contested", False)
    assert offer.bonds[clans].standing == "not_binding"


def test_a_text_that_was_not_adopted_binds_nobody(exercise, offered):
    offer = offered(act="overflight")["no-overflight"]
    assert offer.offered
    assert not offer.adopted
    assert {bond.standing for bond in offer.bonds.values()} == {"not_binding"}
    assert offer.standing([]) == "not_binding"


def test_what_is_not_offered_says_what_keeps_it(exercise, offered):
    assert not offered(act="flare")["no-fire"].offered
    (common,) = offered(act="flare")["no-fire"].readings
    assert common.why_not == ("act",)
    (harbour,) = offered(act="flare")["quiet-harbour"].readings
    assert harbour.why_not == ("place",)
    row = assessed(exercise, act="uav_overflight")
    assert offering.why_not(row, exercise.terms, provision(exercise, "empty-buffer")) == ("place",)


def test_one_that_is_not_in_force_for_the_act_is_refused_with_what_keeps_it(exercise, people):
    incident = incident_of(filed(exercise, people.monitor_south))
    wrong = breach(exercise, provisions=(provision(exercise, "no-fire"), provision(exercise, "quiet-harbour")))
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, wrong, by=people.moderator_north)
    (message,) = refusal.value.fields["/provisions"]
    assert "Article 5" in message
    assert "it does not forbid this act; it stands in another zone" in message


def test_the_form_groups_them_by_whom_they_bind_and_says_why(exercise, people):
    """By the parties chosen, else those alleged; the rest of the truce's texts beneath."""
    case = Case(incident_of(filed(exercise, people.monitor_south)), people.moderator_north)
    alleged = Provisions(case)
    ((heading, (row,)),) = alleged.groups
    assert heading == "Binding those concerned"
    assert "as commonly read: was in force there and then and forbids this act" in row.lines[0]
    assert "its text was adopted" in row.lines
    (said,) = [line for line in row.lines if line.startswith("North Army: ")]
    assert said.startswith("North Army: binding; it signed the text")
    assert "Alder has undertaken for it" in said
    assert any(line.startswith("Of others not binding: ") and "Hill Clans" in line for line in row.lines)
    assert any(line.startswith("Of others contested: Coast Watch") for line in row.lines)
    assert {other.name for other in alleged.others} >= {"Varrow Truce Agreement, Article 5: the harbour is quiet"}
    ((heading, (row,)),) = Provisions(case, [party(exercise, "coast-watch").pk]).groups
    assert heading == "Contested whether they bind those concerned"
    (said,) = [line for line in row.lines if line.startswith("Coast Watch: ")]
    assert "whether it adheres is disputed" in said
    assert "binding by the reading of North side; in the count it is not binding" in said
    ((heading, _rows),) = Provisions(case, [party(exercise, "hill-clans").pk]).groups
    assert heading == "In force there and then for this act, and binding none of those concerned"


def test_what_is_not_offered_can_be_chosen_on_the_page_and_is_refused_with_its_reason(client, exercise, people):
    from django.urls import reverse

    incident = incident_of(filed(exercise, people.monitor_south))
    address = reverse("admin:violations_incident_propose", args=[incident.public_id])
    client.force_login(people.moderator_north)
    text = client.get(address).text
    assert "Other provisions of the truce's texts, not offered here" in text
    typed = {
        "verification": "verified",
        "conduct": "breach",
        "provisions": [provision(exercise, "quiet-harbour").pk],
        "attribution": "attributed",
        "parties": [party(exercise, "coast-watch").pk],
        "confidence": "high",
        "basis": ["observed"],
        "grounds": "Seen from the quay.",
    }
    response = client.post(address, typed)
    assert response.status_code == 400
    assert "it stands in another zone" in response.text
    assert "Contested whether they bind those concerned" in response.text
    assert f'value="{typed["provisions"][0]}"' in response.text
    assert " checked>" in response.text
