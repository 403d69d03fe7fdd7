"""Where a page says that an incident stands in the count is where the report counts it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from reports.figures.classification import CLASSIFIED
from reports.figures.known import Known
from reports.periods import bounds
from tests.violations.cases import taken
from tests.violations.occasions import breach, discounted, filed, incident_of
from violations import findings
from violations.admin import axes
from violations.admin.case import Case
from violations.codebook import Scope
from violations.decisions import Decision
from violations.report_content import NamedParty

pytestmark = pytest.mark.django_db

# What a page says, by the report's column.
SAID = {
    "discounted": "discounted",
    "outside_period": f"out of scope: {Scope.OUTSIDE_PERIOD.label}",
    "excluded_designated": f"out of scope: {Scope.EXCLUDED_DESIGNATED.label}",
    "excluded_non_signatory": f"out of scope: {Scope.EXCLUDED_NON_SIGNATORY.label}",
    "scope_disputed": str(Scope.DISPUTED.label),
    "one_sided": "one-sided, in no total",
    "pending": "pending",
    "scope_not_assessed": str(Scope.NOT_ASSESSED.label),
    "conduct_undetermined": "conduct undetermined",
    "no_breach": "no breach",
    "no_provision": "no provision forbids it to those concerned",
    "violations_preliminary": "violations, preliminary",
}


def alleged(code):
    return {"parties": (NamedParty("alleged", code),)}


def found(exercise, people, decision, **filing):
    report = taken(exercise, people.monitor_north, by=people.moderator_north, **filing)
    proposal = findings.propose(incident_of(report), decision, by=people.moderator_north)
    findings.second(proposal, by=people.moderator_south)
    return report


def test_every_column_is_said_as_it_is_counted(exercise, people):
    north = people.moderator_north
    undetermined = Decision(verification="verified", conduct="undetermined", grounds="Seen.")
    contested = breach(
        exercise, attribution="contested", parties=(), provisions=(), conduct="breach", basis=(), confidence=""
    )
    reports = [
        filed(exercise, people.monitor_north),
        filed(exercise, people.monitor_north, **alleged("black-gull")),
        filed(exercise, people.monitor_north, **alleged("hill-clans")),
        filed(exercise, people.monitor_north, **alleged("coast-watch")),
        found(exercise, people, discounted()),
        found(exercise, people, breach(exercise)),
        found(exercise, people, undetermined),
        found(exercise, people, undetermined, parties=()),
        found(exercise, people, Decision(verification="verified", conduct="no_breach", grounds="Demining.")),
        found(exercise, people, Decision(verification="inconclusive", conduct="undetermined", grounds="Fog.")),
        found(exercise, people, breach(exercise, scope="disputed")),
        found(exercise, people, contested, **alleged("unknown-armed-men")),
        found(exercise, people, breach(exercise, provisions=(), scope="in_scope"), act="looting"),
    ]
    one_sided = filed(exercise, people.monitor_north)
    findings.propose(incident_of(one_sided), breach(exercise), by=north)
    reports.append(one_sided)

    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    period = bounds(exercise.terms, "month", "2025-03")
    rows = Known(exercise, exercise.terms, period, now + timedelta(seconds=1)).rows(
        f"with {CLASSIFIED} select incident_id, stands_in from classified"
    )
    counted = {row["incident_id"]: row["stands_in"] for row in rows}
    said = {}
    for report in reports:
        case = Case(incident_of(report), north)
        said[case.incident.pk] = axes.column(case.assessment, case.agreed, case.proposals)
    assert said == {incident: SAID[column] for incident, column in counted.items()}
    assert set(counted.values()) >= set(SAID) - {"outside_period"}
