"""Sets of events in the exercise, as somebody who is no side of the truce recorded them, imported."""

from __future__ import annotations

import csv
from pathlib import Path

from monitoring.models import Agreement
from violations.importing import ucdp
from violations.importing.events import Imported, import_events
from violations.models import Incident, ReportLink

SET = ucdp.SOURCE
FORBIDDEN = ('acts = ["direct_fire", "indirect_fire"', 'acts = ["force_undetermined", "direct_fire", "indirect_fire"')
# Violence between two parties: who acted is not said.
EVENT = {
    "id": "1",
    "type_of_violence": "1",
    "side_a": "North Army",
    "side_b": "South Guard",
    "source_headline": "",
    "where_prec": "1",
    "where_coordinates": "the mill",
    "adm_1": "",
    "adm_2": "",
    "latitude": "-48.8",
    "longitude": "-123.5",
    "date_prec": "1",
    "date_start": "2025-03-10",
    "date_end": "2025-03-10",
    "deaths_a": "1",
    "deaths_b": "0",
    "deaths_civilians": "2",
    "deaths_unknown": "0",
    "low": "2",
    "best": "3",
    "high": "4",
    "simulated": "yes",
}
ONE_SIDED = {"type_of_violence": "3", "side_b": "Civilians"}
# One of each kind, by number.
KINDS = (
    EVENT,
    {"id": "2", **ONE_SIDED},  # by a party that is bound
    {"id": "3", **ONE_SIDED, "side_a": "Black Gull"},  # designated
    {"id": "4", **ONE_SIDED, "side_a": "North Army, River Company"},  # written as one
    {"id": "5", **ONE_SIDED, "side_a": "men of the coast"},  # known to nobody
    {"id": "6", **ONE_SIDED, "date_start": "2025-03-01", "date_end": "2025-03-01"},  # before the truce
)


def imported(agreement: Agreement, folder: Path, *events: dict[str, str]) -> Imported:
    """Import `events`, each as its changes to EVENT."""
    path = folder / "set.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, EVENT)
        table.writeheader()
        table.writerows(EVENT | event for event in events)
    return import_events(agreement, path, reader=ucdp, by=None, anyway=True)


def incident(number: str, agreement: Agreement | None = None) -> Incident:
    """The incident that the event of that number belongs to."""
    links = ReportLink.objects.open().filter(report__external_id=number, report__source=SET)
    return (links.filter(incident__agreement=agreement) if agreement else links).get().incident
