"""Section 6, on: requests and how they were replied to, statements that were told, measures agreed. Numbers alone.

Everything belongs to one period: what is about an incident to that in which the incident happened, as it was last
assessed; a statement on a period, or an edition of one, to that period; a request about no incident to that in which it
was asked; a measure to that in which it was agreed. How each stands is as known at the cut-off, so an answer that comes
later makes another figure. A statement that its owner did not tell the others is in no figure. How many requests were
made to each guarantor is told to all, of what and in which words to none: and to parties together, for the name of the
one that is asked would tell whom moderators look at. Where the truce does not publish who fired, those asked through a
guarantor are among them: a guarantor may answer for one party alone, and its name would be that one's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from monitoring import days
from reports.figures.counting import named
from reports.figures.header import guarantor_terms, in_period
from reports.figures.known import Known, holds_at_cutoff
from violations import replies_seen
from violations.reply_codes import MeasureState, Statement
from violations.requests import Reply

# A guarantor, for itself; a party, through the guarantor that answers for it; parties, through their own liaisons; and
# where the truce does not publish who fired, parties together, whomever they were asked through.
GUARANTOR, THROUGH, PARTY, PARTIES = "guarantor", "through", "party", "parties"
REPLIES = (Reply.IN_TIME, Reply.LATE, Reply.OUTSTANDING, Reply.OPEN, Reply.WITHDRAWN)

# When the incident that a row is about happened, as it was last assessed by the cut-off: where it came to be told with
# another, as it was then.
_HAPPENED = """(select assessment.occurred_from from violations_assessment assessment
            where assessment.incident_id = about.incident_id and assessment.recorded_at <= %(known_at)s
            order by assessment.recorded_at desc, assessment.id desc limit 1)"""


def _within(row: str, table: str, otherwise: str) -> str:
    """SQL: what `row` of `table` is about happened in the period; where it is about no incident, `otherwise`.

    It begins from what was ever assessed as of the period, and asks then when each happened: a truce's history of words
    is not run through.
    """
    return f"""{row}.id in (
        select alone.id from {table} alone
        where alone.agreement_id = %(agreement)s and alone.incident_id is null and {otherwise}
        union all
        select about.id
        from (select distinct incident_id from violations_assessment
              where agreement_id = %(agreement)s and occurred_from >= %(from)s and occurred_from < %(until)s
                and recorded_at <= %(known_at)s) assessed
        join {table} about on about.incident_id = assessed.incident_id
        where {_HAPPENED} >= %(from)s and {_HAPPENED} < %(until)s)"""


REQUESTED_IN_IT = _within(
    "request",
    "violations_informationrequest",
    "alone.recorded_at >= %(from)s and alone.recorded_at < %(until)s",
)
STATED_ON_IT = _within("statement", "violations_guarantorstatement", "alone.period = any(%(periods)s::varchar[])")

# The first answer by the cut-off decides; one on paper by the day on which it was handed in, whose beginning by the
# truce's calendar stands beside it (`papers`).
REQUESTS = f"""
with paper as (
    select unnest(%(paper_on)s::date[]) as handed_in_on, unnest(%(paper_from)s::timestamptz[]) as begins_at
),
asked as materialized (
    select request.id, request.due_at, request.superseded_at, request.party_id,
           coalesce(request.guarantor_id, request.through_id) as guarantor_id
    from violations_informationrequest request
    where request.agreement_id = %(agreement)s and request.recorded_at <= %(known_at)s
      and {REQUESTED_IN_IT}
),
replied as (
    select asked.guarantor_id,
           case when party_id is null then '{GUARANTOR}' when guarantor_id is null then '{PARTY}'
                else '{THROUGH}' end as addressee,
           case when answer.id is not null then
                     case when coalesce(paper.begins_at, answer.recorded_at) <= asked.due_at then '{Reply.IN_TIME}'
                          else '{Reply.LATE}' end
                when asked.superseded_at <= %(known_at)s then '{Reply.WITHDRAWN}'
                when %(known_at)s < asked.due_at then '{Reply.OPEN}' else '{Reply.OUTSTANDING}' end as reply
    from asked
    left join lateral (
        select * from violations_requestanswer answer
        where answer.request_id = asked.id and answer.recorded_at <= %(known_at)s
        order by answer.id limit 1
    ) answer on true
    left join paper on paper.handed_in_on = answer.received_on
)
select guarantor.code as guarantor, addressee, reply, count(*) as requests
from replied left join monitoring_guarantorstate guarantor on guarantor.id = replied.guarantor_id
group by guarantor.code, addressee, reply
"""

PAPERS = f"""
select distinct answer.received_on
from violations_informationrequest request join violations_requestanswer answer on answer.request_id = request.id
where request.agreement_id = %(agreement)s and answer.received_on is not null and answer.recorded_at <= %(known_at)s
  and {REQUESTED_IN_IT}
"""

STATEMENTS = f"""
select guarantor.code as guarantor, statement.code as statement, count(*) as statements
from violations_guarantorstatement statement
join violations_statementtelling telling
  on telling.statement_id = statement.id and telling.recorded_at <= %(known_at)s
join monitoring_guarantorstate guarantor on guarantor.id = statement.guarantor_id
where statement.agreement_id = %(agreement)s and {holds_at_cutoff("statement")}
  and {STATED_ON_IT}
