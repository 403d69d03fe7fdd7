"""What holds of decisions on many at once: by a moderator, on one truce, and each row that is told as done was done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations.bulk import AUDITED
from violations.bulk_weighing import TO
from violations.models import BulkJob, BulkOutcome

SECOND = BulkJob.Action.SECOND.value
DONE = BulkOutcome.Outcome.DONE.value
_ACTS = ", ".join(f"('{action.value}', '{act}')" for action, act in AUDITED.items())
_STATES = ", ".join(f"('{action}', '{state.value}')" for action, state in TO.items())

# The verb's own traces, between the beginning of the job and the outcome: its row in the audit by whoever began the
# job, and the proposal closed or the step written. A report may have gone on since.
DEEDS = f"""
select 'bulk decision ' || job.public_id || ', row ' || chosen.number as what
from violations_bulkoutcome told
join violations_bulkrow chosen on chosen.id = told.row_id
join violations_bulkjob job on job.id = chosen.job_id
left join violations_finding finding on finding.id = chosen.finding_id
left join violations_incidentreport report on report.id = chosen.report_id
where told.outcome = '{DONE}'
  and (not exists (
          select from monitoring_auditentry entry join (values {_ACTS}) known (action, act) on known.act = entry.action
          where known.action = job.action and entry.outcome = 'done' and entry.actor_id = job.by_id
            and entry.object_id = coalesce(finding.public_id, report.public_id)::text
            and entry.recorded_at between job.recorded_at and told.recorded_at)
       or job.action = '{SECOND}'
          and coalesce(finding.superseded_at not between job.recorded_at and told.recorded_at, true)
       or job.action <> '{SECOND}' and not exists (
          select from violations_reviewstep step join (values {_STATES}) known (action, state)
            on known.state = step.state
          where known.action = job.action and step.report_id = report.id and step.by_id = job.by_id
            and step.recorded_at between job.recorded_at and told.recorded_at))
"""

# A job is of one truce and by a moderator of it; proposals are seconded, reports are reviewed, each once a job.
AS_BEGUN = f"""
select 'bulk decision ' || job.public_id as what
from violations_bulkjob job
where not exists (
    select from monitoring_accreditation held
    where held.user_id = job.by_id and held.agreement_id = job.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= job.recorded_at
      and coalesce(held.superseded_at, 'infinity') > job.recorded_at)
  or not exists (
    select from monitoring_auditentry entry
    where entry.action = 'bulk.begin' and entry.outcome = 'done' and entry.actor_id = job.by_id
      and entry.object_id = job.public_id::text)
  or not exists (select from violations_bulkrow chosen where chosen.job_id = job.id)
  or exists (
    select from violations_bulkrow chosen
    where chosen.job_id = job.id and (chosen.finding_id is not null) <> (job.action = '{SECOND}'))
  or exists (
    select from violations_bulkrow chosen where chosen.job_id = job.id
    group by chosen.report_id, chosen.finding_id having count(*) > 1)
"""

# Turns at a job come one after the other, and a row is done within one.
IN_TURN = """
select 'bulk decision ' || job.public_id as what
from (select job_id, recorded_at, until,
             lag(coalesce(superseded_at, 'infinity')) over in_order as before_until
      from violations_bulkturn window in_order as (partition by job_id order by recorded_at, id)) turn
join violations_bulkjob job on job.id = turn.job_id
where turn.before_until > turn.recorded_at or turn.until <= turn.recorded_at
union all
select 'bulk decision ' || job.public_id
from violations_bulkoutcome told
join violations_bulkrow chosen on chosen.id = told.row_id
join violations_bulkjob job on job.id = chosen.job_id
where not exists (
    select from violations_bulkturn turn where turn.job_id = job.id and turn.recorded_at <= told.recorded_at)
"""

INVARIANTS = (
    Invariant("bulk_as_begun", _("Who decided on many was a moderator, and the job is in the audit"), AS_BEGUN),
    Invariant("bulk_done_was_done", _("Each row told as done was done, by that person, with its own row"), DEEDS),
    Invariant("bulk_in_turn", _("One worker at a time goes on with a job, and nothing is done before"), IN_TURN),
)
