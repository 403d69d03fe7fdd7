"""What Prometheus is told of the service (/metrics), worked out from the database and Redis whenever it asks.

Nothing is counted in a process, so it is the same whichever answers. Labels are codes of truces, kinds of period and
states of work: no person, party, place or figure of a report stands here. What is not known has no sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from monitoring.models import Agreement
from reports import machine, operations
from reports.work_watched import PATIENCE

if TYPE_CHECKING:
    from datetime import datetime

    from reports.machine import Machine
    from reports.operations import Operations, Owed


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer who says the token; without a token of the operator's there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _between, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        answer = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Collector:
    """What is told, family by family; as many statements however many truces there are."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read all of it once, and tell it."""
        told = operations.of(Agreement.objects.values_list("pk", flat=True))
        yield from _truces(told)
        yield from _machine(machine.look())


def _truces(told: Operations) -> Iterator[GaugeMetricFamily]:
    closings = _family("closings", "Closings by kind of period and state of the work.", "agreement", "kind", "state")
    due = _family("next_period_timestamp_seconds", "When the next period is to be closed.", "agreement", "kind")
    missed = _family("periods_missed", "1 where a period is over and was not asked for.", "agreement", "kind")
    returns = _family("returns_owed", "Returns of the last days not there, late or not yet.", "agreement", "state")
    replies = _family("replies_owed", "Replies not there, late or not yet.", "agreement", "state")
    idle = _family("closings_idle", "Closings that nobody has taken up for half an hour.", "agreement")
    left = _family("bulk_rows_left", "Rows left of decisions on many.", "agreement")
    lain = Counter(closing.agreement_id for closing in operations.waiting_since(told, patience=PATIENCE))
    rows: Counter[int] = Counter()
    for job in told.jobs:
        rows[job.agreement_id] += job.left  # type: ignore[attr-defined]
    for truce in told.truces:
        code = truce.agreement.code
        for (kind, state), count in sorted(truce.closings.items()):
            closings.add_metric([code, kind, state], count)
        for one in truce.due:
            if one.closes_at is not None:
                due.add_metric([code, one.kind], one.closes_at.timestamp())
            missed.add_metric([code, one.kind], int(one.missed is not None))
        _owed(returns, code, truce.returns)
        _owed(replies, code, truce.replies)
        idle.add_metric([code], lain[truce.agreement.pk])
        left.add_metric([code], rows[truce.agreement.pk])
    yield from (closings, due, missed, returns, replies, idle, left)


def _owed(family: GaugeMetricFamily, code: str, owed: Owed) -> None:
    family.add_metric([code, "awaited"], owed.awaited)
    family.add_metric([code, "late"], owed.late)


def _machine(found: Machine) -> Iterator[GaugeMetricFamily]:
    queue = found.queue
    yield _single("redis_up", "1 where Redis answers.", int(queue is not None))
    if queue is not None:
        yield _single("queue_waiting", "Tasks that no worker has taken.", queue.waiting)
        yield _single("queue_taken", "Tasks that are with workers.", queue.taken)
        yield from _instant("beat_heard_timestamp_seconds", "When beat last sent a task.", queue.beat_at)
        yield from _instant("worker_heard_timestamp_seconds", "When a worker was last heard of.", queue.worker_at)
    yield _single("disk_free_bytes", "Free on the disk of stored files.", found.disk_free)
    yield _single("disk_size_bytes", "Size of the disk of stored files.", found.disk_size)
    yield _single("database_size_bytes", "Size of the database.", found.database_size)
    for name, noted in (("backup", found.backup), ("drill", found.drill)):
        yield from _instant(f"last_{name}_timestamp_seconds", f"When the last {name} was.", noted.at if noted else None)
    if found.drill is not None and found.drill.passed is not None:
        yield _single("last_drill_passed", "1 where all held in the last drill.", int(found.drill.passed))


def _family(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ceasefire_{name}", told, labels=labels)


def _single(name: str, told: str, value: float) -> GaugeMetricFamily:
    family = _family(name, told)
    family.add_metric([], value)
    return family


def _instant(name: str, told: str, at: datetime | None) -> Iterator[GaugeMetricFamily]:
    if at is not None:
        yield _single(name, told, at.timestamp())
