"""Events of concern and improvements, proposed by the north and agreed on by the south."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from monitoring.models import Agreement
from reports import choosing
from reports.choice_content import Said
from reports.figures.annex import reference
from reports.models import Choice
from tests.violations import occasions
from violations.models import Incident

MONTH = "2025-03"
CONCERN = "Fire was heard near the ford on three nights."
IMPROVEMENT = "Both posts at the weir were visited daily."


def event(incident: Incident, words: str = CONCERN, **more: Any) -> Said:
    """An event of concern of an incident of March 2025."""
    told = {"period": MONTH, "refers_to": "incident", "reference": reference(incident.public_id)} | more
    return Said(kind="event_of_concern", words=words, **told)


def improvement(words: str = IMPROVEMENT, **more: Any) -> Said:
    """An improvement of March 2025 that refers to nothing."""
    return Said(kind="improvement", words=words, **({"period": MONTH} | more))


def agreed(agreement: Agreement, said: Said, people: SimpleNamespace) -> Choice:
    """Proposed by the north, agreed on by the south."""
    proposed = choosing.propose(agreement, said, by=people.moderator_north)
    return choosing.agree(proposed.public_id, by=people.moderator_south)


def one_of_each(agreement: Agreement, people: SimpleNamespace) -> tuple[Choice, Choice]:
    """An event, on an incident of its own, and an improvement, both agreed on; and one that waits, one taken back."""
    incident = occasions.incident_of(occasions.filed(agreement, people.monitor_independent))
    event_agreed = agreed(agreement, event(incident), people)
    improvement_agreed = agreed(agreement, improvement(), people)
    choosing.propose(agreement, improvement("The line was quiet."), by=people.moderator_north)
    taken = choosing.propose(agreement, improvement("Roads were open."), by=people.moderator_south)
    choosing.withdraw(taken.public_id, by=people.moderator_south)
    return event_agreed, improvement_agreed
