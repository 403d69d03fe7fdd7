"""The form of a report as it stands when it corrects one: filled in with what was filed, where that loses nothing.

A correction is a full new revision. A report handed in over the API may say more than the form has fields for (a
bearing, a sector, a source, low and high of a harm); a form that left it out would take it back unsaid: there is none.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from violations import report_document, sealing
from violations.codebook import TimePrecision
from violations.report_form import ReportForm

if TYPE_CHECKING:
    from violations.models import IncidentReport


def form_correcting(report: IncidentReport) -> ReportForm:
    """Return the form of a party's own word, filled in with what `report` says. Ask within `sealing.reading_own`.

    Raises NotNow (`more_than_the_form`) where the form cannot say all that was filed.
    """
    told = initial_of(report)
    again = ReportForm(report.agreement, data={**told, "client_id": str(uuid.uuid4())})
    sealed = report.sealed_source
    whole = sealing.source_of(sealed) is None and again.is_valid()
    if not whole or report_document.differences(report, again.filed):
        raise NotNow(
            _("This complaint says more than the form has fields for. Correct it as it was filed, over the API."),
            code="more_than_the_form",
        )
    return ReportForm(report.agreement, initial=told)


def initial_of(report: IncidentReport) -> dict[str, Any]:
    """Return the fields as they say what `report` says; what they cannot say is missing."""
    return {
        **_when(report),
        "place_as_written": report.place_as_written,
        "area": report.stated_area.code if report.stated_area else "",
        "coordinates": ", ".join(f"{degrees:.7f}" for degrees in reversed(report.point.coords)) if report.point else "",
        "place_precision": report.place_precision,
        "act": report.act,
        "weapon": report.weapon_family,
        "count": report.count,
        "count_qualifier": report.count_qualifier,
        "count_unit": report.count_unit,
        **_parties(report),
        **_casualties(report),
        "objects_hit": report.objects_hit,
        "narrative": report.narrative,
        "narrative_language": report.narrative_language,
    }


def _when(report: IncidentReport) -> dict[str, Any]:
    local = report.occurred_from.astimezone(ZoneInfo(report.agreement.terms.time_zone))
    known = report.time_precision != TimePrecision.DAY
    return {
        "day": local.date().isoformat(),
        "clock": f"{local:%H:%M}" if known else "",
        "to_the_hour": report.time_precision == TimePrecision.HOUR,
    }


def _parties(report: IncidentReport) -> dict[str, str]:
    named = [(party.role, party.as_written) for party in report.parties.order_by("pk")]
    return {whom: "; ".join(name for role, name in named if role == whom) for whom in ("alleged", "target")}


def _casualties(report: IncidentReport) -> dict[str, Any]:
    """Of whom, and how many: the form has one number of each harm, of one group of persons."""
    told: dict[str, Any] = {}
    for harm, groups in report.casualties.items():
        for whom, bounds in groups.items():
            told |= {"harmed": whom, harm: bounds.get("low")}
    return told
