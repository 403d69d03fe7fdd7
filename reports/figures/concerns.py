"""What an edition adds to the common content: incidents of the guarantor's own forces and of those it answers for.

And the requests that are open to it, in the words in which it was asked: its own, which no other edition has.
"""

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
from violations import replies_seen
from violations.requests import Reply

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

# What the guarantor was asked, for itself or for a party that it answers for, and had not answered by the cut-off.
OPEN_TO_IT = """
select request.public_id, request.recorded_at, request.due_at, request.question, party.code as party,
       incident.public_id as incident
from violations_informationrequest request
left join monitoring_party party on party.id = request.party_id
left join violations_incident incident on incident.id = request.incident_id
where request.agreement_id = %(agreement)s and request.recorded_at <= %(known_at)s
  and (request.superseded_at is null or request.superseded_at > %(known_at)s)
  and (request.guarantor_id = %(guarantor)s or request.through_id = %(guarantor)s)
  and not exists (select from violations_requestanswer answer
                  where answer.request_id = request.id and answer.recorded_at <= %(known_at)s)
order by request.due_at, request.id
"""

ROLES = ("concerned", "target", "involved")


def editions(known: Known) -> list[GuarantorTerm]:
    """The terms that an edition is made for: of each guarantor whose term overlaps the period, the last such."""
    last = {term.guarantor_id: term for term in guarantor_terms(known) if in_period(known, term)}
    return list(last.values())


def edition(known: Known, closing: Closing, term: GuarantorTerm, content_sha256: str) -> dict[str, Any]:
    """Return the content of the edition of the guarantor of `term`, with the requests open to it at the cut-off.

    Of a day nothing is told by party, and nothing that is asked: it has registrations only.
    """
    told = edition_1(known, closing, term, content_sha256)
    if known.period.kind == PeriodKind.DAY:
        return told
    return {**told, "version": 2, "requests": {"recorded": True, "open": _requests(known, term)}}


def edition_1(known: Known, closing: Closing, term: GuarantorTerm, content_sha256: str) -> dict[str, Any]:
    """Return the edition as it was before requests were told, and as that of a day is."""
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


def _requests(known: Known, term: GuarantorTerm) -> list[dict[str, Any]]:
    """Requests of any period, the one that is due first first; of an incident the reference, be it listed or not."""
    with replies_seen.reading_for([known.agreement.pk]):
        rows = known.rows(OPEN_TO_IT, guarantor=term.guarantor_id)
    return [
        {
            "request": str(row["public_id"]),
            "asked_at": canonical.instant(row["recorded_at"]),
            "due_at": canonical.instant(row["due_at"]),
            "reply": Reply.OPEN.value if known.known_at < row["due_at"] else Reply.OUTSTANDING.value,
            "party": row["party"],
            "incident": row["incident"] and reference(row["incident"]),
            "question": row["question"],
        }
        for row in rows
    ]


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
