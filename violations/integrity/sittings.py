"""What holds of sittings: of the body that the file named, each determined finding by one, each item followed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations.codebook import Standing
from violations.models import Finding

DETERMINED = Standing.DETERMINED.value
WORD = Finding.Effect.FINDING.value

# By an outcome that another person confirmed at that instant; or it was determined before, and two sides let something
# take effect on its reports.
BY_A_SITTING = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
where finding.standing = '{DETERMINED}'
  and not exists (
      select from violations_sittingoutcome said join violations_agendaitem item on item.id = said.item_id
      where said.finding_id = finding.id and said.recorded_at = finding.recorded_at
        and item.incident_id = finding.incident_id
        and (said.recorded_by_id, said.confirmed_by_id) = (finding.proposed_by_id, finding.seconded_by_id)
        and said.recorded_side_id is not distinct from finding.proposed_side_id
        and said.confirmed_side_id is not distinct from finding.seconded_side_id)
  and not (finding.effect <> '{WORD}' and exists (
      select from violations_finding before
      where before.incident_id = finding.incident_id and before.standing = '{DETERMINED}'
        and before.superseded_at = finding.recorded_at))
"""

# While the file names a body, a word of moderators closes nothing that it determined.
NOT_BY_MODERATORS = f"""
select 'finding ' || finding.public_id as what
from violations_finding finding
join violations_finding before
  on before.incident_id = finding.incident_id and before.superseded_at = finding.recorded_at
 and before.standing = '{DETERMINED}'
join monitoring_mechanismversion terms
  on terms.agreement_id = finding.agreement_id and terms.recorded_at <= finding.recorded_at
 and coalesce(terms.superseded_at, 'infinity') > finding.recorded_at
where finding.standing not in ('{DETERMINED}', '{Standing.PROPOSED.value}') and terms.determining_body <> ''
"""

OF_THE_BODY = """
select 'sitting ' || sitting.public_id as what
from violations_sitting sitting
where not exists (
    select from monitoring_mechanismversion terms
    where terms.agreement_id = sitting.agreement_id and terms.determining_body = sitting.body
      and terms.recorded_at <= sitting.recorded_at
      and coalesce(terms.superseded_at, 'infinity') > sitting.recorded_at)
"""

FOLLOWED = """
select 'sitting ' || sitting.public_id as what
from violations_agendaitem item
join violations_sitting sitting on sitting.id = item.sitting_id
left join violations_sittingoutcome confirmed on confirmed.item_id = item.id and confirmed.confirmed_by_id is not null
left join violations_agendaremoval removal on removal.item_id = item.id
where item.superseded_at is distinct from coalesce(confirmed.recorded_at, removal.recorded_at)
   or (confirmed.id is not null and (
       removal.id is not null or confirmed.superseded_at is not null
       or not exists (
           select from violations_sittingoutcome waited
           where waited.item_id = item.id and waited.confirmed_by_id is null
             and waited.superseded_at = confirmed.recorded_at
             and (waited.recorded_by_id, waited.outcome, waited.grounds)
               = (confirmed.recorded_by_id, confirmed.outcome, confirmed.grounds))))
   or exists (
       select from violations_sittingoutcome waited
       where waited.item_id = item.id and waited.confirmed_by_id is null
         and coalesce(waited.superseded_at, 'infinity') > coalesce(item.superseded_at, 'infinity'))
union
select 'sitting ' || sitting.public_id
from violations_sittingminutes minutes
join violations_sitting sitting on sitting.id = minutes.sitting_id
where minutes.superseded_at is not null and not exists (
    select from violations_sittingminutes later
    where later.sitting_id = minutes.sitting_id and later.recorded_at = minutes.superseded_at)
"""

# What each person did of a sitting, with the act of the audit and the object it stands on.
_DONE = """
select sitting.public_id, sitting.agreement_id, sitting.called_by_id as user_id, sitting.recorded_at,
       'sitting.call' as act, sitting.public_id as object_id
from violations_sitting sitting
union all
select sitting.public_id, sitting.agreement_id, item.put_by_id, item.recorded_at, 'sitting.put_on', item.public_id
from violations_agendaitem item join violations_sitting sitting on sitting.id = item.sitting_id
union all
select sitting.public_id, sitting.agreement_id, removal.by_id, removal.recorded_at, 'sitting.take_off', item.public_id
from violations_agendaremoval removal join violations_agendaitem item on item.id = removal.item_id
join violations_sitting sitting on sitting.id = item.sitting_id
union all
select sitting.public_id, sitting.agreement_id, said.recorded_by_id, said.recorded_at, 'sitting.record_outcome',
       said.public_id
from violations_sittingoutcome said join violations_agendaitem item on item.id = said.item_id
join violations_sitting sitting on sitting.id = item.sitting_id
where said.confirmed_by_id is null
union all
select sitting.public_id, sitting.agreement_id, confirmed.confirmed_by_id, confirmed.recorded_at, 'sitting.confirm',
       waited.public_id
from violations_sittingoutcome confirmed join violations_agendaitem item on item.id = confirmed.item_id
join violations_sitting sitting on sitting.id = item.sitting_id
left join violations_sittingoutcome waited
  on waited.item_id = item.id and waited.confirmed_by_id is null and waited.superseded_at = confirmed.recorded_at
 and waited.recorded_by_id = confirmed.recorded_by_id
where confirmed.confirmed_by_id is not null
union all
select sitting.public_id, sitting.agreement_id, minutes.by_id, minutes.recorded_at, 'sitting.minute', sitting.public_id
from violations_sittingminutes minutes join violations_sitting sitting on sitting.id = minutes.sitting_id
"""

BY_MODERATORS = f"""
select 'sitting ' || done.public_id as what
from ({_DONE}) done
where not exists (
    select from monitoring_accreditation held
    where held.user_id = done.user_id and held.agreement_id = done.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= done.recorded_at)
"""

AUDITED = f"""
with audit as materialized (
    select action, actor_id, object_id from monitoring_auditentry
    where outcome = 'done' and starts_with(action, 'sitting.')
)
select 'sitting ' || done.public_id as what
from ({_DONE}) done
where not exists (
    select from audit
    where audit.action = done.act and audit.actor_id = done.user_id and audit.object_id = done.object_id::text)
"""

INVARIANTS = (
    Invariant(
        "determined_by_a_sitting",
        _("What is determined was said by a sitting, as one person recorded and another confirmed"),
        BY_A_SITTING,
    ),
    Invariant(
        "determined_stays",
        _("What a sitting determined is changed by a sitting alone, or carried over"),
        NOT_BY_MODERATORS,
    ),
    Invariant("sittings_of_the_body", _("A sitting is of the body that the file named then"), OF_THE_BODY),
    Invariant(
        "sittings_followed",
        _("An item leaves the agenda by a confirmed outcome or taken off, and minutes by other minutes"),
        FOLLOWED,
    ),
    Invariant("sittings_by_moderators", _("Whoever did something of a sitting had been accredited"), BY_MODERATORS),
    Invariant("sittings_audited", _("Whatever was done of a sitting has its row of the audit"), AUDITED),
)
