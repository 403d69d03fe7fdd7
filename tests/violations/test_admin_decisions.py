"""Decisions in the admin are pages that call the verbs: refusals are told with their status, denials are audited."""

from __future__ import annotations

import pytest
from django.test import Client

from monitoring.models import AuditEntry
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import HARM, corrected, filed, graded, grave_breach, incident_of, party
from tests.violations.pages import a_breach, denials, incident_page, page
from violations import findings, review
from violations.models import Dissent, Finding, SourceOpening

pytestmark = pytest.mark.django_db


def test_a_report_is_taken_accepted_returned_set_aside_and_reopened(client, exercise, people):
    client.force_login(people.moderator_north)
    report = filed(exercise, people.monitor_north)
    for what, grounds, state in [
        ("take", None, "under_review"),
        ("await_reply", "The side was asked.", "awaiting_reply"),
        ("take", None, "under_review"),
        ("accept", None, "linked"),
        ("reopen", "Another crater.", "under_review"),
        ("return", "Which bank?", "returned"),
    ]:
        response = client.post(page(f"incidentreport_{what}", report), {"grounds": grounds} if grounds else {})
        assert response.status_code == 302
        assert response.url == incident_page(report)
        assert review.state_of(report) == state
    assert "Which bank?" in client.get(incident_page(report)).text