group by guarantor.code, statement.code
"""

# A measure stands as its last step says; of one agreed before the period, as the last that was seen in it says.
MEASURES = f"""
with told as (
    select measure.id, measure.guarantor_id, measure.agreed_on = any(%(dates)s::date[]) as agreed
    from violations_measure measure
    where measure.agreement_id = %(agreement)s and measure.recorded_at <= %(known_at)s
      and measure.agreed_on <= (select max(date) from unnest(%(dates)s::date[]) date)
      and measure.id in (
          select id from violations_measure
          where agreement_id = %(agreement)s and agreed_on = any(%(dates)s::date[])
          union all
          select measure_id from violations_measurestep where seen_on = any(%(dates)s::date[]))
)
select guarantor.code as guarantor, agreed,
       case when agreed then coalesce(step.state, '{MeasureState.UNDER_WAY.value}') else step.state end as state,
       count(*) as measures
from told
left join monitoring_guarantorstate guarantor on guarantor.id = told.guarantor_id
left join lateral (
    select state from violations_measurestep step
    where step.measure_id = told.id and step.recorded_at <= %(known_at)s
      and (told.agreed or step.seen_on = any(%(dates)s::date[]))
    order by step.id desc limit 1
) step on true
where agreed or step.state is not null
group by guarantor.code, agreed, 3
"""


def section(known: Known) -> dict[str, Any]:
    """Return the section: the same rows for every guarantor of the period, zero or not."""
    with replies_seen.reading_for([known.agreement.pk]):
        return {
            "requests": _requests(known),
            "statements": _statements(known),
            "measures_agreed": _measures(known),
        }


def _requests(known: Known) -> dict[str, Any]:
    papers = [row["received_on"] for row in known.rows(PAPERS)]
    begins = [days.day_of(known.version, on).starts_at for on in papers]
    counts: dict[tuple[str | None, str], Counter[str]] = defaultdict(Counter)
    of_each, of_none = ((GUARANTOR, THROUGH), PARTY) if named(known) else ((GUARANTOR,), PARTIES)
    for row in known.rows(REQUESTS, paper_on=papers, paper_from=begins):
        whose = (row["guarantor"], row["addressee"]) if row["addressee"] in of_each else (None, of_none)
        counts[whose][row["reply"]] += row["requests"]
    whom = _guarantors(known, (guarantor for guarantor, _addressee in counts))
    keys: list[tuple[str | None, str]] = [(code, addressee) for code in whom for addressee in of_each]
    return {
        "all": _replied(sum(counts.values(), Counter())),
        "by_addressee": [
            {"guarantor": guarantor, "addressee": addressee, **_replied(counts[guarantor, addressee])}
            for guarantor, addressee in [*keys, (None, of_none)]
        ],
    }


def _replied(counted: Counter[str]) -> dict[str, int]:
    return {"asked": counted.total(), **{reply.value: counted[reply.value] for reply in REPLIES}}


def _statements(known: Known) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in known.rows(STATEMENTS, periods=codes_within(known)):
        counts[row["guarantor"]][row["statement"]] += row["statements"]
    return {
        "all": _by_code(sum(counts.values(), Counter())),
        "by_guarantor": [
            {"guarantor": guarantor, **_by_code(counts[guarantor])} for guarantor in _guarantors(known, counts)
        ],
    }


def _by_code(counted: Counter[str]) -> dict[str, Any]:
    return {"told": counted.total(), "statements": {code: counted[code] for code in Statement.values}}


def _measures(known: Known) -> dict[str, Any]:
    counts: dict[tuple[str | None, bool], Counter[str]] = defaultdict(Counter)
    for row in known.rows(MEASURES):
        counts[row["guarantor"], row["agreed"]][row["state"]] += row["measures"]
    whom = _guarantors(known, (guarantor for guarantor, _agreed in counts))
    return {
        "all": _stand(*(_over(counts, agreed=agreed) for agreed in (True, False))),
        "by_whom": [
            {
                "guarantor": guarantor,
                "addressee": PARTY if guarantor is None else GUARANTOR,
                **_stand(counts[guarantor, True], counts[guarantor, False]),
            }
            for guarantor in [*whom, None]
        ],
    }


def _over(counts: dict[tuple[str | None, bool], Counter[str]], *, agreed: bool) -> Counter[str]:
    return sum((counted for (_whom, of), counted in counts.items() if of == agreed), Counter())


def _stand(agreed: Counter[str], earlier: Counter[str]) -> dict[str, Any]:
    """Measures agreed in the period as they stand; those agreed before it of which something was seen in it."""
    return {
        "agreed": agreed.total(),
        "stand": {state: agreed[state] for state in MeasureState.values},
        "earlier_seen": earlier.total(),
        "earlier_stand": {state: earlier[state] for state in MeasureState.values},
    }


def _guarantors(known: Known, told: Iterable[str | None]) -> list[str]:
    """The guarantors of the period, and whoever else has a figure, by code."""
    standing = {term.guarantor.code for term in guarantor_terms(known) if in_period(known, term)}
    return sorted(standing | {code for code in told if code is not None})


def codes_within(known: Known) -> list[str]:
    """What a statement on the period, or on a part of it, says that it is on: a week that begins in it, a day of it."""
    dates = known.period.dates
    weeks = [f"{on.isocalendar().year}-W{on.isocalendar().week:02}" for on in dates if on.isoweekday() == 1]
    return [known.period.code, *weeks, *(on.isoformat() for on in dates)]
