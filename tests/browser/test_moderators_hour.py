"""A moderator's hour: real events from the queue to findings of two sides, by keyboard alone, in a real browser.

HOUR says how many events; with HOUR=60 `./run test tests/browser/test_moderators_hour.py -s` writes
docs/moderators-hour.md, and every run holds what it counts against that page. SHOTS names a folder for pictures.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from monitoring import accreditation
from monitoring.models import User
from tests.browser.entering import hashed, log_in
from tests.browser.keyboard import Keyboard
from tests.processes import ROOT
from tests.second_factors import with_second_factor
from tests.violations import real_events
from violations.models import Finding, Incident

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(3600),
    real_events.given,
]

EVENTS = int(os.environ.get("HOUR", "6"))
WRITES = 60  # the number of events with which the page is written
PAGE = ROOT / "docs" / "moderators-hour.md"
QUEUE = "/admin/violations/incident/"
SHOTS = os.environ.get("SHOTS", "")
GROUNDS = "One source tells of it, with date and place; nothing speaks against it. No firing side is established."
BREACH = "The source names who fired, and nothing speaks against it. Open sources alone; the confidence is low."


@dataclass
class Told:
    """What one moderator's part cost: counts of every report, and the seconds from one page to the next."""

    per_report: list[Counter[str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def mean(self, what: str) -> float:
        return sum(counted[what] for counted in self.per_report) / len(self.per_report)

    @property
    def most_loads(self) -> int:
        return max(counted["loads"] for counted in self.per_report)


@pytest.fixture
def moderators(astana) -> dict[str, User]:
    """One moderator of each of two guarantors that stand on different sides."""
    people = {}
    for code_of in ("russia", "turkey"):
        user = User.objects.create(username=f"moderator-{code_of}", password=hashed(), is_staff=True)
        guarantor = astana.guarantors.get(code=code_of)
        accreditation.accredit(user, astana, "moderator", by=None, guarantor=guarantor)
        people[code_of] = with_second_factor(user)
    return people


@pytest.fixture
def events(astana, moderators, tmp_path) -> int:
    """Real events of the truce, taken evenly from the file, imported as an operator does."""
    header, *rows = real_events.TRUCE.read_text().splitlines()
    every = len(rows) // EVENTS
    some = tmp_path / "events.csv"
    chosen = rows[::every][:EVENTS]
    some.write_text("\n".join([header, *chosen]) + "\n")
    real_events.load_boundaries()
    real_events.run(some)
    return Incident.objects.count()


def test_real_events_go_from_the_queue_to_findings_of_two_sides_by_keyboard_alone(window, moderators, events, capsys):
    assert events == EVENTS
    proposed = work(window, moderators["russia"], propose)
    assert Finding.objects.open().proposals().count() == events
    seconded = work(window, moderators["turkey"], second)
    agreed = Finding.objects.open().agreed()
    assert agreed.count() == events
    assert {(row.proposed_side.code, row.seconded_side.code) for row in agreed} == {("government", "opposition")}
    told = {"propose": proposed, "second": seconded}
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines(told)) + "\n")
    if events == WRITES:
        PAGE.write_text(page_of(told))
    committed = committed_loads()
    assert {what: part.most_loads <= committed[what] for what, part in told.items()} == dict.fromkeys(told, True)


def work(window: BrowserContext, user: User, decide) -> Told:
    """Log in, open the queue and decide on all that it holds, one report after another."""
    page = window.new_page()
    log_in(page, user)
    hand, told = Keyboard(page), Told()
    page.goto(QUEUE)
    shoot(page, f"queue-{user.username}")
    look_over(hand)
    hand.press("j")
    hand.require_focus_seen()
    hand.go("Enter")
    shoot(page, f"incident-{user.username}")
    look_over(hand)
    keys_are_listed(hand, user)
    while "/admin/violations/incident/?" not in page.url:
        before, hand.counted, began = page.url, Counter(), time.monotonic()
        decide(hand)
        told.per_report.append(hand.counted)
        told.seconds.append(time.monotonic() - began)
        assert page.url != before
        assert "/propose/" not in page.url, page.locator(".summary").inner_text()
        assert page.locator("ul.messagelist .success").count() == 1
    assert page.get_by_text("Nothing needs you now.").is_visible()
    shoot(page, f"end-{user.username}")
    window.clear_cookies()
    page.close()
    return told


