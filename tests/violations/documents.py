"""What is handed in: by a monitor's device, a client that carries a token; and a figure that somebody published."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from rest_framework.test import APIClient

from monitoring import devices
from monitoring.models import User
from violations.third_party import Figure

REPORTS = "/api/v1/incident-reports/"
PUBLISHED = Figure(
    source="observatory",
    publisher="The island's observatory",
    definition="What it calls a breach.",
    counted="breaches",
    breakdown="all",
    category="total",
    cumulative=True,
    counts_from=date(2025, 3, 1),
    counts_until=date(2025, 3, 15),
    span_precision="week",
    span_as_written="two weeks",
    span_basis="derived",
    number=12,
    language="en",
    url="https://example.org/observatory",
    note="",
    contested=False,
)


def device_of(user: User) -> APIClient:
    """A device of `user`, with a token of its own; a fault of ours is answered, not raised."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {devices.issue(user, name=str(uuid.uuid4()), by=None)}")
    return client


def correction(**changes: Any) -> dict[str, Any]:
    """A correction, whole, as a device sends it."""
    return {
        "client_id": str(uuid.uuid4()),
        "occurred": {"from": "2025-03-10T12:00:00-08:00", "until": "2025-03-10T20:10:00Z", "precision": "minute"},
        "place": {"longitude": -123.5, "latitude": -48.8, "precision": "vicinity", "as_written": "by the mill"},
        "act": "indirect_fire",
        "objects_hit": ["residential"],
        "weapon": {"family": "mortar", "calibre_mm": 82, "assessed": True},
        "means": "saw_and_heard",
        "observation": {"count": 3, "qualifier": "at_least", "unit": "explosion"},
        "parties": [{"role": "alleged", "name": "Army of the North"}, {"role": "target", "name": "men of the coast"}],
        "casualties": {"injured": {"civilian": {"low": 1, "best": None, "high": 2}}},
        "narrative": "Three impacts behind the mill.",
        "narrative_language": "en",
        "consent": "anonymous",
        "source": {"relation": "miller", "name": "A. Weaver", "contact": "at the mill"},
        **changes,
    }


def document(**changes: Any) -> dict[str, Any]:
    """A report of the exercise, whole, as a device sends it."""
    return correction(**{"agreement": "exercise", **changes})
