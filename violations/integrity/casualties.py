"""What holds of the casualties that findings verify: they add up to the totals, and each has its sources."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.codebook import LinkKind
from violations.integrity.findings import AGREED
from violations.moderation_codes import Harm

KILLED, INJURED = (f"harm = '{harm.value}'" for harm in (Harm.KILLED, Harm.INJURED))
TOLD_OF_IT = f"""
select from violations_reportlink link
where link.chain = report.chain and link.incident_id = finding.incident_id
  and link.kind <> '{LinkKind.RELATED.value}'"""

# Findings from before casualties were told by group have their totals alone.
CASUALTIES = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
cross join lateral (
    select sum(at_least) filter (where {KILLED}) as killed, bool_or({KILLED}) as of_killed,
           sum(at_least) filter (where {INJURED}) as injured, bool_or({INJURED}) as of_injured
    from violations_verifiedcasualties casualties where casualties.finding_id = finding.id) by_group
where (by_group.of_killed and finding.killed_verified is distinct from by_group.killed)
   or (by_group.of_injured and finding.injured_verified is distinct from by_group.injured)
"""

# A report among the sources told of the incident by then. Of what is agreed and live one source is left.
SOURCED = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
join violations_verifiedcasualties casualties on casualties.finding_id = finding.id
where not exists (select from violations_casualtysource source where source.casualties_id = casualties.id)
   or exists (
      select from violations_casualtysource source
      join violations_incidentreport report on report.id = source.report_id
      where source.casualties_id = casualties.id
        and not exists ({TOLD_OF_IT} and link.recorded_at <= finding.recorded_at))
   or ({AGREED} and finding.superseded_at is null
       and exists (select from violations_assessment assessment
                   where assessment.incident_id = finding.incident_id and assessment.superseded_at is null)
       and not exists (
          select from violations_casualtysource source
          left join violations_incidentreport report on report.id = source.report_id
          where source.casualties_id = casualties.id
            and (source.report_id is null or exists ({TOLD_OF_IT} and link.superseded_at is null))))
"""


INVARIANTS = (
    Invariant(
        "casualties_add_up", _("What a finding verifies of killed and injured is the sum of its groups"), CASUALTIES
    ),
    Invariant(
        "casualties_have_sources",
        _("Each number of casualties has a source: a report of its incident, or one outside"),
        SOURCED,
    ),
)
