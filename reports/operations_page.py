"""How the service works, for operators: what is due, under way, failed and owed, what it stands on; no contents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.accreditation import Role
from reports import closings, machine, operations
from reports.models import Closing
from reports.tasks import advance_closing
from reports.work_watched import PATIENCE
from violations.admin import words
from violations.admin.moderating import ACT, ModeratorAdmin, capacities, person

if TYPE_CHECKING:
    from reports.machine import Machine, Noted
    from reports.operations import Due, HeldBack, Operations, Truce
    from reports.periods import Period
    from violations.models import BulkJob

PAGE = "admin:reports_closing_operations"
SILENT = timedelta(minutes=5)  # after which beat or a worker is said not to be heard of
GIB = 2**30
LINES = 5  # releases that the log tells of and the database does not know, listed of one truce
KINDS = {"day": gettext_lazy("day"), "week": gettext_lazy("week"), "month": gettext_lazy("month")}
STATES = {
    "requested": gettext_lazy("asked for"),
    "computed": gettext_lazy("computed"),
    "drafted": gettext_lazy("draft shown"),
    "commented": gettext_lazy("comments closed"),
    "rendered": gettext_lazy("rendered"),
    "released": gettext_lazy("released"),
    "unchanged": gettext_lazy("nothing new"),
    "failed": gettext_lazy("failed"),
}


RESTS = {
    "comments": gettext_lazy("guarantors comment on its draft"),
    "release": gettext_lazy("waits for those who let it be released"),
}


class OperationsPage(ModeratorAdmin):
    """The page; it belongs to no table. Operators look by accreditation alone, each at the truces they operate."""

    role = Role.OPERATOR
    acting_as = gettext_lazy("you act as operator")
    not_accredited = gettext_lazy("Your account is not accredited as an operator of any agreement now.")
    home = PAGE
    home_called = gettext_lazy("Operations")

    def get_urls(self) -> list[URLPattern]:
        """The page, and the address of its buttons."""
        again = self.door("closing.try_again", self.try_again, methods=ACT)
        return [
            path("operations/", self.door("closing.operations", self.show), name="reports_closing_operations"),
            path("<uuid:public_id>/try-again/", again, name="reports_closing_try_again"),
        ]

    def show(self, request: HttpRequest) -> HttpResponse:
        """What is held back, truce by truce, what is under way and failed, the machine. As many statements as ever."""
        told = operations.of(capacities(request, self.role))
        zones = {truce.agreement.pk: ZoneInfo(truce.version.time_zone) for truce in told.truces}
        found, held = machine.look(), {one.agreement.pk for one in told.held}
        rings = found.queue is not None and _lives(found.queue.beat_at, told.at)
        context = {
            "now": _utc(told.at),
            "held": [_held(one, zones[one.agreement.pk]) for one in told.held],
            "unreadable": told.unreadable,
            "truces": [
                _truce(truce, zones[truce.agreement.pk], held=truce.agreement.pk in held, rings=rings)
                for truce in told.truces
            ],
            "under_way": [_closing(one, zones, told) for one in told.under_way],
            "failed": [_closing(one, zones, told) for one in told.failed],
            "jobs": [_job(one, zones, told.at) for one in told.jobs],
            "most": operations.MOST,
            "days": operations.RETURNS_OF.days,
            "machine": _machine(found, told.at),
        }
        return self.page(request, "reports/operations", _("Operations"), context)

    def try_again(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Let workers take up again a closing that was laid aside."""
        rows = Closing.objects.filter(agreement__in=capacities(request, self.role))
        closing = closings.try_again(self.find(request, rows, public_id), by=person(request))
        advance_closing.delay_on_commit(closing_id=closing.pk)
        messages.success(request, _("The closing of %(period)s is tried again.") % {"period": closing.period})
        return redirect(PAGE)


def _truce(truce: Truce, zone: ZoneInfo, *, held: bool, rings: bool) -> dict[str, Any]:
    states: dict[str, int] = {}
    for (_kind, state), count in truce.closings.items():
        states[state] = states.get(state, 0) + count
    return {
        "name": truce.agreement.name,
        "simulated": truce.agreement.simulated,
        "due": [_due(one, zone, held=held, rings=rings) for one in truce.due],
        "closes_itself": bool(truce.version.first_period),
        "states": [(label, states[state]) for state, label in STATES.items() if state in states],
        "files_returns": truce.version.ledgers_from == truce.version.LedgersFrom.RETURNS,
        "returns": truce.returns,
        "replies": truce.replies,
    }


def _held(held: HeldBack, zone: ZoneInfo) -> dict[str, Any]:
    """Why a truce is held back, and what is to be done: the commands name no person, whoever runs them adds theirs."""
    why, proposal = held.why, held.proposal
    return {
        "name": held.agreement.name,
        "simulated": held.agreement.simulated,
        "lines": [str(line) for line in why.lines[:LINES]],
        "more": max(0, len(why.lines) - LINES),
        "unlogged": [str(line) for line in why.unlogged[:LINES]],
        "unlogged_more": max(0, len(why.unlogged) - LINES),
        "restored": words.instant_with_offset(why.restored_at, zone) if why.restored_at else "",
        "proposed": words.instant_with_offset(proposal.recorded_at, zone) if proposal else "",
        "command": (
            f"releases second {proposal.public_id} --by NAME"
            if proposal
            else f'releases propose {held.agreement.code} --grounds "..." --by NAME'
        ),
    }


