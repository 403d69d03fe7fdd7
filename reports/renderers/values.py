"""How a single value is written in a rendition: counts, instants with their zone, dates, names.

Every value that goes into text or a table passes through here, and only here is it isolated: in a document written from
right to left, an unprotected "2017-02-03" prints as "03-02-2017". In one written from left to right only values that
hold right-to-left letters need it, so that a hash or a number copied out of the file carries no invisible marks.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from monitoring.local_time import offset
from monitoring.period_codes import ONE_DAY, dates, kind_of
from monitoring.plain_text import plain

FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, END_OF_ISOLATE = "\u2068", "\u2066", "\u2069"
NARROW_SPACE = "\u202f"
MOST_MARKS = 5  # upon one sign; Hebrew with points and accents has four


def isolated(text: str, *, first_strong: bool = True) -> str:
    """Return `text` so that its direction neither leaks out nor is changed by what stands around it."""
    if not text or not (get_language_bidi() or any(_is_right_to_left(character) for character in text)):
        return text
    return f"{FIRST_STRONG_ISOLATE if first_strong else LEFT_TO_RIGHT_ISOLATE}{text}{END_OF_ISOLATE}"


def name(text: str) -> str:
    """A name or text as somebody wrote it; of marks upon one sign, no more than any script sets."""
    return isolated(_not_piled_up(plain(text)))


def _not_piled_up(text: str) -> str:
    """Without the marks that would run over what stands above and below."""
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def count(number: int | None) -> str:
    """A count, in groups of three from five digits on; a dash where the number is not known."""
    if number is None:
        return "–"
    digits = f"{number:,}".replace(",", NARROW_SPACE) if abs(number) >= 10_000 else str(number)
    return isolated(digits, first_strong=False)


def decimal(text: str, places: int = 2) -> str:
    """A decimal of the content with fewer places: rounded to the nearest, a tie to the even digit."""
    fewer = Decimal(text).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return isolated(f"{fewer:f}", first_strong=False)


def code(text: str) -> str:
    """A hash, a reference, an identifier, an address: written from left to right in every language."""
    return isolated(plain(text), first_strong=False)


def parsed(instant: str) -> datetime:
    """Return an instant of the content as a datetime in UTC."""
    return datetime.fromisoformat(instant).astimezone(UTC)


def day(text: str) -> str:
    """A date of the truce's calendar, as '22 January 2017'."""
    return isolated(dateformat.format(date.fromisoformat(text), pgettext("date in full", "j F Y")))


def short_day(text: str) -> str:
    """A date of the truce's calendar within a table of one period, as '22 Jan'."""
    return isolated(dateformat.format(date.fromisoformat(text), pgettext("date in a table", "j\u00a0M")))


def month(text: str) -> str:
    """A month of the truce's calendar, as 'January 2017'."""
    return isolated(dateformat.format(date.fromisoformat(f"{text}-01"), pgettext("month", "F Y")))


def week(text: str) -> str:
    """A week of the truce's calendar, as 'week 4 of 2017 (23 January to 29 January)'."""
    first, after = dates(text)
    form = pgettext("date without its year", "j F")
    return _("week %(number)s of %(year)s (%(first)s to %(last)s)") % {
        "number": isolated(str(int(text[-2:]))),
        "year": isolated(text[:4]),
        "first": isolated(dateformat.format(first, form)),
        "last": isolated(dateformat.format(after - ONE_DAY, form)),
    }


def period(text: str) -> str:
    """A period of the truce's calendar as people call it. Raises Malformed where it is none."""
    return {"day": day, "week": week, "month": month}[kind_of(text)](text)


def instant(text: str, zone: str) -> str:
    """An instant with its zone, as '31 January 2017, 22:00 (UTC+02:00)'."""
    local = parsed(text).astimezone(ZoneInfo(zone))
    written = dateformat.format(local, pgettext("date and time", "j F Y, H:i"))
    return isolated(f"{written} ({offset(local)})")


def occurred(first: str, until: str, zone: str) -> str:
    """When something happened, no finer than it is stated: days, a stretch of hours, or a minute; half-open."""
    begins, ends = (parsed(text).astimezone(ZoneInfo(zone)) for text in (first, until))
    if ends - begins >= timedelta(days=1):
        last = ends - timedelta(microseconds=1)
        days = [day(end.date().isoformat()) for end in (begins, last)]
        return days[0] if days[0] == days[1] else _("%(first)s to %(last)s") % {"first": days[0], "last": days[1]}
    if ends - begins <= timedelta(minutes=1):
        return instant(first, zone)
    form = pgettext("date and time", "j F Y, H:i")
    said = {"first": isolated(dateformat.format(begins, form)), "last": instant(until, zone)}
    return _("%(first)s to %(last)s") % said


def clocks(zone: str) -> str:
    """The clocks of a truce where no instant is told: the zone's name, or the offset where the name tells it wrong."""
    # The names Etc/GMT+8 have their sign turned round.
    return code(offset(datetime.now(ZoneInfo(zone))) if zone.startswith("Etc/") else zone)


def window(period: dict) -> str:
    """A period's bounds, half-open, as '1 January 2017, 00:00, until before 1 February 2017, 00:00 (UTC+02:00)'."""
    zone = ZoneInfo(period["time_zone"])
    form = pgettext("date and time", "j F Y, H:i")
    first, last = (parsed(period[end]).astimezone(zone) for end in ("from", "until"))
    return _("from %(first)s until before %(last)s (%(zone)s)") % {
        "first": isolated(dateformat.format(first, form)),
        "last": isolated(dateformat.format(last, form)),
        "zone": zone_of(period),
    }


def short_instant(text: str, zone: str, *, hours: bool) -> str:
    """An instant within a table whose heading names the zone, as '22 Jan 14:00', or the day alone."""
    local = parsed(text).astimezone(ZoneInfo(zone))
    form = (
        pgettext("date and time in a table", "j\u00a0M\u00a0H:i") if hours else pgettext("date in a table", "j\u00a0M")
    )
    return isolated(dateformat.format(local, form))


def short_last_day(text: str, zone: str) -> str:
    """The last day of what ends before the instant `text`, as '22 Jan': the first instant after belongs to the next."""
    local = (parsed(text) - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    return isolated(dateformat.format(local, pgettext("date in a table", "j\u00a0M")))


def clock(text: str, zone: str) -> str:
    """An instant as the local clock showed it, as '14:00'."""
    return isolated(dateformat.format(parsed(text).astimezone(ZoneInfo(zone)), pgettext("time of day", "H:i")))


def zone_of(period: dict) -> str:
    """The zone of a period, as 'Asia/Damascus, UTC+02:00'; both offsets where the clock was moved within it."""
    zone = ZoneInfo(period["time_zone"])
    first, last = (offset(parsed(period[end]).astimezone(zone)) for end in ("from", "until"))
    offsets = first if first == last else _("%(first)s, later %(last)s") % {"first": first, "last": last}
    # The names Etc/GMT+8 have their sign turned round: the offset alone says it right.
    return code(offsets if period["time_zone"].startswith("Etc/") else f"{period['time_zone']}, {offsets}")


def listed(parts: list[str]) -> str:
    """Several names in one cell or sentence."""
    return pgettext("between the parts of a list", "; ").join(parts)


def _is_right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL", "RLE", "RLO", "RLI"}
