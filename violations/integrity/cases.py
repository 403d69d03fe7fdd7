"""What holds of the register of cases: at every instant it says what the record said then, no more and no less."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.cases import as_at
from violations.codebook import LinkKind, ReviewState, Standing

_MOVED = f"link.kind <> '{LinkKind.RELATED.value}'"

# Every instant at which an incident may have become a case, or another one, and what it was then; a row where the
# answer differs from the one before, until the next. So is the register filled where it did not stand from the first.
HISTORY = f"""
with taken as (
    select chain, recorded_at from violations_reviewstep where state = '{ReviewState.UNDER_REVIEW.value}'
),
instants (incident_id, at) as (
    select link.incident_id, link.recorded_at from violations_reportlink link
    where {_MOVED} and link.chain in (select chain from taken)
    union
    select link.incident_id, link.superseded_at from violations_reportlink link
    where {_MOVED} and link.superseded_at is not null and link.chain in (select chain from taken)
    union
    select link.incident_id, taken.recorded_at from violations_reportlink link join taken using (chain) where {_MOVED}
    union
    select incident_id, recorded_at from violations_finding where standing <> '{Standing.DATA_SET.value}'
),
known as (
    select incident_id, at, opened_at, closed_at,
           lag(opened_at) over in_order as opened_before, lag(closed_at) over in_order as closed_before
    from instants cross join lateral {as_at("instants.incident_id", "instants.at")} found
    window in_order as (partition by incident_id order by at)
),
changed as (
    select incident_id, at, opened_at, closed_at,
           lead(at) over (partition by incident_id order by at) as superseded_at
    from known
    where (opened_at, closed_at) is distinct from (opened_before, closed_before)
)
select incident.id as incident_id, incident.agreement_id, changed.at as recorded_at, changed.superseded_at,
       changed.opened_at, changed.closed_at
from changed join violations_incident incident on incident.id = changed.incident_id
where changed.opened_at is not null
"""

_COLUMNS = "incident_id, agreement_id, recorded_at, superseded_at, opened_at, closed_at"

# Fills the register where what it is worked out from was written without it.
FILL = f"insert into violations_case ({_COLUMNS}) select {_COLUMNS} from ({HISTORY}) history order by recorded_at"

AS_THE_RECORD = f"""
with history as materialized ({HISTORY})
select 'incident ' || incident.public_id as what
from (
    select incident_id from (
        (select {_COLUMNS} from history except select {_COLUMNS} from violations_case)
        union all
        (select {_COLUMNS} from violations_case except select {_COLUMNS} from history)
    ) differing
    union
    select incident_id from violations_case group by incident_id, recorded_at having count(*) > 1
) wrong
join violations_incident incident on incident.id = wrong.incident_id
"""

INVARIANTS = (
    Invariant(
        "cases_as_the_record",
        _("At every instant the register of cases says what reviews, links and findings say"),
        AS_THE_RECORD,
    ),
)
