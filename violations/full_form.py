"""The full form of a grave incident in one act: its reports are graded and a finding proposed, or neither is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from monitoring.errors import Malformed
from violations import findings, grades

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.models import User
    from violations.decisions import Decision
    from violations.models import Finding, Incident, IncidentReport


@dataclass(frozen=True)
class Given:
    """The grades that a moderator gives a report."""

    report: IncidentReport
    source: str
    information: str


def propose(incident: Incident, decision: Decision, grading: Iterable[Given], *, by: User) -> Finding:
    """Grade each report as `grading` says, on the grounds of the finding, and propose it: `grades`, then `findings`.

    Raises as both; what is wrong with a grade stands at "/grades/<number of the revision>/source" or "information".
    """
    with transaction.atomic():
        for given in grading:
            told = {"source": given.source, "information": given.information, "grounds": decision.grounds}
            try:
                grades.grade(given.report, **told, by=by)
            except Malformed as fault:
                raise _at(given, fault) from fault
        return findings.propose(incident, decision, by=by)


def _at(given: Given, fault: Malformed) -> Malformed:
    fields = {
        pointer if pointer == "/grounds" else f"/grades/{given.report.pk}{pointer}": messages
        for pointer, messages in fault.fields.items()
    }
    return Malformed(fault.message, code=fault.code, fields=fields)
