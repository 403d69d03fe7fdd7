"""Whether what came into the record later changes what a released closing of its period says.

Equal figures: the closing is stamped as checked. Other figures: it is marked as touched, and a person, or the truce's
date for revisions, asks for the next one. What is never issued again is never looked at. A proposal that nobody
seconded in time moves to another column without anything being recorded, and so does a request that nobody answered by
its date: these dates count as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from monitoring import ledger
from monitoring.days import ONE_DAY
from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from reports import choices_seen, periods
from reports.closings.chosen import CHOSEN
from reports.closings.computing import known_at, recomputed
from reports.closings.replied import REPLIED, came
from reports.figures.assemble import RetiredError
from reports.models import Closing, PeriodKind
from reports.querysets import later_of
from violations import replies_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet


# Of the closings asked for, those into whose days came since what a figure can come from: recorded, superseded, or run
# out of its time to be seconded. Each is asked about from an instant, and from its first date to that after its last;
# and what was recorded after `since` (null: since it was last looked at), by `until` (null: by now).
RECORDED = f"""
select closing.id
from unnest(%(closings)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[],
            %(from_instants)s::timestamptz[], %(firsts)s::date[], %(afters)s::date[])
         whose (closing_id, given_since, given_until, from_instant, first, after)
join reports_closing closing on closing.id = whose.closing_id
cross join lateral (
    select whose.*, coalesce(whose.given_since, closing.checked_at, closing.cutoff_at) as since,
           coalesce(whose.given_until, 'infinity') as until
) asked
where (
    exists (
        select from violations_assessment assessment
        where assessment.agreement_id = closing.agreement_id
          and assessment.occurred_from >= asked.from_instant and assessment.occurred_from < closing.period_until
          and ({came("assessment.recorded_at")} or {came("assessment.superseded_at")})
    ) or exists (
        select from violations_finding finding
        where finding.agreement_id = closing.agreement_id
          and ({came("finding.recorded_at")} or {came("finding.superseded_at")}
               or ({came("finding.second_by")} and finding.second_by <= clock_timestamp()))
          and exists (
              select from violations_assessment assessment
              where assessment.incident_id = finding.incident_id
                and assessment.occurred_from >= asked.from_instant and assessment.occurred_from < closing.period_until)
    ) or exists (
        select from violations_reportlink link join violations_incidentreport report on report.id = link.report_id
        where report.agreement_id = closing.agreement_id
          and report.occurred_from >= asked.from_instant and report.occurred_from < closing.period_until
          and ({came("link.recorded_at")} or {came("link.superseded_at")})
    ) or exists (
        select from violations_dailyreturn told
        where told.agreement_id = closing.agreement_id
          and told.bears_date >= asked.first and told.bears_date < asked.after
          and ({came("told.recorded_at")} or {came("told.superseded_at")}
               or exists (select from violations_returnsource source
                          where source.daily_return_id = told.id and {came("source.recorded_at")})
               or exists (select from violations_returnacknowledgement acknowledged
                          where acknowledged.daily_return_id = told.id and {came("acknowledged.recorded_at")}))
    ) or exists (
        select from violations_caselisttelling telling
        join violations_caselist told on told.id = telling.case_list_id
        where told.agreement_id = closing.agreement_id
          and told.until_date > asked.first and told.from_date < asked.after
          and ({came("telling.recorded_at")} or {came("told.superseded_at")})
    ) or exists (
        select from violations_patrol patrol
        where patrol.agreement_id = closing.agreement_id
          and patrol.ended_at > closing.period_from and patrol.started_at < closing.period_until
          and ({came("patrol.recorded_at")} or {came("patrol.superseded_at")})
    ) or exists (
        select from violations_movementrestriction restriction
        where restriction.agreement_id = closing.agreement_id
          and restriction.started_at >= closing.period_from and restriction.started_at < closing.period_until
          and ({came("restriction.recorded_at")} or {came("restriction.superseded_at")})
    ) or exists (
        select from violations_thirdpartyfigure figure
        where figure.agreement_id = closing.agreement_id
          and figure.counts_until >= asked.first and figure.counts_until < asked.after
          and ({came("figure.recorded_at")} or {came("figure.superseded_at")})
    ) or {REPLIED} or {CHOSEN} or exists (
        select from monitoring_mechanismversion version
        where version.agreement_id = closing.agreement_id and {came("version.recorded_at")}
    ) or exists (
        select from monitoring_boundaryset boundary_set
        where boundary_set.agreement_id = closing.agreement_id and {came("boundary_set.recorded_at")}
    )
)
"""


def recorded_since(closing: Closing, since: datetime) -> bool:
    """Whether anything that a figure of the closing's period can come from was recorded after `since`."""
    return bool(_recorded([(closing, since, None)]))


def recorded_by(asked: Iterable[tuple[Closing, datetime]]) -> set[int]:
    """Of these closings those into whose period anything was recorded after their cut-off, by the instant beside each.

    All in one statement.
    """
    return set(_recorded([(closing, closing.cutoff_at, until) for closing, until in asked]))


def unchecked() -> QuerySet[Closing]:
    """The closings that stand, are not known to be touched, and have had something recorded since last looked."""
    standing = Closing.objects.latest_released().filter(touched_at__isnull=True, kind__in=periods.REVISED)
    found = _recorded([(closing, None, None) for closing in standing])
    return Closing.objects.filter(pk__in=found).order_by("pk")


def _recorded(asked: list[tuple[Closing, datetime | None, datetime | None]]) -> list[int]:
    began = _beginnings(closing for closing, _since, _until in asked)
    rows = [
        (closing.pk, since, until, *looked_at(closing, began[closing.agreement_id])) for closing, since, until in asked
    ]
    columns = ("closings", "sinces", "untils", "from_instants", "firsts", "afters")
    with replies_seen.reading_all(), choices_seen.reading_all(), connection.cursor() as cursor:
        cursor.execute(RECORDED, {name: [row[place] for row in rows] for place, name in enumerate(columns)})
        return [closing for (closing,) in cursor.fetchall()]


def looked_at(closing: Closing, began: datetime) -> tuple[datetime, date, date]:
    """From which instant, and from which date to which, what is recorded can change the closing's figures.

    A week or month is compared with the one before, where the truce stood already, having begun at the instant `began`;
    a few hours more than that are looked at, whatever the hour at which a day begins.
    """
    first, after = periods.dates(closing.kind, closing.period)
    if closing.kind == PeriodKind.DAY or began >= closing.period_from:
        return closing.period_from, first, after
    before, _first = periods.dates(closing.kind, periods.code_of(closing.kind, first - ONE_DAY))
    return closing.period_from - (first - before) - ONE_DAY, before, after


def _beginnings(closings: Iterable[Closing]) -> dict[int, datetime]:
    """By the key of each truce of these closings the instant at which it began, as the mechanism says now."""
    versions = MechanismVersion.objects.open().filter(agreement__in={closing.agreement_id for closing in closings})
    return dict(versions.values_list("agreement", "in_force_from"))


def check(closing: Closing) -> Closing:
    """Compute the closing's figures as known now, and stamp it as checked or mark it as touched.

    Marked as touched, too, where they cannot be computed as they were: the truce's calendar or the code has changed.
    """
    now = ledger.closed_until()
    if now is None:
        return closing
    try:
        same = recomputed(closing, known_at(closing, now)).sha256 == closing.content_sha256
    except (NotNow, RetiredError):
        same = False
    rows = Closing.objects.filter(pk=closing.pk)
    rows.update(**({"checked_at": later_of(now)} if same else {"touched_at": now}))
    closing.refresh_from_db()
    return closing
