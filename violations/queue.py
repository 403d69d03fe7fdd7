"""What waits for whom: every live incident with what a moderator has to do about it, gravest and longest waiting first.

Nothing here decides: it reads where reviews and findings stand. The rules that it foretells are held by the verbs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import User
from violations import duty_log, membership
from violations.codebook import LinkKind, Standing
from violations.codebook import ReviewState as State
from violations.models import Assessment, Finding, IncidentReport, ReportLink, ReviewStep


class Need(models.TextChoices):
    """What an incident needs of the moderator who asks, the first that fits."""

    SECOND = "second", _("second or dissent")
    REVIEW = "review", _("take under review")
    SETTLE = "settle", _("let a correction or withdrawal take effect")
    DECIDE = "decide", _("decide")
    ACCEPT = "accept", _("end the review of its report")
    OTHERS_CHECK = "others_check", _("stands with the duty officer of its team, to be checked")
    OTHERS_ANSWER = "others_answer", _("waits for an answer")
    OTHERS_SECOND = "others_second", _("waits for a second")
    SET = "set", _("nothing urgent: accepted with its data set, it may still be reviewed")
    NOTHING = "nothing", _("nothing: decided")


MINE = (Need.SECOND, Need.REVIEW, Need.SETTLE, Need.DECIDE, Need.ACCEPT)
OTHERS = (Need.OTHERS_CHECK, Need.OTHERS_ANSWER, Need.OTHERS_SECOND)
DECIDED = (Need.NOTHING, Need.SET)

WITH_OTHERS = (State.RETURNED, State.AWAITING_REPLY)
TAKEN_UP = (State.UNDER_REVIEW, State.WITHDRAWN, *WITH_OTHERS)  # and not ended


@dataclass(frozen=True)
class Waiting:
    """An incident of the queue: its open assessment, what it needs, and where the review of each report stands."""

    assessment_id: int
    need: Need
    states: list[str]


# One statement over the candidates in the order of the queue (incidents are numbered as they are filed), read
# no further than the page that is asked for. A proposal is fresh while nothing was agreed and no report moved since it
# was made: only then can it be seconded. The last step of a chain is of its newest revision; where that is not the
# revision that is a member, a correction waits to take effect. What is only heard needs no finding once accepted. What
# an accepted data set tells of stands as the set says until somebody takes it up singly; then it is theirs to decide.
# What stands with a duty officer is asked before, and is few: it is nobody's to take up yet.
WAITING = f"""
with candidate (id, incident_id, lane, gravity) as materialized ({{candidates}}),
acting (agreement_id, side_id) as (select * from unnest(%s::bigint[], %s::bigint[])),
needing as (
    select candidate.id, candidate.gravity, candidate.incident_id, review.states,
           case
               when proposed.to_second then '{Need.SECOND.value}'
               when review.to_take and (agreed.of_set is not true or review.unsettled)
                    then '{Need.REVIEW.value}'
               when ('{State.WITHDRAWN.value}' = any(review.states) or review.unsettled)
                    and proposed.ours is not true then '{Need.SETTLE.value}'
               when review.taken_at is not null and (agreed.recorded_at is null or agreed.of_set)
                    and proposed.ours is not true then '{Need.DECIDE.value}'
               when review.taken_at > agreed.recorded_at and proposed.ours is not true then '{Need.ACCEPT.value}'
               when review.with_duty and proposed.ours is not true then '{Need.OTHERS_CHECK.value}'
               when review.states && array['{State.RETURNED.value}', '{State.AWAITING_REPLY.value}']::varchar[]
                    then '{Need.OTHERS_ANSWER.value}'
               when proposed.ours then '{Need.OTHERS_SECOND.value}'
               when (agreed.recorded_at is null
                     or (agreed.of_set and '{State.SUBMITTED.value}' <> all(review.states)))
                    and candidate.lane <> 'routine' and proposed.dissented is not true then '{Need.DECIDE.value}'
               when agreed.of_set then '{Need.SET.value}'
               else '{Need.NOTHING.value}'
           end as need
    from (select * from candidate order by gravity, incident_id) candidate
    left join lateral (
        select bool_or(others and fresh and not dissented) as to_second, bool_or(ours and fresh) as ours,
               bool_or(dissented) as dissented
        from (
            select finding.proposed_by_id <> %s and (acting.side_id is null or finding.proposed_side_id is null
                       or acting.side_id <> finding.proposed_side_id) as others,
                   acting.side_id is not distinct from finding.proposed_side_id as ours,
                   exists (
                       select from violations_dissent dissent
                       where dissent.finding_id = finding.id and dissent.by_id = %s
                   ) as dissented,
                   not exists (
                       select from violations_finding later
                       where later.incident_id in (finding.incident_id, finding.effect_incident_id)
                         and later.standing <> '{Standing.PROPOSED.value}' and later.recorded_at > finding.recorded_at
                   ) and not exists (
                       select from violations_reportlink moved
                       where moved.incident_id in (finding.incident_id, finding.effect_incident_id)
                         and moved.kind <> '{LinkKind.RELATED.value}'
                         and (moved.recorded_at > finding.recorded_at or moved.superseded_at > finding.recorded_at)
                   ) as fresh
            from violations_finding finding join acting using (agreement_id)
            where finding.incident_id = candidate.incident_id
              and finding.standing = '{Standing.PROPOSED.value}' and finding.superseded_at is null
        ) proposal
    ) proposed on true
    left join lateral (
        select finding.recorded_at, finding.standing = '{Standing.DATA_SET.value}' as of_set
        from violations_finding finding
        where finding.incident_id = candidate.incident_id
          and finding.standing <> '{Standing.PROPOSED.value}' and finding.superseded_at is null
    ) agreed on true
    left join lateral (
        select array_agg(step.state order by link.chain) as states,
               bool_or(step.report_id <> link.report_id) as unsettled,
               bool_or(step.state = '{State.SUBMITTED.value}' and link.chain <> all(%s::uuid[])) as to_take,
               bool_or(step.state = '{State.SUBMITTED.value}' and link.chain = any(%s::uuid[])) as with_duty,
               max(step.recorded_at) filter (where step.state = '{State.UNDER_REVIEW.value}') as taken_at
        from violations_reportlink link
        cross join lateral (
            select last.state, last.report_id, last.recorded_at from violations_reviewstep last
            where last.chain = link.chain order by last.id desc limit 1
        ) step
        where link.incident_id = candidate.incident_id
          and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'
    ) review on true
)
select id, need, coalesce(states, array[]::varchar[]) from needing
where need = any(%s) and (%s = '' or %s = any(states))
order by gravity, incident_id
offset %s limit %s
"""


def waiting(
    candidates: Any,
    *,
    by: User,
    sides: Mapping[int, int | None],
    needs: Collection[str] = (),
    state: str = "",
    start: int = 0,
    at_most: int,
) -> list[Waiting]:
    """Return, of the open assessments `candidates`, those that need one of `needs` (any, if none) of the moderator.

    `sides` gives the id of the side that `by` acts for in each agreement moderated, None for an independent. `state`
    narrows to incidents with a report whose review stands there. In order; `start` are left out, `at_most` returned.
    """
    held = duty_log.chains_waiting(list(sides))
    rows = (
        candidates.filter(agreement__in=list(sides))
        .with_lane()
        .order_by()
        .values_list("pk", "incident_id", "lane", "gravity")
    )
    if needs and Need.NOTHING not in needs:
        rows = rows.filter(incident__in=_in_need(needs, held))
    if state:
        rows = rows.filter(incident__in=_reviewed([state]))
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    acting: list[Any] = [list(sides), list(sides.values()), by.pk, by.pk, held, held]
    asked: list[Any] = [list(needs or Need.values), state, state, start, at_most]
    with connection.cursor() as cursor:
        cursor.execute(WAITING.format(candidates=sql), [*parameters, *acting, *asked])
        return [Waiting(pk, Need(need), list(states)) for pk, need, states in cursor.fetchall()]


def _in_need(needs: Collection[str], held: Collection[UUID]) -> Any:
    """Incidents that one of `needs` may be of, as one set: few in a record that is decided for the most part.

    What is agreed, with no proposal open and every report's review ended, needs nothing, nor does what an accepted data
    set brought and nobody took up; where a report was corrected is looked at. Others are waited for only where
    something is proposed or a report is with its filer or a side.
    """
    of_set = Finding.objects.open().filter(standing=Standing.DATA_SET)
    if set(needs) == {Need.SET}:
        return of_set.values("incident")
    proposed = Finding.objects.open().proposals().values("incident")
    if set(needs) <= set(OTHERS):
        return proposed.union(_reviewed(WITH_OTHERS), _telling_of(held), all=True)
    agreed = Finding.objects.open().agreed().exclude(standing=Standing.DATA_SET).filter(incident=OuterRef("incident"))
    undecided = Assessment.objects.open().exclude(Exists(agreed))
    submitted = _reviewed([State.SUBMITTED])
    if Need.SET not in needs:
        undecided = undecided.exclude(incident__in=of_set.filter(incident__in=submitted).values("incident"))
        submitted = submitted.exclude(incident__in=of_set.values("incident"))
    corrected = IncidentReport.objects.filter(revision__gt=1).values("chain")
    return undecided.values("incident").union(
        proposed, submitted, _reviewed(TAKEN_UP), _telling_of(corrected), all=True
    )


def _reviewed(states: Collection[str]) -> Any:
    """Incidents that a report tells of whose review stands in one of `states`."""
    chains = ReviewStep.objects.values("chain").annotate(last=Max("pk"), so=Max("pk", filter=Q(state__in=states)))
    return _telling_of(chains.filter(so=F("last")).values("chain"))


def _telling_of(chains: Any) -> Any:
    """Incidents that a report of one of `chains` tells of."""
    return ReportLink.objects.open().filter(chain__in=chains).values("incident")


def candidates(user: User) -> Any:
    """What the queue is made of: the open assessments that `user` may see."""
    return Assessment.objects.visible_to(user).open()


def is_fresh(proposal: Finding) -> bool:
    """Whether an open proposal can be seconded as it is: nothing was agreed and no report moved since it was made."""
    concerned = [pk for pk in (proposal.incident_id, proposal.effect_incident_id) if pk]
    later = Finding.objects.agreed().filter(incident__in=concerned, recorded_at__gt=proposal.recorded_at)
    return not later.exists() and not membership.changed_since(proposal.recorded_at, concerned)
