"""What each guarantor's ledger holds for each day of a period, as known at an instant.

A ledger's day is returned, nil, missing, not_held, none_known or not_due (VOCABULARY: codebook.LedgerDay). A day that
is not held is not zero, and nothing here is summed. A return stands in the day whose date it bears.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from monitoring.models import Agreement, GuarantorState, MechanismVersion
from violations.codebook import LedgerDay as State
from violations.models import DailyReturn, ReturnLine, ReturnSource


@dataclass(frozen=True)
class ToldLine:
    """The count of one area: as written, and the area's code and level where it is known."""

    as_written: str
    area: str | None
    level: str | None
    count: int


@dataclass(frozen=True)
class ToldSource:
    """Where a return was read."""

    outlet: str
    url: str
    note: str


@dataclass(frozen=True)
class ToldReturn:
    """One telling of a ledger's day. With others of the same day it is shown, never summed.

    `teller` is a guarantor's code; [window_from, window_until) are instants; None is unknown, never zero.
    """

    public_id: str
    teller: str
    acknowledged: bool
    variant: int
    window_from: datetime
    window_until: datetime
    window_basis: str
    total: int
    unit: str
    headline_total: int | None
    breakdown: str
    confirmed: int | None
    not_confirmed: int | None
    attributed_elsewhere: int | None
    note: str
    lines: tuple[ToldLine, ...]
    sources: tuple[ToldSource, ...]


@dataclass(frozen=True)
class LedgerDay:
    """One day of one guarantor's ledger. `due`: a return of this day was to be there by the instant asked for.

    `owes`: one is to come of it at all, whenever.
    """

    owner: str
    day: date
    state: str
    due: bool
    owes: bool
    returns: tuple[ToldReturn, ...]

    @property
    def held(self) -> bool:
        """Whether a return of the day is held, nil or not."""
        return bool(self.returns)


# A day bears the date on which it starts or ends. It owes a return where it overlaps the owner's term within the truce,
# and the return is due once the day has ended and the filing grace has passed.
DAYS = """
with term as (
    select guarantor_id, tstzrange(valid_from, valid_until) * tstzrange(%(in_force_from)s, %(in_force_until)s) as held
    from monitoring_guarantorterm where version_id = %(version)s
),
calendar as (
    select shown.day,
           ((shown.day - %(shift)s) + %(day_begins)s::time) at time zone %(time_zone)s as starts_at,
           ((shown.day - %(shift)s + 1) + %(day_begins)s::time) at time zone %(time_zone)s as ends_at
    from (
        select generate_series(%(from_date)s::date, %(until_date)s::date - 1, interval '1 day')::date as day
    ) shown
),
known as (
    select owner_id, bears_date, total from violations_dailyreturn
    where agreement_id = %(agreement)s
      and recorded_at <= %(known_at)s and (superseded_at is null or superseded_at > %(known_at)s)
),
ledger as (
    select guarantor_id as owner_id from term union select owner_id from known
),
held as (
    select owner_id, bears_date, bool_and(total = 0) as nil from known group by owner_id, bears_date
)
select state.code, calendar.day, held.nil, owes.held as owes,
       calendar.ends_at + make_interval(hours => %(grace_hours)s) <= %(known_at)s as past,
       calendar.day <= (select max(bears_date) from known where known.owner_id = ledger.owner_id) as published
from ledger
join monitoring_guarantorstate state on state.id = ledger.owner_id
cross join calendar
left join held on held.owner_id = ledger.owner_id and held.bears_date = calendar.day
cross join lateral (
    select exists (
        select from term
        where term.guarantor_id = ledger.owner_id and term.held && tstzrange(calendar.starts_at, calendar.ends_at)
    ) as held
) owes
order by state.code collate "C", calendar.day
"""


