"""From which outside sources the figures of a period come, with name and terms as they are known now.

It stands in the header, beside the content hash: names and terms decide no figure.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reports.figures import ledgers
from reports.figures.known import Known, holds_at_cutoff
from violations.outside_sources import SOURCES

# Whether any incident of the period is told by a report of the source: the first that is answers, each by a look-up.
TELLING = f"""
select code from unnest(%(codes)s::text[]) as given (code)
where exists (
    select from violations_assessment assessment
    where assessment.agreement_id = %(agreement)s
      and assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s
      and {holds_at_cutoff("assessment")}
      and (select report.source from violations_incidentreport report
           where report.id = assessment.lead_report_id) = code
)
"""
PUBLISHING = f"""
select distinct source as code from violations_thirdpartyfigure figure
where figure.agreement_id = %(agreement)s and figure.counts_until = any(%(dates)s::date[])
  and {holds_at_cutoff("figure")}
"""


def data_sets(known: Known) -> list[dict[str, Any]]:
    """Return the sources that tell of incidents of the period, then those whose own figures stand in section 8."""
    others = known.once(ledgers.section)["filed_by_others"]
    imported = any(row["total"] for row in others if row["team_kind"] == "none")
    told = [source.code for source in SOURCES.values() if source.told == "incidents"]
    telling = known.rows(TELLING, codes=told) if imported else []
    return [
        asdict(SOURCES[code])
        for rows in (telling, known.rows(PUBLISHING))
        for code in sorted(row["code"] for row in rows)
        if code in SOURCES
    ]
