"""How a filed report is reviewed: the moves of VOCABULARY, all of them. The only module that writes review steps.

A state belongs to a revision; that of a chain is the state of its newest revision. The moves of moderators are verbs
here (`take`, `return_with_question`, `await_reply`, `accept`, `reopen`) and in `linking`; those of the filer are
written by `filing` through `begin` and `move`, with the verb's own stamp.

A report that was withdrawn or corrected after something was found on its incident is in the state `withdrawn`, or in
its new revision `submitted`, while its incident still counts it as it was: the link moves when a moderator's
proposal (findings.propose_effect) is seconded.
"""

from __future__ import annotations

from datetime import datetime

from monitoring.models import User
from violations.codebook import ReviewState as State
from violations.models import IncidentReport, ReviewStep

MOVES: dict[str, frozenset[str]] = {
    State.SUBMITTED: frozenset({State.UNDER_REVIEW, State.WITHDRAWN, State.SUPERSEDED}),
    State.UNDER_REVIEW: frozenset(
        {State.LINKED, State.RETURNED, State.AWAITING_REPLY, State.DUPLICATE, State.WITHDRAWN, State.SUPERSEDED}
    ),
    State.RETURNED: frozenset({State.WITHDRAWN, State.SUPERSEDED}),
    State.AWAITING_REPLY: frozenset({State.UNDER_REVIEW, State.WITHDRAWN, State.SUPERSEDED}),
    State.LINKED: frozenset({State.UNDER_REVIEW, State.WITHDRAWN, State.SUPERSEDED}),
    State.DUPLICATE: frozenset({State.UNDER_REVIEW, State.WITHDRAWN, State.SUPERSEDED}),
    State.WITHDRAWN: frozenset(),
    State.SUPERSEDED: frozenset(),
}


def state_of(report: IncidentReport) -> State:
    """Return the state of this revision; an older revision than the chain's newest is superseded."""
    raise NotImplementedError


def begin(report: IncidentReport, *, recorded_at: datetime) -> ReviewStep:
    """Write the first step of a revision: submitted, by its filer. For `filing`, within its transaction."""
    raise NotImplementedError


def move(report: IncidentReport, to: str, *, by: User | None, recorded_at: datetime, grounds: str = "") -> ReviewStep:
    """Write one move of a revision, within the caller's transaction, which holds the report's incident.

    `by` is null where the filer moved. Raises NotNow, saying what the state is, where VOCABULARY has no such move.
    """
    raise NotImplementedError


def take(report: IncidentReport, *, by: User) -> ReviewStep:
    """Take a submitted report under review, or take it up again when the awaited reply came or its time ran out.

    Raises Forbidden (no moderator of this agreement; one's own report), NotNow (another state).
    """
    raise NotImplementedError


def return_with_question(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Return a report under review to its filer; `grounds` is the question: what is needed.

    The filer answers by a correction, which starts as submitted. Raises Malformed (no question), Forbidden, NotNow.
    """
    raise NotImplementedError


def await_reply(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Set a report under review aside until the side concerned replies; `grounds` says what was asked, of whom.

    Raises Malformed (no grounds), Forbidden, NotNow.
    """
    raise NotImplementedError


def accept(report: IncidentReport, *, by: User, grounds: str = "") -> ReviewStep:
    """End the review of a report that tells of the incident it already belongs to: under review -> linked.

    So a report that is the only one of its event leaves the queue; nothing moves and nothing is counted otherwise.
    Raises Forbidden, NotNow.
    """
    raise NotImplementedError


def reopen(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Take a linked or duplicate report under review again, with grounds. Its membership stays until linked elsewhere.

    Raises Malformed (no grounds), Forbidden, NotNow.
    """
    raise NotImplementedError
