"""Which incidents would stand in another column, were one holder's reading taken: those that section 5 counts, by name.

For moderators alone: where the truce does not publish who fired, an incident that is listed beside the party over whose
adherence readings differ says that it names that party.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reports.figures.classification import CLASSIFIED
from reports.figures.counting import holders
from reports.figures.known import Known
from reports.figures.readings import READ, WOULD_STAND_IN

STATEMENT = f"""
with {CLASSIFIED}, {READ}
select reading, public_id, occurred_from, act, was, becomes
from (
    select moved.*, row_number() over (partition by reading order by occurred_from, incident_id) as place
    from (select read_as.*, {WOULD_STAND_IN} as becomes from read_as) moved
    where was <> becomes
) listed
join violations_incident incident on incident.id = listed.incident_id
where place <= %(most)s
order by reading, place
"""


@dataclass(frozen=True)
class Moved:
    """An incident that a reading would move: its earliest instant, and the columns in which it stands and would."""

    public_id: UUID
    occurred_from: datetime
    act: str
    was: str
    becomes: str


def moved(known: Known, *, most: int) -> dict[str, list[Moved]]:
    """Return, by holder, the incidents of the period that the reading would move: the earliest, `most` of each.

    Every holder that speaks within the period is there, '' for the common reading of an adherence.
    """
    listed: dict[str, list[Moved]] = {reading: [] for reading in known.once(holders)}
    for row in known.rows(STATEMENT, readings=list(listed), most=most):
        listed[row.pop("reading")].append(Moved(**row))
    return listed
