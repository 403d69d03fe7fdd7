"""What would name a party, or a side, where the truce does not publish who fired: how the texts bind those concerned.

Who stands alone in a class of scope, or under a set of texts, is named by that class or by a provision of those texts:
an incident out of scope as “designated” says who fired or was fired at where the file designates one group. It is asked
of the mechanism and not of incidents: where one class would name somebody, the classes of all incidents are withheld,
for to withhold that one alone would name as well. Parties of one side count as one, for sides are withheld, too.
"""

from __future__ import annotations

from collections import defaultdict

from monitoring.models import Adherence, PartyTerms
from reports.figures.counting import named
from reports.figures.known import Known
from violations.codebook import Scope
from violations.placing import codes
from violations.scope import TURNS, VERDICTS

# Each party in each stretch of the period in which nothing that binds begins or ends: its class, the texts it is bound
# by. Whom the file says nothing of is not assessed, and so is an incident that names nobody: that class tells nothing.
BOUND = f"""
with terms as materialized (
    select version.id as version_id, ({TURNS}) as turns
    from monitoring_mechanismversion version where version.id = %(version)s
),
facts as materialized (
    select version_id, turns, stretch, true as report_id
    from terms cross join generate_series(0, cardinality(turns)) stretch
    where (stretch = 0 or turns[stretch] < %(until)s)
      and (stretch = cardinality(turns) or turns[stretch + 1] > %(from)s)
),
{VERDICTS}
select verdict.stretch, judged.class, judged.party_id::bigint as party_id,
       array(select distinct binding.instrument_id from binding
             where binding.stretch = verdict.stretch and binding.party_id = judged.party_id::bigint
               and binding.kind in ({codes(Adherence.BINDING)})
             order by 1) as texts
from verdict cross join jsonb_each_text(verdict.classes) judged (party_id, class)
where judged.class <> '{Scope.NOT_ASSESSED.value}'
"""


def binding_withheld(known: Known) -> bool:
    """Whether where incidents stand, and what they breached, is withheld: parties are, and it would name one."""
    if named(known):
        return False
    stands_for = _stands_for(known)
    alike: dict[tuple[int, str, tuple[int, ...]], set[object]] = defaultdict(set)
    for row in known.rows(BOUND):
        party = row["party_id"]
        alike[row["stretch"], row["class"], tuple(row["texts"])].add(stands_for.get(party, party))
    return any(len(those) == 1 for those in alike.values())


def _stands_for(known: Known) -> dict[int, object]:
    """Each party's side; of one without, the party at the top of its tree."""
    terms = {row.party_id: row for row in PartyTerms.objects.filter(version=known.version).select_related("side")}

    def whom(party: int) -> object:
        row = terms.get(party)
        if row is None:
            return party
        if row.side is not None:
            return row.side.code
        return whom(row.parent_id) if row.parent_id is not None else party

    return {party: whom(party) for party in terms}
