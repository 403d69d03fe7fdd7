"""A truce in which two guarantors, their sides and all that bears their names have changed places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from monitoring import areas, canonical, ledger, mechanism, mechanism_file
from monitoring.models import Agreement, User
from tests.monitoring.truces import SHIPPED
from tests.reports.records import Record

PAIRS = (("alder", "birch"), ("Alder", "Birch"), ("north", "south"), ("North", "South"))
OTHER = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
NAMED = re.compile("|".join(OTHER))
# When the record was made, and what is drawn anew in each: the first 10 digits of an incident's public id.
WHEN = ("reference", "record_began_at")
DRAWN = re.compile("[0-9a-f]{10}")


def exchanged(text: str) -> str:
    """`text` with each of the two where the other stood; twice, it is as it was."""
    return NAMED.sub(lambda found: OTHER[found[0]], text)


def loaded(folder: Path, *, exchange: bool) -> Agreement:
    """Load the exercise into an empty record, as it comes or with the two exchanged, its drawings and names too."""
    folder.mkdir(exist_ok=True)
    for name in ("exercise.toml", "exercise.geojson", "exercise-districts.geojson"):
        text = (SHIPPED / name).read_text()
        (folder / name).write_text(exchanged(text) if exchange else text)
    with ledger.writing() as entry:
        agreement = mechanism.record(mechanism_file.read(folder / "exercise.toml"), by=None, entry=entry).agreement
        areas.load(
            agreement,
            folder / "exercise-districts.geojson",
            level="district",
            source="Drawn for the exercise",
            by=None,
            entry=entry,
            code_property="code",
            name_properties={"en": "name"},
        )
    return agreement


class Exchanged(Record):
    """The same entries by the same seed, each told of and by the other."""

    def called(self, code: str) -> str:
        """The other's code."""
        return exchanged(code)


def moderators(*, exchange: bool) -> SimpleNamespace:
    """Who proposes and who seconds, each of a side: the other two where they are exchanged."""
    north, south = (User.objects.create(username=f"moderator-{side}") for side in ("north", "south"))
    if exchange:
        north, south = south, north
    return SimpleNamespace(moderator_north=north, moderator_south=south)


def comparable(told: Any) -> Any:
    """What is told, without the order that codes have and without what each record has of its own."""
    if isinstance(told, dict):
        return {key: comparable(value) for key, value in told.items() if key not in WHEN}
    if isinstance(told, list):
        parts = [comparable(one) for one in told]
        return sorted(parts, key=canonical.dumps)
    return "drawn" if isinstance(told, str) and DRAWN.fullmatch(told) else told


def told_back(told: Any) -> Any:
    """What is told in the exchanged truce, in the words of the other."""
    return json.loads(exchanged(json.dumps(told, ensure_ascii=False)))
