"""What holds of choices for page 1: by two moderators of the truce of different sides, and shown to no others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from reports import choices_seen
from reports.choices import MOST

MODERATOR = Accreditation.Role.MODERATOR.value

# What stands is what was proposed, closed as it was agreed; each kind in places of its own.
BY_TWO = f"""
select 'choice ' || choice.public_id as what
from reports_choice choice left join reports_choice proposal on proposal.id = choice.proposal_id
where choice.place is not null and (
    choice.agreed_by_id = choice.proposed_by_id or choice.agreed_side_id = choice.proposed_side_id
    or proposal.place is not null or proposal.superseded_at is distinct from choice.recorded_at
    or (proposal.agreement_id, proposal.period, proposal.kind, proposal.refers_to, proposal.words,
        proposal.proposed_by_id)
       is distinct from
       (choice.agreement_id, choice.period, choice.kind, choice.refers_to, choice.words, choice.proposed_by_id)
    or (proposal.incident_id, proposal.measure_id, proposal.request_id)
       is distinct from (choice.incident_id, choice.measure_id, choice.request_id))
union all
select 'choice ' || min(public_id::text) from reports_choice
where place is not null group by proposal_id having count(*) > 1
union all
select 'choice ' || chose.public_id
from (select public_id, agreement_id, proposed_by_id as user_id, recorded_at from reports_choice
      union all
      select public_id, agreement_id, agreed_by_id, recorded_at from reports_choice where place is not null) chose
where not exists (
    select from monitoring_accreditation held
    where held.user_id = chose.user_id and held.agreement_id = chose.agreement_id
      and held.role = '{MODERATOR}' and held.recorded_at <= chose.recorded_at)
union all
select 'choice ' || max(public_id::text) from reports_choice
where place is not null and superseded_at is null
group by agreement_id, period, kind having count(*) > {MOST} or count(distinct place) < count(*)
"""

# Asked without a context, in which none is shown.
HIDDEN = """
select 'choice ' || public_id as what from reports_choice
union all
select relname || ': row-level security' from pg_class
where oid = 'reports_choice'::regclass and not (relrowsecurity and relforcerowsecurity)
"""

AUDITED = """
with acts as (
    select public_id, case when place is null then 'choice.propose' else 'choice.agree' end as action,
           coalesce(agreed_by_id, proposed_by_id) as by_id, recorded_at as at
    from reports_choice
    union all
    select public_id, 'choice.withdraw', null, superseded_at
    from reports_choice choice
    where superseded_at is not null
      and not exists (select from reports_choice agreed where agreed.proposal_id = choice.id)
)
select 'choice ' || public_id as what from acts
where not exists (
    select from monitoring_auditentry entry
    where entry.object_kind = 'choice' and entry.object_id = acts.public_id::text and entry.outcome = 'done'
      and entry.action = acts.action and entry.recorded_at >= acts.at
      and (acts.by_id is null or entry.actor_id = acts.by_id))
"""

INVARIANTS = (
    Invariant(
        "choices_by_two",
        _("What stands for page 1 was chosen by two moderators of different sides, and at most three of a kind do"),
        BY_TWO,
        within=choices_seen.reading_all,
    ),
    Invariant("choices_hidden", _("Choices for page 1 are shown to moderators of the truce alone"), HIDDEN),
    Invariant(
        "choices_audited",
        _("Every choice proposed, agreed on or taken back has its row in the audit"),
        AUDITED,
        within=choices_seen.reading_all,
    ),
)