def ledger_days(
    agreement: Agreement, version: MechanismVersion, *, from_date: date, until_date: date, known_at: datetime
) -> list[LedgerDay]:
    """Return the days [from_date, until_date) of every guarantor's ledger, by guarantor's code and date.

    `version` is the mechanism as known at `known_at`; ledgers are those of its guarantors and of whoever else a return
    is known of. Three statements, whatever the length of the period.
    """
    told = _told(agreement, from_date, until_date, known_at)
    with connection.cursor() as cursor:
        cursor.execute(DAYS, asked(agreement, version, from_date=from_date, until_date=until_date, known_at=known_at))
        return [
            LedgerDay(
                owner=owner,
                day=day,
                state=_state(version, nil=nil, owes=owes, past=past, published=bool(published)),
                due=owes and past,
                owes=owes,
                returns=tuple(told[owner, day]),
            )
            for owner, day, nil, owes, past, published in cursor.fetchall()
        ]


def asked(
    agreement: Agreement, version: MechanismVersion, *, from_date: date, until_date: date, known_at: datetime
) -> dict[str, Any]:
    """What `DAYS` asks for, by name."""
    return {
        "agreement": agreement.pk,
        "version": version.pk,
        "in_force_from": version.in_force_from,
        "in_force_until": version.in_force_until,
        "day_begins": version.day_begins.isoformat(),
        "time_zone": version.time_zone,
        "shift": 1 if version.day_named_for == MechanismVersion.DayNamedFor.END else 0,
        "from_date": from_date,
        "until_date": until_date,
        "grace_hours": version.filing_grace_hours,
        "known_at": known_at,
    }


def _state(version: MechanismVersion, *, nil: bool | None, owes: bool, past: bool, published: bool) -> str:
    """Name the day's state. What is held is said first; a ledger that is taken from publications is never 'missing'.

    `published`: a publication of that day or of a later one is held, so the days before it were published too. Whether
    anything was published after the last one that is held, nobody knows.
    """
    if nil is not None:
        return State.NIL.value if nil else State.RETURNED.value
    if not (owes and past):
        return State.NOT_DUE.value
    if version.ledgers_from == MechanismVersion.LedgersFrom.RETURNS:
        return State.MISSING.value
    return State.NOT_HELD.value if published else State.NONE_KNOWN.value


def _told(
    agreement: Agreement, from_date: date, until_date: date, known_at: datetime
) -> defaultdict[tuple[str, date], list[ToldReturn]]:
    """Return what was told of each ledger's day: the owner's own telling first, then by teller and variant."""
    guarantors = dict(GuarantorState.objects.filter(agreement=agreement).values_list("pk", "code"))
    rows = (
        DailyReturn.objects.as_known_at(known_at)
        .filter(agreement=agreement, bears_date__gte=from_date, bears_date__lt=until_date)
        .with_acknowledgement(known_at)
        .prefetch_related(
            Prefetch("lines", ReturnLine.objects.select_related("area").order_by("pk")),
            Prefetch("sources", ReturnSource.objects.recorded_by(known_at).order_by("pk")),
        )
    )
    told: defaultdict[tuple[str, date], list[ToldReturn]] = defaultdict(list)
    for row in rows:
        told[guarantors[row.owner_id], row.bears_date].append(_as_told(row, guarantors[row.teller_id]))
    for (owner, _day), returns in told.items():
        returns.sort(key=lambda one: (one.teller != owner, one.teller, one.variant))
    return told


def _as_told(row: Any, teller: str) -> ToldReturn:
    return ToldReturn(
        public_id=str(row.public_id),
        teller=teller,
        acknowledged=row.acknowledged or row.acknowledged_since,
        variant=row.variant,
        window_from=row.window_from,
        window_until=row.window_until,
        window_basis=row.window_basis,
        total=row.total,
        unit=row.unit,
        headline_total=row.headline_total,
        breakdown=row.breakdown,
        confirmed=row.confirmed,
        not_confirmed=row.not_confirmed,
        attributed_elsewhere=row.attributed_elsewhere,
        note=row.note,
        lines=tuple(
            ToldLine(
                line.as_written,
                line.area.code if line.area else None,
                line.area.level if line.area else None,
                line.count,
            )
            for line in row.lines.all()
        ),
        sources=tuple(ToldSource(source.outlet, source.url, source.note) for source in row.sources.all()),
    )
