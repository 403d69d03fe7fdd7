"""Reading a report and deciding on it in one act: the same verbs one after another, whole or not at all.

A report is taken under review before anything else is done with it. Who reads it and knows at once what is to be done
need not say so in two or three acts: each step is written all the same, with its own stamp and its own row in the
audit, by the verb that writes it and by its rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from violations import duty_log, full_form, holding, linking, review
from violations.codebook import ReviewState as State
from violations.models import Finding, Incident, IncidentReport, ReportLink, ReviewStep

if TYPE_CHECKING:
    from monitoring.models import User
    from violations.decisions import Decision
    from violations.full_form import Given

# What a moderator may still take under review, and what is under review: from here a report may be decided on.
TO_READ = (State.SUBMITTED, State.UNDER_REVIEW)


def taken_first(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return a verb on a report that is under review as one that first takes it there, where it is submitted.

    Raises what `review.take` and `verb` raise; then neither was done.
    """

    def act(report: IncidentReport, *args: Any, by: User, **said: Any) -> Any:
        with holding.deciding():
            if review.state_of(report) == State.SUBMITTED:
                review.take(report, by=by)
            return verb(report, *args, by=by, **said)

    return act


accept: Callable[..., ReviewStep] = taken_first(review.accept)


def link(report: IncidentReport, incident: Incident, *, by: User, kind: str, grounds: str) -> ReportLink | Finding:
    """Link a report that is still to be read. Both incidents are held first: two may link each to the other at once."""
    with holding.deciding():
        holding.hold_chain(report.chain, incident.pk)
        return taken_first(linking.link)(report, incident, by=by, kind=kind, grounds=grounds)


def to_accept(incident: Incident) -> list[IncidentReport]:
    """The reports of `incident` that are still to be read, as it counts them: submitted or under review.

    What stands with the duty officer of its team is not yet to be read by moderators.
    """
    links = ReportLink.objects.members().open().filter(incident=incident).select_related("report__agreement")
    links = links.exclude(chain__in=duty_log.chains_waiting([incident.agreement_id]))
    return [link.report for link in links.order_by("pk") if review.state_of(link.report) in TO_READ]


def accept_and_propose(incident: Incident, decision: Decision, grading: Iterable[Given] = (), *, by: User) -> Finding:
    """Accept every report of `incident` that is still to be read, and propose a finding on it; return the proposal.

    `grading` are the grades given along with it. Raises what `review.take`, `review.accept` and `full_form.propose`
    raise; then nothing of it was done.
    """
    with holding.deciding():
        holding.hold([incident.pk])
        for report in to_accept(incident):
            accept(report, by=by)
        return full_form.propose(incident, decision, grading, by=by)
