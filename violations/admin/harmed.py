"""Whom a finding verifies as killed or injured, in words: by group, at least how many, and from which sources."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from violations.admin import words
from violations.models import Finding
from violations.moderation_codes import CasualtySourceKind, Harm, People


def lines(finding: Finding) -> list[str]:
    """The totals, and a line for each group with its sources."""
    groups = [_group(row) for row in _told(finding)]
    return [total(finding), *groups] if groups else [total(finding)]


def total(finding: Finding) -> str:
    """At least how many were killed and injured, all groups together; each may be unknown."""
    numbers = ((finding.killed_verified, _("killed")), (finding.injured_verified, _("injured")))
    return ", ".join(
        _("at least %(n)d %(harm)s") % {"n": number, "harm": harm}
        if number is not None
        else _("%(harm)s not known") % {"harm": harm}
        for number, harm in numbers
    )


def _told(finding: Finding) -> list[dict[str, Any]]:
    """As `with_casualties` has it; a finding that was read without it is asked again."""
    if not hasattr(finding, "casualties_told"):
        finding = Finding.objects.with_casualties().get(pk=finding.pk)
    return finding.casualties_told  # type: ignore[attr-defined]


def _group(row: dict[str, Any]) -> str:
    who = f"{Harm(row['harm']).label}, {People(row['people']).label}"
    number = row["at_least"]
    said = _("how many was not established") if number is None else _("at least %(n)d") % {"n": number}
    told = {"who": who, "said": said, "sources": "; ".join(_source(source) for source in row["sources"])}
    return _("%(who)s: %(said)s. Sources: %(sources)s") % told


def _source(source: dict[str, Any]) -> str:
    if source["report"]:
        report = _("report %(reference)s") % {"reference": words.reference(UUID(source["report"]))}
        return report if source["here"] else _("%(report)s, which has left the incident") % {"report": report}
    kind = str(CasualtySourceKind(source["kind"]).label)
    dated = date_format(date.fromisoformat(source["dated"])) if source["dated"] else ""
    return ", ".join(filter(None, (source["name"], kind, dated, source["address"])))
