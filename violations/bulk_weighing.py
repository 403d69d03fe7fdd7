"""What of many cannot be done, and why, before it is tried: told of each where the effects are shown.

Nothing here decides: the verbs ask again for every row. A rule that only the verb asks (whether what a proposal says
still goes together with the truce's file) is told in the row's outcome.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from monitoring.errors import Forbidden, NotNow, Refusal
from violations import agenda, duty_log, sealing, seconding
from violations.codebook import ReviewState, Standing
from violations.models import Assessment, BulkJob, Finding, IncidentReport, ReportLink, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from monitoring.accreditation import Capacity
    from monitoring.models import User

Action = BulkJob.Action
# Where the review of a report stands for what is done to it, and where it stands then.
FROM: Mapping[str, tuple[ReviewState, ...]] = {
    Action.TAKE: (ReviewState.SUBMITTED, ReviewState.AWAITING_REPLY),
    Action.ACCEPT: (ReviewState.UNDER_REVIEW,),
    Action.RETURN: (ReviewState.UNDER_REVIEW,),
}
TO: Mapping[str, ReviewState] = {
    Action.TAKE: ReviewState.UNDER_REVIEW,
    Action.ACCEPT: ReviewState.LINKED,
    Action.RETURN: ReviewState.RETURNED,
}


def concerned(proposal: Finding) -> list[int]:
    """The incidents that seconding a proposal changes."""
    return [pk for pk in (proposal.incident_id, proposal.effect_incident_id) if pk]


def proposals_refused(
    proposals: Collection[Finding], *, by: User, capacities: Mapping[int, Capacity]
) -> dict[int, Refusal]:
    """Why `by` cannot second which of the proposals, by number: closed, agreed, their own or their side's, stale.

    `capacities`: in what capacity they moderate, by agreement. In a handful of statements, however many there are.
    """
    incidents = {pk for row in proposals for pk in concerned(row)}
    chains = defaultdict(list)
    for incident, chain in (
        ReportLink.objects.open().members().filter(incident__in=incidents).values_list("incident", "chain")
    ):
        chains[incident].append(chain)
    own = sealing.own_chains(by, {chain for told in chains.values() for chain in told})
    live = set(Assessment.objects.open().filter(incident__in=incidents).values_list("incident", flat=True))
    stale = set(_stale([row.pk for row in proposals]))
    sittings = agenda.not_for_moderators([row.pk for row in proposals])
    asked: dict[tuple, Refusal | None] = {}
    refused: dict[int, Refusal] = {}
    for row in proposals:
        told = {chain for pk in concerned(row) for chain in chains[pk]}
        why = _closed(row) or (_own() if told & own else None) or _of_author(row, capacities, by, asked)
        if why is None and row.pk in stale:
            why = NotNow(_("Something was agreed or a report moved since it was made."), code="stale")
        if why is None and row.pk in sittings:
            why = NotNow(str(agenda.WHY_NOT[sittings[row.pk]]), code=sittings[row.pk])
        if why is None and row.incident_id not in live:
            why = NotNow(_("No report belongs to this incident any more."), code="not_live")
        if why is not None:
            refused[row.pk] = why
    return refused


def reports_refused(action: str, reports: Collection[IncidentReport], *, by: User) -> dict[int, Refusal]:
    """Why `by` cannot do `action` to which of the reports, by number: their own, or not where its review must stand."""
    chains = [row.chain for row in reports]
    own = sealing.own_chains(by, chains)
    held: set[UUID] = set()
    if action == Action.TAKE:
        held = set(duty_log.chains_waiting({row.agreement_id for row in reports}))
    states = states_of(reports)
    refused: dict[int, Refusal] = {}
    for row in reports:
        state = states[row.pk]
        if row.chain in own:
            refused[row.pk] = _own()
        elif state not in FROM[action]:
            told = _("Its review stands at “%(state)s”.") % {"state": state.label}
            refused[row.pk] = NotNow(told, code=f"is_{state}")
        elif row.chain in held:
            refused[row.pk] = NotNow(_("It stands with the duty officer of its team."), code="with_duty_officer")
    return refused


def states_of(reports: Collection[IncidentReport]) -> dict[int, ReviewState]:
    """Where the review of each revision stands, by its number; of one that is not the newest: superseded."""
    last = ReviewStep.objects.filter(chain=OuterRef("chain")).order_by("-pk")
    rows = IncidentReport.objects.filter(pk__in=[row.pk for row in reports]).annotate(
        state=Subquery(last.values("state")[:1]), of=Subquery(last.values("report")[:1])
    )
    return {
        pk: ReviewState(state) if of == pk else ReviewState.SUPERSEDED
        for pk, state, of in rows.values_list("pk", "state", "of")
    }


def _own() -> Refusal:
    return Forbidden(_("You filed this report or another of its incident."), code="own_report")


def _closed(row: Finding) -> Refusal | None:
    if row.standing != Standing.PROPOSED:
        return NotNow(_("This is agreed already."), code="agreed")
    if row.superseded_at is not None:
        return NotNow(_("This is no longer open."), code="not_open")
    return None


def _of_author(
    row: Finding, capacities: Mapping[int, Capacity], by: User, asked: dict[tuple, Refusal | None]
) -> Refusal | None:
    """Whether the rules refuse a second to what this author proposed for that side; asked once for each author."""
    key = (row.agreement_id, row.proposed_by_id, row.proposed_side_id)
    if key not in asked:
        try:
            seconding.require_another(row, capacities[row.agreement_id], by=by)
            asked[key] = None
        except Refusal as refusal:
            asked[key] = refusal
    return asked[key]


def _stale(ids: Collection[int]) -> list[int]:
    """Proposals made before something was agreed, or a report moved, on what they concern (`seconding`)."""
    there = Q(incident=OuterRef("incident")) | Q(incident=OuterRef("effect_incident"))
    since = OuterRef("recorded_at")
    agreed = Finding.objects.agreed().filter(there, recorded_at__gt=since)
    moved = ReportLink.objects.members().filter(there, Q(recorded_at__gt=since) | Q(superseded_at__gt=since))
    return list(Finding.objects.filter(Exists(agreed) | Exists(moved), pk__in=ids).values_list("pk", flat=True))
