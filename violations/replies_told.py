"""How requests, answers and statements stand, in sentences: the same for whoever asked and for whoever is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations.models import InformationRequest, RequestReminder
from violations.reply_codes import Reminding, ReplyChannel
from violations.requests import Reply

# What a reader is told first: what is to be done, or was.
NAMES = {
    Reply.OPEN: gettext_lazy("open"),
    Reply.OUTSTANDING: gettext_lazy("outstanding"),
    Reply.IN_TIME: gettext_lazy("answered in time"),
    Reply.LATE: gettext_lazy("answered late"),
    Reply.WITHDRAWN: gettext_lazy("withdrawn"),
}
Instant = Callable[[datetime], str]
Day = Callable[[date], str]


def when(request: Any, reply: Reply, at: datetime, instant: Instant, day: Day) -> str:
    """When a reply is due or came: of a request (`requests.with_reply`) that at `at` stands as `reply` says."""
    due = instant(request.due_at)
    if reply is Reply.OPEN:
        return _("due %(due)s, in %(left)s") % {"due": due, "left": timeuntil(request.due_at, at, depth=2)}
    if reply is Reply.OUTSTANDING:
        return _("was due %(due)s, %(since)s ago") % {"due": due, "since": timesince(request.due_at, at, depth=2)}
    if reply is Reply.WITHDRAWN:
        return _("withdrawn %(when)s") % {"when": instant(request.superseded_at)}
    if request.answered_on is not None:
        return _("handed in on %(day)s; it was due %(due)s") % {"day": day(request.answered_on), "due": due}
    return _("answered %(when)s; it was due %(due)s") % {"when": instant(request.answered_at), "due": due}


def of_whom(request: InformationRequest, language: str = "en") -> str:
    """Who is asked, and through whom."""
    if request.guarantor is not None:
        return request.guarantor.name_in(language)
    assert request.party is not None  # noqa: S101 - it is one of the two
    party = request.party.name_in(language)
    if request.through is None:
        return _("%(party)s, directly") % {"party": party}
    return _("%(party)s, through %(guarantor)s") % {"party": party, "guarantor": request.through.name_in(language)}


def reminded(reminder: RequestReminder, instant: Instant) -> str:
    """One reminder."""
    return f"{instant(reminder.recorded_at)}: {Reminding(reminder.kind).label}"


def how_it_came(row: Any, day: Day) -> str:
    """How a word came that its owner did not file; empty where it did."""
    if not row.channel:
        return ""
    return _("Taken down: %(channel)s by %(who)s, dated %(dated)s, received %(received)s.") % {
        "channel": ReplyChannel(row.channel).label,
        "who": row.handed_in_by,
        "dated": day(row.dated_on),
        "received": day(row.received_on),
    }
