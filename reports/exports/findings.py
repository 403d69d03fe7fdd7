"""The findings behind a closing, as SQL that COPY can send: at a guarantor's tier those agreed; in full all of them.

At the tier nothing is told of a finding that the annex does not tell of its incident: no grounds, no sides, no instant.
To those on the incidents listed come the ones that people agreed in the period on earlier incidents.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reports.exports import tier
from reports.exports.cells import guarded, in_order, instant, several
from reports.figures import withheld
from reports.figures.annex import dissented, dissents_from
from reports.figures.classification import CLASSIFYING, LIVE
from reports.figures.counting import named
from reports.figures.known import holds_at_cutoff
from reports.renderers.tables import FINDINGS, FINDINGS_IN_FULL
from violations.cases import BY_PEOPLE
from violations.models import Finding
from violations.placing import codes

if TYPE_CHECKING:
    from reports.figures.known import Known

# Of one day of the period; and what is earlier, on which people agreed something in the period.
EARLIER = f"""
found as materialized (
    select distinct incident_id from violations_finding
    where agreement_id = %(agreement)s and recorded_at >= %(from)s and recorded_at < %(until)s
      and recorded_at <= %(known_at)s
      and standing in ({codes(BY_PEOPLE)}) and effect = '{Finding.Effect.FINDING.value}'
),
live as materialized (
    select assessment.*
    from found join violations_assessment assessment on assessment.incident_id = found.incident_id
    where assessment.occurred_from < %(from)s and {holds_at_cutoff("assessment")}
)"""


@cache
def rows(*, earlier: bool, parties_told: bool, binding_told: bool) -> str:
    """SQL: the rows by the names of `FINDINGS`, and beside them what tells two apart."""
    cells = tier.cells(parties_told=parties_told, binding_told=binding_told)
    cells["on_earlier"] = "'yes'" if earlier else "'no'"
    listed = ",\n       ".join(f'{cells[name]} as "{name}"' for name in FINDINGS.names)
    return f"""
with recursive {EARLIER if earlier else LIVE},{CLASSIFYING},{tier.PARTY_CELLS},{tier.DISSENTED}
select {listed},
       incident.public_id::text as told_apart
from classified
join violations_incident incident on incident.id = classified.incident_id
cross join party_cells
where classified.finding_id is not null and classified.occurred_until <= %(old_enough)s
"""


ORDER = 'told.told_apart collate "C"'
ORDER_IN_FULL = ", ".join(f'told."{name}" collate "C"' for name in ("incident", "recorded_at", "finding"))


def statement(known: Known, *, earlier: bool) -> str:
    """SQL: the rows at the tier of `known`, in no order."""
    return rows(earlier=earlier, parties_told=named(known), binding_told=not known.once(withheld.binding_withheld))


IN_FULL_CELLS = {
    **tier.FIXED,
    "incident": "incident.public_id::text",
    "reference": tier.DIGITS,
    "finding": "finding.public_id::text",
    "standing": "finding.standing",
    "recorded_at": instant("finding.recorded_at"),
    "second_by": instant("finding.second_by"),
    "proposed_side": "proposing.code",
    "seconded_side": "seconding.code",
    "verification": "finding.verification",
    "conduct": "finding.conduct",
    "scope": "nullif(finding.scope, '')",
    "attribution": "finding.attribution",
    "confidence": "nullif(finding.confidence, '')",
    "attributed": several(
        """array(select party.code collate "C" from violations_findingparty named
                 join monitoring_party party on party.id = named.party_id
                 where named.finding_id = finding.id order by 1)"""
    ),
    "basis": in_order("finding.basis"),
    "intent": "nullif(finding.intent, '')",
    "sequence": "nullif(finding.sequence, '')",
    "provisions": tier.PROVISIONS.replace("classified.finding_id", "finding.id"),
    "killed_verified": "finding.killed_verified",
    "injured_verified": "finding.injured_verified",
    "grounds": guarded("finding.grounds"),
    "dissents": dissents_from("finding.id"),
}


@cache
def rows_in_full() -> str:
    """SQL: every finding and proposal as known at the cut-off on incidents of one day."""
    listed = ",\n       ".join(f'{IN_FULL_CELLS[name]} as "{name}"' for name in FINDINGS_IN_FULL.names)
    return f"""
with recursive {LIVE},
stated as materialized (
    select finding.*
    from live
    cross join lateral (
        select finding.* from violations_finding finding
        where finding.incident_id = live.incident_id and finding.effect = '{Finding.Effect.FINDING.value}'
          and {holds_at_cutoff("finding")}
        offset 0
    ) finding
),{dissented("select * from stated")}
select {listed}
from stated finding
join violations_incident incident on incident.id = finding.incident_id
left join monitoring_side proposing on proposing.id = finding.proposed_side_id
left join monitoring_side seconding on seconding.id = finding.seconded_side_id
"""
