"""What holds of claims, filters and notes between shifts: by moderators, audited, and no case kept by one side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations.claims import IN_A_ROW, STANDS_FREE

BY_MODERATORS = f"""
select what || ' ' || key as what
from (select 'claim' as what, id::text as key, agreement_id, by_id, recorded_at from violations_claim
      union all
      select 'note', public_id::text, agreement_id, by_id, recorded_at from violations_shiftnote
      union all
      select 'reading of note', note.public_id::text, note.agreement_id, reading.by_id, reading.recorded_at
      from violations_shiftnoteread reading join violations_shiftnote note on note.id = reading.note_id) left_behind
where not exists (
    select from monitoring_accreditation held
    where held.user_id = left_behind.by_id and held.agreement_id = left_behind.agreement_id
      and held.role = '{Accreditation.Role.MODERATOR.value}' and held.recorded_at <= left_behind.recorded_at)
"""

# Of a side, or of one independent: as `claims.claim` counts.
BOUNDED = f"""
select 'claim ' || claim.id as what
from violations_claim claim
where (select count(*) from violations_claim before
       where before.incident_id = claim.incident_id and before.id < claim.id
         and before.side_id is not distinct from claim.side_id
         and (claim.side_id is not null or before.by_id = claim.by_id)
         and before.recorded_at + before.lasts
             > claim.recorded_at - interval '{STANDS_FREE.total_seconds():.0f} seconds') >= {IN_A_ROW}
"""

AUDITED = """
with done as materialized (
    select action, actor_id, object_id, recorded_at from monitoring_auditentry where outcome = 'done'
)
select 'claim ' || claim.id as what
from violations_claim claim join violations_incident incident on incident.id = claim.incident_id
where not exists (select from done where done.action = 'claim.claim' and done.actor_id = claim.by_id
                    and done.object_id = incident.public_id::text and done.recorded_at >= claim.recorded_at)
union all
select 'note ' || note.public_id from violations_shiftnote note
where not exists (select from done where done.action = 'shift.hand_over' and done.actor_id = note.by_id
                    and done.object_id = note.public_id::text)
union all
select 'reading of note ' || note.public_id
from violations_shiftnoteread reading join violations_shiftnote note on note.id = reading.note_id
where not exists (select from done where done.action = 'shift.read' and done.actor_id = reading.by_id
                    and done.object_id = note.public_id::text)
union all
select 'filter ' || saved.public_id from violations_savedfilter saved
where not exists (select from done where done.action = 'filter.save' and done.actor_id = saved.owner_id
                    and done.recorded_at >= saved.recorded_at)
"""

INVARIANTS = (
    Invariant("shift_by_moderators", _("Whoever claimed, handed over or read had been accredited"), BY_MODERATORS),
    Invariant("claims_bounded", _("No side claimed an incident more often in a row than it may"), BOUNDED),
    Invariant("shift_audited", _("Every claim, note, reading and saved filter has its row in the audit"), AUDITED),
)
