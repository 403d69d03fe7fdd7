"""Reports at the stages at which moderators meet them in the admin, made through the verbs."""

from __future__ import annotations

from types import SimpleNamespace

from monitoring.models import Agreement, User
from tests.violations import occasions
from violations import findings
from violations.models import Finding, IncidentReport


def taken(agreement: Agreement, filer: User, *, by: User, **changes) -> IncidentReport:
    """A report that `by` took under review."""
    return occasions.under_review(occasions.filed(agreement, filer, **changes), by)


def proposed_on(report: IncidentReport, *, by: User, **changes) -> Finding:
    """A breach proposed on the report's incident."""
    return findings.propose(occasions.incident_of(report), occasions.breach(report.agreement, **changes), by=by)


def agreed_on(report: IncidentReport, people: SimpleNamespace) -> Finding:
    """A breach proposed by the north on the report's incident and seconded by the south."""
    return findings.second(proposed_on(report, by=people.moderator_north), by=people.moderator_south)
