"""What an edition adds to the common content: incidents of the guarantor's own forces and of those it answers for."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from monitoring.models.intervals import holds_sql
from reports.figures import breakdowns
from reports.figures.annex import reference
from reports.figures.classification import CLASSIFIED
from reports.figures.columns import tally
from reports.figures.header import guarantor_terms, in_period
from reports.figures.incidents import undertakings
from reports.figures.known import Known
from reports.models import PeriodKind

if TYPE_CHECKING:
    from monitoring.models import GuarantorTerm
    from reports.models import Closing

# Each incident under each party that it names, by role; an undertaking holds for what happened while it stood. Whom it
# concerns is asked first, and of those alone the incident is looked up, whatever PostgreSQL believes of a new import.
CONCERNS = f"""
with {CLASSIFIED},
named as materialized (
    select incident_id, occurred_from, occurred_until, stands_in, 'concerned' as role, unnest(concerned) as party_id
    from classified
    union all
    select incident_id, occurred_from, occurred_until, stands_in, 'target', unnest(target) from classified
    union all
    select incident_id, occurred_from, occurred_until, stands_in, 'involved', unnest(involved) from classified
),
concerning as materialized (
    select named.*
    from named
    where named.party_id = any(%(own_forces)s)
       or exists (
           select from monitoring_undertaking undertaking
           where undertaking.version_id = %(version)s and undertaking.guarantor_id = %(guarantor)s
             and undertaking.party_id = named.party_id and {holds_sql("undertaking", "named.occurred_from")}
       )
)
select party.code as party, concerning.role, concerning.stands_in, count(*) as incidents,
       array_agg((select public_id from violations_incident incident where incident.id = concerning.incident_id))
           filter (where concerning.occurred_until <= %(old_enough)s) as listed
from concerning
join monitoring_party party on party.id = concerning.party_id
group by party.code, concerning.role, concerning.stands_in
"""

ROLES = ("concerned", "target", "involved")


def editions(known: Known) -> list[GuarantorTerm]:
    """The terms that an edition is made for: of each guarantor whose term overlaps the period, the last such."""
    last = {term.guarantor_id: term for term in guarantor_terms(known) if in_period(known, term)}
    return list(last.values())


def edition(known: Known, closing: Closing, term: GuarantorTerm, content_sha256: str) -> dict[str, Any]:
    """Return the content of the edition of the guarantor of `term`. Of a day nothing is told by party."""
    return {
        "schema": 1,
        "closing": str(closing.public_id),
        "agreement": known.agreement.code,
        "simulated": known.agreement.simulated,
        "content_sha256": content_sha256,
        "guarantor": term.guarantor.code,
        "side": term.side.code,
        "from": term.valid_from and canonical.instant(term.valid_from),
        "until": term.valid_until and canonical.instant(term.valid_until),
        "contested_by": list(term.contested_by),
        "concerns": None if known.period.kind == PeriodKind.DAY else _concerns(known, term),
        "requests": {"recorded": False},
    }


def _concerns(known: Known, term: GuarantorTerm) -> dict[str, Any]:
    if not breakdowns.named(known):
        return {"parties_withheld": True, "own_forces": [], "undertaken": []}
    columns: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    listed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in known.rows(
        CONCERNS,
        guarantor=term.guarantor_id,
        own_forces=[term.own_forces_id] if term.own_forces_id else [],
        old_enough=known.known_at - timedelta(hours=known.version.guarantor_delay_hours),
    ):
        columns[row["party"], row["role"]][row["stands_in"]] = row["incidents"]
        listed[row["party"], row["role"]] += map(reference, row["listed"] or [])

    def rows(party: str, **more: Any) -> list[dict[str, Any]]:
        """The party's rows by role: as the party concerned always, zero included; else where there is any."""
        return [
            {"party": party, "role": role, **more, "incidents": sorted(listed[party, role]), **tally(columns[key])}
            for role in ROLES
            if (key := (party, role)) in columns or role == "concerned"
        ]

    return {
        "parties_withheld": False,
        "own_forces": rows(term.own_forces.code) if term.own_forces else [],
        "undertaken": [row for party, basis in _undertaken(known, term) for row in rows(party, basis=basis)],
    }


def _undertaken(known: Known, term: GuarantorTerm) -> list[tuple[str, list[str]]]:
    """The parties that the guarantor answers for within the period, and on whose word."""
    answering = known.once(undertakings)
    return [
        (party, [row["basis"] for row in rows if row["guarantor"] == term.guarantor.code])
        for party, rows in sorted(answering.items())
        if any(row["guarantor"] == term.guarantor.code for row in rows)
    ]
