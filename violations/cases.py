"""Which incidents are cases, and the register of them, kept in sets by every verb that changes the answer.

A case is an incident that people took up: a report of it came under review, or a finding was proposed. It is opened by
the first of these and closed by the agreed finding that says whether it stands (verified, probable or discounted); one
agreed later that says it cannot be established opens it again. What a data set brings neither opens nor closes a case.
A report that is moved takes its review with it: the incident that it left may be no case any more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from violations.codebook import LinkKind, ReviewState, Standing, Verification
from violations.placing import codes

# Standings that people, and no data set, give; what says whether an incident stands.
BY_PEOPLE = (Standing.PRELIMINARY, Standing.DETERMINED)
DECISIVE = (Verification.VERIFIED, Verification.PROBABLE, Verification.DISCOUNTED)


def as_at(incident: str, instant: str) -> str:
    """SQL, to join laterally: opened_at and closed_at of the incident as known at the instant; null where no case.

    What holds from an instant is known at it. Taking up is of a chain, whichever revision of it was in effect.
    """
    return f"""(
        select least(reviewed.first_at, found.first_at) as opened_at, found.closed_at
        from (
            select min(step.recorded_at) as first_at
            from violations_reportlink link
            join violations_reviewstep step on step.chain = link.chain
            where link.incident_id = {incident} and link.kind <> '{LinkKind.RELATED.value}'
              and link.recorded_at <= {instant} and (link.superseded_at is null or link.superseded_at > {instant})
              and step.state = '{ReviewState.UNDER_REVIEW.value}' and step.recorded_at <= {instant}
        ) reviewed,
        (
            select min(recorded_at) as first_at,
                   min(recorded_at) filter (where decisive and (undecided_at is null or recorded_at > undecided_at))
                       as closed_at
            from (
                select recorded_at, agreed and verification in ({codes(DECISIVE)}) as decisive,
                       max(recorded_at) filter (where agreed and verification not in ({codes(DECISIVE)})) over ()
                           as undecided_at
                from (
                    select finding.*, finding.standing in ({codes(BY_PEOPLE)}) as agreed
                    from violations_finding finding
                    where finding.incident_id = {incident} and finding.recorded_at <= {instant}
                      and finding.standing <> '{Standing.DATA_SET.value}'
                ) by_people
            ) finding
        ) found
    )"""


ANSWER = f"""
select incident.id as incident_id, incident.agreement_id, known.opened_at, known.closed_at
from violations_incident incident cross join lateral {as_at("incident.id", "%(recorded_at)s")} known
where incident.id = any(%(incidents)s::bigint[])"""

CLOSE = f"""
with answer as ({ANSWER})
update violations_case registered set superseded_at = %(recorded_at)s
from answer
where registered.incident_id = answer.incident_id and registered.superseded_at is null
  and (registered.opened_at, registered.closed_at) is distinct from (answer.opened_at, answer.closed_at)"""

WRITE = f"""
with answer as ({ANSWER})
insert into violations_case (recorded_at, incident_id, agreement_id, opened_at, closed_at)
select %(recorded_at)s, incident_id, agreement_id, opened_at, closed_at
from answer
where opened_at is not null
  and not exists (select from violations_case registered
                  where registered.incident_id = answer.incident_id and registered.superseded_at is null)
order by incident_id"""


def follow(incident_ids: Collection[int], *, recorded_at: datetime) -> None:
    """Bring the register up to the record for these incidents, at the stamp of the verb that changed something.

    Call it once a verb that took a report up, moved one between incidents, or wrote a finding; inside
    `ledger.writing()`, with the incidents held, after everything else is written. A row is written only where the
    answer differs.
    """
    with connection.cursor() as cursor:
        for statement in (CLOSE, WRITE):
            cursor.execute(statement, {"incidents": sorted(set(incident_ids)), "recorded_at": recorded_at})