def _due(due: Due, zone: ZoneInfo, *, held: bool, rings: bool) -> dict[str, Any]:
    return {
        "kind": KINDS.get(due.kind, due.kind),
        "upcoming": due.upcoming.code if due.upcoming else "",
        "closes": words.instant_with_offset(due.closes_at, zone) if due.closes_at else "",
        "missed": _missed(due.missed, held=held, rings=rings) if due.missed else "",
        "late": not held and not rings,
    }


def _missed(period: Period, *, held: bool, rings: bool) -> str:
    """Why a period that is over was not asked for. `rings`: beat is heard of, which asks every minute: so it is new."""
    told = {"period": period.code}
    if held:
        return _("%(period)s is over with its grace; it is asked for once the truce goes on") % told
    if rings:
        return _("%(period)s is over with its grace; beat asks for it within a minute, or a notice says why not") % told
    return _("%(period)s was not asked for: beat does so within a minute of its start; is it running?") % told


def _closing(closing: Closing, zones: dict[int, ZoneInfo], told: Operations) -> dict[str, Any]:
    zone = zones[closing.agreement_id]
    return {
        "public_id": closing.public_id,
        "period": closing.period,
        "kind": KINDS.get(closing.kind, closing.kind),
        "agreement": closing.agreement.name,
        "simulated": closing.agreement.simulated,
        "state": STATES.get(closing.state, closing.state),
        "attempts": closing.attempts,
        "stands": _stands(closing, zone, told),
        "cause": closing.failure.strip(),
        "asked": words.instant_with_offset(closing.recorded_at, zone),
    }


def _stands(closing: Closing, zone: ZoneInfo, told: Operations) -> str:
    """Who has a closing that is under way, or since when nobody has."""
    if closing.lease_until and closing.lease_until > told.at:
        until = {"until": words.instant_with_offset(closing.lease_until, zone)}
        if closing.lease_holder:
            return _("with a worker, whose lease runs until %(until)s") % until
        return _("waits after a failed attempt until %(until)s") % until
    if closing.cutoff_at > told.at and closing.number is None:
        return _("waits for its cut-off, %(at)s") % {"at": words.instant_with_offset(closing.cutoff_at, zone)}
    if closing.rests:  # type: ignore[attr-defined]
        return str(RESTS[closing.rests])  # type: ignore[attr-defined]
    since = operations.lies_since(closing)
    if since < told.at - PATIENCE:
        return _("has waited for %(age)s: is a worker running?") % {"age": words.age(since)}
    return _("waits for a worker")


def _job(job: BulkJob, zones: dict[int, ZoneInfo], at: datetime) -> dict[str, Any]:
    until = job.turn_until  # type: ignore[attr-defined]
    return {
        "agreement": job.agreement.name,
        "simulated": job.agreement.simulated,
        "action": job.get_action_display(),
        "begun": words.instant_with_offset(job.recorded_at, zones[job.agreement_id]),
        "left": job.left,  # type: ignore[attr-defined]
        "count": job.count,  # type: ignore[attr-defined]
        "stands": _("with a worker") if until and until > at else _("waits for a worker"),
    }


def _machine(found: Machine, at: datetime) -> dict[str, Any]:
    queue = found.queue
    return {
        "answers": queue is not None,
        "waiting": queue.waiting if queue else 0,
        "taken": queue.taken if queue else 0,
        "beat": _heard(queue.beat_at if queue else None, at),
        "worker": _heard(queue.worker_at if queue else None, at),
        "disk_free": _size(found.disk_free),
        "disk_size": _size(found.disk_size),
        "disk_percent": round(100 * found.disk_free / found.disk_size),
        "database": _size(found.database_size),
        "backup": _noted(found.backup),
        "drill": _noted(found.drill),
    }


def _heard(when: datetime | None, at: datetime) -> str:
    if when is None:
        return _("not heard of since Redis was started")
    if not _lives(when, at):
        return _("silent for %(age)s: is it running?") % {"age": words.age(when)}
    seconds = max(0, round((at - when).total_seconds()))
    return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}


def _lives(when: datetime | None, at: datetime) -> bool:
    return when is not None and when >= at - SILENT


def _noted(noted: Noted | None) -> dict[str, Any] | None:
    if noted is None:
        return None
    if noted.at is None:
        return {"unreadable": True}
    return {
        "at": _utc(noted.at),
        "age": words.age(noted.at),
        "seconds": noted.seconds,
        "size": _size(noted.size) if noted.size is not None else "",
        "passed": noted.passed,
    }


def _size(count: int) -> str:
    """Bytes in words: to a tenth of a GiB, small ones in MiB."""
    if count < GIB:
        return f"{number_format(round(count / 2**20))} MiB"
    return f"{number_format(round(count / GIB, 1))} GiB"


def _utc(at: datetime) -> str:
    return words.instant_with_offset(at, ZoneInfo("Etc/UTC"))