def propose(hand: Keyboard) -> None:
    """Read the report, then accept it and propose a finding in one act; a breach where it names who fired."""
    in_scope = hand.page.locator("dl.facts dd .line").get_by_text("In scope", exact=True).count() > 0
    hand.go("a")
    hand.require_focus_seen()
    alleged = hand.page.locator("input[name=attribution]:checked").count() == 0
    hand.answer("verification", "probable")
    if alleged and in_scope:
        breach(hand)
    else:
        hand.answer("conduct", "undetermined")
    if alleged and not in_scope:
        hand.answer("attribution", "not_assessed")
    hand.press("i")
    hand.require_focus_seen()
    hand.type(BREACH if alleged and in_scope else GROUNDS)
    if hand.page.locator("h1", has_text="Propose").count() and SHOTS:
        shoot(hand.page, "decide")
    hand.go("Control+Enter")


def breach(hand: Keyboard) -> None:
    """Answer what is asked of a breach by a party that the report names."""
    hand.answer("conduct", "breach")
    hand.to("#id_provisions_field")
    hand.press("1")
    hand.answer("attribution", "attributed")
    hand.to("#id_parties_field")
    hand.press("1")
    hand.to("#id_confidence_field")
    hand.press("l")
    hand.answer("basis", "open_source")
    for question in ("intent", "sequence"):
        if hand.page.locator(f"#id_{question}_field").count():
            hand.to(f"#id_{question}_field")
            hand.press("u")


def second(hand: Keyboard) -> None:
    """Read what is proposed, with what it changes in the count, and second it; where it is grave, once more."""
    assert hand.page.get_by_text("Seconded, the incident stands in the count under").is_visible()
    if hand.page.locator("details.second").count():
        hand.press("s")
        hand.go("y")
    else:
        hand.go("s")


def look_over(hand: Keyboard) -> None:
    """Every control of the page says what it is, and none says the same key as another."""
    nameless = [role for role, name in hand.controls() if not name]
    assert not nameless
    keys = hand.page.locator("[data-key]:visible").evaluate_all("(all) => all.map((one) => one.dataset.key)")
    doubled = {key for key, number in Counter(keys).items() if number > 1} - {"g"}
    assert not doubled


def keys_are_listed(hand: Keyboard, user: User) -> None:
    """The list of keys opens by a key, names each key of the page, and closes to where the focus was."""
    hand.press("?")
    dialog = hand.page.get_by_role("dialog", name="Keys of this page")
    assert dialog.is_visible()
    shoot(hand.page, f"keys-{user.username}")
    listed = set(dialog.locator("kbd").all_inner_texts())
    assert listed >= set(
        hand.page.locator("[data-key]:visible").evaluate_all("(all) => all.map((one) => one.dataset.key)")
    )
    hand.press("Escape")
    assert not dialog.is_visible()
    hand.require_focus_seen()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=not name.startswith("keys"))


def lines(told: dict[str, Told]) -> list[str]:
    """What was counted, a line each."""
    return [
        f"| {what} | {len(part.per_report)} | {part.mean('loads'):.2f} | {part.most_loads} | {part.mean('keys'):.1f}"
        f" | {part.mean('characters'):.0f} | {statistics.median(part.seconds):.1f} s | {max(part.seconds):.1f} s |"
        for what, part in told.items()
    ]


def page_of(told: dict[str, Told]) -> str:
    """The page of the figures."""
    head, _line, _rest = PAGE.read_text().partition("| part |")
    table = ["| part | reports | loads a report | most loads | keys | characters | median | longest |"]
    table += ["|---|---|---|---|---|---|---|---|", *lines(told)]
    return head + "\n".join(table) + "\n"


def committed_loads() -> dict[str, int]:
    """The most page loads that a report took, by part, as the page has it."""
    rows = re.findall(r"^\| (propose|second) \| \d+ \| [\d.]+ \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    return {what: int(most) for what, most in rows}
