"""Where each live incident stands in the queue, in sets: for every verb that changes the answer.

The queue is asked a page at a time of a record of any size, so what is gravest and longest waiting must be found by an
index. No column of the record says it: it follows from where reviews stand, what is proposed, agreed and said by
sittings, and the lane.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from monitoring.ledger import Conflict
from violations import agenda
from violations.codebook import LinkKind, Standing
from violations.codebook import ReviewState as State
from violations.models import Docket
from violations.moderation_codes import Lane
from violations.placing import codes

if TYPE_CHECKING:
    from monitoring.models import Agreement

Stage = Docket.Stage


def gravity(lane: str) -> str:
    """SQL: the number that a lane is sorted by."""
    return f"array_position(array[{codes(tuple(Lane))}], {lane}) - 1"


# The open assessments of the incidents in question, each with its lane.
ASSESSED = """
select assessment.incident_id, assessment.agreement_id,
       violations_lane_moved(
           violations_lane(
               rule.lanes, assessment.act, assessment.objects_hit, assessment.weapon_family,
               greatest(assessment.killed_low, assessment.killed_high, assessment.injured_low, assessment.injured_high),
               lead.means),
           moved.lane, moved.by_rule) as lane
from violations_assessment assessment
join violations_incidentreport lead on lead.id = assessment.lead_report_id
join monitoring_mechanismversion rule on rule.agreement_id = assessment.agreement_id and rule.superseded_at is null
left join violations_lanemove moved
  on moved.incident_id = assessment.incident_id and moved.in_force and moved.superseded_at is null
where assessment.superseded_at is null and {which}"""


# What is open of each, by what `queue.WAITING` asks in full. A report that a duty officer holds is submitted, and so
# is work here: it goes on by the clock, which nobody writes.
def _staged(outcome_waits: str, referred_back: str) -> str:
    return f"""
select assessed.incident_id, assessed.agreement_id, {gravity("assessed.lane")} as gravity,
       case
           when exists (
               select from violations_finding proposal
               where proposal.incident_id = assessed.incident_id and proposal.superseded_at is null
                 and proposal.standing = '{Standing.PROPOSED.value}') then '{Stage.PROPOSED.value}'
           when {outcome_waits} then '{Stage.PROPOSED.value}'
           when review.submitted and (agreed.of_set is not true or review.unsettled) then '{Stage.WORK.value}'
           when '{State.WITHDRAWN.value}' = any(review.states) or review.unsettled then '{Stage.WORK.value}'
           when review.taken_at is not null and (agreed.recorded_at is null or agreed.of_set) then '{Stage.WORK.value}'
           when review.taken_at > agreed.recorded_at then '{Stage.WORK.value}'
           when {referred_back} then '{Stage.WORK.value}'
           when review.states && array['{State.RETURNED.value}', '{State.AWAITING_REPLY.value}']::varchar[]
                then '{Stage.WAITS.value}'
           when (agreed.recorded_at is null
                 or (agreed.of_set and '{State.SUBMITTED.value}' <> all(review.states)))
                and assessed.lane <> 'routine' then '{Stage.WORK.value}'
           when agreed.of_set then '{Stage.SET.value}'
           else '{Stage.SETTLED.value}'
       end as stage, review.asked_by_id
from ({ASSESSED}) assessed
left join lateral (
    select finding.recorded_at, finding.standing = '{Standing.DATA_SET.value}' as of_set
    from violations_finding finding
    where finding.incident_id = assessed.incident_id
      and finding.standing <> '{Standing.PROPOSED.value}' and finding.superseded_at is null
) agreed on true
left join lateral (
    select array_agg(step.state) as states, bool_or(step.report_id <> link.report_id) as unsettled,
           bool_or(step.state = '{State.SUBMITTED.value}') as submitted,
           max(step.recorded_at) filter (where step.state = '{State.UNDER_REVIEW.value}') as taken_at,
           (array_agg(asked.by_id order by step.id desc)
            filter (where asked.state in ('{State.RETURNED.value}', '{State.AWAITING_REPLY.value}')))[1] as asked_by_id
    from violations_reportlink link
    cross join lateral (
        select last.id, last.state, last.report_id, last.recorded_at, last.by_id from violations_reviewstep last
        where last.chain = link.chain order by last.id desc limit 1
    ) step
    left join lateral (
        select before.by_id, before.state from violations_reviewstep before
        where step.by_id is null and step.state in ('{State.SUBMITTED.value}', '{State.UNDER_REVIEW.value}')
          and before.chain = link.chain and before.by_id is not null
        order by before.id desc limit 1
    ) asked on true
    where link.incident_id = assessed.incident_id
      and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'
) review on true"""


def _answer(staged: str) -> str:
    """Whose question was answered, by words or by a correction: the last that was, while that is work for somebody."""
    return f"""
