"""What the filer of a new report is answered: written straight from its columns, which is most of what devices hear.

The same document as OwnReport makes of it, member for member; a test holds the two to each other.
"""

from __future__ import annotations

from typing import Any

from monitoring.api.fields import Instant, Minute, PolygonField
from violations.api.observation import Observation
from violations.codebook import ReviewState
from violations.first_filing import Told

_INSTANT, _MINUTE, _POLYGON, _OBSERVATION = Instant(), Minute(), PolygonField(), Observation()


def first_answer(told: Told) -> dict[str, Any]:
    """Tell of a report that was just filed: nothing was asked, decided or erased, and it corrects nothing."""
    report, polygon = told.report, told.report.place_area
    longitude, latitude = told.position or (None, None)
    return {
        "id": str(report.public_id),
        "receipt": report.receipt,
        "chain": str(report.chain),
        "revision": report.revision,
        "supersedes": None,
        "client_id": told.client_id,
        "recorded_at": _MINUTE.to_representation(report.recorded_at),
        "state": ReviewState.SUBMITTED.value,
        "reason": "",
        "in_effect": True,
        "questions": [],
        "agreement": report.agreement.code,
        "team": report.team.code if report.team else None,
        "told_by": report.told_by.code if report.told_by else None,
        "channel": report.channel,
        "occurred": {
            "from": _INSTANT.to_representation(report.occurred_from),
            "until": _INSTANT.to_representation(report.occurred_until),
            "precision": report.time_precision,
        },
        "place": {
            "longitude": longitude,
            "latitude": latitude,
            "polygon": _POLYGON.to_representation(polygon) if polygon is not None else None,
            "area": report.stated_area.code if report.stated_area else None,
            "precision": report.place_precision,
            "as_written": report.place_as_written,
        },
        "act": report.act,
        "objects_hit": report.objects_hit,
        "weapon": {
            "family": report.weapon_family,
            "calibre_mm": report.calibre_mm,
            "assessed": report.weapon_assessed,
        },
        "means": report.means,
        "observation": _OBSERVATION.to_representation(report),
        "parties": [
            {"role": named.role, "name": named.name, "party": party.code if party else None}
            for named, party in told.parties
        ],
        "casualties": report.casualties,
        "narrative": report.narrative,
        "narrative_language": report.narrative_language,
        "consent": report.consent,
        "redacted": [],
        "content_sha256": report.content_sha256,
    }
