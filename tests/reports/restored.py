"""A restore, for tests: a release that is lost with it, and the two people who say so."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from monitoring import ledger
from monitoring.errors import NotNow
from monitoring.models import Agreement
from reports import closings, release_log, renderers, resuming
from reports.models import Closing, Resumption
from tests.reports.released import released_month
from tests.violations import occasions


def line_of(agreement: Agreement, **changes: object) -> release_log.Line:
    """A release of the truce that no database knows."""
    told = {
        "truce": agreement.code,
        "kind": "month",
        "period": "2025-04",
        "number": 1,
        "content_sha256": "5" * 64,
        "released_at": "2025-05-03T00:00:00.000000+00:00",
    }
    return release_log.Line(**told | changes)  # type: ignore[arg-type]


def resumed(agreement: Agreement, people: SimpleNamespace, **lost: object) -> Resumption:
    """Restore, the log that is kept apart telling of more; propose to go on, propose better, and agree to that."""
    release_log.append(line_of(agreement, **lost))
    with override_settings(RELEASE_LOG=str(release_log.places()[0])):
        resuming.restored(taken_at=ledger.now() - timedelta(hours=1))
    resuming.propose(agreement, grounds="Guarantors hold no other.", by=people.operator)
    better = resuming.propose(agreement, grounds="The log tells of one.", by=people.moderator_north)
    return resuming.second(better, by=people.moderator_south)


def refused(agreement: Agreement, *period: str) -> str:
    """The code with which a closing of the truce is refused."""
    with pytest.raises(NotNow) as refusal:
        closings.request(agreement, *period)
    return refusal.value.code


def went_on(agreement: Agreement, people: SimpleNamespace, **told: Any) -> Resumption:
    """Two people of the truce agree on what is lost, and it goes on."""
    proposal = resuming.propose(agreement, grounds="The log tells of it.", by=people.moderator_north, **told)
    return resuming.second(proposal, by=people.moderator_south)


@pytest.fixture
def lost(exercise, people):
    """A month that was released, with what was filed before it, and is in no database any more."""
    with transaction.atomic():
        occasions.filed(exercise, people.monitor_north)
        closing = released_month(exercise)
        edition = closing.editions.order_by("pk").first()
        file = renderers.render("json", json.loads(closing.content()), json.loads(edition.content), language="en")
        transaction.set_rollback(True)
    assert not Closing.objects.exists()
    closing.file = file
    return closing
