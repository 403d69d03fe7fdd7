"""Whether what came into the record later changes what a released closing of its period says.

Equal figures: the closing is stamped as checked. Other figures: it is marked as touched, and a person, or the truce's
date for revisions, asks for the next one. A daily is never issued again and so never looked at. A proposal that nobody
seconded in time moves to another column without anything being recorded, and so does a request that nobody answered by
its date: these dates count as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from monitoring import ledger
from monitoring.errors import NotNow
from reports.closings.computing import known_at, recomputed
from reports.closings.replied import REPLIED
from reports.figures.assemble import RetiredError
from reports.models import Closing, PeriodKind
from reports.querysets import later_of
from violations import replies_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Of the closings asked for, those into whose period came since what a figure can come from: recorded, superseded, or
# run out of its time to be seconded. A month is compared with the one before, where the truce stood already; a few
# hours more than that are looked at, whatever the hour at which a day begins.
RECORDED = f"""
select closing.id
from reports_closing closing
cross join lateral (
    select coalesce(%(since)s::timestamptz, closing.checked_at, closing.cutoff_at) as since,
           closing.kind = 'month' and exists (
               select from monitoring_mechanismversion version
               where version.agreement_id = closing.agreement_id and version.superseded_at is null
                 and version.in_force_from < closing.period_from
           ) as compared
) whose
cross join lateral (
    select whose.since,
           closing.period_from - case when compared then interval '1 month 1 day' else interval '0' end as from_instant,
           case closing.kind when 'day' then closing.period::date
                else (closing.period || '-01')::date - case when compared then interval '1 month' else interval '0' end
           end as first,
           case closing.kind when 'day' then closing.period::date + interval '1 day'
                else (closing.period || '-01')::date + interval '1 month' end as after
) asked
where closing.id = any(%(closings)s) and (
    exists (
        select from violations_assessment assessment
        where assessment.agreement_id = closing.agreement_id
          and assessment.occurred_from >= asked.from_instant and assessment.occurred_from < closing.period_until
          and (assessment.recorded_at > asked.since or assessment.superseded_at > asked.since)
    ) or exists (
        select from violations_finding finding
        where finding.agreement_id = closing.agreement_id
          and (finding.recorded_at > asked.since or finding.superseded_at > asked.since
               or (finding.second_by > asked.since and finding.second_by <= clock_timestamp()))
          and exists (
              select from violations_assessment assessment
              where assessment.incident_id = finding.incident_id
                and assessment.occurred_from >= asked.from_instant and assessment.occurred_from < closing.period_until)
    ) or exists (
        select from violations_reportlink link join violations_incidentreport report on report.id = link.report_id
        where report.agreement_id = closing.agreement_id
          and report.occurred_from >= asked.from_instant and report.occurred_from < closing.period_until
          and (link.recorded_at > asked.since or link.superseded_at > asked.since)
    ) or exists (
        select from violations_dailyreturn told
        where told.agreement_id = closing.agreement_id
          and told.bears_date >= asked.first and told.bears_date < asked.after
          and (told.recorded_at > asked.since or told.superseded_at > asked.since
               or exists (select from violations_returnsource source
                          where source.daily_return_id = told.id and source.recorded_at > asked.since)
               or exists (select from violations_returnacknowledgement acknowledged
                          where acknowledged.daily_return_id = told.id and acknowledged.recorded_at > asked.since))
    ) or exists (
        select from violations_caselisttelling telling
        join violations_caselist told on told.id = telling.case_list_id
        where told.agreement_id = closing.agreement_id
          and told.until_date > asked.first and told.from_date < asked.after
          and (telling.recorded_at > asked.since or told.superseded_at > asked.since)
    ) or exists (
        select from violations_patrol patrol
        where patrol.agreement_id = closing.agreement_id
          and patrol.ended_at > closing.period_from and patrol.started_at < closing.period_until
          and (patrol.recorded_at > asked.since or patrol.superseded_at > asked.since)
    ) or exists (
        select from violations_movementrestriction restriction
        where restriction.agreement_id = closing.agreement_id
          and restriction.started_at >= closing.period_from and restriction.started_at < closing.period_until
          and (restriction.recorded_at > asked.since or restriction.superseded_at > asked.since)
    ) or exists (
        select from violations_thirdpartyfigure figure
        where figure.agreement_id = closing.agreement_id
          and figure.counts_until >= asked.first and figure.counts_until < asked.after
          and (figure.recorded_at > asked.since or figure.superseded_at > asked.since)
    ) or {REPLIED} or exists (
        select from monitoring_mechanismversion version
        where version.agreement_id = closing.agreement_id and version.recorded_at > asked.since
    ) or exists (
        select from monitoring_boundaryset boundary_set
        where boundary_set.agreement_id = closing.agreement_id and boundary_set.recorded_at > asked.since
    )
)
"""


def recorded_since(closing: Closing, since: datetime) -> bool:
    """Whether anything that a figure of the closing's period can come from was recorded after `since`."""
    return bool(_recorded([closing.pk], since))


def unchecked() -> QuerySet[Closing]:
    """The closings that stand, are not known to be touched, and have had something recorded since last looked."""
    standing = Closing.objects.latest_released().filter(touched_at__isnull=True).exclude(kind=PeriodKind.DAY)
    return Closing.objects.filter(pk__in=_recorded(list(standing.values_list("pk", flat=True)), None)).order_by("pk")


def _recorded(closings: list[int], since: datetime | None) -> list[int]:
    with replies_seen.reading_all(), connection.cursor() as cursor:
        cursor.execute(RECORDED, {"closings": closings, "since": since})
        return [closing for (closing,) in cursor.fetchall()]


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
