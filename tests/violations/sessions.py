"""Sittings made through the verbs: called, with incidents before them, and what they said."""

from __future__ import annotations

import uuid
from datetime import date
from types import SimpleNamespace

from monitoring.models import Agreement
from violations import determinations, sittings
from violations.models import AgendaItem, Finding, Sitting, SittingOutcome

HELD_ON = date(2025, 4, 8)


def called(agreement: Agreement, people: SimpleNamespace, held_on: date = HELD_ON) -> Sitting:
    """A sitting that the north called."""
    return sittings.call(agreement, held_on, by=people.moderator_north, client_id=str(uuid.uuid4()))


def before_it(finding: Finding, people: SimpleNamespace, sitting: Sitting | None = None) -> AgendaItem:
    """The finding put before a sitting by the south."""
    return sittings.put_on(sitting or called(finding.agreement, people), finding, by=people.moderator_south)


def said(item: AgendaItem, people: SimpleNamespace, outcome: str = "agreed") -> SittingOutcome:
    """What the sitting said, recorded by the south and confirmed by the north."""
    recorded = determinations.record(item, outcome, grounds="As the session found.", by=people.moderator_south)
    return determinations.confirm(recorded, by=people.moderator_north)
