"""What two people release, for the record's machine: drafts, comments, approvals, sheets; what is refused of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from monitoring import accreditation
from monitoring.errors import Refusal
from monitoring.models import MechanismVersion
from reports import approvals, closings, comments, supplements
from reports.closings import commenting
from reports.closings.preparing import preparing
from reports.models import Closing, DraftComment, Edition, ReleaseApproval, Rendition, Supplement, SupplementFile
from tests.record.happenings import BY, MODERATORS, SIDES
from tests.reports.agreed import BY_TWO, LENGTH, seen, time_is_over

STATES = ("alder", "birch", "cedar")
READERS = {state: f"reader_{state}" for state in STATES}
WORDS = st.sampled_from(["We have read it.", "Page 3 counts the ford twice.", "word " * (LENGTH + 1), None])
PAIRS = st.sampled_from([("north", "south"), ("nobody", "north_2"), ("south", "nobody"), ("north", "north_2")])


class Releasing:
    """Steps of the machine; what they need of it stands in `Doing`."""

    accounts: dict[str, Any]
    agreement: Any
    late: list[Any]
    _pick: Any
    _do: Any
    _mechanism: Any
    _load: Any
    _let_all_go: Any

    def _begin_to_read(self):
        self.drafts: dict[int, str] = {}  # of each closing that was drafted, the hash of what was shown
        self.said: dict[tuple[int, str], str] = {}
        self.lets: dict[int, set[str]] = {}
        self.numbers: dict[tuple[int, str], int] = {}
        for state, reader in READERS.items():
            guarantor = self.agreement.guarantors.get(code=state)
            accreditation.accredit(self.accounts[reader], self.agreement, "guarantor", by=None, guarantor=guarantor)

    def draft(self, draw):
        """Two release months from now on; one is computed, and its draft shown to all."""
        if self.agreement.terms.release != MechanismVersion.Release.BY_TWO:
            self._load(lambda: self._mechanism(BY_TWO))
        closing = closings.request(self.agreement, "month", "2025-03")
        if closing.computed_at is None and any(writer.waits for writer in self.late):
            with pytest.raises(closings.NotYetError):
                closings.advance(closing.pk)
            self._let_all_go()
        closing = closings.advance(closing.pk)
        assert closing.failure == ""
        if closing.state == Closing.State.DRAFTED:
            self.drafts[closing.pk] = closing.content_sha256

    def comment(self, draw):
        """Somebody says something on a draft, be it its own or another's, at any length, or nothing."""
        closing = self._pick(Closing.objects.filter(state="drafted"), draw)
        reader, whose, words = draw(st.sampled_from(STATES)), draw(st.sampled_from(STATES)), draw(WORDS)
        if closing is None:
            return
        with preparing():
            draft = Edition.objects.get(closing=closing, guarantor__code=whose).public_id
        by = self.accounts[READERS[reader]]
        outcome = self._agreed(
            (lambda: comments.say_none(draft, by=by))
            if words is None
            else lambda: comments.say(draft, by=by, words=words)
        )
        too_long = words is not None and len(words.split()) > LENGTH
        assert isinstance(outcome, Refusal) == (reader != whose or too_long)
        if not isinstance(outcome, Refusal):
            self.said[closing.pk, whose] = words or ""

    def comments_end(self, draw):
        """The time for comments ends: what was said last is what is printed, and nothing is said any more."""
        closing = self._pick(Closing.objects.filter(state="drafted"), draw)
        if closing is None:
            return
        time_is_over(closing)
        with preparing():
            draft = Edition.objects.get(closing=closing, guarantor__code="alder").public_id
        late = self._agreed(lambda: comments.say(draft, by=self.accounts[READERS["alder"]], words="Too late."))
        assert isinstance(late, Refusal)
        closing = closings.advance(closing.pk)
        assert (closing.state, closing.failure) == (Closing.State.RENDERED, "")
        with preparing():
            printed = {one["guarantor"]: one["words"] for one in commenting.printed(closing)["comments"]}
        assert printed == {state: self.said.get((closing.pk, state), "") for state in STATES}

    def approve(self, draw):
        """A moderator lets a month be released, or takes that back; it is released once two sides let it be."""
        closing = self._pick(Closing.objects.filter(state="rendered", kind="month"), draw)
        name, takes_back = draw(BY), draw(st.integers(0, 5)) == 0
        if closing is None:
            return
        by, lets = self.accounts[name], self.lets.setdefault(closing.pk, set())
        if takes_back:
            outcome = self._agreed(lambda: approvals.take_back(closing.public_id, by=by))
            assert isinstance(outcome, Refusal) == (name not in lets)
            lets.discard(name)
            return
        outcome = self._agreed(lambda: approvals.approve(closing.public_id, seen(closing), by=by))
        same_side = any(SIDES[other] == SIDES[name] is not None for other in lets - {name})
        assert isinstance(outcome, Refusal) == same_side
        if not isinstance(outcome, Refusal):
            lets.add(name)
        closing = closings.advance(closing.pk)
        assert (closing.released_at is not None) == (len(lets) == 2)

    def release_by_two(self, draw):
        """All of it in order, as far as it goes, and a sheet to what is released."""
        self.draft(draw)
        for _time in range(3):
            self.comment(draw)
        self.comments_end(draw)
        for _time in range(3):
            self.approve(draw)
        self.sheet(draw)

    def sheet(self, draw):
        """One proposes a sheet to what is released, another seconds it, or either takes it back; then it is issued."""
        closing = self._pick(Closing.objects.released(), draw)
        (one, other), kind, taken_back = draw(PAIRS), draw(st.sampled_from(["corr", "add"])), draw(st.integers(0, 4))
        if closing is None:
            return
        proposed = supplements.propose(closing.public_id, kind, "For “ford” read “weir”.", by=self.accounts[one])
        if taken_back == 0:
            supplements.withdraw(proposed.public_id, by=self.accounts[one])
        outcome = self._agreed(lambda: supplements.second(proposed.public_id, by=self.accounts[other]))
        assert isinstance(outcome, Refusal) == (taken_back == 0 or SIDES[one] == SIDES[other])
        assert not Supplement.objects.filter(pk=proposed.pk).exists(), "It is hidden until its release."
        issued = supplements.issue(proposed.pk)
        assert (issued.released_at is None) == isinstance(outcome, Refusal)
        if issued.released_at is not None:
            self.numbers[closing.pk, kind] = self.numbers.get((closing.pk, kind), 0) + 1
            assert issued.number == self.numbers[closing.pk, kind]

    def _agreed(self, verb):
        """Do the verb; what is refused leaves nothing behind."""
        before = self._words()
        outcome = self._do(verb, set())
        if isinstance(outcome, Refusal):
            assert self._words() == before, "What was refused left something behind."
        return outcome

    def _words(self):
        with preparing():
            return (
                DraftComment.objects.filter(agreement=self.agreement).count(),
                DraftComment.objects.filter(agreement=self.agreement, superseded_at=None).count(),
                ReleaseApproval.objects.filter(agreement=self.agreement).count(),
                ReleaseApproval.objects.filter(agreement=self.agreement, superseded_at=None).count(),
                Supplement.objects.filter(agreement=self.agreement, seconded_at=None).count(),
            )

    def what_two_release_two_let_be(self):
        """What was drafted is what was released, by two; what was not is seen by nobody who does not prepare it."""
        for closing in Closing.objects.filter(agreement=self.agreement, pk__in=self.drafts):
            assert closing.content_sha256 == self.drafts[closing.pk]
            sides = [SIDES[name] for name in MODERATORS if name in self.lets.get(closing.pk, ())]
            assert closing.released_at is None or (len(sides), len({*sides})) == (2, 2)
        hidden = {"agreement": self.agreement, "released_at": None}
        assert not Edition.objects.filter(**hidden).exists()
        assert not Supplement.objects.filter(**hidden).exists()
        assert not Rendition.objects.filter(edition__agreement=self.agreement, stage="draft").exists()
        assert not DraftComment.objects.filter(agreement=self.agreement, closing__released_at=None).exists()
        assert not SupplementFile.objects.filter(supplement__agreement=self.agreement, supplement__released_at=None)
