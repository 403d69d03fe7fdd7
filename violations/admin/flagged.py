"""Flags, crossing directions and the record of a kind of team, in words: neutral, with the figures they rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import crossing, flags, team_record
from violations.admin import words
from violations.admin.case import Case, Chain
from violations.codebook_definitions import LISTS
from violations.crossing import Crossing
from violations.flags import Flagged
from violations.moderation_codes import Flag
from violations.sightings import COMPASS, HALF_A_POINT

Figures = dict[str, Any]

RECORD_OF = {
    "guarantor": gettext_lazy("guarantors' teams"),
    "joint": gettext_lazy("joint teams"),
    "independent": gettext_lazy("independent teams"),
    team_record.ANY_KIND: gettext_lazy("teams of every kind"),
}


@dataclass(frozen=True)
class Shown:
    """Something to notice: what, what it means, what it rests on, and reports that it leads to (reference, address)."""

    what: str
    means: str = ""
    found: str = ""
    others: tuple[tuple[str, str], ...] = ()


def of(case: Case, chain: Chain) -> list[Shown]:
    """What is to be noticed of a report: flags, what its import noticed, what was erased."""
    counted = (chain.in_effect or chain.newest).pk
    flagged = case.told_beside.flags.get(chain.newest.pk, []) + crossing.flags(case.told_beside.crossings).get(
        counted, []
    )
    order = list(Flag)
    flagged.sort(key=lambda one: order.index(one.flag))
    noticed = flags.noticed_besides(chain.newest.noticed, flagged)
    return [_shown(case, one) for one in flagged] + [
        Shown(str(one.label), str(LISTS["noticed"].definitions[one]), _("noticed at import")) for one in noticed
    ]


def _shown(case: Case, one: Flagged) -> Shown:
    figures = one.figures
    say = FOUND.get(one.flag)
    others = figures.get("others", [figures["other"]] if "other" in figures else [])
    return Shown(
        str(one.flag.label),
        str(LISTS["flag"].definitions[one.flag]),
        say(case, figures) if say else "",
        tuple(_report(public_id) for public_id in others),
    )


def _report(public_id: str) -> tuple[str, str]:
    return words.reference(UUID(public_id)), reverse("admin:violations_incidentreport_change", args=[public_id])


def _since(case: Case, figures: Figures) -> str:
    return _("the truce began on %(date)s") % {"date": _instant(case, figures["from"])}


def _ended(case: Case, figures: Figures) -> str:
    return _("the truce ended on %(date)s") % {"date": _instant(case, figures["until"])}


def _instant(case: Case, told: str) -> str:
    return words.instant(datetime.fromisoformat(told), case.zone)


def _late(_case: Case, figures: Figures) -> str:
    return _("%(after)s after it happened; given are %(limit)s") % {
        "after": words.span(figures["hours"]),
        "limit": words.span(figures["limit"]),
    }


def _away(_case: Case, figures: Figures) -> str:
    return _("%(distance)s from it") % {"distance": words.distance(figures["metres"])}


def _turned(_case: Case, figures: Figures) -> str:
    return _("the point lies %(towards)s of the observer, at %(degrees)d°") % {
        "towards": towards(figures["towards"]),
        "degrees": round(figures["towards"]) % 360,
    }


def _from_observer(_case: Case, figures: Figures) -> str:
    return _("%(distance)s from the observer") % {"distance": words.distance(figures["metres"])}


def _cross_at(_case: Case, figures: Figures) -> str:
    return _("they cross %(distance)s from the place as filed") % {"distance": words.distance(figures["metres"])}


FOUND: dict[Flag, Callable[[Case, Figures], str]] = {
    Flag.BEFORE_TRUCE: _since,
    Flag.AFTER_TRUCE: _ended,
    Flag.FILED_LATE: _late,
    Flag.OFF_NAMED_AREA: _away,
    Flag.OFF_ITS_BEARING: _turned,
    Flag.OFF_ITS_RANGE: _from_observer,
    Flag.CROSSING_ELSEWHERE: _cross_at,
}


def towards(degrees: float) -> str:
    """The point of the compass that a direction is nearest to."""
    return COMPASS[round(degrees / (2 * HALF_A_POINT)) % len(COMPASS)]


def crossings(case: Case) -> list[str]:
    """Where the directions of posts cross, a sentence each, the nearest first; nothing where none was observed."""
    found = case.told_beside.crossings
    if not found.rays:
        return []
    names = {ray.report_id: words.reference(UUID(ray.public_id)) for ray in found.rays}
    said = [_met(names, one) for one in found.meeting]
    apart = [one for one in found.crossings if one.apart and one.both_own]
    said += [
        _("The directions of reports %(one)s and %(other)s of this incident do not cross.")
        % {"one": names[one.one], "other": names[one.other]}
        for one in apart
    ]
    return said or [_("No two of these directions cross.") if len(found.rays) > 1 else _("No other post's direction.")]


def _met(names: dict[int, str], one: Crossing) -> str:
    figures = {
        "one": names[one.one],
        "other": names[one.other],
        "distance": words.distance(one.metres) if one.metres is not None else "",
        "towards": towards(one.towards) if one.towards is not None else "",
    }
    if one.metres is None:
        said = _("The directions of reports %(one)s and %(other)s cross; no place was filed to compare.")
    elif one.towards is None:
        said = _("The directions of reports %(one)s and %(other)s cross %(distance)s from the shape as filed.")
    else:
        said = _(
            "The directions of reports %(one)s and %(other)s cross %(distance)s %(towards)s of the point as filed."
        )
    return f"{said % figures} {HELD[one.holds] if one.metres is not None else ''}".strip()


HELD = {
    True: gettext_lazy("The place, within its precision, lies in what both leave open."),
    False: gettext_lazy("The place, with its precision, lies outside what both leave open."),
    None: gettext_lazy("The place stands for an area: nothing follows for it."),
}


def record(case: Case, chain: Chain) -> str:
    """What came of the reports of the same kind of team before this incident; '' where none is told of."""
    if not chain.team_kind:
        return ""
    pools = case.told_beside.record
    kind = chain.team_kind if chain.team_kind in pools else team_record.ANY_KIND
    found = pools.get(kind)
    if found is None:
        return _(
            "What came of earlier reports of this kind of team is not shown: too few teams, people or reports, or most "
            "of them of one team, so that it would tell of one."
        )
    return _(
        "Of %(filed)d reports of %(teams)s in the %(days)d days before: %(accepted)d accepted, %(returned)d returned "
        "with a question, %(duplicates)d duplicates, %(discounted)d of incidents that were discounted. Which team, and "
        "who, is not part of it."
    ) % {
        "filed": found.filed,
        "teams": RECORD_OF[kind],
        "days": team_record.DAYS,
        "accepted": found.accepted,
        "returned": found.returned,
        "duplicates": found.duplicates,
        "discounted": found.discounted,
    }
