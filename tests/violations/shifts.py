"""What a shift leaves behind, made through the verbs."""

from __future__ import annotations

from types import SimpleNamespace

from monitoring.models import Agreement
from violations import claims, saved_filters, shift
from violations.models import Claim, Incident, SavedFilter, ShiftNote


def left_behind(
    agreement: Agreement, people: SimpleNamespace, incident: Incident
) -> tuple[Claim, SavedFilter, ShiftNote]:
    """A claim that holds, a filter, a note of the north to its own side, and that the other of that side read it."""
    claim = claims.claim(incident, by=people.moderator_north_2)
    saved = saved_filters.save("Grave ones", "lane=grave", by=people.moderator_north)
    note = shift.hand_over(
        agreement, words="The log of the weir is awaited.", audience="side", by=people.moderator_north
    )
    shift.read(note, by=people.moderator_north_2)
    return claim, saved, note
