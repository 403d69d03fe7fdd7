"""What becomes due and what is late in a truce, told to its moderators: returns, replies, seconds, filers' answers.

Everything follows from the record and the clock, so whatever runs late finds what it missed of the last days, and what
runs twice tells nothing twice. What comes in numbers is told by the hour, how many; what comes singly, by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from monitoring import days, notices
from monitoring.days import ONE_DAY
from monitoring.models import MechanismVersion, Notice
from monitoring.notices import Told
from violations import agenda, replies_seen
from violations.codebook import LinkKind, Standing
from violations.codebook import ReviewState as State
from violations.ledger_days import ledger_days
from violations.models import Docket, Finding, RequestAnswer, RequestReminder
from violations.placing import codes
from violations.reply_codes import Reminding

if TYPE_CHECKING:
    from monitoring.models import Agreement

Kind = Notice.Kind
AHEAD = timedelta(days=1)  # so long before its date a proposal's second is told to be due
REMINDED = {Reminding.AHEAD: Kind.REPLY_DUE, Reminding.OVERDUE: Kind.REPLY_LATE}

# Proposals by the hour, begun in [since, until), in which their date falls; those given no time to second are told of
# as late alone, and so are those that a sitting leaves to nobody to second.
SECONDS = f"""
select date_trunc('hour', finding.second_by, 'UTC') as hour, count(*)
from violations_finding finding
where finding.agreement_id = %(agreement)s and finding.superseded_at is null
  and finding.standing = '{Standing.PROPOSED.value}' and finding.effect = '{Finding.Effect.FINDING.value}'
  and finding.second_by >= %(since)s and finding.second_by < %(until)s
  and finding.recorded_at <= finding.second_by - %(ahead)s
  and (%(ahead)s = interval '0' or not (
      {agenda.said_after("finding")} or {agenda.is_held_by_a_sitting("finding.incident_id")}))
group by hour order by hour
"""
# Reports that have stood with their filers for so long, by the hour in which that time ran out.
WITH_FILERS = f"""
select date_trunc('hour', step.recorded_at + %(term)s, 'UTC') as hour, count(distinct link.chain)
from violations_docket kept
join violations_reportlink link
  on link.incident_id = kept.incident_id and link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'
cross join lateral (
    select last.state, last.recorded_at from violations_reviewstep last
    where last.chain = link.chain order by last.id desc limit 1
) step
where kept.agreement_id = %(agreement)s and kept.superseded_at is null and kept.stage = '{Docket.Stage.WAITS.value}'
  and step.state in ({codes((State.RETURNED, State.AWAITING_REPLY))})
  and step.recorded_at + %(term)s >= %(since)s and step.recorded_at + %(term)s < %(until)s
group by hour order by hour
"""


def tell(agreement: Agreement, *, at: datetime | None = None) -> int:
    """Tell moderators of what is due or late at `at` (now), and became so of late (`notices.TOLD_WITHIN`).

    Return of how many. An hour is told of when it is over.
    """
    at = at or timezone.now()
    terms = agreement.terms
    told = [
        *_returns(agreement, terms, at),
        *_replies(agreement, at),
        *_seconds(agreement, at),
        *_with_filers(agreement, terms, at),
    ]
    return notices.give(agreement, told)


def _returns(agreement: Agreement, terms: MechanismVersion, at: datetime) -> Iterator[Told]:
    """Of each day that is over, who owes a return that is not here: once when the day is over, once past the grace."""
    if terms.ledgers_from != MechanismVersion.LedgersFrom.RETURNS:
        return
    missing: dict[date, list[str]] = defaultdict(list)
    first = days.last_due(terms, at - notices.TOLD_WITHIN) + ONE_DAY
    until = days.day_holding(terms, at).date
    for day in ledger_days(agreement, terms, from_date=first, until_date=until, known_at=at):
        if day.owes and not day.held:
            missing[day.day].append(day.owner)
    for on, owners in sorted(missing.items()):
        due_at = days.due_at(terms, on)
        yield Told(
            Kind.RETURN_LATE if due_at <= at else Kind.RETURN_DUE,
            once=on.isoformat(),
            object_kind="dailyreturn",
            object_id=on.isoformat(),
            due_at=due_at,
            details={"owners": sorted(owners)},
        )


def _replies(agreement: Agreement, at: datetime) -> Iterator[Told]:
    """What was asked of a guarantor or a party and is not answered, as whoever was asked is reminded of it."""
    unanswered = ~Exists(RequestAnswer.objects.filter(request=OuterRef("request")))
    with replies_seen.reading_for([agreement.pk]):
        reminders = RequestReminder.objects.filter(
            unanswered,
            request__agreement=agreement,
            request__superseded_at=None,
            kind__in=REMINDED,
            recorded_at__gt=at - notices.TOLD_WITHIN,
            recorded_at__lte=at,
        )
        found = list(reminders.select_related("request").order_by("pk"))
    for reminder in found:
        request = reminder.request
        yield Told(
            REMINDED[Reminding(reminder.kind)],
            once=str(request.public_id),
            object_kind="informationrequest",
            object_id=str(request.public_id),
            due_at=request.due_at,
        )


def _seconds(agreement: Agreement, at: datetime) -> Iterator[Told]:
    for kind, earlier, ahead in ((Kind.SECOND_DUE, AHEAD, AHEAD), (Kind.SECOND_LATE, timedelta(), timedelta())):
        for hour, count in _hours(SECONDS, agreement, at + earlier, ahead=ahead):
            yield Told(kind, once=_hour(hour), due_at=hour, details={"count": count})


def _with_filers(agreement: Agreement, terms: MechanismVersion, at: datetime) -> Iterator[Told]:
    """Filers have no deadline; they are told of after the days that a party concerned is given to reply."""
    term = timedelta(days=terms.reply_deadline_days)
    for hour, count in _hours(WITH_FILERS, agreement, at, term=term):
        yield Told(Kind.QUESTION_LATE, once=_hour(hour), details={"count": count, "days": term.days})


def _hours(statement: str, agreement: Agreement, at: datetime, **values: timedelta) -> list[tuple[datetime, int]]:
    """How many of each hour that is over at `at`, of the time that is told of."""
    until = at.replace(minute=0, second=0, microsecond=0)
    asked: dict[str, Any] = {"agreement": agreement.pk, "since": until - notices.TOLD_WITHIN, "until": until, **values}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


def _hour(hour: datetime) -> str:
    return f"{hour:%Y-%m-%dT%H}Z"
