"""What holds of moves to another lane, and of grades: whoever gave them might, and what asks for less had a second."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation

BY_MODERATORS = f"""
select 'lane of incident ' || incident.public_id as what
from (select incident_id, agreement_id, proposed_by_id as user_id, recorded_at from violations_lanemove
      union all
      select incident_id, agreement_id, seconded_by_id, recorded_at from violations_lanemove
      where seconded_by_id is not null) moved
join violations_incident incident on incident.id = moved.incident_id
where not exists (
    select from monitoring_accreditation held
    where held.user_id = moved.user_id and held.agreement_id = moved.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= moved.recorded_at)
"""

# What took force by a second was a proposal of the same words until then; what takes force leaves nothing else open.
FOLLOWED = """
select 'lane of incident ' || incident.public_id as what
from violations_lanemove moved
join violations_incident incident on incident.id = moved.incident_id
where moved.in_force and (
    (moved.seconded_by_id is not null and not exists (
        select from violations_lanemove proposal
        where proposal.incident_id = moved.incident_id and not proposal.in_force
          and proposal.superseded_at = moved.recorded_at and proposal.proposed_by_id = moved.proposed_by_id
          and (proposal.lane, proposal.moved_from, proposal.by_rule, proposal.reason, proposal.grounds)
            = (moved.lane, moved.moved_from, moved.by_rule, moved.reason, moved.grounds)))
    or exists (
        select from violations_lanemove other
        where other.incident_id = moved.incident_id and other.recorded_at < moved.recorded_at
          and coalesce(other.superseded_at, 'infinity') > moved.recorded_at))
"""

GRADED = f"""
select 'grade ' || graded.public_id as what
from violations_grade graded
where not exists (
    select from monitoring_accreditation held
    where held.user_id = graded.by_id and held.agreement_id = graded.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= graded.recorded_at)
"""

INVARIANTS = (
    Invariant("lanes_by_moderators", _("Whoever moved an incident to another lane had been accredited"), BY_MODERATORS),
    Invariant("graded_by_moderators", _("Whoever graded a report had been accredited for it"), GRADED),
    Invariant("lanes_followed", _("A move to a lane that asks for less was proposed, and one move holds"), FOLLOWED),
)
