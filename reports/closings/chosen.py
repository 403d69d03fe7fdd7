"""Whether what is chosen for page 1 of a closing's period came, went or may be told since: as a piece of SQL.

`CHOSEN` stands within the statement of `checking`, as `REPLIED` does. What an incident of the period came to be counts
there anyway; here is asked of incidents of earlier periods that were determined in this one, and of the delay after
which an incident may be named, which passes without anything being recorded.
"""

from __future__ import annotations

from reports.closings.replied import came

# Of an event that stands: when its incident grows old enough to be named.
_OLD_ENOUGH = "(assessment.occurred_until + make_interval(hours => version.guarantor_delay_hours))"

CHOSEN = f"""exists (
        select from reports_choice choice
        where choice.agreement_id = closing.agreement_id and choice.period = closing.period
          and choice.place is not null
          and ({came("choice.recorded_at")} or {came("choice.superseded_at")}
               or exists (
                   select from violations_assessment assessment
                   join monitoring_mechanismversion version
                     on version.agreement_id = choice.agreement_id and version.superseded_at is null
                   where assessment.incident_id = choice.incident_id
                     and (({came(_OLD_ENOUGH)} and {_OLD_ENOUGH} <= clock_timestamp())
                          or {came("assessment.recorded_at")} or {came("assessment.superseded_at")}))
               or exists (
                   select from violations_finding finding
                   where finding.incident_id = choice.incident_id
                     and ({came("finding.recorded_at")} or {came("finding.superseded_at")})))
    )"""