def test_a_move_that_the_state_does_not_allow_is_told_with_409_and_audited(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    response = client.post(page("incidentreport_accept", report))
    assert response.status_code == 409
    assert "linked" in response.text
    assert denials("review.accept") == ["is_linked"]
    entry = AuditEntry.objects.get(action="review.accept", outcome="denied")
    assert (entry.object_id, entry.actor) == (str(report.public_id), people.moderator_north)


def test_a_question_without_words_stands_beside_its_field(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    response = client.post(page("incidentreport_return", report), {"grounds": "  "})
    assert response.status_code == 400
    assert "This was not done yet" in response.text
    assert 'href="#id_grounds_field"' in response.text
    assert denials("review.return") == []


def test_what_acts_at_once_is_done_by_post_alone(client, exercise, people):
    client.force_login(people.moderator_north)
    report = filed(exercise, people.monitor_north)
    proposal = proposed_on(report, by=people.moderator_south)
    for address in (
        page("incidentreport_take", report),
        page("incidentreport_accept", report),
        page("finding_second", proposal),
    ):
        assert client.get(address).status_code == 405
    assert client.post(page("incidentreport_change", report)).status_code == 405
    assert review.state_of(report) == "submitted"


def test_a_post_without_a_token_is_refused(exercise, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.moderator_north)
    report = filed(exercise, people.monitor_north)
    assert client.post(page("incidentreport_take", report)).status_code == 403
    assert review.state_of(report) == "submitted"


def test_nobody_reviews_what_they_filed(client, exercise, people):
    from monitoring import accreditation

    accreditation.accredit(
        people.moderator_north,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    report = filed(exercise, people.moderator_north)
    client.force_login(people.moderator_north)
    response = client.post(page("incidentreport_take", report))
    assert response.status_code == 403
    assert denials("review.take") == ["own_report"]


def test_a_finding_is_proposed_read_whole_and_seconded(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    propose = page("incident_propose", incident_of(report))
    assert "a moderator of another side than North" in client.get(propose).text
    response = client.post(propose, a_breach(exercise), follow=True)
    assert "Proposed. It counts for nothing yet" in response.text
    proposal = Finding.objects.get()
    assert [row.party.code for row in proposal.parties.all()] == ["north-army"]
    assert (proposal.basis, proposal.killed_verified) == (["observed", "sensor"], None)

    client.force_login(people.moderator_south)
    text = client.get(page("finding_change", proposal)).text
    assert "Two posts saw the muzzle flashes." in text
    assert "Now under: <strong>one-sided, in no total</strong>." in text
    assert "Then under: <strong>violations, preliminary</strong>." in text
    response = client.post(page("finding_second", proposal), follow=True)
    assert "The incident stands under: violations, preliminary." in response.text
    assert Finding.objects.open().get().standing == "preliminary"


def test_a_grave_incident_s_proposal_is_asked_for_once_more_wherever_it_stands(client, exercise, people):
    grave = incident_of(taken(exercise, people.monitor_north, by=people.moderator_north, casualties=HARM))
    graded(grave, people.moderator_north)
    asked = findings.propose(grave, grave_breach(exercise), by=people.moderator_north)
    other = proposed_on(
        taken(exercise, people.monitor_north, by=people.moderator_north, place_as_written="Elsewhere."),
        by=people.moderator_north,
    )
    client.force_login(people.moderator_south)
    for proposal, again in ((asked, 1), (other, 0)):
        for address in (page("finding_change", proposal), page("incident_change", proposal.incident)):
            text = client.get(address).text
            assert text.count("Yes, second it") == again
            assert text.count(f'action="{page("finding_second", proposal)}"') == 1
    client.force_login(people.moderator_north_2)
    assert "Yes, second it" not in client.get(page("finding_change", asked)).text


def test_one_side_does_not_second_its_own(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    for person, reason in ((people.moderator_north, "same_person"), (people.moderator_north_2, "same_side")):
        client.force_login(person)
        assert "Second it" not in client.get(page("finding_change", proposal)).text
        response = client.post(page("finding_second", proposal))
        assert response.status_code == 403
        assert "independent" in response.text or "another person" in response.text
        assert reason in denials("finding.second")
    assert Finding.objects.get().standing == "proposed"


def test_what_does_not_go_together_keeps_what_was_typed(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    wrong = a_breach(exercise, parties=[], confidence="", grounds="Seen from the quay.")
    wrong |= {"casualties-rows": "1", "casualties-0-who": "killed:civilian", "casualties-0-at_least": "7"}
    response = client.post(page("incident_propose", incident_of(report)), wrong)
    assert response.status_code == 400
    form = response.context["form"]
    assert set(form.errors) >= {"parties", "confidence"}
    assert "Seen from the quay." in response.text
    assert 'value="7"' in response.text
    assert 'value="verified" ' in response.text
    assert not Finding.objects.exists()


def test_the_form_begins_with_what_is_agreed_but_not_its_grounds(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed = agreed_on(report, people)
    client.force_login(people.moderator_south)
    form = client.get(page("incident_propose", incident_of(report))).context["form"]
    assert form["verification"].value() == agreed.verification
    assert form["parties"].value() == [party(exercise, "north-army").pk]
    assert form["grounds"].value() is None
    unchanged = a_breach(exercise, confidence="moderate", basis=["observed"])
    response = client.post(page("incident_propose", incident_of(report)), unchanged)
    assert response.status_code == 400
    assert "change at least one answer" in response.text


def test_intent_and_sequence_are_asked_of_grave_incidents_alone(client, exercise, people):
    client.force_login(people.moderator_north)
    grave = taken(exercise, people.monitor_north, by=people.moderator_north, casualties=HARM)
    standard = taken(exercise, people.monitor_north, by=people.moderator_north)
    assert "intent" in client.get(page("incident_propose", incident_of(grave))).context["form"].fields
    assert "intent" not in client.get(page("incident_propose", incident_of(standard))).context["form"].fields


def test_a_stale_proposal_is_told_so_and_refused(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    theirs = proposed_on(report, by=people.moderator_south, verification="probable")
    findings.second(proposed_on(report, by=people.moderator_north), by=people.moderator_south)
    client.force_login(people.moderator_north)
    text = client.get(page("finding_change", theirs)).text
    assert "cannot be seconded as it is" in text
    assert "Second it" not in text
    assert client.post(page("finding_second", theirs)).status_code == 409
    assert denials("finding.second") == ["stale"]


def test_dissent_is_printed_beside_the_finding_and_changes_nothing(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    client.force_login(people.moderator_south)
    address = page("finding_dissent", proposal)
    assert client.get(address).status_code == 200
    assert client.post(address, {"grounds": "The azimuth is wrong."}).status_code == 302
    assert Dissent.objects.get().grounds == "The azimuth is wrong."
    assert "The azimuth is wrong." in client.get(incident_page(report)).text
    response = client.post(address, {"grounds": "Again."})
    assert response.status_code == 409
    assert "Again." in response.text


def test_dissent_from_a_proposal_is_still_shown_when_another_seconds_it(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    findings.dissent(proposal, by=people.moderator_south, grounds="The azimuth is wrong.")
    agreed = findings.second(proposal, by=people.moderator_independent)
    client.force_login(people.moderator_independent)
    for address in (incident_page(report), page("finding_change", agreed)):
        text = client.get(address).text
        assert "Dissent from it as it was proposed" in text
        assert f"The azimuth is wrong.<footer>{people.moderator_south.username} (" in text


def test_a_report_is_linked_to_a_near_incident_or_by_its_reference(client, exercise, people):
    client.force_login(people.moderator_north)
    other = filed(exercise, people.monitor_south)
    for asked in (
        {"candidate": str(incident_of(other).public_id)},
        {"reference": incident_of(other).public_id.hex[:8].upper()},
    ):
        report = taken(exercise, people.monitor_north, by=people.moderator_north)
        address = page("incidentreport_link", report)
        assert incident_of(other).public_id.hex[:10] in client.get(address).text
        response = client.post(address, {**asked, "kind": "same_event", "grounds": "One shelling."})
        assert response.status_code == 302
        assert incident_of(report) == incident_of(other)


def test_a_link_to_nothing_is_told_beside_its_field(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    address = page("incidentreport_link", report)
    for reference in ("", "12", "0123456789", "not hex at all"):
        response = client.post(address, {"reference": reference, "kind": "same_event", "grounds": "One."})
        assert response.status_code == 400
        assert response.context["form"].errors["reference"]


def test_linking_what_is_found_upon_becomes_a_proposal_and_says_so(client, exercise, people):
    found = taken(exercise, people.monitor_south, by=people.moderator_north)
    agreed_on(found, people)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    client.force_login(people.moderator_north)
    response = client.post(
        page("incidentreport_link", report),
        {"candidate": str(incident_of(found).public_id), "kind": "duplicate", "grounds": "The same rounds."},
        follow=True,
    )
    assert "so your link is a proposal" in response.text
    assert incident_of(report) != incident_of(found)
    proposal = Finding.objects.open().get(effect="link")
    client.force_login(people.moderator_south)
    response = client.post(page("finding_second", proposal), follow=True)
    assert response.status_code == 200
    assert "it has taken effect" in response.text
    assert incident_of(report) == incident_of(found)


def test_a_correction_after_a_finding_is_let_take_effect_by_two(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    newer = corrected(report, people.monitor_north, place_as_written="the left bank")
    client.force_login(people.moderator_north)
    text = client.get(incident_page(report)).text
    assert "the count still rests on the older revision" in text
    assert client.post(page("incidentreport_effect", newer), {"grounds": "As the filer says."}).status_code == 302
    client.force_login(people.moderator_south)
    client.post(page("finding_second", Finding.objects.open().get(effect="correction")))
    assert incident_of(report).assessments.open().get().lead_report == newer
    assert client.post(page("incidentreport_effect", newer), {"grounds": "Again."}).status_code == 409


def test_a_sealed_source_is_opened_by_an_explicit_post_with_a_reason_and_audited(client, exercise, people):
    report = filed(exercise, people.monitor_north, source={"name": "The miller", "relation": "neighbour"})
    client.force_login(people.moderator_south)
    address = page("incidentreport_reveal", report)
    assert "The miller" not in client.get(address).text
    assert client.post(address, {}).status_code == 400
    assert not AuditEntry.objects.filter(action__startswith="source.").exists()
    assert client.post(address, {"reason": "protection"}).status_code == 400
    assert client.post(address, {"grounds": "She must leave."}).status_code == 400
    assert not SourceOpening.objects.exists()
    response = client.post(address, {"reason": "protection", "grounds": "She must leave."})
    assert "The miller" in response.text
    assert "How they stand to it</dt><dd" in response.text
    assert "monitor-north" in response.text
    assert "no-store" in response["Cache-Control"]
    actions = AuditEntry.objects.filter(object_id=str(report.public_id), outcome="done").values_list(
        "action", flat=True
    )
    assert set(actions) == {"incidentreport.reveal.look", "source.reveal"}
    opening = SourceOpening.objects.get()
    assert (opening.report, opening.by, opening.reason) == (report, people.moderator_south, "protection")
    assert opening.grounds == "She must leave."
