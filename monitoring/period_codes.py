"""How the periods of a truce are written, and which dates each has: of a day, a week, a month.

A day is '2017-01-22', a month '2017-01', a week '2017-W04': that of ISO 8601, from Monday to Sunday, the first of a
year being the one with its first Thursday. Which instants the days that bear these dates have, `monitoring.days` tells.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from monitoring.errors import Malformed

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
# A date that is handed in lies between these, both included: what does not is a slip of the pen, and no clock knows it.
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
FORMS = {
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
    "week": re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    "month": re.compile(r"(\d{4})-(\d{2})", re.ASCII),
}


def dates(code: str) -> tuple[date, date]:
    """Return the first date of the period `code`, and the first date after it. Raises Malformed where it is none."""
    try:
        first, after = _dates(code)
    except (ValueError, OverflowError):
        raise no_such_period(code) from None
    if not (is_known(first) and is_known(after)):
        raise no_such_period(code)
    return first, after


def kind_of(code: str) -> str:
    """Return the kind of period that a code has the shape of. Raises Malformed where it has none."""
    for kind, form in FORMS.items():
        if form.fullmatch(code):
            return kind
    raise no_such_period(code)


def code_of(kind: str, on: date) -> str:
    """Return the code of the period of `kind` that holds the date `on`."""
    if kind == "week":
        year, week, _weekday = on.isocalendar()
        return f"{year:04}-W{week:02}"
    return on.isoformat() if kind == "day" else on.isoformat()[:7]


def is_known(on: date) -> bool:
    """Whether a date is one that may be handed in."""
    return FIRST_DATE <= on <= LAST_DATE


def no_such_period(code: str) -> Malformed:
    """The refusal of what is no day, no week and no month."""
    sentence = _("“%(code)s” is no period: give a month as 2017-01, a week as 2017-W04 or a day as 2017-01-22.") % {
        "code": code
    }
    return Malformed(sentence, code="no_such_period", fields={"/period": [sentence]})


def _dates(code: str) -> tuple[date, date]:
    kind = kind_of(code)
    if kind == "day":
        first = date.fromisoformat(code)
        return first, first + ONE_DAY
    if kind == "week":
        monday = date.fromisocalendar(int(code[:4]), int(code[-2:]), 1)
        return monday, monday + ONE_WEEK
    year, month = int(code[:4]), int(code[-2:])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
