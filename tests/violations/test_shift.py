"""Claims that run out and keep nobody from deciding; filters under a name; notes from one shift to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry
from tests.record.by_hand import by_hand
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import filed, incident_of
from violations import claims, findings, review, saved_filters, shift
from violations.models import Claim, SavedFilter, ShiftNote
from violations.models.shift import LONGEST_CLAIM

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:violations_incident_changelist")
SHIFT = reverse("admin:violations_shiftnote_changelist")


@pytest.fixture
def incident(exercise, people):
    return incident_of(filed(exercise, people.monitor_north))


def queue(client, person, **asked):
    client.force_login(person)
    return client.get(QUEUE, asked).context["queue"]


def made_long_ago(claim, hours):
    """As it would read so many hours later: claims are made by the database's clock, which no test turns."""
    back = timedelta(hours=hours)
    by_hand(
        "update violations_claim set recorded_at = recorded_at - %s, superseded_at = superseded_at - %s where id = %s",
        back,
        back,
        claim.pk,
    )


def test_a_claim_lasts_half_an_hour_and_another_moderator_is_told_whose_it_is(client, people, incident):
    claim = claims.claim(incident, by=people.moderator_north)
    assert claim.lasts == LONGEST_CLAIM
    with pytest.raises(NotNow) as refused:
        claims.claim(incident, by=people.moderator_south)
    assert refused.value.code == "claimed"
    (row,) = queue(client, people.moderator_south).rows
    assert row.claimed.startswith("claimed by a moderator of ")
    assert "moderator-north" not in row.claimed
    (row,) = queue(client, people.moderator_north).rows
    assert row.claimed.startswith("claimed by you until ")
    text = client.get(reverse("admin:violations_incident_change", args=[incident.public_id])).text
    assert "Claimed by you until " in text


def test_the_queue_keeps_what_others_claim_unless_it_is_left_out(client, people, incident):
    claims.claim(incident, by=people.moderator_north)
    assert len(queue(client, people.moderator_south).rows) == 1
    assert queue(client, people.moderator_south, claimed="no").rows == []
    assert len(queue(client, people.moderator_north, claimed="no").rows) == 1
    assert len(queue(client, people.moderator_north, claimed="mine").rows) == 1
    assert queue(client, people.moderator_south, claimed="mine").rows == []


