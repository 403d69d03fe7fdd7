"""A report as filed beside what the system makes of it, field by field, with what differs or had to be assumed said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import codebook, placing
from violations.admin import flagged, offered, words
from violations.admin.case import Case, Chain
from violations.likeness import WITHIN
from violations.models import Assessment, IncidentReport, ReportParty
from violations.moderation_codes import Flag

# Finest first: how areas are named.
LEVELS = ("subdistrict", "district", "governorate", "grouping")


class Mark(models.TextChoices):
    """How what is understood stands to what was filed. Each is told by a word and by a sign, never by colour alone."""

    SAME = "same", gettext_lazy("as filed")
    READ = "read", gettext_lazy("put into a code or unit")
    ASSUMED = "assumed", gettext_lazy("assumed")
    DIFFERS = "differs", gettext_lazy("differs")
    UNUSED = "unused", gettext_lazy("not read by the system")


SIGNS = {Mark.SAME: "=", Mark.READ: "→", Mark.ASSUMED: "~", Mark.DIFFERS: "≠", Mark.UNUSED: "·"}


@dataclass(frozen=True)
class Field:
    """One thing that was filed and what the system makes of it, lines each; `why` says what was assumed or differs.

    `written`: whether its first line is in the letters of whoever filed it, which no page changes; `pattern`: the
    number of the side of a party, by which it is drawn.
    """

    name: str
    filed: Sequence[str]
    understood: Sequence[str]
    mark: Mark
    why: str = ""
    language: str = ""
    pattern: int | None = None
    written: bool = False

    @property
    def sign(self) -> str:
        """The sign of the mark."""
        return SIGNS[self.mark]

    @property
    def to_notice(self) -> bool:
        """Whether the row is made to stand out."""
        return self.mark in {Mark.ASSUMED, Mark.DIFFERS}


def report_view(case: Case, chain: Chain) -> dict[str, Any]:
    """A report as a page shows it: as filed beside what is understood, what to notice, and the record beside it."""
    view = offered.report_view(case, chain)
    told = fields(case, chain)
    covered = {_("Happened"), _("Time known to"), _("Act"), _("Weapon"), _("Objects hit"), _("Observed")}
    covered |= {_("Place as written"), _("Area as named"), _("Place known to"), _("Noticed at import")}
    return view | {
        "fields": told,
        "whose": whose(case, chain),
        "also": [(name, value) for name, value in view["newest"]["rows"] if name not in covered],
        "flags": flagged.of(case, chain),
        "record": flagged.record(case, chain),
    }


def fields(case: Case, chain: Chain) -> list[Field]:
    """The newest revision of a report beside the incident as assessed; nothing where it was never assessed."""
    report, row = chain.newest, case.assessment
    if row is None:
        return []
    return [
        *_words(report),
        _time(case, report, row),
        _place(case, report, row),
        _precision(report, row),
        *(_party(case, party, row) for party in report.parties.all()),
        *_no_party(report),
        _act(case, report, row),
        *_objects(report, row),
        _casualties(case, report, row),
        _scope(case, row),
    ]


def whose(case: Case, chain: Chain) -> str:
    """Whose facts the incident has, where they are not this report's: said once above the fields."""
    row = case.assessment
    if row is None or row.lead_report_id == (chain.in_effect or chain.newest).pk:
        if chain.in_effect is not None and chain.in_effect.pk != chain.newest.pk:
            return _("What is understood is still that of the revision before: the newest has not taken effect.")
        return ""
    return _(
        "The incident has the facts of report %(ref)s, its lead. What is understood is of the incident; of this report "
        "the casualties are read as well, where they are the highest."
    ) % {"ref": words.reference(row.lead_report.public_id)}


def _words(report: IncidentReport) -> list[Field]:
    if not report.narrative:
        return []
    return [
        Field(
            _("In its own words"),
            [report.narrative],
            [_("kept as filed; no code, place or count is read from them")],
            Mark.UNUSED,
            language=report.narrative_language,
        )
    ]


