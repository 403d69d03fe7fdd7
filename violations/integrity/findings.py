"""What holds of findings: one agreed and one proposal a side at a time, agreed by two, each closed by what follows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations.codebook import Attribution, Conduct, Standing
from violations.decisions import NAMES_PARTIES, STANDS
from violations.models import Finding
from violations.placing import codes

PROPOSED = Standing.PROPOSED.value
WORD = Finding.Effect.FINDING.value
AGREED = f"finding.standing <> '{PROPOSED}'"

ONE_AT_A_TIME = f"""
select 'finding ' || public_id as what
from (select finding.*, lag(coalesce(superseded_at, 'infinity')) over in_order as before_until
      from violations_finding finding
      window in_order as (
          partition by incident_id, standing = '{PROPOSED}',
                       case when standing = '{PROPOSED}' then coalesce(proposed_side_id, 0) end,
                       standing = '{PROPOSED}' and effect <> '{WORD}'
          order by recorded_at, id)) finding
where before_until > recorded_at
"""

# An agreed one is closed by an agreed one; a proposal by being seconded, or by another of its side and kind.
FOLLOWED = f"""
select 'finding ' || closed.public_id as what
from violations_finding closed
where closed.superseded_at is not null
  and not exists (
      select from violations_finding finding
      where finding.incident_id = closed.incident_id and finding.recorded_at = closed.superseded_at
        and ({AGREED} or (closed.standing = '{PROPOSED}' and finding.standing = '{PROPOSED}'
                          and finding.proposed_side_id is not distinct from closed.proposed_side_id
                          and (finding.effect = '{WORD}') = (closed.effect = '{WORD}'))))
  and not (closed.standing = '{PROPOSED}' and closed.effect <> '{WORD}' and exists (
      select from violations_reportlink link join violations_incidentreport report on report.chain = link.chain
      where report.id = closed.effect_report_id and link.superseded_at = closed.superseded_at))
"""

# By the sides as recorded: a null side is independent.
BY_TWO = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
where {AGREED}
  and (finding.seconded_by_id is null or finding.seconded_by_id = finding.proposed_by_id
       or finding.seconded_side_id = finding.proposed_side_id)
"""

WAS_PROPOSED = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
where finding.standing = '{Standing.PRELIMINARY.value}'
  and not exists (
      select from violations_finding proposal
      where proposal.standing = '{PROPOSED}' and proposal.superseded_at = finding.recorded_at
        and finding.incident_id in (proposal.incident_id, proposal.effect_incident_id)
        and proposal.proposed_by_id = finding.proposed_by_id and proposal.effect = finding.effect
        and proposal.proposed_side_id is not distinct from finding.proposed_side_id)
"""

BY_MODERATORS = f"""
select 'finding ' || said.public_id as what
from (select public_id, agreement_id, proposed_by_id as user_id, recorded_at from violations_finding
      union all
      select public_id, agreement_id, seconded_by_id, recorded_at from violations_finding
      where seconded_by_id is not null
      union all
      select finding.public_id, finding.agreement_id, dissent.by_id, dissent.recorded_at
      from violations_dissent dissent join violations_finding finding on finding.id = dissent.finding_id) said
where not exists (
    select from monitoring_accreditation held
    where held.user_id = said.user_id and held.agreement_id = said.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= said.recorded_at)
"""

# The file known as it was proposed says how many days there are to second it; or the date is the earlier one of a word
# of the same side that stood before it.
SECOND_BY = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
join monitoring_mechanismversion version
  on version.agreement_id = finding.agreement_id and version.recorded_at <= finding.recorded_at
 and coalesce(version.superseded_at, 'infinity') > finding.recorded_at
where finding.standing = '{PROPOSED}'
  and finding.second_by is distinct from finding.recorded_at + version.seconding_days * interval '24 hours'
  and not (finding.effect = '{WORD}'
           and finding.second_by < finding.recorded_at + version.seconding_days * interval '24 hours'
           and exists (
               select from violations_finding before
               where before.incident_id = finding.incident_id and before.recorded_at < finding.recorded_at
                 and before.standing = '{PROPOSED}' and before.effect = '{WORD}'
                 and before.proposed_side_id is not distinct from finding.proposed_side_id
                 and before.second_by = finding.second_by))
"""

AXES = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
left join (select finding_id, count(*) as named from violations_findingparty group by 1) party
  on party.finding_id = finding.id
left join (select finding_id, count(*) as named from violations_findingprovision group by 1) provision
  on provision.finding_id = finding.id
where case finding.attribution
          when '{Attribution.ATTRIBUTED.value}' then party.named is distinct from 1
          when '{Attribution.TO_SEVERAL_PARTIES.value}' then coalesce(party.named, 0) < 2
          when '{Attribution.CONTESTED.value}' then false
          else party.named is not null end
   or (provision.named is not null and finding.conduct <> '{Conduct.BREACH.value}')
   or (finding.verification not in ({codes(STANDS)})
       and (finding.conduct = '{Conduct.BREACH.value}' or finding.attribution in ({codes(NAMES_PARTIES)})
            or finding.killed_verified is not null or finding.injured_verified is not null))
"""

BORNE_OUT = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
join violations_assessment assessment
  on assessment.incident_id = finding.incident_id and assessment.superseded_at is null
where {AGREED} and finding.superseded_at is null
  and (finding.killed_verified > assessment.killed_high or finding.injured_verified > assessment.injured_high)
"""

INVARIANTS = (
    Invariant(
        "one_finding_at_a_time",
        _("On an incident one agreed finding stands at a time, and of each side one word and one move of its reports"),
        ONE_AT_A_TIME,
    ),
    Invariant("findings_followed", _("What was agreed or proposed is closed by what takes its place"), FOLLOWED),
    Invariant("agreed_by_two", _("What is agreed was agreed by two persons whose sides differ, or are none"), BY_TWO),
    Invariant("agreed_was_proposed", _("What two persons agreed had been proposed by the one of them"), WAS_PROPOSED),
    Invariant(
        "found_by_moderators", _("Whoever proposed, seconded or dissented had been accredited for it"), BY_MODERATORS
    ),
    Invariant(
        "second_by_the_file",
        _("A proposal may be seconded in the days that the file gave then, or by the date of its side's word before"),
        SECOND_BY,
    ),
    Invariant("axes_together", _("What each finding says goes together: parties, provisions, casualties"), AXES),
    Invariant("borne_out", _("No finding has more casualties verified than the reports tell of"), BORNE_OUT),
)
