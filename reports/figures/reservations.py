"""Section 8: reservations that bear on the period, as the mechanism's file words them, and third-party figures."""

from __future__ import annotations

import json
from typing import Any

from monitoring import canonical
from monitoring.models import Reservation
from reports.figures import third_party
from reports.figures.known import Known, in_period


def section(known: Known) -> dict[str, Any]:
    """Return section 8. Figures of third parties stand beside: they are summed with nothing and taken from nothing."""
    figures = third_party.figures(known)
    return {
        "reservations": reservations(known),
        "third_party_figures": {"recorded": bool(figures), "figures": figures},
    }


def section_1(known: Known) -> dict[str, Any]:
    """Return section 8 as it was before figures of third parties were recorded: it said so, it did not print zero."""
    return {"reservations": reservations(known), "third_party_figures": {"recorded": False, "figures": []}}


def reservations(known: Known) -> list[dict[str, Any]]:
    """Return who reserves what, on what, over which interval."""
    rows = known.rows(
        f"""
        select code, on_kind, on_code, holder, text::text as text, source, valid_from, valid_until
        from {Reservation._meta.db_table} reservation
        where version_id = %(version)s and {in_period("reservation")}
        order by code collate "C"
        """
    )
    return [
        {
            "code": row["code"],
            "on_kind": row["on_kind"],
            "on_code": row["on_code"],
            "holder": row["holder"],
            "text": json.loads(row["text"]),
            "source": row["source"],
            "from": row["valid_from"] and canonical.instant(row["valid_from"]),
            "until": row["valid_until"] and canonical.instant(row["valid_until"]),
        }
        for row in rows
    ]
