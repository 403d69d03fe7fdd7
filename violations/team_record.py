"""What came of the reports of the same kind of team before an incident: a record of no team and of no person.

Moderators are told of a report by what kind of team it was filed, and no more. So the record is pooled by kind over all
guarantors and sides, by each kind where every kind that filed is large enough, else over all of them together: a pool
that is shown beside the whole would tell the others. It is large enough with so many teams, people and reports, and
where no team filed more than half.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from violations.codebook import LinkKind, Standing, Verification
from violations.codebook import ReviewState as State
from violations.flags import known

DAYS = 90
# The newest of these days, that the page of an incident costs the same however much is filed.
MOST_READ = 500
LEAST_TEAMS, LEAST_PEOPLE, LEAST_REPORTS = 3, 10, 30
ANY_KIND = ""

# A row a team, pooled before it leaves this module. Wants agreement, before and at. What was filed on the day of the
# incident is left out: the record is the same for all that was filed that day.
STATEMENT = f"""
with filed as (
    select report.chain, report.team_id
    from violations_incidentreport report
    where report.agreement_id = %(agreement)s and report.source = '' and report.revision = 1
      and report.team_id is not null
      and report.recorded_at >= date_trunc('day', %(before)s::timestamptz) - interval '{DAYS} days'
      and report.recorded_at < date_trunc('day', %(before)s::timestamptz)
    order by report.recorded_at desc limit {MOST_READ}
)
select terms.kind, count(*)::int, array(
           select distinct held.user_id from monitoring_accreditation held
           where held.team_id = terms.team_id and held.role in ('monitor', 'duty_officer')
             and held.valid_from < date_trunc('day', %(before)s::timestamptz)
             and coalesce(held.valid_until, 'infinity')
                 > date_trunc('day', %(before)s::timestamptz) - interval '{DAYS} days'
             and {known("held")}),
       count(*) filter (where came.state = '{State.LINKED.value}')::int,
       count(*) filter (where came.returned)::int,
       count(*) filter (where came.state = '{State.DUPLICATE.value}')::int,
       count(*) filter (where came.discounted)::int
from filed
join monitoring_mechanismversion version on version.agreement_id = %(agreement)s and {known("version")}
join monitoring_teamterms terms on terms.version_id = version.id and terms.team_id = filed.team_id
cross join lateral (
    select (array_agg(step.state order by step.id desc))[1] as state,
           bool_or(step.state = '{State.RETURNED.value}') as returned,
           exists (
               select from violations_reportlink link
               join violations_finding finding on finding.incident_id = link.incident_id
               where link.chain = filed.chain and link.kind <> '{LinkKind.RELATED.value}' and {known("link")}
                 and finding.standing <> '{Standing.PROPOSED.value}'
                 and finding.verification = '{Verification.DISCOUNTED.value}' and {known("finding")}
           ) as discounted
    from violations_reviewstep step
    where step.chain = filed.chain and step.recorded_at <= coalesce(%(at)s::timestamptz, 'infinity')
) came
group by terms.kind, terms.team_id
"""


@dataclass(frozen=True)
class Record:
    """What came of reports: how many were filed, are accepted, were returned with a question, are duplicates, and
    belong to incidents that were found not to have happened so. One report may be of several of these."""

    filed: int = 0
    accepted: int = 0
    returned: int = 0
    duplicates: int = 0
    discounted: int = 0


@dataclass(frozen=True)
class _OfTeam:
    kind: str
    filed: int
    people: frozenset[int]
    came: tuple[int, int, int, int]


def read(rows: Iterable[tuple[str, int, list[int], int, int, int, int]]) -> dict[str, Record]:
    """Pool what STATEMENT found: a record by kind of team, or one of ANY_KIND; nothing where that is too small."""
    kinds: dict[str, list[_OfTeam]] = defaultdict(list)
    for kind, filed, people, *came in rows:
        kinds[kind].append(_OfTeam(kind, filed, frozenset(people), (came[0], came[1], came[2], came[3])))
    if kinds and all(_large_enough(teams) for teams in kinds.values()):
        return {kind: _pooled(teams) for kind, teams in kinds.items()}
    everybody = [team for teams in kinds.values() for team in teams]
    return {ANY_KIND: _pooled(everybody)} if _large_enough(everybody) else {}


def _large_enough(teams: list[_OfTeam]) -> bool:
    """Whether so many filed that no team and nobody is told from it."""
    filed = sum(team.filed for team in teams)
    people = frozenset[int]().union(*(team.people for team in teams))
    return (
        len(teams) >= LEAST_TEAMS
        and len(people) >= LEAST_PEOPLE
        and filed >= LEAST_REPORTS
        and max(team.filed for team in teams) * 2 <= filed
    )


def _pooled(teams: list[_OfTeam]) -> Record:
    return Record(
        sum(team.filed for team in teams),
        *(sum(numbers) for numbers in zip(*(team.came for team in teams), strict=True)),
    )
