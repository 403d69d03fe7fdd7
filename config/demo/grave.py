"""What the exercise's moderators do before they decide on a grave incident: grade its reports, say who was harmed."""

from __future__ import annotations

from typing import Any

from monitoring.models import User
from violations import grades
from violations.casualties import Casualties, Source
from violations.models import Incident, IncidentReport, ReportLink


def grade(incident: Incident, *, by: User) -> None:
    """Grade its reports as their teams and means do: the exercise's posts are well placed."""
    members = ReportLink.objects.open().members().filter(incident=incident).values("report")
    for report in IncidentReport.objects.with_grades().filter(pk__in=members, graded=False):
        grades.grade(
            report,
            source=report.source_grade,
            information=report.information_grade,
            grounds="Both sides know the post, and what can be seen from it.",
            by=by,
        )


def harmed(report: IncidentReport, told: dict[str, Any]) -> tuple[Casualties, ...]:
    """Of each group that the report tells of: what was verified, by the report and by whom the scenario names."""
    others = {Source(kind=other["kind"], name=other["name"]) for other in told.get("casualty_sources", [])}
    return tuple(
        Casualties(
            harm=harm,
            people=people,
            at_least=told.get(f"{harm}_verified"),
            sources=frozenset({Source(report=report.pk), *others}),
        )
        for harm, groups in report.casualties.items()
        for people in groups
    )
