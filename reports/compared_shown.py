"""What a reader is shown of two closings beside one another: words ready to stand on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import compare
from reports.figures_shown import counts
from reports.renderers import values
from reports.renderers.document.annex import in_words
from reports.renderers.document.changed import where, written
from reports.renderers.path_words import PARTS
from reports.renderers.reading import Reading, place_in_columns, word
from reports.renderers.uncounted import no_number, uncounted

HINDERED = {
    compare.Hindrance.OTHER_KIND: gettext_lazy(
        "The two are reports of different kinds (of a day, of a week, of a month), and nothing of them is compared. "
        "Choose two of one kind."
    ),
    compare.Hindrance.OTHER_UNIT: gettext_lazy(
        "The two count in different units, and nothing of them is compared. Choose two that count in one unit."
    ),
    compare.Hindrance.OTHER_PERIOD: gettext_lazy(
        "The two are of different periods: the incidents of one are not those of the other."
    ),
    compare.Hindrance.NO_ANNEX: gettext_lazy("The report of a day lists no incident."),
    compare.Hindrance.OTHER_TIER: gettext_lazy(
        "The two show incidents by different rules of place, time or parties: every line would differ, and no incident "
        "need have changed."
    ),
}
HOW = {"came": gettext_lazy("came"), "went": gettext_lazy("went"), "differs": gettext_lazy("told otherwise")}
FIELDS = {
    "column": gettext_lazy("stands as"),
    "occurred_from": gettext_lazy("earliest instant"),
    "occurred_until": gettext_lazy("latest instant"),
    "time_precision": gettext_lazy("how finely its time is known"),
    "date": gettext_lazy("day"),
    "area": gettext_lazy("area"),
    "level": gettext_lazy("level of area"),
    "zones": gettext_lazy("zones"),
    "act": gettext_lazy("act"),
    "objects_hit": gettext_lazy("objects hit"),
    "weapon": gettext_lazy("weapon"),
    "alleged": gettext_lazy("party alleged"),
    "target": gettext_lazy("party acted against"),
    "involved": gettext_lazy("parties involved"),
    "scope": gettext_lazy("scope"),
    "reasons": gettext_lazy("reasons of its scope"),
    "verification": gettext_lazy("verification"),
    "conduct": gettext_lazy("conduct"),
    "standing": gettext_lazy("standing of the finding"),
    "scope_overruled": gettext_lazy("scope held otherwise by a finding"),
    "attribution": gettext_lazy("attribution"),
    "confidence": gettext_lazy("confidence"),
    "attributed": gettext_lazy("party attributed"),
    "basis": gettext_lazy("basis of attribution"),
    "provisions": gettext_lazy("provisions"),
    "killed": gettext_lazy("killed"),
    "injured": gettext_lazy("injured"),
    "dissents": gettext_lazy("dissents"),
}


def said(found: compare.Compared) -> list[str]:
    """What of the two is not compared, and why; and by what else than the record they differ."""
    told = [str(HINDERED[why]) for why in (found.why_not, found.why_no_incidents) if why is not None]
    for codes, pattern in (
        (found.only_before, _("Told by the earlier one alone, and not compared: %(sections)s.")),
        (found.only_now, _("Told by the later one alone, and not compared: %(sections)s.")),
        (
            found.told_otherwise,
            _("Told by other rules since, so that figures may differ by these alone: %(sections)s."),
        ),
        (found.views, _("A view of other sections, not listed again: %(sections)s.")),
    ):
        if codes:
            told.append(pattern % {"sections": values.listed([str(PARTS.get(code, code)) for code in codes])})
    if found.days_apart:
        told.append(
            _("What is told of single days or hours is not listed: the days of one period are not those of the other.")
        )
    if found.other_codebook:
        told.append(_("The two were told by different versions of the code lists."))
    return told


def figures_that_differ(before: Reading, now: Reading, shown: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each figure that differs, named by the report that has it; no number where that report has none."""
    nothing = {"old": uncounted(before), "new": uncounted(now)}
    for row in shown:
        named_by = before if row["new"] is None else now
        yield {
            "where": where(named_by, row),
            "path": row["path"],
            **{
                which: no_number() if nothing[which].why_at(row["path"], row[which]) else written(reading, row, which)
                for which, reading in (("old", before), ("new", now))
            },
            "in_old": counts(row["old"]),
            "in_new": counts(row["new"]),
        }


def incidents_that_differ(before: Reading, now: Reading, shown: list[tuple[str, str, Any]]) -> Iterator[dict[str, Any]]:
    """Each incident that came, went or is told otherwise, and in what."""
    for how, _reference, row in shown:
        if how == "differs":
            told = {**in_words(now, row.now), "differing": [_field(before, now, *field) for field in row.fields]}
        else:
            told = {**in_words(before if how == "went" else now, row), "differing": []}
        yield {**told, "how": HOW[how]}


def _field(before: Reading, now: Reading, name: str, old: Any, new: Any) -> dict[str, str]:
    return {"name": str(FIELDS.get(name, name)), "old": _said(before, name, old), "new": _said(now, name, new)}


LISTS = {
    "act": "act",
    "weapon": "weapon",
    "verification": "verification",
    "conduct": "conduct",
    "standing": "standing",
    "attribution": "attribution",
    "confidence": "confidence",
    "time_precision": "time_precision",
    "scope": "scope",
    "objects_hit": "object",
    "reasons": "scope",
    "basis": "basis_of_finding",
    "level": "level",
}
NAMES = {
    "area": "area",
    "zones": "zone",
    "alleged": "party",
    "target": "party",
    "involved": "party",
    "attributed": "party",
}


def _said(reading: Reading, name: str, value: Any) -> str:
    """What an incident's row of the annex says of one thing."""
    if value is None or value in ([], ""):
        return "–"
    if isinstance(value, list):
        return values.listed([_said(reading, name, one) for one in value])
    if isinstance(value, dict):
        return _of_several(reading, value)
    if name == "column":
        return place_in_columns(value)
    if name in {"occurred_from", "occurred_until"}:
        return reading.instant(value)
    if name == "date":
        return values.day(value)
    if name in NAMES:
        return reading.name(NAMES[name], value)
    if isinstance(value, bool):
        return word("yes", value)
    return values.count(value) if isinstance(value, int) else word(LISTS.get(name, "act"), value)


def _of_several(reading: Reading, value: dict[str, Any]) -> str:
    """A provision, or numbers of persons: verified, else the range reported."""
    if "provision" in value:
        return reading.name("provision", f"{value['instrument']}/{value['provision']}")
    if value["verified"] is not None:
        return _("%(count)s verified") % {"count": values.count(value["verified"])}
    return f"({values.count(value['reported_low'])}–{values.count(value['reported_high'])})"
