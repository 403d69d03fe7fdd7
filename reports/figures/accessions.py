"""Section 6, at last: who joined a text of the truce in the period, groups and settlements, and who says so.

A group joins by its own adherence that binds it, from the instant at which it does; what it inherits from the party
above is that party's. Where another adherence that binds it ended at that instant it is bound otherwise now, and how it
was bound before is told with it. Under a rival reading a group may have joined earlier, later or never: the reading's
holder is named.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitoring import canonical
from monitoring.models import Adherence
from reports.figures.known import Known
from violations.placing import codes

JOINED = f"""
select party.code as party, instrument.code as instrument, adherence.kind, through.code as through, adherence.reading,
       adherence.valid_from as "from", adherence.source, former.kind as before
from monitoring_adherence adherence
join monitoring_party party on party.id = adherence.party_id
join monitoring_instrument instrument on instrument.id = adherence.instrument_id
left join monitoring_party through on through.id = adherence.through_id
left join monitoring_adherence former
  on former.version_id = adherence.version_id and former.party_id = adherence.party_id
 and former.instrument_id = adherence.instrument_id and former.reading = adherence.reading
 and former.valid_until = adherence.valid_from and former.kind in ({codes(Adherence.BINDING)})
where adherence.version_id = %(version)s and adherence.inherited_from_id is null
  and adherence.kind in ({codes(Adherence.BINDING)})
  and adherence.valid_from >= %(from)s and adherence.valid_from < %(until)s
order by adherence.valid_from, party.code collate "C", instrument.code collate "C", adherence.reading collate "C"
"""


def section(known: Known) -> dict[str, Any]:
    """Return who joined within the period, by time and code."""
    return {
        "groups": [{**row, "from": canonical.instant(row["from"])} for row in known.rows(JOINED)],
        "settlements": [
            {
                "settlement": told["code"],
                "area": told["area"],
                "instrument": told["to"],
                "from": canonical.instant(at),
                "source": told["source"],
            }
            for at, told in sorted(
                ((datetime.fromisoformat(told["joined_at"]), told) for told in known.version.accessions),
                key=lambda joined: (joined[0], joined[1]["code"]),
            )
            if known.period.starts_at <= at < known.period.ends_at
        ],
    }
