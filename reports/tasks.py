"""What workers do for closings, and to tell of what is unusual. Rows are the queue: a task may run twice or be lost."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from monitoring.errors import NotNow
from monitoring.models import Agreement
from reports import closings, drafts_due, supplements, surges, work_watched
from reports.closings.preparing import preparing
from reports.models import Closing, Supplement

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)

# A closing that waits for writers is asked for again soon; after that the sweep finds it.
WAIT_SECONDS = 5
WAIT_TIMES = 6


@shared_task
def request_due_closings() -> None:
    """Request what is over, with its filing grace, and what is to be revised. Every minute, the oldest first."""
    for agreement in Agreement.objects.order_by("code"):
        for closing in [*closings.request_due(agreement), *closings.request_revisions(agreement)]:
            advance_closing.delay_on_commit(closing_id=closing.pk)


@shared_task(bind=True, max_retries=WAIT_TIMES)
def advance_closing(self: Task, *, closing_id: int) -> None:
    """Compute, render and release one closing, as far as it is not done and nobody else is at it.

    The next period of its truce and kind may have waited for it, so that they are released in order.
    """
    try:
        closing = closings.advance(closing_id)
    except closings.NotYetError as waiting:
        if self.request.retries < WAIT_TIMES:
            raise self.retry(countdown=WAIT_SECONDS) from waiting
        return
    following = Closing.objects.waiting().following(closing).values_list("pk", flat=True).first()
    if following is not None:
        advance_closing.delay(closing_id=following)


@shared_task
def check_closing(*, closing_id: int) -> None:
    """See whether the figures of a released closing still stand, after something was recorded into its period."""
    closings.check(Closing.objects.select_related("agreement").get(pk=closing_id))


@shared_task
def sweep_closings() -> None:
    """Every minute: what a lost message left undone or a dead worker left is found here."""
    for closing_id in Closing.objects.waiting().order_by("period_until", "pk").values_list("pk", flat=True):
        advance_closing.delay(closing_id=closing_id)
    for closing in closings.unchecked():
        check_closing.delay(closing_id=closing.pk)
    with preparing():
        agreed_on = list(Supplement.objects.waiting().values_list("pk", flat=True))
    for supplement_id in agreed_on:
        issue_supplement.delay(supplement_id=supplement_id)


@shared_task
def issue_supplement(*, supplement_id: int) -> None:
    """Make a corrigendum or addendum that two agreed on, and release it to all guarantors at one instant.

    Where that fails operators are told, once of each cause; the sweep asks again.
    """
    try:
        supplements.issue(supplement_id)
    except Exception as fault:
        logger.exception("Sheet %s could not be made.", supplement_id)
        with preparing():
            sheet = Supplement.objects.select_related("closing__agreement").get(pk=supplement_id)
        work_watched.tell_of_sheet(sheet, fault)


@shared_task
def tell_of_surges() -> None:
    """Every hour: once a day of each truce's own calendar, tell moderators of what is more than chance would give.

    Which day was tested is remembered in Redis alone: forgotten, it is tested again, and nothing is told twice.
    """
    now = timezone.now()
    for agreement in Agreement.objects.order_by("code"):
        day = f"surges:{agreement.pk}:{surges.last_day(agreement.terms, now).isoformat()}"
        if cache.get(day):
            continue
        try:
            surges.tell(agreement, at=now)
        except NotNow:
            continue  # asked again in an hour
        cache.set(day, True, timeout=2 * 24 * 3600)


@shared_task
def tell_of_drafts() -> None:
    """Every minute: tell guarantors' people of drafts that await their comment."""
    for agreement in Agreement.objects.order_by("code"):
        drafts_due.tell(agreement)


@shared_task
def tell_of_work() -> None:
    """Every quarter of an hour: tell operators of work that failed and of work that nobody takes up."""
    for agreement in Agreement.objects.order_by("code"):
        work_watched.tell(agreement)