def _time(case: Case, report: IncidentReport, row: Assessment) -> Field:
    told = words.occurred(report.occurred_from, report.occurred_until, report.time_precision, case.zone)
    local = f"{_local(case, row.occurred_from)} – {_local(case, row.occurred_until)}"
    differs = (report.occurred_from, report.occurred_until) != (row.occurred_from, row.occurred_until)
    mark, why = Mark.READ, ""
    if differs:
        mark, why = Mark.DIFFERS, _("The incident has the time of its lead report.")
    elif report.time_precision not in {"minute", "hour"}:
        mark, why = Mark.ASSUMED, _("It may have been at any instant between the two; it is counted by the first.")
    return Field(
        _("Time"),
        [told, _("known to: %(precision)s") % {"precision": report.get_time_precision_display()}],
        [
            _("from %(start)s until before %(end)s")
            % {"start": _universal(row.occurred_from), "end": _universal(row.occurred_until)},
            _("by the truce's clocks: %(interval)s") % {"interval": local},
        ],
        mark,
        why,
    )


def _universal(at: Any) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _local(case: Case, at: Any) -> str:
    return words.instant(at, case.zone)


def _place(case: Case, report: IncidentReport, row: Assessment) -> Field:
    names = case.names
    areas = [names.areas[pk] for pk in row.areas if pk in names.areas]
    areas.sort(key=lambda area: (LEVELS.index(area.level), area.name))
    placed = [f"{area.get_level_display()}: {area.name}" for area in areas] or [_("placed in no area")]
    zones = ", ".join(names.zones[pk].name for pk in row.zones if pk in names.zones)
    placed.append(_("zone: %(zones)s") % {"zones": zones} if zones else _("in no zone"))
    filed = [report.place_as_written] if report.place_as_written else []
    if report.stated_area:
        filed.append(_("area as named: %(area)s") % {"area": report.stated_area.name})
    mark, why = _placed(report, row, {area.level for area in areas})
    return Field(_("Place"), filed or [_("not written")], placed, mark, why, written=bool(report.place_as_written))


def _placed(report: IncidentReport, row: Assessment, levels: set[str]) -> tuple[Mark, str]:
    """Whether it is placed where it was said to be, and what had to be assumed for it."""
    if not levels:
        return Mark.DIFFERS, _("Nothing of what was filed places it in an area.")
    if report.stated_area is not None and report.stated_area_id not in row.areas:
        if report.stated_area.level not in levels:
            return Mark.ASSUMED, _("The area as named is finer than the place is known: it is counted no finer.")
        return Mark.DIFFERS, _("It is placed elsewhere than in the area as named.")
    if report.point is None and report.place_area is None:
        return Mark.ASSUMED, _("No point was filed: it is placed by the area as named.")
    return Mark.READ, ""


def _precision(report: IncidentReport, row: Assessment) -> Field:
    precision = codebook.PlacePrecision(row.place_precision)
    levels, within = placing.LEVELS_ALLOWED.get(precision, ()), WITHIN.get(precision)
    understood = [
        *_point(row, within),
        _("counted down to: %(level)s") % {"level": levels[-1].label} if levels else _("counted in no area"),
    ]
    mark, why = Mark.READ, ""
    if report.point != row.point or report.place_precision != row.place_precision:
        mark, why = Mark.DIFFERS, _("The incident has the place of its lead report.")
    elif report.point and not within:
        mark, why = Mark.ASSUMED, _("The point is taken for the middle of an area.")
    return Field(_("Point and precision"), _point_as_filed(report), understood, mark, why)


def _point_as_filed(report: IncidentReport) -> list[str]:
    filed = [words.coordinates(report.point)] if report.point else []
    if report.place_area:
        filed.append(_("a shape, drawn from the observer and the range") if _drawn(report) else _("a shape"))
    known = _("known to: %(precision)s") % {"precision": report.get_place_precision_display()}
    return [*(filed or [_("no point")]), known]


def _point(row: Assessment, within: int | None) -> list[str]:
    if row.point is None:
        drawn = row.lead_report.place_area is not None
        return [_("anywhere within the shape") if drawn else _("anywhere within the area")]
    if within:
        near = _("within %(metres)s of it") % {"metres": words.distance(within)}
    else:
        near = _("the point stands for an area: how near others are to it says nothing")
    return [words.coordinates(row.point), near]