select incident_id, agreement_id, gravity, stage,
       case when stage = '{Stage.WORK.value}' then asked_by_id end as asked_by_id
from ({staged}) staged"""


ANSWER = _answer(_staged(agenda.outcome_waits("assessed.incident_id"), agenda.referred_back("assessed.incident_id")))

# `which` is said of the column incident_id or agreement_id alone, that it may stand in all three.
_LATER = """
select exists (
    select from violations_docket kept
    where kept.superseded_at is null and kept.recorded_at > %(recorded_at)s and kept.{which})"""
# The answer is worked out once, and compared by what can be hashed: an agreement may have a million incidents.
_CLOSE = f"""
with answer as materialized ({ANSWER.format(which="assessment.{which}")})
update violations_docket kept set superseded_at = %(recorded_at)s
where kept.superseded_at is null and kept.recorded_at <= %(recorded_at)s and kept.{{which}}
  and not exists (
      select from answer
      where answer.incident_id = kept.incident_id
        and (answer.stage, answer.gravity, coalesce(answer.asked_by_id, 0))
            = (kept.stage, kept.gravity, coalesce(kept.asked_by_id, 0)))"""
_WRITE = f"""
with answer as materialized ({ANSWER.format(which="assessment.{which}")})
insert into violations_docket (recorded_at, incident_id, agreement_id, stage, gravity, asked_by_id)
select %(recorded_at)s, incident_id, agreement_id, stage, gravity, asked_by_id
from answer
where not exists (select from violations_docket kept
                  where kept.incident_id = answer.incident_id and kept.superseded_at is null)
order by incident_id"""

# Fills the docket where what it is worked out from was written without it: before there were sittings, and before it
# said whose question was answered.
FILL = f"""
insert into violations_docket (recorded_at, incident_id, agreement_id, stage, gravity)
select clock_timestamp(), incident_id, agreement_id, stage, gravity
from ({_staged("false", "false").format(which="true")}) answer
order by incident_id"""

# The same for whose question was answered: what says nothing of it is closed, and written anew in the same statement.
FILL_ASKED = f"""
with answer as materialized ({ANSWER.format(which="true")}),
closed as (
    update violations_docket kept set superseded_at = statement_timestamp()
    from answer
    where answer.incident_id = kept.incident_id and kept.superseded_at is null
      and answer.asked_by_id is distinct from kept.asked_by_id
    returning kept.incident_id
)
insert into violations_docket (recorded_at, incident_id, agreement_id, stage, gravity, asked_by_id)
select statement_timestamp(), answer.incident_id, answer.agreement_id, answer.stage, answer.gravity, answer.asked_by_id
from answer join closed using (incident_id)
order by answer.incident_id"""


def follow(incident_ids: Collection[int], *, recorded_at: datetime) -> None:
    """Bring the docket up to the record for these incidents, at the stamp of the verb that changed something.

    Call it once a verb, inside `ledger.writing()`, with the incidents held, after everything else is written. A row is
    written only where the answer differs. Raises Conflict where another verb followed one of them later.
    """
    _follow("incident_id = any(%(incidents)s::bigint[])", recorded_at, incidents=sorted(set(incident_ids)))


def follow_agreement(agreement: Agreement, *, recorded_at: datetime) -> None:
    """The same for every incident of `agreement`: after its rule of lanes, or what it is assessed by, changed."""
    _follow("agreement_id = %(agreement)s", recorded_at, agreement=agreement.pk)


def follow_selected(incidents: str, *, recorded_at: datetime) -> None:
    """The same for the incidents that the statement `incidents` selects: a set too large to list."""
    _follow(f"incident_id in ({incidents})", recorded_at)


def _follow(which: str, recorded_at: datetime, **values: Any) -> None:
    with connection.cursor() as cursor:  # one message: a filing is to take no longer for it
        statements = f"{_LATER}; {_CLOSE}; {_WRITE}".format(which=which)
        cursor.execute(statements, {"recorded_at": recorded_at, **values})
        if cursor.fetchone()[0]:
            raise Conflict("The docket was brought up to the record by an entry that was stamped later; try again.")
