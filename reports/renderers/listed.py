"""The annex of a content as rows of the table of incidents: what COPY sends of the record, from what was stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.renderers.reading import Reading
from reports.renderers.tables import PART

Row = dict[str, int | str | None]


def fixed(reading: Reading) -> Row:
    """What every row bears: truce, whether it is simulated, period and closing."""
    return {
        "agreement": reading.head["agreement"],
        "simulated": _yes_no(reading.simulated),
        "period": reading.period["code"],
        "closing": reading.header["number"],
    }


def incidents(reading: Reading) -> Iterator[Row]:
    """The incidents of the annex, in its order, by the columns of `tables.INCIDENTS`; none beside a day's figures."""
    annex = reading.content["beside"].get("annex")
    if annex is None:
        return
    withheld = ["parties"] * annex["parties_withheld"] + ["binding"] * annex.get("binding_withheld", False)
    for incident in annex["incidents"]:
        yield {**fixed(reading), **_row(reading, incident), "withheld": _several(withheld)}


def _row(reading: Reading, incident: dict[str, Any]) -> Row:
    row: Row = {"area_name": reading.label("area", incident["area"]) if incident["area"] else None}
    for name, value in incident.items():
        if name in {"killed", "injured"}:
            row |= {f"{name}_{which}": count for which, count in value.items()}
        elif name == "provisions":
            told = value and [f"{one['instrument']}/{one['provision']}" for one in value]
            row[name] = _several(told)
        elif isinstance(value, list):
            row[name] = _several(value)
        else:
            row[name] = _yes_no(value) if isinstance(value, bool) else value
    return row


def _several(codes: list[str] | None) -> str | None:
    return PART.join(codes) if codes else None


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
