"""What holds of the audit: whatever was decided has its row, by the one who did it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.codebook import ReviewState, Standing

# The act that a moderator's step was, by the state it led to.
ACTS = {
    ReviewState.UNDER_REVIEW: ("review.take", "review.reopen"),
    ReviewState.RETURNED: ("review.return",),
    ReviewState.AWAITING_REPLY: ("review.await_reply", "review.ask"),
    ReviewState.LINKED: ("review.accept", "report.link"),
    ReviewState.DUPLICATE: ("report.link",),
}
_ACTS = ", ".join(f"('{state.value}', '{act}')" for state, acts in ACTS.items() for act in acts)

# A proposal that was seconded: something agreed, or a move, at the instant at which it was closed.
DECISIONS = f"""
with done as materialized (
    select action, actor_id, object_id, agreement_id, recorded_at from monitoring_auditentry where outcome = 'done'
),
seconded as (
    select proposal.public_id, proposal.effect_report_id, agreed.seconded_by_id as by_id, proposal.superseded_at as at
    from violations_finding agreed
    join violations_finding proposal
      on proposal.superseded_at = agreed.recorded_at and proposal.standing = '{Standing.PROPOSED.value}'
     and proposal.proposed_by_id = agreed.proposed_by_id and proposal.effect = agreed.effect
     and agreed.incident_id in (proposal.incident_id, proposal.effect_incident_id)
    where agreed.standing = '{Standing.PRELIMINARY.value}'
)
select 'finding ' || finding.public_id as what
from violations_finding finding
where finding.standing = '{Standing.PROPOSED.value}'
  and not exists (select from done where done.action = 'finding.propose' and done.actor_id = finding.proposed_by_id
                    and done.object_id = finding.public_id::text)
union all
select 'finding ' || seconded.public_id from seconded
where not exists (select from done where done.action = 'finding.second' and done.actor_id = seconded.by_id
                    and done.object_id = seconded.public_id::text)
union all
select 'finding ' || finding.public_id
from violations_dissent dissent join violations_finding finding on finding.id = dissent.finding_id
where not exists (select from done where done.action = 'finding.dissent' and done.actor_id = dissent.by_id
                    and done.object_id = finding.public_id::text)
union all
select 'move to another lane ' || moved.public_id
from violations_lanemove moved
where moved.seconded_by_id is null
  and not exists (select from done where done.action in ('lane.move', 'lane.propose')
                    and done.actor_id = moved.proposed_by_id and done.object_id = moved.public_id::text)
union all
select 'move to another lane ' || moved.public_id
from violations_lanemove moved
join violations_lanemove proposal
  on proposal.incident_id = moved.incident_id and proposal.superseded_at = moved.recorded_at
 and not proposal.in_force and proposal.proposed_by_id = moved.proposed_by_id
where moved.seconded_by_id is not null
  and not exists (select from done where done.action = 'lane.second' and done.actor_id = moved.seconded_by_id
                    and done.object_id = proposal.public_id::text)
union all
select 'grade ' || graded.public_id
from violations_grade graded join violations_incidentreport report on report.id = graded.report_id
where not exists (select from done where done.action = 'report.grade' and done.actor_id = graded.by_id
                    and done.object_id = report.public_id::text and done.recorded_at >= graded.recorded_at)
union all
select 'report ' || report.public_id
from violations_notetakenback taken_back
join violations_reportlink link on link.id = taken_back.link_id
join violations_incidentreport report on report.id = link.report_id
where not exists (select from done where done.action = 'report.take_back' and done.actor_id = taken_back.by_id
                    and done.object_id = report.public_id::text)
union all
select 'return ' || told.public_id
from violations_returnacknowledgement acknowledged
join violations_dailyreturn told on told.id = acknowledged.daily_return_id
where not exists (select from done where done.action = 'returns.acknowledge' and done.actor_id = acknowledged.by_id
                    and done.object_id = told.public_id::text)
union all
select 'list of cases ' || told.public_id
from violations_caselisttelling telling join violations_caselist told on told.id = telling.case_list_id
where not exists (select from done where done.action = 'case_list.tell' and done.actor_id = telling.by_id
                    and done.object_id = told.public_id::text)
union all
select 'report ' || report.public_id
from violations_reviewstep step join violations_incidentreport report on report.id = step.report_id
where step.by_id is not null
  and not exists (
      select from done join (values {_ACTS}) known (state, action) on known.action = done.action
      where known.state = step.state and done.actor_id = step.by_id and done.object_id = report.public_id::text
        and done.recorded_at >= step.recorded_at)
  and not exists (
      select from violations_finding proposal
      join violations_incidentreport moved on moved.id = proposal.effect_report_id
      join done on done.object_id = proposal.public_id::text and done.action = 'finding.second'
      where proposal.superseded_at = step.recorded_at and moved.chain = step.chain and done.actor_id = step.by_id)
"""

# Of what comes in for a whole agreement, an act as often as there is something of it, or once after it was recorded.
ENTRIES = """
with done as materialized (
    select action, agreement_id, recorded_at from monitoring_auditentry where outcome = 'done'
)
select 'agreement ' || agreement.code || ', ' || entered.action as what
from (
    select 'mechanism.record' as action, agreement_id, recorded_at from monitoring_mechanismversion
    union all select 'areas.load', agreement_id, recorded_at from monitoring_boundaryset
    union all select 'returns.record', agreement_id, recorded_at from violations_dailyreturn
    union all select 'accreditation.give', agreement_id, recorded_at from monitoring_accreditation
    union all select distinct 'events.import', agreement_id, recorded_at from violations_incidentreport
              where source <> ''
) entered
join monitoring_agreement agreement on agreement.id = entered.agreement_id
where not exists (
    select from done
    where (done.action = entered.action or entered.action = 'returns.record' and done.action = 'returns.file')
      and done.agreement_id = entered.agreement_id
      and done.recorded_at between entered.recorded_at and entered.recorded_at + interval '1 day')
"""

INVARIANTS = (
    Invariant("decisions_audited", _("Every decision has its row in the audit, by whoever took it"), DECISIONS),
    Invariant("entries_audited", _("Every mechanism, set of shapes, import and accreditation has its row"), ENTRIES),
)
