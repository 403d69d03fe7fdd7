"""How a filed report is reviewed: the moves of VOCABULARY, all of them. The only module that writes review steps.

A state belongs to a revision; that of a chain is the state of its newest revision. The moves of moderators are verbs
here (`take`, `return_with_question`, `await_reply`, `accept`, `reopen`) and in `linking`; those of the filer are
written by `filing` through `begin` and `move`, with the verb's own stamp.

A report that was withdrawn or corrected after something was found on its incident is in the state `withdrawn`, or in
its new revision `submitted`, while its incident still counts it as it was: the link moves when a moderator's
proposal (findings.propose_effect) is seconded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from violations import cases, docket, duty_log, holding, standing
from violations.codebook import ReviewState as State
from violations.models import IncidentReport, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from monitoring.models import User

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
    last = ReviewStep.objects.filter(chain=report.chain).select_related("report").order_by("-pk").first()
    if last is None or last.report.revision < report.revision:
        return State.SUBMITTED
    return State(last.state) if last.report_id == report.pk else State.SUPERSEDED


def require(report: IncidentReport, states: Collection[str]) -> State:
    """Return the state of this revision where it is one of `states`; else raise NotNow, saying what it is."""
    state = state_of(report)
    if state not in states:
        raise NotNow(
            _("This cannot be done now: the review of this report stands at “%(state)s”.") % {"state": state.label},
            code=f"is_{state}",
        )
    return state


def begin(report: IncidentReport, *, recorded_at: datetime) -> ReviewStep:
    """Write the first step of a revision: submitted, by its filer. For `filing`, within its transaction."""
    return _write(report, State.SUBMITTED, by=None, recorded_at=recorded_at)


def move(report: IncidentReport, to: str, *, by: User | None, recorded_at: datetime, grounds: str = "") -> ReviewStep:
    """Write one move of a revision, within the caller's transaction, which holds the report's incident.

    `by` is null where the filer moved. Raises NotNow, saying what the state is, where VOCABULARY has no such move.
    """
    require(report, {state for state, onwards in MOVES.items() if to in onwards})
    return _write(report, to, by=by, recorded_at=recorded_at, grounds=grounds)


def take(report: IncidentReport, *, by: User) -> ReviewStep:
    """Take a submitted report under review, or take it up again when the awaited reply came or its time ran out.

    Raises Forbidden (no moderator of this agreement; one's own report), NotNow (another state; `with_duty_officer`:
    its hours with the duty officer of the team are not over).
    """
    return _decide(report, State.UNDER_REVIEW, after={State.SUBMITTED, State.AWAITING_REPLY}, by=by, action="take")


def return_with_question(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Return a report under review to its filer; `grounds` is the question: what is needed.

    The filer answers by a correction, which starts as submitted. Raises Malformed (no question), Forbidden, NotNow.
    """
    _require_words(grounds, _("Write the question: what is needed from whoever filed this."))
    return _decide(report, State.RETURNED, after={State.UNDER_REVIEW}, by=by, action="return", grounds=grounds)


def await_reply(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Set a report under review aside until the side concerned replies; `grounds` says what was asked, of whom.

    Raises Malformed (no grounds), Forbidden, NotNow.
    """
    _require_words(grounds, _("Write what was asked, and of whom."))
    return _decide(
        report, State.AWAITING_REPLY, after={State.UNDER_REVIEW}, by=by, action="await_reply", grounds=grounds
    )


def accept(report: IncidentReport, *, by: User, grounds: str = "") -> ReviewStep:
    """End the review of a report that tells of the incident it already belongs to: under review -> linked.

    So a report that is the only one of its event leaves the queue; nothing moves and nothing is counted otherwise.
    Raises Forbidden, NotNow.
    """
    return _decide(report, State.LINKED, after={State.UNDER_REVIEW}, by=by, action="accept", grounds=grounds)


def reopen(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Take a linked or duplicate report under review again, with grounds. Its membership stays until linked elsewhere.

    Raises Malformed (no grounds), Forbidden, NotNow.
    """
    _require_words(grounds, _("Write why the review is opened again."))
    return _decide(
        report, State.UNDER_REVIEW, after={State.LINKED, State.DUPLICATE}, by=by, action="reopen", grounds=grounds
    )


def took_effect(report: IncidentReport, *, by: User, recorded_at: datetime) -> ReviewStep:
    """Write that a correction or withdrawal was let take effect, by the person who seconded it.

    The state stays, and so does what the filer reads there; the grounds of the two persons stand in the finding.
    """
    last = ReviewStep.objects.filter(report=report).order_by("-pk").first()
    return _write(
        report, state_of(report), by=by, recorded_at=recorded_at, grounds=last.grounds if last is not None else ""
    )


def _decide(
    report: IncidentReport, to: State, *, after: Collection[str], by: User, action: str, grounds: str = ""
) -> ReviewStep:
    with holding.deciding() as entry:
        standing.moderating(by, report.agreement, [report.chain])
        member = holding.hold_chain(report.chain)
        require(report, after)
        if to == State.UNDER_REVIEW:
            duty_log.require_gone_on(report)
        step = move(report, to, by=by, recorded_at=entry.stamp(), grounds=grounds.strip())
        if member is not None:
            if to == State.UNDER_REVIEW:
                cases.follow([member.incident_id], recorded_at=entry.stamp())
            docket.follow([member.incident_id], recorded_at=entry.stamp())
        audit.done(f"review.{action}", by=by, on=report)
    return step


def _write(
    report: IncidentReport, state: str, *, by: User | None, recorded_at: datetime, grounds: str = ""
) -> ReviewStep:
    return ReviewStep.objects.create(
        chain=report.chain, report=report, state=state, by=by, grounds=grounds, recorded_at=recorded_at
    )


def _require_words(grounds: str, message: str) -> None:
    if not grounds.strip():
        raise Malformed(message, fields={"/grounds": [message]})
