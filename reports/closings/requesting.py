"""Requesting a closing: by the calendar, or by hand. What cannot be closed is refused with what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Malformed, NotNow
from monitoring.models import Agreement, MechanismVersion
from reports import periods
from reports.closings import checking, held
from reports.models import Closing
from reports.querysets import database_clock

if TYPE_CHECKING:
    from monitoring.models import User
    from reports.periods import Period

# A request with a cut-off to come stands in the way of others until then.
FARTHEST_AHEAD = timedelta(days=1)


def request(
    agreement: Agreement,
    kind: str,
    code: str,
    *,
    how: Closing.RequestedHow = Closing.RequestedHow.HAND,
    by: User | None = None,
    cutoff_at: datetime | None = None,
) -> Closing:
    """Ask that the period `code` be closed, and return the closing that answers: a new one, or one that is there.

    The report tells `how` it was asked for, not `by` whom. The cut-off is the later of the period's end with its filing
    grace and now, or `cutoff_at`; that it was chosen is told as well. One closing of a period is under way at a time.
    Without a cut-off of its own, a request of a period into which nothing was recorded since its last closing is
    answered by that one. Raises Malformed (no such period), NotNow (not over, outside the truce,
    a cut-off that the record or the grace does not allow, another under way, the truce held back after a restore).
    """
    with ledger.writing() as entry:
        Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        held.require_going_on(agreement)
        version = _terms(agreement)
        period = periods.bounds(version, kind, code)
        recorded_at = entry.stamp()
        _may_be_closed(version, period, recorded_at)
        if cutoff_at is not None:
            _may_be_cut_off(agreement, version, period, cutoff_at)
        standing = _answered(agreement, period, cutoff_at)
        if standing is not None:
            return standing
        closing = Closing.objects.create(
            recorded_at=recorded_at,
            agreement=agreement,
            kind=kind,
            period=code,
            period_from=period.starts_at,
            period_until=period.ends_at,
            requested_by=by,
            requested_how=how,
            cutoff_at=cutoff_at or max(periods.closes_at(version, period), recorded_at),
            cutoff_chosen=cutoff_at is not None,
        )
        audit.done("closing.request", by=by, on=closing)
    return closing


def _terms(agreement: Agreement) -> MechanismVersion:
    version = agreement.versions.open().first()
    if version is None:
        raise NotNow(_("No mechanism has been loaded for this agreement."), code="no_mechanism")
    return version


def _may_be_closed(version: MechanismVersion, period: Period, now: datetime) -> None:
    names = {"code": period.code, "kind": period.kind}
    if period.kind not in version.calendar:
        raise Malformed(
            _("This truce does not close periods of the kind “%(kind)s”.") % names, code="not_in_the_calendar"
        )
    if periods.before_the_truce(version, period):
        raise NotNow(
            _("The period %(code)s ended before the truce came into force; there is nothing to close.") % names,
            code="before_the_truce",
        )
    if periods.after_the_truce(version, period):
        raise NotNow(
            _("The period %(code)s began after the truce had ended; there is nothing to close.") % names,
            code="after_the_truce",
        )
    if period.ends_at > now:
        raise NotNow(
            _("The period %(code)s is not over: it ends at %(at)s. Ask again then.")
            % {**names, "at": _written(period.ends_at)},
            code="not_over",
        )


def _may_be_cut_off(agreement: Agreement, version: MechanismVersion, period: Period, cutoff_at: datetime) -> None:
    if cutoff_at.tzinfo is None:
        raise Malformed(_("Give the cut-off with its time zone, as 2017-02-05T00:00:00Z."), code="naive_cut_off")
    earliest = periods.closes_at(version, period)
    if cutoff_at < earliest:
        raise NotNow(
            _("A cut-off at %(at)s would cut the filing grace short: the earliest is %(earliest)s.")
            % {"at": _written(cutoff_at), "earliest": _written(earliest)},
            code="within_the_grace",
        )
    latest = max(earliest, database_clock()) + FARTHEST_AHEAD
    if cutoff_at > latest:
        raise NotNow(
            _("A cut-off at %(at)s is too far ahead: nothing could be closed meanwhile. The latest is %(latest)s.")
            % {"at": _written(cutoff_at), "latest": _written(latest)},
            code="too_far_ahead",
        )
    if not agreement.versions.as_known_at(cutoff_at).exists():
        raise NotNow(
            _("At %(at)s no mechanism of this agreement had been recorded: nothing was known then.")
            % {"at": _written(cutoff_at)},
            code="before_the_record",
        )


def _answered(agreement: Agreement, period: Period, cutoff_at: datetime | None) -> Closing | None:
    """The closing that answers the request already, or None. Raises NotNow where one stands in its way."""
    closings = Closing.objects.of_period(agreement, period.kind, period.code)
    under_way = closings.under_way().first()
    if under_way is not None:
        if cutoff_at is None or cutoff_at == under_way.cutoff_at:
            return under_way
        raise NotNow(
            _("Another closing of %(code)s, with the cut-off %(at)s, is under way. Ask again when it is released.")
            % {"code": period.code, "at": _written(under_way.cutoff_at)},
            code="under_way",
        )
    latest = closings.computed().order_by("-number").first()
    if latest is None:
        return None
    if latest.state == Closing.State.FAILED:
        return _taken_up_again(latest)
    if held.last_lost(latest) > latest.number:  # what answered last is lost
        return None
    if period.kind not in periods.REVISED:
        return latest
    if cutoff_at is not None and cutoff_at < latest.cutoff_at:
        raise NotNow(
            _("Closing %(number)s of %(code)s already has the later cut-off %(at)s: figures do not go back in time.")
            % {"number": latest.number, "code": period.code, "at": _written(latest.cutoff_at)},
            code="earlier_than_the_latest",
        )
    if cutoff_at == latest.cutoff_at or (cutoff_at is None and not checking.recorded_since(latest, latest.cutoff_at)):
        return latest
    return None


def _taken_up_again(closing: Closing) -> Closing:
    """A closing whose content is frozen but whose files could not be made is tried again, not made anew."""
    closing.state = where_it_stood(closing)
    closing.attempts = 0
    closing.lease_until = None
    closing.save(update_fields=["state", "attempts", "lease_until"])
    return closing


def where_it_stood(closing: Closing) -> Closing.State:
    """The state from which a closing that failed is taken up: after the last step of which something is frozen.

    Files that are stored already are found again; a draft that was shown is not shown anew, nor comments closed twice.
    """
    if closing.number is None:
        return Closing.State.REQUESTED
    if closing.comments_sha256 is not None:
        return Closing.State.COMMENTED
    return Closing.State.COMPUTED if closing.drafted_at is None else Closing.State.DRAFTED


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
