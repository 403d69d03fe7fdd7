"""What holds of decisions: nobody decides on what they filed, and what two decided on moves at the word of two."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import User
from violations import sealing
from violations.codebook import LinkKind, Standing
from violations.models import Finding

PROPOSED = Standing.PROPOSED.value
_MEMBER = f"link.kind <> '{LinkKind.RELATED.value}'"

# Who moves a report has not filed a revision of it; who proposes or seconds, none of the incident as it was then.
ON_THEIR_OWN = f"""
with tagged as (
    select user_id, tag from unnest(%(users)s::bigint[], %(tags)s::text[]) tagged (user_id, tag)
),
filed as (
    select distinct report.chain, tagged.user_id
    from violations_sealedsource sealed
    join tagged on tagged.tag = sealed.filer_tag
    join violations_incidentreport report on report.id = sealed.report_id
)
select 'report ' || report.public_id as what
from violations_reviewstep step
join filed on filed.chain = step.chain and filed.user_id = step.by_id
join violations_incidentreport report on report.id = step.report_id
union all
select 'report ' || report.public_id
from violations_dutycheck said
join violations_incidentreport report on report.id = said.report_id
join filed on filed.chain = report.chain and filed.user_id = said.by_id
union all
select distinct 'finding ' || finding.public_id
from filed
join violations_reportlink link on link.chain = filed.chain and {_MEMBER}
join violations_finding finding
  on finding.incident_id = link.incident_id and filed.user_id in (finding.proposed_by_id, finding.seconded_by_id)
 and link.recorded_at < finding.recorded_at
 and coalesce(link.superseded_at, 'infinity') >= finding.recorded_at
"""

# A member link that began (as no first one) or ended where something stood decided, without a proposal seconded then.
# Decided: found or proposed of the incident or the chain, or linked by two before.
BY_TWO = f"""
with moved as (
    select link.incident_id, link.chain, moment.at
    from violations_reportlink link
    cross join lateral (values (link.recorded_at), (link.superseded_at)) moment (at)
    where {_MEMBER} and moment.at is not null
      and exists (select from violations_finding finding where finding.agreement_id = (
          select agreement_id from violations_incident incident where incident.id = link.incident_id))
),
touching as (
    select finding.*, finding.incident_id as on_incident from violations_finding finding
    union all
    select finding.*, finding.effect_incident_id from violations_finding finding
    where finding.effect_incident_id is not null
),
decided as (
    select moved.* from moved
    join touching finding on finding.on_incident = moved.incident_id
    where finding.recorded_at < moved.at
      and (coalesce(finding.superseded_at, 'infinity') >= moved.at
           or (finding.effect = '{Finding.Effect.LINK.value}' and finding.superseded_at < moved.at and exists (
               select from violations_reportlink link
               where link.report_id = finding.effect_report_id and link.recorded_at = finding.superseded_at
                 and {_MEMBER})))
    union
    select moved.* from moved
    join violations_incidentreport report on report.chain = moved.chain
    join violations_finding finding on finding.effect_report_id = report.id
    where finding.recorded_at < moved.at and coalesce(finding.superseded_at, 'infinity') >= moved.at
)
select distinct 'incident ' || incident.public_id as what
from decided join violations_incident incident on incident.id = decided.incident_id
where not exists (
    select from touching proposal
    join violations_reviewstep step
      on step.chain = decided.chain and step.recorded_at = decided.at and step.by_id <> proposal.proposed_by_id
    where proposal.on_incident = decided.incident_id and proposal.superseded_at = decided.at
      and proposal.standing = '{PROPOSED}' and proposal.effect <> '{Finding.Effect.FINDING.value}')
"""


def _tags() -> dict[str, Any]:
    """The tag of everybody who decided on anything: it is made with a key that PostgreSQL does not have."""
    deciding = User.objects.raw(
        """
        select distinct account.* from monitoring_user account
        join (select by_id as id from violations_reviewstep union select by_id from violations_dutycheck
              union select proposed_by_id from violations_finding
              union select seconded_by_id from violations_finding) deciding using (id)
        """
    )
    users = list(deciding)
    return {"users": [user.pk for user in users], "tags": [sealing.tag_of(user) for user in users]}


INVARIANTS = (
    Invariant(
        "nobody_on_their_own",
        _("Nobody checked, reviewed, proposed or seconded what they filed themselves"),
        ON_THEIR_OWN,
        parameters=_tags,
        within=sealing.counting,
    ),
    Invariant(
        "moved_by_two",
        _("Where something was decided, reports moved only as a proposal was seconded by another person"),
        BY_TWO,
    ),
)