def _drawn(report: IncidentReport) -> bool:
    seen = report.sighting or {}
    return "latitude" in seen.get("observer", {}) and "range_km" in seen


def _party(case: Case, row: ReportParty, assessed: Assessment) -> Field:
    name = _("Party, %(role)s") % {"role": row.get_role_display()}
    filed = [row.as_written] + (
        [_("written together as: %(whole)s") % {"whole": row.composite}] if row.composite else []
    )
    if row.party is None:
        understood = [_("not known to the mechanism file"), _("its scope is not assessed")]
        return Field(
            name, filed, understood, Mark.DIFFERS, _("No party or alias of the file is so written."), written=True
        )
    terms = case.names.terms.get(row.party_id or 0)
    side = terms.side if terms else None
    understood = [str(row.party.name), _("side: %(side)s") % {"side": side.name} if side else _("of no side")]
    pattern = sorted(one.code for one in case.names.sides.values()).index(side.code) if side else None
    mark, why = Mark.READ, ""
    if row.party_id not in getattr(assessed, row.role):
        mark, why = Mark.DIFFERS, _("The incident has the parties of its lead report.")
    elif row.as_written not in {row.party.code, row.party.name}:
        mark, why = Mark.ASSUMED, _("Read as an alias of the party.")
    return Field(name, filed, understood, mark, why, pattern=pattern, written=True)


def _no_party(report: IncidentReport) -> list[Field]:
    if report.parties.all():
        return []
    understood = [_("nobody is concerned as far as is known"), _("its scope is not assessed")]
    return [
        Field(_("Parties"), [_("none named")], understood, Mark.ASSUMED, _("Parties that may be concerned are open."))
    ]


def _act(case: Case, report: IncidentReport, row: Assessment) -> Field:
    provisions = [
        _("forbidden by: %(provision)s (%(instrument)s)")
        % {"provision": terms.provision.code, "instrument": terms.provision.instrument.name}
        for terms in case.forbidding
    ]
    understood = [
        f"{row.get_act_display()} ({row.act})",
        *(provisions or [_("no provision in force there forbids it")]),
    ]
    differs = report.act != row.act
    filed = [report.get_act_display(), *filter(None, [offered.weapon(report), report.get_means_display()])]
    return Field(
        _("Act, weapon, means"),
        [str(line) for line in filed],
        understood,
        Mark.DIFFERS if differs else Mark.READ,
        _("The incident has the act of its lead report.") if differs else "",
    )


def _objects(report: IncidentReport, row: Assessment) -> list[Field]:
    if not report.objects_hit and not row.objects_hit:
        return []
    filed, understood = (
        [str(codebook.ObjectHit(code).label) for code in codes] or [_("none")]
        for codes in (report.objects_hit, row.objects_hit)
    )
    differs = sorted(report.objects_hit) != sorted(row.objects_hit)
    why = _("The incident has the objects of its lead report.") if differs else ""
    return [Field(_("Objects hit"), filed, understood, Mark.DIFFERS if differs else Mark.SAME, why)]


def _casualties(case: Case, report: IncidentReport, row: Assessment) -> Field:
    filed = words.casualties(report.casualties)
    harm = words.harm((row.killed_low, row.killed_high), (row.injured_low, row.injured_high))
    understood = [_("reported: %(harm)s") % {"harm": harm} if harm else _("none known; unknown is not nought")]
    mark, why = (Mark.READ, "") if filed else (Mark.SAME, "")
    if harm and not filed:
        mark, why = Mark.DIFFERS, _("Another report of the incident tells of casualties.")
    elif Flag.CASUALTY_ORDER in {one.flag for one in case.told_beside.flags.get(report.pk, [])}:
        mark, why = (
            Mark.ASSUMED,
            _("The order is broken as filed: the least and the greatest of what is given are taken."),
        )
    elif filed and len(case.chains) > 1:
        why = _("Lowest as the lead report has it, highest of all reports of the incident.")
    return Field(_("Casualties"), filed or [_("none known")], understood, mark, why)


def _scope(case: Case, row: Assessment) -> Field:
    understood = [str(row.get_scope_display()), *offered.scope_in_words(case)]
    return Field(_("Scope"), [_("not asked of whoever files")], understood, Mark.READ)
