"""What waits for whom: every live incident with what a moderator has to do about it, gravest and longest waiting first.

Nothing here decides: it reads where reviews and findings stand. The rules that it foretells are held by the verbs.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from monitoring.models import User
from violations import agenda, duty_log, membership
from violations.codebook import LinkKind, Standing
from violations.codebook import ReviewState as State
from violations.incident_querysets import GRAVITY
from violations.models import Assessment, Docket, Finding

Stage = Docket.Stage
WORD = Finding.Effect.FINDING.value


class Need(models.TextChoices):
    """What an incident needs of the moderator who asks, the first that fits."""

    CONFIRM = "confirm", _("confirm what a sitting said")
    SECOND = "second", _("second or dissent")
    YOURS = "yours", _("read the answer to your question, decide")
    REVIEW = "review", _("take under review")
    SETTLE = "settle", _("let a correction or withdrawal take effect")
    ANSWERED = "answered", _("read the answer of its filer, decide")
    REFERRED = "referred", _("look again: a sitting referred it back")
    DECIDE = "decide", _("decide")
    ACCEPT = "accept", _("end the review of its report")
    OTHERS_CHECK = "others_check", _("stands with the duty officer of its team, to be checked")
    OTHERS_ANSWER = "others_answer", _("waits for an answer")
    OTHERS_SECOND = "others_second", _("waits for a second")
    OTHERS_CONFIRM = "others_confirm", _("waits to be confirmed, as a sitting said")
    SET = "set", _("nothing urgent: accepted with its data set, it may still be reviewed")
    NOTHING = "nothing", _("nothing: decided")


MINE = (
    Need.CONFIRM,
    Need.SECOND,
    Need.YOURS,
    Need.REVIEW,
    Need.SETTLE,
    Need.ANSWERED,
    Need.REFERRED,
    Need.DECIDE,
    Need.ACCEPT,
)
OTHERS = (Need.OTHERS_CHECK, Need.OTHERS_ANSWER, Need.OTHERS_SECOND, Need.OTHERS_CONFIRM)
DECIDED = (Need.NOTHING, Need.SET)


@dataclass(frozen=True)
class Proposed:
    """An open proposal: from which side (None: an independent), since when, to be seconded by when, its effect."""

    side_id: int | None
    recorded_at: datetime
    second_by: datetime
    effect: str


@dataclass(frozen=True)
class Found:
    """What is agreed on an incident: how far it has come, whether it stands, whether it was a breach."""

    standing: str
    verification: str
    conduct: str


@dataclass(frozen=True)
class Waiting:
    """An incident of the queue: its open assessment, what it needs, and where the review of each report stands.

    `place`: where in the queue it comes, by rank (its gravity, or LEADS) and number. `since`: when a reply was first
    waited for. `lane_to_second`: whether another side proposed to move it to another lane; that alone needs nobody, as
    it may be left alone. `referred`: in which words a sitting referred it back, '' where it did not or somebody spoke
    since.
    """

    assessment_id: int
    need: Need
    states: list[str]
    place: tuple[int, int]
    since: datetime | None
    proposals: tuple[Proposed, ...]
    lane_to_second: bool
    referred: str
    found: Found | None


# Before every lane: what leads the queue of one moderator.
LEADS = -1
# No limit, which is not known when the statement is planned: so it is planned for its first rows.
NO_LIMIT = "(select null::bigint)"

# One statement over the docket in the order of the queue (incidents are numbered as they are filed), read no further
# than the page that is asked for: each stage of an agreement is read along an index, and what is asked of an incident
# is looked up for it alone, which `offset 0` ensures. A proposal is fresh while nothing was agreed and no report moved
# since it was made: only then can it be seconded. The last step of a chain is of its newest revision; where that is not
# the revision that is a member, a correction waits to take effect. What is only heard needs no finding once accepted.
# What an accepted data set tells of stands as the set says until somebody takes it up singly; then it is theirs to
# decide. What stands with a duty officer is asked before, and is few: it is nobody's to take up yet. Where a filer
# answered what the moderator asked, or corrected upon it, that leads the queue of this one; of any other it stands as
# it always does, so that nothing waits for somebody who is away.
WAITING = f"""
with acting (agreement_id, side_id) as (select * from unnest(%s::bigint[], %s::bigint[])),
yours as materialized (
    select incident_id, gravity
    from (select * from violations_docket where superseded_at is null and asked_by_id = %s offset 0) asked
    join acting using (agreement_id)
),
needing as (
    select asked_for.id, docket.rank, docket.incident_id, review.states, review.since, proposed.words,
           sitting.referred, agreed.standing, agreed.verification, agreed.conduct,
           exists (
               select from violations_lanemove move join acting using (agreement_id)
               where move.incident_id = docket.incident_id and move.superseded_at is null and not move.in_force
                 and move.proposed_by_id <> %s
                 and (acting.side_id is null or move.proposed_side_id is null
                      or acting.side_id <> move.proposed_side_id)
           ) as lane_to_second,
           case
               when sitting.to_confirm then '{Need.CONFIRM.value}'
               when proposed.to_second and not sitting.waits then '{Need.SECOND.value}'
               when docket.rank = {LEADS} and (review.to_take or review.answered) and proposed.ours is not true
                    then '{Need.YOURS.value}'
               when review.to_take and (agreed.of_set is not true or review.unsettled)
                    then '{Need.REVIEW.value}'
               when ('{State.WITHDRAWN.value}' = any(review.states) or review.unsettled)
                    and proposed.ours is not true then '{Need.SETTLE.value}'
               when sitting.waits then '{Need.OTHERS_CONFIRM.value}'
               when sitting.referred is not null and proposed.ours is not true then '{Need.REFERRED.value}'
               when review.taken_at is not null and (agreed.recorded_at is null or agreed.of_set)
                    and proposed.ours is not true
                    then case when review.answered then '{Need.ANSWERED.value}' else '{Need.DECIDE.value}' end
               when review.taken_at > agreed.recorded_at and proposed.ours is not true
                    then case when review.answered then '{Need.ANSWERED.value}' else '{Need.ACCEPT.value}' end
               when review.with_duty and proposed.ours is not true then '{Need.OTHERS_CHECK.value}'
               when review.states && array['{State.RETURNED.value}', '{State.AWAITING_REPLY.value}']::varchar[]
                    then '{Need.OTHERS_ANSWER.value}'
               when proposed.ours then '{Need.OTHERS_SECOND.value}'
               when (agreed.recorded_at is null
                     or (agreed.of_set and '{State.SUBMITTED.value}' <> all(review.states)))
                    and docket.gravity <> {GRAVITY["routine"]} and proposed.dissented is not true
                    then '{Need.DECIDE.value}'
               when agreed.of_set then '{Need.SET.value}'
               else '{Need.NOTHING.value}'
           end as need
    from (select * from ({{docket}}) rows order by rank, incident_id limit {NO_LIMIT}) docket
    cross join lateral ({{candidates}} offset 0) asked_for (id)
    left join lateral (
        select bool_or(others and fresh and not dissented) as to_second, bool_or(ours and fresh) as ours,
               bool_or(dissented) as dissented,
               jsonb_agg(jsonb_build_object('side', proposed_side_id, 'recorded_at', recorded_at,
                                            'second_by', second_by, 'effect', effect) order by recorded_at) as words
        from (
            select finding.proposed_side_id, finding.second_by, finding.effect, finding.recorded_at,
                   finding.proposed_by_id <> %s and (acting.side_id is null or finding.proposed_side_id is null
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
                   ) and not {agenda.said_after("finding")}
                   and not (finding.effect = '{WORD}' and {agenda.is_held_by_a_sitting("finding.incident_id")}) as fresh
            from violations_finding finding join acting using (agreement_id)
            where finding.incident_id = docket.incident_id
              and finding.standing = '{Standing.PROPOSED.value}' and finding.superseded_at is null
        ) proposal
    ) proposed on true
    left join lateral (
        select finding.recorded_at, finding.standing = '{Standing.DATA_SET.value}' as of_set,
               finding.standing, finding.verification, finding.conduct
        from violations_finding finding
        where finding.incident_id = docket.incident_id
          and finding.standing <> '{Standing.PROPOSED.value}' and finding.superseded_at is null
        offset 0
    ) agreed on true
    left join lateral (
        select array_agg(step.state order by link.chain) as states,
               bool_or(step.report_id <> link.report_id) as unsettled,
               bool_or(step.state = '{State.SUBMITTED.value}' and link.chain <> all(%s::uuid[])) as to_take,
               bool_or(step.state = '{State.SUBMITTED.value}' and link.chain = any(%s::uuid[])) as with_duty,
               max(step.recorded_at) filter (where step.state = '{State.UNDER_REVIEW.value}') as taken_at,
               bool_or(step.state = '{State.UNDER_REVIEW.value}' and step.by_id is null) as answered,
               min(step.recorded_at) filter (where step.state = '{State.AWAITING_REPLY.value}') as since
        from violations_reportlink link
        cross join lateral (
            select last.state, last.report_id, last.recorded_at, last.by_id from violations_reviewstep last
            where last.chain = link.chain order by last.id desc limit 1
        ) step
        where link.incident_id = docket.incident_id
          and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'
    ) review on true
    cross join lateral (
        select exists (
                   select from violations_agendaitem item
                   join violations_sitting held on held.id = item.sitting_id
                   join violations_sittingoutcome said on said.item_id = item.id
                   join acting on acting.agreement_id = held.agreement_id
                   where item.incident_id = docket.incident_id
                     and said.superseded_at is null and said.confirmed_by_id is null and said.recorded_by_id <> %s
                     and (acting.side_id is null or said.recorded_side_id is null
                          or acting.side_id <> said.recorded_side_id)
               ) as to_confirm,
               {agenda.outcome_waits("docket.incident_id")} as waits,
               {agenda.words_of_referral("docket.incident_id")} as referred
        offset 0
    ) sitting
)
select id, incident_id, rank, need, coalesce(states, array[]::varchar[]), since, words, lane_to_second,
       coalesce(referred, ''), standing, verification, conduct
