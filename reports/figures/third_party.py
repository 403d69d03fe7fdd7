"""What third parties published that bears a date of the period: each number as told, with what it counts.

A figure stands in the period that holds the date as of which it counts, once, though it may count on from long before.
It is contested where its own note says so, or where another address gives another number for the same: both stand.
"""

from __future__ import annotations

from typing import Any

from monitoring import canonical
from reports.figures.known import Known, holds_at_cutoff
from violations.third_party import PLACE

PUBLISHED = f"""
with known as (
    select figure.*,
           min(number) over same <> max(number) over same as contradicted
    from violations_thirdpartyfigure figure
    where figure.agreement_id = %(agreement)s and figure.counts_until = any(%(dates)s::date[])
      and {holds_at_cutoff("figure")}
    window same as (partition by source, counted, breakdown, category, counts_from, counts_until)
)
select * from known
order by counts_until, counts_from, publisher collate "C", url collate "C", span_as_written collate "C", counted,
         breakdown <> 'all', breakdown collate "C", number desc, category collate "C"
"""


def figures(known: Known) -> list[dict[str, Any]]:
    """Return the figures by date, then by publication, its total first."""
    return [
        {
            "figure": canonical.sha256([row[name] for name in PLACE])[:10],
            "publisher": row["publisher"],
            "definition": row["definition"],
            "counted": row["counted"],
            "breakdown": row["breakdown"],
            "category": row["category"],
            "cumulative": row["cumulative"],
            "from": row["counts_from"].isoformat(),
            "until": row["counts_until"].isoformat(),
            "span": row["span_as_written"],
            "span_basis": row["span_basis"],
            "span_precision": row["span_precision"],
            "number": row["number"],
            "contested": row["contested"] or row["contradicted"],
            "language": row["language"] or None,
            "url": row["url"],
            "note": row["note"],
        }
        for row in known.rows(PUBLISHED)
    ]
