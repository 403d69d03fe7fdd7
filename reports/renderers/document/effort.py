"""Section 5, on: restrictions of movement, effort, and quiet days under observation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, place, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, initial, word


def effort(reading: Reading) -> list[Block]:
    """What monitors did to see; nothing in a closing computed before there was such a section."""
    section = reading.effort
    if section is None:
        return []
    return [
        heading(_("Restrictions of movement, effort, quiet days"), level=2),
        *_restrictions(reading, section["restrictions"]),
        *(_known(reading, section) if section["known"] else [paragraph(_nothing_filed())]),
    ]


def in_brief(reading: Reading) -> str:
    """What was under observation and how often access was restricted; '' where the content has no such section."""
    section = reading.effort
    if section is None:
        return ""
    return f"{_observed(section)} {_refused(section['restrictions'])}"


def where_watched(reading: Reading) -> str:
    """What the report tells of where teams were, for whoever reads of an area in which nothing was registered."""
    section = reading.effort
    if section is None:
        return _("this report does not tell what was monitored")
    if not section["known"]:
        return _("what was monitored there is not known")
    if not section["by_area"]:
        return _("in which areas teams were is not known")
    return _("whether teams watched there is told in %(table)s") % {"table": place("effort-areas")}


def _observed(section: dict[str, Any]) -> str:
    if not section["known"]:
        return _("What was under observation is not known: no team had filed hours of work in this period.")
    areas = sum(1 for item in section["by_area"] if item["days_watched"])
    return ngettext(
        "Teams were at work on %(watched)s of %(days)s days, and in %(areas)s area on at least one of them; "
        "other days and areas were not under observation (section 5).",
        "Teams were at work on %(watched)s of %(days)s days, and in %(areas)s areas on at least one of them; "
        "other days and areas were not under observation (section 5).",
        areas,
    ) % {
        "watched": values.count(section["days_watched"]),
        "days": values.count(section["days"]),
        "areas": values.count(areas),
    }


def _refused(told: dict[str, Any]) -> str:
    if not told["total"]:
        return _("No restriction of movement was filed.")
    return _("Restrictions of movement: %(total)s (%(kinds)s).") % {
        "total": values.count(told["total"]),
        "kinds": _kinds(told),
    }


def hours(minutes: int) -> str:
    """Minutes as whole hours: finer, a row would tell of single patrols."""
    return values.count((minutes + 30) // 60)


def _nothing_filed() -> str:
    return _(
        "No team had filed hours of patrol, post or watch in this period when the record was read. That is no count of "
        "zero hours: what was under observation is not known, and no rate can be given."
    )


def _known(reading: Reading, section: dict[str, Any]) -> list[Block]:
    told = {
        "watched": values.count(section["days_watched"]),
        "days": values.count(section["days"]),
        "quiet": values.count(section["quiet_days"]),
    }
    return [
        paragraph(
            _(
                "Teams were at work on %(watched)s of %(days)s days, for an hour or longer. On %(quiet)s of these no "
                "incident was registered that is dated to the day: quiet as far as it was watched."
            )
            % told
        ),
        _teams(reading, section),
        *_areas(reading, section),
        *_logged(reading, section["logged"]),
    ]


def _teams(reading: Reading, section: dict[str, Any]) -> Block:
    rows = [
        *(
            row(initial(word("patrol_kind", item["kind"])), values.count(item["filed"]), hours(item["minutes"]))
            for item in section["by_kind"]
        ),
        row(_("All"), values.count(section["total"]["filed"]), hours(section["total"]["minutes"]), look="total"),
        *(
            row(word("effort_team", item["team_kind"]), values.count(item["filed"]), hours(item["minutes"]))
            for item in section["by_team"]
        ),
    ]
    return table(
        "effort",
        _("Patrols, posts and watches, and their hours"),
        columns=[column("1fr"), column("30mm", end=True), column("30mm", end=True)],
        head=[[_("Kind, and whose teams"), _("Filed"), _("Team hours")]],
        rows=rows,
        note=_("Hours of teams, rounded, within the period; two teams in one hour are two hours."),
        whole=True,
        **measure(reading, "effort"),
    )


def _areas(reading: Reading, section: dict[str, Any]) -> list[Block]:
    if not section["by_area"]:
        return []
    rows = [
        row(
            reading.area(item["area"], section["area_level"]),
            hours(item["minutes"]),
            *(values.count(item[key]) for key in ("days_watched", "quiet_days", "registered")),
            values.decimal(item["per_100_hours"]) if item["per_100_hours"] is not None else "–",
        )
        for item in section["by_area"]
    ]
    heads = [
        _("Area"),
        _("Team hours"),
        _("Days watched"),
        _("of these quiet"),
        _("Incidents dated to days watched"),
        _("per 100 team hours"),
    ]
    return [
        table(
            "effort-areas",
            _("Effort and quiet days by area"),
            columns=[column("1fr"), *(column("24mm", end=True) for _heading in heads[1:])],
            head=[[cell(text) for text in heads]],
            rows=rows,
            note=_(
                "A day is watched in an area where teams spent an hour or longer there. An area without a row was not "
                "watched, which is no count of zero. A rate compares places only as far as they were watched alike."
            ),
            **measure(reading, "effort-areas"),
        )
    ]


def _logged(reading: Reading, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return []
    return [
        table(
            "watch-logs",
            _("What watch logs hold"),
            columns=[column("1fr"), *(column("30mm", end=True) for _heading in range(4))],
            head=[[_("Observed"), _("Lines"), _("Counted in them"), _("of the lines not exact"), _("uncountable")]],
            rows=[
                row(
                    initial(word("observed", item["observed"])),
                    *(values.count(item[key]) for key in ("lines", "counted", "not_exact", "uncountable")),
                )
                for item in rows
            ],
            note=_(
                "Single observations from one position, heard or seen by possibly several watches. They are no "
                "incidents, stand in no total, and different things are not added."
            ),
            whole=True,
            **measure(reading, "watch-logs"),
        )
    ]


def _restrictions(reading: Reading, told: dict[str, Any]) -> list[Block]:
    if not told["total"]:
        return [paragraph(_("No restriction of movement was filed. That says nothing of where nobody went."))]
    areas = [
        _("%(area)s %(count)s") % {"area": reading.area(item["area"]), "count": values.count(item["count"])}
        for item in told["by_area"]
    ]
    sentence = _("Restrictions of movement that began in the period: %(total)s (%(kinds)s), by area: %(areas)s.")
    listed = {"kinds": _kinds(told), "areas": values.listed(areas)}
    return [paragraph(sentence % {"total": values.count(told["total"]), **listed})]


def _kinds(told: dict[str, Any]) -> str:
    """How many of each kind, of the kinds that there were."""
    return values.listed(
        [
            _("%(kind)s %(count)s")
            % {"kind": word("restriction_kind", item["kind"]), "count": values.count(item["count"])}
            for item in told["by_kind"]
            if item["count"]
        ]
    )
