"""What a document is: marking, truce, period, guarantor, edition, cut-off, release, hash (PRESENTATION, Report, a)."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.reading import Reading, language_name


def masthead(reading: Reading) -> dict[str, Any]:
    """The head of page 1."""
    return {
        "marking": values.name(reading.header["marking"]),
        "kicker": kind_of(reading),
        "title": unbroken(reading.agreement),
        "period": period(reading),
        "for": _("Edition for") if reading.edition else _("Arranged for no State:"),
        "guarantor": reading.guarantor or _("common content"),
        "contested": contested(reading),
        "facts": _facts(reading),
        "short_facts": _short_facts(reading),
    }


def period(reading: Reading) -> str:
    """The period as people call it, in one line."""
    return reading.period_name.replace(" ", "\u00a0")


def kind_of(reading: Reading) -> str:
    """The kind of report: monthly, weekly or daily."""
    return {
        "day": _("Compliance report · daily"),
        "week": _("Compliance report · weekly, preliminary"),
        "month": _("Compliance report · monthly"),
    }[reading.period["kind"]]


def contested(reading: Reading) -> str:
    """Who contests that the reader's state is a guarantor."""
    holders = reading.edition["contested_by"] if reading.edition else []
    if not holders:
        return ""
    return _("Standing as guarantor contested by: %(holders)s") % {
        "holders": values.listed([values.name(holder) for holder in holders])
    }


def _fact(label: str, value: str, **look: Any) -> dict[str, Any]:
    return {"label": label, "value": value, "code": False, **look}


def _facts(reading: Reading) -> list[dict[str, Any]]:
    return [
        _fact(_("Period"), values.window(reading.period)),
        _fact(_("Cut-off"), _cut_off(reading)),
        _fact(_("Released"), _released(reading)),
        _fact(_("Content hash"), reading.short_hash, code=True, beside=_of_the_hash(reading)),
    ]


def _of_the_hash(reading: Reading) -> str:
    if reading.edition is None:
        return _("of the common content; verify_closings computes it again")
    return _("the same in every guarantor's edition")


def _cut_off(reading: Reading) -> str:
    instant = {"instant": reading.instant(reading.header["cutoff_at"])}
    if reading.header["cutoff_chosen"]:
        return _("the record as known at %(instant)s, an instant chosen by hand") % instant
    return _("the record as known at %(instant)s") % instant


def _short_facts(reading: Reading) -> list[dict[str, Any]]:
    return [
        _fact(_("Edition"), edition_of(reading)),
        _fact(_("Unit of count"), reading.unit),
        _fact(_("Authentic language"), language_name(reading.header["authentic_language"])),
    ]


def edition_of(reading: Reading) -> str:
    """Which closing of the period it is, and what it revises."""
    number = reading.header["number"]
    if reading.registrations_only:
        return _("the one edition of this day; it is not issued again") if reading.edition else _("of one day")
    if reading.preliminary:
        return _("preliminary, and not issued again: the report of the month is the reference")
    if number == 1:
        return _("closing 1 of the period")
    return _("Rev. %(revision)s: closing %(number)s, revising closing %(previous)s") % {
        "revision": values.count(reading.revision),
        "number": values.count(number),
        "previous": values.count((reading.content["beside"]["changes"]["previous"] or {}).get("number", number - 1)),
    }


def _released(reading: Reading) -> str:
    if reading.edition is None:
        return _("no State was guarantor in this period, so no edition is arranged; operators hand out this content")
    released_at = reading.edition.get("released_at")
    if released_at:
        return reading.instant(released_at)
    if reading.draft:
        return _("not yet: a draft, the same for every guarantor, to be commented on")
    if reading.comments is not None:
        return _("to all guarantors at one moment, by two persons of different sides; the edition's page shows when")
    return _("to all guarantors at one moment, once every file is stored; the edition's page shows it")


def unbroken(title: str) -> str:
    """A title that breaks before its brackets, or before a date, rather than within them."""
    return re.sub(r"\([^()]{1,40}\)|\b\d{1,2} \w{3,12} \d{4}\b", lambda match: match[0].replace(" ", "\u00a0"), title)