from needing
where need = any(%s) and (%s = '' or %s = any(states))
order by rank, incident_id
limit %s
"""

# A stretch of the docket: a stage of an agreement, from where the page before ended, of one lane or of all.
_STRETCH = f"""(
select incident_id, gravity, gravity as rank from violations_docket
where superseded_at is null and agreement_id = %s and stage = %s
  and (gravity, incident_id) > (%s, %s) and gravity between %s and %s
  and incident_id <> all(array(select yours.incident_id from yours)) {{among}}
order by gravity, incident_id limit {NO_LIMIT})"""
# What a duty officer holds stands elsewhere in the docket: it is submitted.
_HELD = f"""(
select incident_id, gravity, gravity as rank from violations_docket
where superseded_at is null and agreement_id = any(%s) and stage <> all(%s)
  and (gravity, incident_id) > (%s, %s) and gravity between %s and %s
  and incident_id in (
      select link.incident_id from violations_reportlink link
      where link.chain = any(%s::uuid[]) and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}')
  {{among}}
order by gravity, incident_id)"""
# What its filer answered the moderator who asks.
_YOURS = f"""(
select incident_id, gravity, ({LEADS})::smallint as rank from yours
where ({LEADS}, incident_id) > (%s, %s) and gravity between %s and %s {{among}}
order by incident_id)"""
# Most that is proposed is not of a data set, and would be read for nothing where only what is of one is asked for.
_OF_SET = f"""and exists (
select from violations_finding of_set where of_set.incident_id = violations_docket.incident_id
and of_set.superseded_at is null and of_set.standing = '{Standing.DATA_SET.value}')"""
# In which stage what needs this may stand; in `proposed` anything may, as it depends on who asks.
_STAGES = {
    Need.YOURS: Stage.WORK,
    Need.REVIEW: Stage.WORK,
    Need.SETTLE: Stage.WORK,
    Need.ANSWERED: Stage.WORK,
    Need.REFERRED: Stage.WORK,
    Need.DECIDE: Stage.WORK,
    Need.ACCEPT: Stage.WORK,
    Need.OTHERS_ANSWER: Stage.WAITS,
    Need.SET: Stage.SET,
    Need.NOTHING: Stage.SETTLED,
}
# Before all places in the queue.
FIRST = (LEADS - 1, 0)


def waiting(
    candidates: Any,
    *,
    by: User,
    sides: Mapping[int, int | None],
    needs: Collection[str] = (),
    state: str = "",
    lane: str = "",
    after: tuple[int, int] = FIRST,
    held: Collection[UUID] | None = None,
    among: Collection[int] | None = None,
    at_most: int,
) -> list[Waiting]:
    """Return, of the open assessments `candidates`, those that need one of `needs` (any, if none) of the moderator.

    `sides` gives the id of the side that `by` acts for in each agreement moderated, None for an independent. `state`
    narrows to incidents with a report whose review stands there, `lane` to one lane. In order, `at_most` of those that
    come `after` the place in the queue of another (Waiting.place). `held`: the chains that stand with a duty officer,
    where they are known (duty_log.chains_waiting). `among`: the only incidents that may be meant, where these are few.
    """
    held = duty_log.chains_waiting(list(sides)) if held is None else list(held)
    stretches, bounds = _stretches(list(sides), needs, held, after=after, lane=lane, among=among)
    rows = candidates.filter(incident_id=RawSQL("docket.incident_id", [])).order_by().values_list("pk")
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    acting: list[Any] = [list(sides), list(sides.values()), by.pk, by.pk]
    asked: list[Any] = [by.pk, by.pk, held, held, by.pk, list(needs or Need.values), state, state, at_most]
    with connection.cursor() as cursor:
        statement = WAITING.format(docket=stretches, candidates=sql)
        cursor.execute(statement, [*acting, *bounds, *parameters, *asked])
        return [
            Waiting(pk, Need(need), states, (rank, incident), since, _proposals(words), lane, referred, _found(said))
            for pk, incident, rank, need, states, since, words, lane, referred, *said in cursor.fetchall()
        ]


def _found(said: list[str | None]) -> Found | None:
    standing, verification, conduct = said
    return Found(standing, verification or "", conduct or "") if standing else None


def _proposals(words: str | None) -> tuple[Proposed, ...]:
    at = datetime.fromisoformat
    return tuple(
        Proposed(word["side"], at(word["recorded_at"]), at(word["second_by"]), word["effect"])
        for word in json.loads(words or "[]")
    )


def _stretches(
    agreements: list[int],
    needs: Collection[str],
    held: Collection[UUID],
    *,
    after: tuple[int, int],
    lane: str,
    among: Collection[int] | None,
) -> tuple[str, list[Any]]:
    """SQL: the stretches of the docket in which what needs one of `needs` may stand, and their parameters."""
    lanes = [GRAVITY[lane]] * 2 if lane else [min(GRAVITY.values()), max(GRAVITY.values())]
    stages = {Stage.PROPOSED, *(_STAGES[Need(need)] for need in needs if need in _STAGES)} if needs else set(Stage)
    named = sorted(stage.value for stage in stages)
    narrowed = [list(among)] if among is not None else []
    statements, bounds = [], []
    for agreement in agreements:
        for stage in named:
            statements.append(_STRETCH)
            bounds += [agreement, stage, *after, *lanes, *narrowed]
    if Stage.WORK in stages:
        statements.append(_YOURS)
        bounds += [*after, *lanes, *narrowed]
    if held and Need.OTHERS_CHECK in needs:
        statements.append(_HELD)
        bounds += [agreements, named, *after, *lanes, list(held), *narrowed]
    narrowing = "and incident_id = any(%s::bigint[])" if narrowed else ""
    if set(needs) == {Need.SET}:
        narrowing += _OF_SET
    return " union all ".join(statements).format(among=narrowing), bounds


def candidates(user: User) -> Any:
    """What the queue is made of: the open assessments that `user` may see."""
    return Assessment.objects.visible_to(user).open()


def with_freshness(findings: Any, at: datetime | None = None) -> Any:
    """Annotate whether a proposal can be seconded as it is, by now or as known at `at`.

    `unchanged`: nothing was agreed and no report moved since it was made, on the incident or on that linked to.
    `refused_as`: why sittings leave it to nobody to second, by the code of `agenda.WHY_NOT`; '' where they do not.
    """
    since = OuterRef("recorded_at")
    concerned = Q(incident=OuterRef("incident")) | Q(incident=OuterRef("effect_incident"))
    agreed = Finding.objects.agreed().until(at).filter(concerned, recorded_at__gt=since)
    moved = membership.moved_since(since, at).filter(concerned)
    return findings.annotate(unchanged=~Exists(agreed) & ~Exists(moved), refused_as=agenda.refused_as(at))


def is_unchanged(proposal: Finding) -> bool:
    """Whether an open proposal is of what stands: nothing was agreed and no report moved since it was made."""
    concerned = [pk for pk in (proposal.incident_id, proposal.effect_incident_id) if pk]
    later = Finding.objects.agreed().filter(incident__in=concerned, recorded_at__gt=proposal.recorded_at)
    return not later.exists() and not membership.changed_since(proposal.recorded_at, concerned)
