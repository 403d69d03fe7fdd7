"""Page 1, (d): the events of concern and the improvements that two people of different sides had chosen by the cut-off.

What one side alone proposed is in no report, nor is told whether there was anything. An event is told by the reference
of its incident, at the tier: while the incident is younger than the truce's delay, or where it is by now no incident of
the period (moved, told with another, withdrawn, or its determination taken back), the event is not printed and only
counted. The words are those that both agreed on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reports import choices_seen
from reports.figures.annex import reference
from reports.figures.known import Known, holds_at_cutoff
from reports.models import Choice
from violations.codebook import Standing
from violations.models import Finding

CONCERNS, IMPROVEMENTS = "events_of_concern", "improvements"
LISTS = {Choice.Kind.CONCERN: CONCERNS, Choice.Kind.IMPROVEMENT: IMPROVEMENTS}

# When the incident ended, where it is still one of those that may be referred to; null where it is not, or none is.
CHOSEN = f"""
select choice.public_id, choice.kind, choice.refers_to, choice.words, choice.incident_id is not null as of_incident,
       coalesce(incident.public_id, measure.public_id, request.public_id) as referred,
       assessment.occurred_until
from reports_choice choice
left join violations_incident incident on incident.id = choice.incident_id
left join violations_measure measure on measure.id = choice.measure_id
left join violations_informationrequest request on request.id = choice.request_id
left join violations_assessment assessment
  on assessment.incident_id = choice.incident_id and {holds_at_cutoff("assessment")}
 and case choice.refers_to
     when '{Choice.RefersTo.DETERMINATION.value}' then exists (
         select from violations_finding finding
         where finding.incident_id = choice.incident_id and finding.standing = '{Standing.DETERMINED.value}'
           and {holds_at_cutoff("finding")}
     ) and exists (
         select from violations_finding finding
         where finding.incident_id = choice.incident_id and finding.standing = '{Standing.DETERMINED.value}'
           and finding.effect = '{Finding.Effect.FINDING.value}'
           and finding.recorded_at >= %(from)s and finding.recorded_at < %(until)s
           and finding.recorded_at <= %(known_at)s
     )
     else assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s end
where choice.agreement_id = %(agreement)s and choice.period = %(period)s and choice.place is not null
  and {holds_at_cutoff("choice")}
order by choice.place
"""


def section(known: Known) -> dict[str, Any]:
    """Return both lists, each in the order of its places, with how many are not printed and why."""
    old_enough = known.known_at - timedelta(hours=known.version.guarantor_delay_hours)
    with choices_seen.reading_for([known.agreement.pk]):
        rows = known.rows(CHOSEN, period=known.period.code)
    told: dict[str, Any] = {name: {"chosen": [], "not_yet": 0, "no_longer": 0} for name in LISTS.values()}
    for row in rows:
        of_kind = told[LISTS[Choice.Kind(row["kind"])]]
        if row["of_incident"] and row["occurred_until"] is None:
            of_kind["no_longer"] += 1
        elif row["of_incident"] and row["occurred_until"] > old_enough:
            of_kind["not_yet"] += 1
        else:
            of_kind["chosen"].append(_choice(row))
    return told


def _choice(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "choice": reference(row["public_id"]),
        "refers_to": row["refers_to"] or None,
        "reference": reference(row["referred"]) if row["referred"] else None,
        "words": row["words"],
    }
