"""What is told beside the reports of an incident and decides nothing: flags, crossing directions, a record of teams.

All of it in one message to PostgreSQL, whatever the number of reports; as known at an instant of the record, or now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from violations import crossing, flags, team_record
from violations.crossing import Crossings
from violations.flags import Flagged
from violations.team_record import Record

if TYPE_CHECKING:
    from monitoring.models import User
    from violations.models import Incident


@dataclass(frozen=True)
class Told:
    """Flags by report, the directions that bear on the incident, and the record by kind of team."""

    flags: dict[int, list[Flagged]] = field(default_factory=dict)
    crossings: Crossings = field(default_factory=Crossings)
    record: dict[str, Record] = field(default_factory=dict)


def of(
    incident: Incident,
    *,
    shown: Collection[int],
    in_effect: Collection[int],
    lead: int | None,
    by: User,
    at: datetime | None = None,
) -> Told:
    """Return what is told beside an incident that `by` may see, as known at `at` of the record (None: now).

    `shown` are the revisions (ids) whose flags are asked for, `in_effect` those of the incident that are counted,
    `lead` the one whose place and time the directions are held against.
    """
    asked = {
        "shown": list(shown),
        "reports": list(in_effect),
        "lead": lead,
        "agreement": incident.agreement_id,
        "before": incident.recorded_at,
        "by": by.pk,
        "at": at,
    }
    with connection.cursor() as cursor:  # one message
        cursor.execute(f"{flags.STATEMENT}; {crossing.STATEMENT}; {team_record.STATEMENT}", asked)
        flagged = flags.read(cursor.fetchall())
        cursor.nextset()
        crossings = crossing.read(cursor.fetchone())
        cursor.nextset()
        record = team_record.read(cursor.fetchall())
    return Told(flagged, crossings, record)
