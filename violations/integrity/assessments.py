"""What holds of assessments: while a report tells of an incident there is one, and it says what assessing would now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.assessment import ANSWER, ANSWERS
from violations.codebook import LinkKind

_MEMBER = f"link.kind <> '{LinkKind.RELATED.value}'"

# The time over which it is assessed is that over which a report is a member; one after the other, never two at a time.
WHILE_TOLD_OF = f"""
with told as (
    select incident_id, range_agg(tstzrange(recorded_at, superseded_at)) as held
    from violations_reportlink link where {_MEMBER} group by incident_id
),
assessed as (
    select incident_id, range_agg(tstzrange(recorded_at, superseded_at)) as held, bool_or(twice) as twice
    from (select incident_id, recorded_at, superseded_at,
                 lag(coalesce(superseded_at, 'infinity')) over in_order > recorded_at as twice
          from violations_assessment
          window in_order as (partition by incident_id order by recorded_at, id)) assessment
    group by incident_id
)
select 'incident ' || incident.public_id as what
from violations_incident incident
left join told on told.incident_id = incident.id
left join assessed on assessed.incident_id = incident.id
where told.held is distinct from assessed.held or assessed.twice
"""

LEAD = f"""
select 'incident ' || incident.public_id as what
from violations_assessment assessment join violations_incident incident on incident.id = assessment.incident_id
where not exists (
    select from violations_reportlink link
    where link.report_id = assessment.lead_report_id and link.incident_id = assessment.incident_id and {_MEMBER}
      and link.recorded_at <= assessment.recorded_at
      and coalesce(link.superseded_at, 'infinity') >= coalesce(assessment.superseded_at, 'infinity'))
"""


# The arrays of numbers in an assessment, and the table that has what each names.
NAMED = {
    "areas": "monitoring_area",
    "zones": "monitoring_zone",
    "alleged": "monitoring_party",
    "target": "monitoring_party",
    "involved": "monitoring_party",
    "boundary_sets": "monitoring_boundaryset",
}
_OWN = ", ".join(
    f"array(select there.id from {table} there where there.agreement_id = agreement.id) as {column}"
    for column, table in NAMED.items()
)

WITHIN = f"""
with own as materialized (select agreement.id as agreement_id, {_OWN} from monitoring_agreement agreement)
select 'incident ' || incident.public_id as what
from violations_assessment assessment
join violations_incident incident on incident.id = assessment.incident_id
join own on own.agreement_id = assessment.agreement_id
where not ({" and ".join(f"assessment.{column} <@ own.{column}" for column in NAMED)})
"""

ANEW = f"""
with asked_for as (select id as incident_id from violations_incident), {ANSWERS}
select 'incident ' || incident.public_id as what
from answer
join violations_incident incident on incident.id = answer.incident_id
join violations_assessment assessment
  on assessment.incident_id = answer.incident_id and assessment.superseded_at is null
where answer.lead_report_id is not null
  and ({", ".join(f"assessment.{column}" for column in ANSWER)})
      is distinct from ({", ".join(f"answer.{column}" for column in ANSWER)})
"""

INVARIANTS = (
    Invariant(
        "assessed_while_told_of",
        _("An incident is assessed exactly while a report tells of it, by one assessment at a time"),
        WHILE_TOLD_OF,
    ),
    Invariant(
        "led_by_a_report", _("The report that leads an assessment was told of that incident all the while"), LEAD
    ),
    Invariant(
        "assessed_within_the_agreement",
        _("Areas, zones, parties and boundary sets named in an assessment are the agreement's"),
        WITHIN,
    ),
    Invariant("assessed_as_now", _("Every assessment that stands says what assessing anew would say"), ANEW),
)
