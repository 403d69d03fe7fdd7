"""Section 8: reservations that bear on the period, as the mechanism's file words them, and third-party figures."""

from __future__ import annotations

import json
from typing import Any

from monitoring import canonical
from monitoring.models import Reservation
from reports.figures.known import Known, in_period


def section(known: Known) -> dict[str, Any]:
    """Return section 8. Figures of third parties are not recorded yet: the section says so, it does not print zero."""
    rows = known.rows(
        f"""
        select code, on_kind, on_code, holder, text::text as text, source, valid_from, valid_until
        from {Reservation._meta.db_table} reservation
        where version_id = %(version)s and {in_period("reservation")}
        order by code collate "C"
        """
    )
    return {
        "reservations": [
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
        ],
        "third_party_figures": {"recorded": False, "figures": []},
    }
