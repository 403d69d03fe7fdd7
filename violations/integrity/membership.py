"""What holds between reports and incidents: a report that stands tells of one incident, and its links follow on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.codebook import LinkKind, ReviewState

_MEMBER = f"link.kind <> '{LinkKind.RELATED.value}'"

# The newest revision of each chain, the state of its review, and what is in effect of the chain now.
STANDING = f"""
newest as (
    select distinct on (chain) chain, id, public_id from violations_incidentreport order by chain, revision desc
),
last_step as (
    select distinct on (report_id) report_id, state from violations_reviewstep order by report_id, id desc
),
in_effect as (
    select chain, count(*) as links, max(report_id) as report_id from violations_reportlink link
    where superseded_at is null and {_MEMBER} group by chain
),
standing as (
    select newest.*, coalesce(last_step.state = '{ReviewState.WITHDRAWN.value}', false) as withdrawn,
           coalesce(in_effect.links, 0) as links, in_effect.report_id as in_effect_id
    from newest
    left join last_step on last_step.report_id = newest.id
    left join in_effect using (chain)
)"""

IN_ONE_INCIDENT = f"""
with {STANDING}
select 'report ' || public_id as what from standing where links > 1 or (links = 0 and not withdrawn)
"""

# Where one person's word does not suffice: something was found or proposed on an incident of the chain, or of it.
WAITING = f"""
with {STANDING}
select 'report ' || public_id as what from standing
where links > 0 and (withdrawn or in_effect_id <> id)
  and not exists (
      select from violations_reportlink link
      join violations_finding finding
        on finding.incident_id = link.incident_id or finding.effect_incident_id = link.incident_id
      where link.chain = standing.chain)
  and not exists (
      select from violations_finding finding join violations_incidentreport moved on moved.id = finding.effect_report_id
      where moved.chain = standing.chain)
"""

# Of a chain each member link begins as the one before ends, the first as the chain was filed; the last may be closed.
FOLLOWING = f"""
select 'report ' || report.public_id as what
from (select link.*, lead(recorded_at) over in_order as next_at, lag(id) over in_order as before_id
      from violations_reportlink link where {_MEMBER}
      window in_order as (partition by chain order by recorded_at, id)) link
join violations_incidentreport report on report.id = link.report_id
where link.next_at <> coalesce(link.superseded_at, 'infinity')
   or (link.before_id is null and link.recorded_at <> report.recorded_at)
union all
select 'report ' || report.public_id
from violations_reportlink link join violations_incidentreport report on report.id = link.report_id
where link.chain <> report.chain or link.recorded_at < report.recorded_at
"""

OPENED = """
select 'incident ' || incident.public_id as what
from violations_incident incident
left join (select incident_id, min(recorded_at) as at from violations_reportlink group by incident_id) linked
  on linked.incident_id = incident.id
where linked.at is distinct from incident.recorded_at
"""

# What is taken back by a row of its own is a note, and ended then; a correction or withdrawal ends notes as well.
NOTES = f"""
select 'report ' || report.public_id as what
from violations_notetakenback taken_back
join violations_reportlink link on link.id = taken_back.link_id
join violations_incidentreport report on report.id = link.report_id
where {_MEMBER} or link.superseded_at is distinct from taken_back.recorded_at
"""

INVARIANTS = (
    Invariant(
        "in_one_incident",
        _("Every report that is not withdrawn tells, in one revision, of exactly one incident"),
        IN_ONE_INCIDENT,
    ),
    Invariant(
        "waiting_for_two",
        _("A correction or withdrawal has taken effect, or something was found or proposed that keeps it waiting"),
        WAITING,
    ),
    Invariant("links_follow", _("Of a report each link begins as the one before ends, the first as filed"), FOLLOWING),
    Invariant(
        "notes_end_as_taken_back",
        _("What is taken back is a note that a report is related, and it ended at that instant"),
        NOTES,
    ),
    Invariant("incidents_opened", _("Every incident was opened by a report filed at that instant"), OPENED),
)
