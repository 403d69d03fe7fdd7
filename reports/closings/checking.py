"""Released closings into whose period something was recorded after the cut-off: do their figures still stand?

Where they do, the closing is stamped as checked; where not, it is marked as touched, and the next closing, for all
guarantors at once, is made by hand or on the truce's revision dates. A proposal that nobody seconded in time moves to
another column without anything being recorded: its date counts as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from monitoring import ledger
from monitoring.errors import NotNow
from reports import periods
from reports.closings.computing import known_at
from reports.closings.verifying import recomputed
from reports.figures.assemble import RetiredError
from reports.models import Closing

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a figure of the period can come from, recorded or superseded since.
RECORDED = """
select exists (
    select from violations_assessment
    where agreement_id = %(agreement)s and occurred_from >= %(from)s and occurred_from < %(until)s
      and (recorded_at > %(since)s or superseded_at > %(since)s)
) or exists (
    select from violations_finding
    where agreement_id = %(agreement)s
      and (recorded_at > %(since)s or superseded_at > %(since)s
           or (second_by > %(since)s and second_by <= clock_timestamp()))
      and incident_id in (
          select incident_id from violations_assessment
          where agreement_id = %(agreement)s and occurred_from >= %(from)s and occurred_from < %(until)s)
) or exists (
    select from violations_reportlink link join violations_incidentreport report on report.id = link.report_id
    where report.agreement_id = %(agreement)s and report.occurred_from >= %(from)s and report.occurred_from < %(until)s
      and (link.recorded_at > %(since)s or link.superseded_at > %(since)s)
) or exists (
    select from violations_dailyreturn told
    where told.agreement_id = %(agreement)s and told.bears_date >= %(first)s and told.bears_date < %(after)s
      and (told.recorded_at > %(since)s or told.superseded_at > %(since)s
           or exists (select from violations_returnsource source
                      where source.daily_return_id = told.id and source.recorded_at > %(since)s))
) or exists (
    select from monitoring_mechanismversion where agreement_id = %(agreement)s and recorded_at > %(since)s
) or exists (
    select from monitoring_boundaryset where agreement_id = %(agreement)s and recorded_at > %(since)s
)
"""


def recorded_since(closing: Closing, since: datetime) -> bool:
    """Whether anything that a figure of the closing's period can come from was recorded after `since`."""
    first, after = periods.dates(closing.kind, closing.period)
    with connection.cursor() as cursor:
        cursor.execute(
            RECORDED,
            {
                "first": first,
                "after": after,
                "agreement": closing.agreement_id,
                "from": closing.period_from,
                "until": closing.period_until,
                "since": since,
            },
        )
        return bool(cursor.fetchone()[0])


def unchecked() -> Iterator[Closing]:
    """Yield the closings that stand, are not known to be touched, and have had something recorded since last looked."""
    for closing in Closing.objects.latest_released().filter(touched_at__isnull=True).order_by("pk"):
        if recorded_since(closing, closing.checked_at or closing.cutoff_at):
            yield closing


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
    rows.update(**({"checked_at": now} if same else {"touched_at": now}))
    closing.refresh_from_db()
    return closing