def test_a_claim_keeps_nobody_from_deciding(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    claims.claim(incident_of(report), by=people.moderator_north)
    review.accept(report, by=people.moderator_south)
    proposal = proposed_on(report, by=people.moderator_south)
    findings.second(proposal, by=people.moderator_independent)
    assert Claim.objects.running().count() == 1


def test_who_filed_cannot_claim(exercise, people):
    with pytest.raises(Forbidden):
        claims.claim(incident_of(filed(exercise, people.monitor_north)), by=people.monitor_north)


@pytest.mark.by_hand("shift_by_moderators", "shift_audited", "claims_bounded")
def test_a_claim_that_ran_out_holds_no_more_and_the_next_takes_its_place(people, incident):
    made_long_ago(claims.claim(incident, by=people.moderator_north), hours=1)
    assert not Claim.objects.running().exists()
    claims.claim(incident, by=people.moderator_south)
    assert Claim.objects.running().get().by == people.moderator_south


@pytest.mark.by_hand("shift_by_moderators", "shift_audited", "claims_bounded")
def test_a_side_claims_three_times_in_a_row_and_then_leaves_it_to_others(people, incident):
    for _time in range(claims.IN_A_ROW):
        claims.claim(incident, by=people.moderator_north)
    claims.release(incident, by=people.moderator_north)
    for person in (people.moderator_north, people.moderator_north_2):
        with pytest.raises(NotNow) as refused:
            claims.claim(incident, by=person)
        assert refused.value.code == "claimed_enough"
    claims.claim(incident, by=people.moderator_south)
    claims.release(incident, by=people.moderator_south)
    for claim in Claim.objects.all():
        made_long_ago(claim, hours=3)
    claims.claim(incident, by=people.moderator_north_2)


def test_a_claim_ends_by_hand_and_by_its_holders_decision(client, exercise, people, incident):
    client.force_login(people.moderator_north)
    button = {
        what: reverse(f"admin:violations_claim_{what}", args=[incident.public_id]) for what in ("claim", "release")
    }
    assert client.post(button["claim"]).status_code == 302
    assert client.post(button["release"]).status_code == 302
    assert not Claim.objects.open().exists()
    assert client.post(button["release"]).status_code == 409
    client.post(button["claim"])
    propose = reverse("admin:violations_incident_propose", args=[incident.public_id])
    decision = {
        "verification": "verified",
        "conduct": "undetermined",
        "attribution": "not_assessed",
        "grounds": "Seen by two posts.",
    }
    assert client.post(f"{propose}?queue=view%3Dmine", decision).status_code == 302
    assert not Claim.objects.open().exists()


def keep(client, name, query, **more):
    return client.post(reverse("admin:violations_savedfilter_keep"), {"name": name, "query": query, **more})


def test_a_filter_is_kept_as_the_queue_reads_it_and_stands_above_the_queue(client, people, incident):
    client.force_login(people.moderator_north)
    answer = keep(client, "  Grave   ones ", "lane=grave&view=all&then=https%3A%2F%2Felsewhere.example")
    assert answer.url == f"{QUEUE}?view=all&lane=grave"
    assert SavedFilter.objects.get().name == "Grave ones"
    (shown,) = queue(client, people.moderator_north, view="all", lane="grave").saved
    assert (shown["name"], shown["address"], shown["shown"]) == ("Grave ones", "?view=all&lane=grave", True)
    assert queue(client, people.moderator_north_2).saved == []
    assert keep(client, "Nonsense", "lane=sorcery").status_code == 400
    assert keep(client, "Nothing", "").status_code == 400
    assert keep(client, "", "lane=grave").status_code == 400
    assert SavedFilter.objects.count() == 1


def test_a_filter_is_shared_with_ones_side_and_dropped_by_its_owner(client, people):
    client.force_login(people.moderator_north)
    keep(client, "Grave ones", "lane=grave", shared="on")
    (shown,) = queue(client, people.moderator_north_2).saved
    assert shown["owner"] == "moderator-north"
    assert queue(client, people.moderator_south).saved == []
    assert queue(client, people.moderator_independent).saved == []
    client.force_login(people.moderator_north_2)
    assert client.post(shown["drop"]).status_code == 404
    client.force_login(people.moderator_north)
    assert client.post(shown["drop"]).status_code == 302
    assert queue(client, people.moderator_north).saved == []


def test_what_somebody_shared_is_gone_with_their_accreditation(client, people):
    client.force_login(people.moderator_north)
    keep(client, "Grave ones", "lane=grave", shared="on")
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    assert queue(client, people.moderator_north_2).saved == []


def test_a_filter_of_the_same_name_takes_the_place_of_the_one_before(people):
    first = saved_filters.save("Grave ones", "lane=grave", by=people.moderator_north)
    saved_filters.save("Grave ones", "lane=grave&view=all", by=people.moderator_north)
    assert SavedFilter.objects.open().get().query == "lane=grave&view=all"
    with pytest.raises(NotFound):
        saved_filters.drop(first, by=people.moderator_south)


def test_a_person_keeps_no_more_filters_than_stand_above_the_queue(people):
    for number in range(saved_filters.MOST):
        saved_filters.save(f"filter {number}", "lane=grave", by=people.moderator_north)
    with pytest.raises(Malformed):
        saved_filters.save("one more", "lane=grave", by=people.moderator_north)
    saved_filters.save("filter 3", "lane=routine", by=people.moderator_north)


def notes(client, person):
    client.force_login(person)
    return [note["words"] for note in client.get(SHIFT).context["notes"]]


def test_a_note_is_read_by_all_or_by_ones_own_side(client, exercise, people):
    shift.hand_over(exercise, words="To all.", audience="all", by=people.moderator_north)
    shift.hand_over(exercise, words="To us.", audience="side", by=people.moderator_north)
    shift.hand_over(exercise, words="Apart.", audience="side", by=people.moderator_independent)
    assert notes(client, people.moderator_north_2) == ["To us.", "To all."]
    assert notes(client, people.moderator_south) == ["To all."]
    assert notes(client, people.moderator_independent) == ["Apart.", "To all."]
    ours = ShiftNote.objects.get(words="To us.")
    client.force_login(people.moderator_south)
    assert client.post(reverse("admin:violations_shiftnote_read", args=[ours.public_id])).status_code == 404


def test_who_read_a_note_is_said_once(client, exercise, people):
    note = shift.hand_over(exercise, words="To all.", audience="all", by=people.moderator_north)
    client.force_login(people.moderator_south)
    for _time in range(2):
        assert client.post(reverse("admin:violations_shiftnote_read", args=[note.public_id])).status_code == 302
    assert "Read by moderator-south." in client.get(SHIFT).text
    assert AuditEntry.objects.filter(action="shift.read").count() == 1


def test_a_note_is_written_on_its_page_and_wants_words(client, exercise, people, incident):
    client.force_login(people.moderator_north)
    claims.claim(incident, by=people.moderator_north)
    page = reverse("admin:violations_shiftnote_write", args=[exercise.code])
    assert "Name nobody" in client.get(page).text
    assert client.post(page, {"words": " ", "audience": "all"}).status_code == 400
    assert client.post(page, {"words": "The log of the weir is awaited.", "audience": "all"}).status_code == 302
    text = client.get(SHIFT).text
    assert "The log of the weir is awaited." in text
    assert incident.public_id.hex[:10] in text
    assert "To take up or decide, by anybody: standard: 1." in text
