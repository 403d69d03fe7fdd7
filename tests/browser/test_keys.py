"""Every key of a moderator's pages does what its link or button does; and all of it can be done without a script."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from monitoring.models import User
from tests.browser.entering import hashed, log_in
from tests.browser.keyboard import Keyboard
from tests.violations.occasions import HARM, SHELLING, breach, filed, graded, grave_breach, incident_of
from violations import findings, review
from violations.admin import words
from violations.codebook import ReviewState
from violations.models import Claim, Finding, SavedFilter, ShiftNote

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

QUEUE = "/admin/violations/incident/"
SECONDS = 20  # for a routine item, keys and pages together
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def reports(exercise, people):
    """Five reports of events days apart, the last two only heard."""
    User.objects.filter(pk=people.moderator_south.pk).update(password=hashed())
    days = [SHELLING.occurred_from + timedelta(days=number) for number in range(5)]
    return [
        filed(
            exercise,
            people.monitor_north,
            occurred_from=day,
            occurred_until=day + timedelta(hours=1),
            means="heard" if number > 2 else "saw",
            place_as_written=f"post {number}",
        )
        for number, day in enumerate(days)
    ]


@pytest.fixture
def hand(window, people, reports) -> Keyboard:
    page = window.new_page()
    log_in(page, people.moderator_south)
    page.goto(QUEUE)
    return Keyboard(page)


def reference(report) -> str:
    return incident_of(report).public_id.hex[:10]


def heading(hand: Keyboard) -> str:
    return hand.page.locator("#content h1").inner_text()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_each_thing_is_done_by_its_key_and_leads_to_the_next(hand, reports):
    page = hand.page
    hand.press("j", "j", "k")
    hand.require_focus_seen()
    hand.go("Enter")
    assert reference(reports[0]) in heading(hand)

    hand.go("c")
    assert "Claimed by you until" in page.locator(".claim").inner_text()
    assert Claim.objects.running().count() == 1
    shoot(page, "claimed")
    hand.go("u")
    assert page.evaluate("() => document.activeElement.id") == f"i{reference(reports[0])}", "the row one came from"
    shoot(page, "queue-claimed")
    hand.go("Enter")

    hand.go("r")
    hand.type("Which bank of the river?")
    hand.go("Control+Enter")
    assert review.state_of(reports[0]) == ReviewState.RETURNED
    assert reference(reports[1]) in heading(hand)
    assert "returned to its filer" in page.locator("ul.messagelist").inner_text()
    shoot(page, "next")

    hand.go("n")
    assert reference(reports[2]) in heading(hand)
    hand.go("l")
    hand.to("#id_reference_field")
    hand.type(reference(reports[1]))
    hand.press("Escape")
    hand.answer("kind", "same_event")
    hand.press("i")
    hand.type("One event.")
    hand.go("Control+Enter")
    assert incident_of(reports[2]) == incident_of(reports[1])


def test_a_routine_item_takes_less_than_twenty_seconds(hand, reports):
    heard = reports[3:]
    page = hand.page
    page.goto(f"{QUEUE}?lane=routine")
    hand.press("j")
    hand.go("Enter")
    for report in heard:
        began = time.monotonic()
        assert reference(report) in heading(hand)
        hand.go("a")
        assert time.monotonic() - began < SECONDS
        assert review.state_of(report) == ReviewState.LINKED
    assert page.get_by_text("No incident fits what you asked for.").is_visible()


def test_what_is_grave_is_asked_for_once_more_before_it_is_seconded(hand, exercise, people, reports):
    page = hand.page
    grave = graded(incident_of(filed(exercise, people.monitor_north, casualties=HARM)), people.moderator_north)
    proposals = [
        findings.propose(incident, decision, by=people.moderator_north)
        for incident, decision in ((grave, grave_breach(exercise)), (incident_of(reports[0]), breach(exercise)))
    ]

    def standing():
        return [Finding.objects.open().get(incident=one.incident).standing for one in proposals]

    page.goto(f"{QUEUE}?act={SHELLING.act}")
    hand.press("j")
    hand.go("Enter")
    assert words.reference(grave.public_id) in heading(hand)
    hand.press("y")
    assert page.get_by_text("This incident is in the grave lane.").is_hidden()
    hand.press("s", "s")
    assert standing() == ["proposed", "proposed"], "the key asks, however often it is pressed"
    hand.require_focus_seen()
    assert page.get_by_role("button", name="Yes, second it").evaluate("(it) => it === document.activeElement")
    assert page.get_by_text("This incident is in the grave lane.").is_visible()
    shoot(page, "second-grave")
    hand.go("y")
    assert standing() == ["preliminary", "proposed"]
    assert reference(reports[0]) in heading(hand)
    hand.go("s")
    assert standing() == ["preliminary", "preliminary"], "of the others a key is enough"


def test_a_filter_and_a_note_are_written_by_keyboard(hand):
    page = hand.page
    page.goto(f"{QUEUE}?lane=standard")
    hand.press("f", "Tab")
    hand.type("Standard ones")
    hand.go("Enter")
    assert SavedFilter.objects.get().query == "view=mine&lane=standard"
    assert page.get_by_role("link", name="Standard ones").get_attribute("aria-current") == "page"
    shoot(page, "queue-saved")
    hand.go("h")
    hand.go("w")
    hand.type("The log of the weir is awaited.")
    hand.press("Escape")
    hand.answer("audience", "side")
    hand.go("Control+Enter")
    assert ShiftNote.objects.get().audience == "side"
    shoot(page, "shift")


def test_what_is_wrong_has_the_focus_and_what_was_typed_stays(hand):
    hand.press("j")
    hand.go("Enter")
    hand.go("a")
    hand.answer("conduct", "breach")
    hand.press("i")
    hand.type("Seen by two posts.")
    hand.go("Control+Enter")
    focused = hand.page.evaluate("() => document.activeElement.className")
    assert focused == "summary"
    hand.require_focus_seen()
    assert hand.page.locator("#id_grounds").input_value() == "Seen by two posts."


def test_single_keys_can_be_switched_off_and_are_no_part_of_what_is_typed(hand):
    page, before = hand.page, hand.page.url
    hand.press("/")
    page.keyboard.type("jack another")
    assert page.locator("#id_q").input_value() == "jack another"
    hand.press("Escape", "/")
    page.keyboard.type("s")
    assert page.locator("#id_q").input_value() == "s", "the key opens the fold and never closes it"
    assert page.url == before
    hand.press("Escape", "?", "Tab", "Enter", "Escape")
    hand.press("j")
    assert page.evaluate("() => document.activeElement.hasAttribute('data-row')") is False
    page.reload()
    hand.press("j")
    assert page.evaluate("() => document.activeElement.hasAttribute('data-row')") is False


def test_all_of_it_can_be_done_without_a_script(chromium, served, exercise, people, reports):
    context = chromium.new_context(base_url=f"http://127.0.0.1:{served.port}", java_script_enabled=False)
    page = context.new_page()
    log_in(page, people.moderator_south)
    page.goto(QUEUE)
    page.get_by_role("link", name=reference(reports[0])).click()
    assert not page.get_by_role("button", name="Keys").is_visible()
    page.get_by_role("button", name="Claim it").click()
    page.get_by_role("link", name="Propose a finding").click()
    page.get_by_label("verified", exact=True).check()
    page.get_by_label("undetermined", exact=True).check()
    page.get_by_label("not assessed", exact=True).check()
    page.get_by_label("Grounds").fill("Seen by two posts.")
    page.get_by_role("button", name="Propose it").click()
    assert reference(reports[1]) in page.locator("#content h1").inner_text()
    assert review.state_of(reports[0]) == ReviewState.LINKED
    grave = graded(incident_of(filed(exercise, people.monitor_north, casualties=HARM)), people.moderator_north)
    proposal = findings.propose(grave, grave_breach(exercise), by=people.moderator_north)
    page.goto(f"/admin/violations/finding/{proposal.public_id}/")
    page.get_by_text("Second it", exact=True).click()
    page.get_by_role("button", name="Yes, second it").click()
    assert "Seconded: what it says now counts" in page.locator("ul.messagelist").inner_text()
    context.close()
