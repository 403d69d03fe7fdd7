"""Section 9: the steps that led here, by role and day: what was filed, decided and recorded that bears on the period.

Filings are told by number alone: when one came in does not leave. What operators imported is no filing. A step's side
is that of the person who acted, and who proposed is told as who seconded: of a finding each by a row of its own, of a
data set accepted whole likewise, once a set. What follows from that for each incident is written by rule, by no side.
What was chosen for page 1 is told from when two agreed on it; what one side alone proposed never is.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from reports import choices_seen, periods
from reports.figures.known import Known
from reports.figures.replies import REQUESTED_IN_IT, STATED_ON_IT, codes_within
from violations import replies_seen
from violations.codebook import ReviewState, Standing
from violations.models import Finding

if TYPE_CHECKING:
    from reports.models import Closing

# Written for one incident where its set was accepted; what two people let take effect on it later is theirs.
OF_SET = f"standing = '{Standing.DATA_SET.value}' and effect = '{Finding.Effect.FINDING.value}'"

# `mine`: incidents of which any assessment ever lay in the period; `told`: reports that ever told of one in it;
# `put`: each proposal of a set that told of one in it then, with the row by which it was accepted. A proposed move of
# a report bears on both incidents, for what is agreed on either is agreed anew when it is seconded.
TAKEN = f"""
with mine as (
    select distinct incident_id from violations_assessment
    where agreement_id = %(agreement)s and occurred_from >= %(from)s and occurred_from < %(until)s
      and recorded_at <= %(known_at)s
),
told as (
    select id, revision, recorded_at, source,
           case when told_by_id is not null then 'liaison' when channel <> '' then 'duty_officer'
                else 'monitor' end as filer
    from violations_incidentreport
    where agreement_id = %(agreement)s and occurred_from >= %(from)s and occurred_from < %(until)s
),
put as (
    select proposal.recorded_at, proposal.proposed_side_id, accepted.recorded_at as seconded_at,
           accepted.seconded_side_id
    from violations_setacceptance proposal
    left join violations_setacceptance accepted
      on accepted.agreement_id = proposal.agreement_id and accepted.source = proposal.source
     and accepted.proposed_by_id = proposal.proposed_by_id and accepted.recorded_at = proposal.superseded_at
     and accepted.seconded_by_id is not null
    where proposal.agreement_id = %(agreement)s and proposal.seconded_by_id is null
      and exists (select from told where told.source = proposal.source and told.recorded_at <= proposal.recorded_at)
),
chosen as (
    select * from reports_choice
    where agreement_id = %(agreement)s and period = %(period)s and place is not null and recorded_at <= %(known_at)s
),
step (step, role, side_id, date, recorded_at) as (
    select case when revision = 1 then 'report_filed' else 'report_corrected' end, filer, null::bigint, null::date,
           recorded_at
    from told where source = ''
    union all
    select case when revision = 1 then 'report_imported' else 'report_imported_anew' end, 'operator', null,
           (recorded_at at time zone 'UTC')::date, recorded_at
    from told where source <> ''
    union all
    select case state when '{ReviewState.WITHDRAWN.value}' then 'report_withdrawn'
                      when '{ReviewState.RETURNED.value}' then 'report_returned' else 'report_linked' end,
           case when by_id is null then 'monitor' else 'moderator' end, null,
           case when by_id is not null then (step.recorded_at at time zone 'UTC')::date end, step.recorded_at
    from violations_reviewstep step
    where report_id in (select id from told)
      and state in ('{ReviewState.WITHDRAWN.value}', '{ReviewState.RETURNED.value}', '{ReviewState.LINKED.value}',
                    '{ReviewState.DUPLICATE.value}')
    union all
    select case when standing = '{Standing.PROPOSED.value}' then 'finding_proposed' else 'finding_agreed' end,
           'moderator',
           case when standing = '{Standing.PROPOSED.value}' then proposed_side_id else seconded_side_id end,
           (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_finding
    where incident_id in (select incident_id from mine) and not ({OF_SET})
    union all
    select 'finding_proposed', 'moderator', proposed_side_id, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_finding
    where standing = '{Standing.PROPOSED.value}' and effect_incident_id is not null
      and effect_incident_id in (select incident_id from mine)
      and incident_id not in (select incident_id from mine)
    union all
    select 'set_proposed', 'moderator', proposed_side_id, (recorded_at at time zone 'UTC')::date, recorded_at from put
    union all
    select 'set_seconded', 'moderator', seconded_side_id, (seconded_at at time zone 'UTC')::date, seconded_at
    from put where seconded_at is not null
    union all
    select 'set_taken', 'system', null, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_finding where incident_id in (select incident_id from mine) and {OF_SET}
    union all
    select 'dissent', 'moderator', dissent.side_id, (dissent.recorded_at at time zone 'UTC')::date, dissent.recorded_at
    from violations_dissent dissent join violations_finding finding on finding.id = dissent.finding_id
    where finding.incident_id in (select incident_id from mine)
    union all
    select 'return_recorded',
           case when exists (select from violations_returnsource source where source.daily_return_id = told.id)
                then 'operator' else 'guarantor' end,
           null, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_dailyreturn told where agreement_id = %(agreement)s and bears_date = any(%(dates)s::date[])
    union all
    select 'return_acknowledged', 'guarantor', null, (acknowledged.recorded_at at time zone 'UTC')::date,
           acknowledged.recorded_at
    from violations_returnacknowledgement acknowledged
    join violations_dailyreturn told on told.id = acknowledged.daily_return_id
    where told.agreement_id = %(agreement)s and told.bears_date = any(%(dates)s::date[])
    union all
    select 'effort_recorded', 'monitor', null, null, recorded_at
    from violations_patrol
    where agreement_id = %(agreement)s and started_at < %(until)s and ended_at > %(from)s
    union all
    select 'effort_recorded', 'monitor', null, null, recorded_at
    from violations_movementrestriction
    where agreement_id = %(agreement)s and started_at >= %(from)s and started_at < %(until)s
    union all
    select 'figure_recorded', 'operator', null, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_thirdpartyfigure where agreement_id = %(agreement)s and counts_until = any(%(dates)s::date[])
    union all
    select 'request_put', 'moderator', side_id, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_informationrequest request where agreement_id = %(agreement)s and {REQUESTED_IN_IT}
    union all
    select 'request_withdrawn', 'moderator', null, (superseded_at at time zone 'UTC')::date, superseded_at
    from violations_informationrequest request
    where agreement_id = %(agreement)s and superseded_at is not null and {REQUESTED_IN_IT}
    union all
    select 'request_answered',
           case when coalesce(request.guarantor_id, request.through_id) is null then 'liaison' else 'guarantor' end,
           null, (answer.recorded_at at time zone 'UTC')::date, answer.recorded_at
    from violations_requestanswer answer join violations_informationrequest request on request.id = answer.request_id
    where request.agreement_id = %(agreement)s and {REQUESTED_IN_IT}
    union all
    select 'statement_told', 'guarantor', null, (telling.recorded_at at time zone 'UTC')::date, telling.recorded_at
    from violations_statementtelling telling
    join violations_guarantorstatement statement on statement.id = telling.statement_id
    where statement.agreement_id = %(agreement)s and {STATED_ON_IT}
    union all
    select 'measure_recorded', 'moderator', side_id, (recorded_at at time zone 'UTC')::date, recorded_at
    from violations_measure where agreement_id = %(agreement)s and agreed_on = any(%(dates)s::date[])
    union all
    select 'measure_followed', 'moderator', step.side_id, (step.recorded_at at time zone 'UTC')::date, step.recorded_at
    from violations_measurestep step join violations_measure measure on measure.id = step.measure_id
    where measure.agreement_id = %(agreement)s and step.id in (
        select id from violations_measurestep where seen_on = any(%(dates)s::date[])
        union all
        select followed.id
        from violations_measure agreed join violations_measurestep followed on followed.measure_id = agreed.id
        where agreed.agreement_id = %(agreement)s and agreed.agreed_on = any(%(dates)s::date[]))
    union all
    select 'choice_proposed', 'moderator', proposal.proposed_side_id, (proposal.recorded_at at time zone 'UTC')::date,
           proposal.recorded_at
    from chosen join reports_choice proposal on proposal.id = chosen.proposal_id
    union all
    select 'choice_agreed', 'moderator', agreed_side_id, (recorded_at at time zone 'UTC')::date, recorded_at from chosen
    union all
    select 'choice_withdrawn', 'moderator', null, (superseded_at at time zone 'UTC')::date, superseded_at
    from chosen where superseded_at is not null
    union all
    select 'mechanism_recorded', 'operator', null, (recorded_at at time zone 'UTC')::date, recorded_at
    from monitoring_mechanismversion where agreement_id = %(agreement)s
    union all
    select 'boundaries_recorded', 'operator', null, (recorded_at at time zone 'UTC')::date, recorded_at
    from monitoring_boundaryset where agreement_id = %(agreement)s
)
select step.step, step.role, side.code as side, step.date::text as date, count(*) as count
from step left join monitoring_side side on side.id = step.side_id
where step.recorded_at <= %(known_at)s and (%(after)s::timestamptz is null or step.recorded_at > %(after)s)
group by step.step, step.role, side.code, step.date
order by step.date nulls first, step.step collate "C", step.role collate "C", side.code collate "C" nulls last
"""


def taken(known: Known, *, after: datetime | None = None, before: Known | None = None) -> list[dict[str, Any]]:
    """Return the steps recorded by the cut-off; with `after`, those recorded since that earlier cut-off only.

    With `before`, also those that bear on the period before, with which this one is compared.
    """
    wider = {"from": before.period.starts_at, "dates": before.period.dates + known.period.dates} if before else {}
    periods_told_on = [*(codes_within(before) if before else []), *codes_within(known)]
    own = [known.agreement.pk]
    with replies_seen.reading_for(own), choices_seen.reading_for(own):
        return known.rows(TAKEN, after=after, period=known.period.code, periods=periods_told_on, **wider)


def steps(known: Known, closing: Closing) -> dict[str, Any]:
    """Return the steps of the record, and those of the closing itself."""
    by_hand = closing.requested_how == closing.RequestedHow.HAND
    return {
        "record": taken(known),
        "closing": [
            _step("period_ended", known.period.ends_at, "calendar"),
            _step("grace_ended", periods.closes_at(known.version, known.period), "calendar"),
            _step("requested", closing.recorded_at, "operator" if by_hand else "system"),
            _step("cut_off", closing.cutoff_at, "operator" if closing.cutoff_chosen else "system"),
        ],
    }


def _step(step: str, at: datetime, role: str) -> dict[str, str]:
    return {"step": step, "at": canonical.instant(at), "role": role}
