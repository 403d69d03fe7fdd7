"""Statements, requests and answers in any order: nobody reads what they may not, and what is counted is what was told.

Beside the record a plain list is kept of what was said and told. After each step every guarantor reads what that list
says and nothing else and the invariants of replies hold; at the end the month's figures are those of the beginning, but
for section 6, whose statements are those of the list that stand and were told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from monitoring.errors import Forbidden, NotFound, NotNow
from reports import periods
from reports.figures import assemble
from reports.figures.known import Known
from reports.querysets import database_clock
from tests.conftest import accredited, loaded_exercise
from tests.record.soundness import broken
from tests.violations.occasions import filed, incident_of
from tests.violations.replying import WORDS, a_name, answered, asked, paper, stated
from violations import answers, replies_seen, requests, statements
from violations.reply_codes import Statement
from violations.requests import Reply
from violations.statements import Said

STATES = ("alder", "birch", "cedar")
SIDES = {"alder": "north", "cedar": "north", "birch": "south"}
REPLIES = ("replies_hidden", "replies_follow", "said_by_whom_they_are_of", "replies_audited", "one_agreement")
# What happens, and how often.
HAPPENS = {
    "nothing": 1,
    "ask": 3,
    "withdraw": 1,
    "remind": 1,
    "take_down": 2,
    "answer": 4,
    "tell_request": 2,
    "state": 6,
    "tell_statement": 2,
}
STEPS = [what for what, times in HAPPENS.items() for _time in range(times)]


@dataclass
class Plain:
    """A request or a statement as the plain list has it."""

    row: Any
    owner: str
    words: list[str] = field(default_factory=list)
    told: bool = False
    withdrawn: bool = False


class Replies(RuleBasedStateMachine):
    """One truce with an incident, in a transaction that is given up at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        figures, statements = self.counted()
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        assert figures == self.figures, "A figure moved."
        told = Counter((one.owner, one.row.code) for one in self.statements.values() if one.told)
        assert statements == told, "What was not told is counted, or what was told is not."

    @initialize()
    def begin(self):
        self.exercise = loaded_exercise()
        self.people = SimpleNamespace(**accredited(self.exercise))
        self.incident = incident_of(filed(self.exercise, self.people.monitor_north))
        self.requests: list[Plain] = []
        self.statements: dict[tuple[str, Any], Plain] = {}
        self.figures, _none = self.counted()
        self.quiet = False

    def counted(self) -> tuple[dict[str, str], Counter[tuple[str, str]]]:
        """What is counted of the month as it is known now: each section's hash but that of replies; statements told."""
        version = self.exercise.terms
        known = Known(self.exercise, version, periods.bounds(version, "month", "2025-03"), database_clock())
        common = assemble.figures(known)
        hashes = {one["code"]: one["sha256"] for one in common.head["sections"] if one["code"] != "replies"}
        rows = common.sections["replies"]["statements"]["by_guarantor"]
        told = Counter({(row["guarantor"], code): n for row in rows for code, n in row["statements"].items()})
        return hashes, +told

    def speaks(self, state: str):
        return getattr(self.people, f"guarantor_{state}")

    @rule(
        what=st.sampled_from(STEPS),
        which=st.integers(0, 3),
        by=st.sampled_from(["alder", "birch", "birch", "cedar"]),
        side=st.sampled_from(["north", "south", "independent"]),
        about=st.sampled_from([None, "2025-03"]),
        code=st.sampled_from(Statement.values),
        told=st.sampled_from([False, False, True]),
        corrects=st.booleans(),
    )
    def step(self, what, **how):
        """Anything that can happen. One rule: Hypothesis leaves most rules out of most examples."""
        self.quiet = what == "nothing"
        getattr(self, what)(**how)

    def nothing(self, **_how):
        """What the least example is made of."""

    # What moderators do

    def ask(self, *, by, side, about, **_more):
        incident = self.incident if about is None else None
        moderator = getattr(self.people, f"moderator_{side}")
        self.requests.append(Plain(asked(self.exercise, moderator, f"guarantor:{by}", incident), by))

    def withdraw(self, *, which, side, **_more):
        if one := self.request(which):
            may = not one.words and not one.withdrawn
            self.outcome(may, lambda: requests.withdraw(one.row, by=getattr(self.people, f"moderator_{side}")))
            one.withdrawn |= may

    def remind(self, *, which, **_more):
        if one := self.request(which):
            may = not one.words and not one.withdrawn
            self.outcome(may, lambda: requests.remind(one.row, by=self.people.moderator_north))

    def take_down(self, *, which, side, told, **_more):
        if one := self.request(which):
            may = side in ("independent", SIDES[one.owner]) and not one.words and not one.withdrawn
            taken = {"by": getattr(self.people, f"moderator_{side}"), "client_id": a_name(), "told": told}
            self.outcome(may, lambda: answers.take_down(one.row, "On paper.", "en", paper(self.exercise), **taken))
            if may:
                one.words.append("On paper.")
                one.told |= told

    # What guarantors do

    def answer(self, *, which, by, told, corrects, **_more):
        if one := self.request(which):
            may = by == one.owner and not one.withdrawn and corrects == bool(one.words)
            words = f"{WORDS} ({len(one.words)})"
            more = {"told": told, **({"replaces": self.standing(one)} if corrects and one.words else {})}
            may = may or (by == one.owner and not one.withdrawn and not one.words)  # nothing there to correct
            self.outcome(may, lambda: answered(one.row, self.speaks(by), words, **more))
            if may:
                one.words.append(words)
                one.told |= told

    def tell_request(self, *, which, by, **_more):
        if one := self.request(which):
            may = by == one.owner and bool(one.words)
            self.outcome(may, lambda: answers.tell(one.row.public_id, by=self.speaks(by)))
            one.told |= may

    def state(self, *, by, about, code, told, corrects, **_more):
        on = {"period": about} if about else {"incident": self.incident}
        there = self.statements.get((by, about))
        more = {"replaces": there.row.public_id} if there and corrects else {}
        said = Said(code, f"{by} says {code}", "en", **on)
        row = self.outcome(
            there is None or corrects,
            lambda: stated(self.exercise, self.speaks(by), said, told=told, **more),
        )
        if row is not None:
            before = there or Plain(row, by)
            before.row, before.told = row, before.told or told
            before.words.append(row.words)
            self.statements[by, about] = before

    def tell_statement(self, *, which, by, **_more):
        if self.statements:
            one = list(self.statements.values())[which % len(self.statements)]
            self.outcome(by == one.owner, lambda: statements.tell(one.row.public_id, by=self.speaks(by)))
            if by == one.owner and not one.told:
                one.told, one.words = True, one.words[-1:]  # those before it were not told

    # What must hold

    @invariant()
    def each_reads_what_is_theirs_and_what_was_told(self):
        for state in () if self.quiet else STATES:
            voices = replies_seen.voices_of(self.speaks(state))
            with replies_seen.reading_as(voices):
                read = {row.public_id: row for row in requests.visible_to(voices)}
                assert read.keys() == {one.row.public_id for one in self.requests if one.owner == state or one.told}
                for one in self.requests:
                    if one.row.public_id in read:
                        given = read[one.row.public_id].answers.order_by("pk")
                        assert [answer.words for answer in given] == one.words
                        assert requests.reply_of(read[one.row.public_id], one.row.recorded_at) is self.reply(one)
                stood = {
                    (row.guarantor.code, row.words)
                    for row in statements.readable_by(voices)
                    if row.superseded_at is None
                }
            assert stood == {
                (one.owner, one.row.words) for one in self.statements.values() if one.owner == state or one.told
            }

    @invariant()
    def what_must_always_hold_holds(self):
        assert self.quiet or broken(REPLIES) == {}

    def request(self, which: int) -> Plain | None:
        return self.requests[which % len(self.requests)] if self.requests else None

    def standing(self, one: Plain) -> Any:
        with replies_seen.reading_for([self.exercise.pk]):
            return one.row.answers.get(superseded_at__isnull=True).public_id

    def reply(self, one: Plain) -> Reply:
        if one.words:
            return Reply.IN_TIME
        return Reply.WITHDRAWN if one.withdrawn else Reply.OPEN

    def outcome(self, may: bool, act) -> Any:
        """Do it; it must succeed where it may, and be refused where it may not."""
        done, refused = None, ""
        try:
            with transaction.atomic():
                done = act()
        except (NotNow, NotFound, Forbidden) as refusal:
            refused = refusal.message
        assert may == (not refused), refused or "It was done though it may not be."
        return done


@pytest.mark.django_db
@pytest.mark.by_hand  # asked after each step instead
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(4))
def test_in_any_order(number):
    run_state_machine_as_test(
        seed(number)(Replies),
        settings=settings(
            max_examples=6,  # The first that Hypothesis tries is always the least.
            stateful_step_count=30,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
