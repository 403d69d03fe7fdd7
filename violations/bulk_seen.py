"""What the effect of a decision was told from, in a few digits: compared before each row of a job is done.

Two equal digests mean that what the moderator was shown is what is there. What changed meanwhile is refused as stale,
also where the verb alone would still do it: a proposal on which somebody dissented, an incident that was assessed anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from violations.codebook import LinkKind

if TYPE_CHECKING:
    from collections.abc import Collection

_MEMBER = f"link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'"


def _listed(table: str, condition: str) -> str:
    """SQL: the numbers of the rows of a table, in order; '' where there is none."""
    alias = table.removeprefix("violations_")
    return (
        f"(select coalesce(string_agg({alias}.id::text, ',' order by {alias}.id), '') from {table} {alias} {condition})"
    )


def _digest(*parts: str) -> str:
    return f"left(encode(sha256(convert_to(concat_ws('|', {', '.join(parts)}), 'UTF8')), 'hex'), 32)"


_THERE = "in (proposal.incident_id, proposal.effect_incident_id)"
# Of a proposal that is closed nothing can be agreed, so what else is decided on its incident changes nothing about it.
PROPOSALS = f"""
select proposal.id, case when proposal.superseded_at is null then {
    _digest(
        "'open'",
        _listed("violations_finding", f"where finding.incident_id {_THERE} and finding.superseded_at is null"),
        f"(select coalesce(string_agg(link.id::text, ',' order by link.id), '') from violations_reportlink link "
        f"where link.incident_id {_THERE} and {_MEMBER})",
        _listed("violations_assessment", f"where assessment.incident_id {_THERE} and assessment.superseded_at is null"),
        _listed("violations_dissent", "where dissent.finding_id = proposal.id"),
    )
} else 'closed' end
from violations_finding proposal where proposal.id = any(%s)
"""
# Nothing is decided on a revision that was corrected, so what is decided on a later one changes nothing about it.
_LATER = (
    "exists (select from violations_incidentreport later"
    " where later.chain = report.chain and later.revision > report.revision)"
)
REPORTS = f"""
select report.id, {
    _digest(
        "(select max(newest.id)::text from violations_incidentreport newest where newest.chain = report.chain)",
        f"(select max(step.id)::text from violations_reviewstep step where step.chain = report.chain and not {_LATER})",
        f"(select string_agg(link.id::text, ',') from violations_reportlink link "
        f"where link.chain = report.chain and {_MEMBER})",
    )
}
from violations_incidentreport report where report.id = any(%s)
"""


def of_proposals(ids: Collection[int]) -> dict[int, str]:
    """The digests of proposals, by number."""
    return _asked(PROPOSALS, ids)


def of_reports(ids: Collection[int]) -> dict[int, str]:
    """The digests of reports, by number of the revision."""
    return _asked(REPORTS, ids)


def _asked(statement: str, ids: Collection[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return dict(cursor.fetchall())
