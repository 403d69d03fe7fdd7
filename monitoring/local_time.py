"""Local dates and times of a truce as instants, where the clock may be put forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _


class LocalTimeError(ValueError):
    """A local time that no clock showed, or that it showed twice."""


def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of that IANA name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def instant_of(value: date, zone: ZoneInfo) -> datetime:
    """Return `value` as an instant (UTC): a datetime with an offset is one; a local one is read in `zone`.

    A date alone is its first instant: 00:00, or, where the clock is put forward over midnight, the instant after the
    gap. Raises LocalTimeError for a local datetime that falls into such a gap or comes twice.
    """
    if not isinstance(value, datetime):
        return first_instant(value, zone)
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    early, late = (value.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _clock(early, zone) != value:
        raise LocalTimeError(
            _("%(time)s did not exist in %(zone)s: the clock was put forward over it") % {"time": value, "zone": zone}
        )
    if early != late:
        raise LocalTimeError(
            _("%(time)s came twice in %(zone)s; write it with its offset, as %(time)s+02:00")
            % {"time": value, "zone": zone}
        )
    return early


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant (UTC) at which the clocks of `zone` showed the date `day`."""
    shown = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - what the clock shows
    midnight = shown.replace(tzinfo=zone).astimezone(UTC)
    if _clock(midnight, zone) == shown:
        return midnight
    before, after = midnight - timedelta(days=1), midnight + timedelta(days=1)
    while after - before > timedelta(seconds=1):  # midnight was skipped: look for the end of the gap
        middle = before + (after - before) / 2
        if _clock(middle, zone) < shown:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def offset(local: datetime) -> str:
    """How far the clock of `local` is from UTC, as 'UTC+02:00'."""
    seconds = int((local.utcoffset() or local - local).total_seconds())
    if seconds == 0:
        return "UTC"
    sign, minutes = ("+" if seconds > 0 else "−"), abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock in `zone` shows at `instant`."""
    return instant.astimezone(zone).replace(tzinfo=None)
