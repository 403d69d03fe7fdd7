"""Gathering the reports of one event: which incident a report tells of.

`same_event`, `duplicate` and `part_of_series` move the report's membership; the incident it leaves is closed where no
other report tells of it. `related` only notes. Where something is already found or proposed on either incident the
move would change what two people of different sides decided on, so it is itself a proposal.
"""

from __future__ import annotations

from monitoring.models import User
from violations.models import Finding, Incident, IncidentReport, ReportLink


def link(report: IncidentReport, incident: Incident, *, by: User, kind: str, grounds: str) -> ReportLink | Finding:
    """Accept that `report` tells of `incident`; `kind` is a codebook.LinkKind.

    The report must be under review and of the agreement of the incident. Returns the new ReportLink, and the report is
    then `linked` (`duplicate` for a duplicate; unchanged for `related`). Where the report's present incident or
    `incident` has an agreed finding or an open proposal by anyone, returns instead a proposal (Finding of effect link,
    on the report's present incident) and nothing moves until it is seconded; the report stays under review.

    To take a report out of an incident again: reopen it, then link it to the incident it opened when it was filed.

    Raises Malformed (kind, no grounds, another agreement), Forbidden (no moderator here; one filed the report or
    another of either incident), NotNow (not under review, already linked so, the incident is empty, a race lost).
    """
    raise NotImplementedError
