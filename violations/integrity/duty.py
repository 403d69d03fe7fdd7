"""What holds of duty officers' checks: each by somebody who served the team then, on the record, within its truce."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations.codebook import DutyOutcome

# An accreditation without a team is for the agreement's.
BY_DUTY_OFFICERS = f"""
select coalesce('report ' || report.public_id, 'patrol ' || patrol.public_id) as what
from violations_dutycheck said
left join violations_incidentreport report on report.id = said.report_id
left join violations_patrol patrol on patrol.id = said.patrol_id
where coalesce(report.agreement_id, patrol.agreement_id) <> said.agreement_id
   or coalesce(report.team_id, patrol.team_id) is null
   or not exists (
      select from monitoring_accreditation held
      where held.user_id = said.by_id and held.agreement_id = said.agreement_id
        and held.role = '{Accreditation.Role.DUTY_OFFICER.value}'
        and (held.team_id is null or held.team_id = coalesce(report.team_id, patrol.team_id))
        and held.recorded_at <= said.recorded_at and coalesce(held.superseded_at, 'infinity') > said.recorded_at)
"""

_ACTS = ", ".join(
    f"('{outcome.value}', 'duty.{act}')"
    for outcome, act in (
        (DutyOutcome.CHECKED, "check"),
        (DutyOutcome.ASKED, "ask"),
        (DutyOutcome.UNDONE, "take_back"),
    )
)
AUDITED = f"""
select coalesce('report ' || report.public_id, 'patrol ' || patrol.public_id) as what
from violations_dutycheck said
left join violations_incidentreport report on report.id = said.report_id
left join violations_patrol patrol on patrol.id = said.patrol_id
where not exists (
    select from monitoring_auditentry done join (values {_ACTS}) known (outcome, action) on known.action = done.action
    where known.outcome = said.outcome and done.outcome = 'done' and done.actor_id = said.by_id
      and done.object_id = coalesce(report.public_id, patrol.public_id)::text
      and done.recorded_at >= said.recorded_at)
"""

INVARIANTS = (
    Invariant(
        "checked_by_duty_officers",
        _("Whoever checked an entry of a log or asked about it was a duty officer of its team then"),
        BY_DUTY_OFFICERS,
    ),
    Invariant("checks_audited", _("Every check, question and check taken back has its row in the audit"), AUDITED),
)
