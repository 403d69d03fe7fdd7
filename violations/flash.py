"""Flash reports: what fits the truce's rule for being told at once, found soon after it was filed.

Filing itself does nothing for it: a report that fits is found by a sweep, by the index on what was filed of late. It is
judged by its own content and by the file that held when it was filed, so that neither a later rule nor a later reading
of its incident makes a notice of what lies in the past; once a report, whichever revision fits first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from monitoring import notices
from monitoring.models import Notice
from violations import harm
from violations.codebook import LinkKind

if TYPE_CHECKING:
    from monitoring.models import Agreement

# How far back a sweep looks: the frequent one, and the one that finds what workers missed who were not there.
SOON = timedelta(hours=2)
KIND = Notice.Kind.FLASH.value

# A report that was withdrawn is told of no more. `why`: what of the rule it fits, in the order of the file.
FITTING = f"""
select facts.chain, incident.public_id, facts.act, casualties.killed_high, why.said
from (
    select report.agreement_id, report.chain, report.id as report_id, array[report.id] as report_ids, report.act,
           report.objects_hit, report.weapon_family, report.means, rule.lanes, rule.alerts -> 'flash' as flash
    from violations_incidentreport report
    join monitoring_mechanismversion rule
      on rule.agreement_id = report.agreement_id and rule.recorded_at <= report.recorded_at
      and (rule.superseded_at is null or rule.superseded_at > report.recorded_at)
    where report.agreement_id = %(agreement)s and report.source = ''
      and report.recorded_at > statement_timestamp() - %(since)s
      and not exists (
          select from monitoring_notice told
          where told.agreement_id = report.agreement_id and told.kind = '{KIND}'
            and told.once = report.chain::text)
    order by report.id
) facts
join violations_reportlink link
  on link.chain = facts.chain and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'
join violations_incident incident on incident.id = link.incident_id
left join {harm.CASUALTIES} on true
cross join lateral (
    select array_remove(array[
        case when (flash -> 'grave')::boolean
              and violations_lane(lanes, act, objects_hit, weapon_family,
                                  greatest(killed_low, killed_high, injured_low, injured_high)::integer, means)
                  = 'grave' then 'grave' end,
        case when flash -> 'acts' ? act then 'act' end,
        case when (flash ->> 'killed_at_least')::integer > 0
              and killed_high >= (flash ->> 'killed_at_least')::integer then 'killed' end], null) as said
) why
where why.said <> '{{}}'
order by facts.report_id
"""


def tell(agreement: Agreement, *, within: timedelta = SOON) -> int:
    """Tell moderators of what was filed `within` this time and fits; return of how many."""
    asked: dict[str, Any] = {"agreement": agreement.pk, "since": within}
    with connection.cursor() as cursor:
        cursor.execute(FITTING, asked)
        found = cursor.fetchall()
    return notices.give(
        agreement,
        (
            notices.Told(
                kind=KIND,
                once=str(chain),
                object_kind="incident",
                object_id=str(incident),
                details={"act": act, "killed": killed, "why": why},
            )
            for chain, incident, act, killed, why in found
        ),
    )
