"""Notes between shifts: what a moderator hands over, to all moderators of the agreement or to those of their side.

A note decides nothing and is shown to nobody else; like every word of a moderator it stays, so it names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Malformed
from violations import standing
from violations.models import ShiftNote, ShiftNoteRead

if TYPE_CHECKING:
    from monitoring.models import Agreement, User

LONGEST = 4000  # characters


def hand_over(agreement: Agreement, *, words: str, audience: str, by: User) -> ShiftNote:
    """Write a note; `audience` is a ShiftNote.Audience. Raises Malformed, Forbidden (no moderator of the agreement)."""
    fields = {}
    if audience not in ShiftNote.Audience.values:
        fields["/audience"] = [_("Say to whom: to all moderators, or to those of your side.")]
    if not words.strip() or len(words) > LONGEST:
        fields["/words"] = [_("Write what you hand over, in %(n)d characters at most.") % {"n": LONGEST}]
    if fields:
        raise Malformed(_("The note is not complete."), fields=fields)
    with ledger.writing() as entry:
        capacity = standing.moderating(by, agreement)
        note = ShiftNote.objects.create(
            agreement=agreement,
            by=by,
            side=capacity.side,
            audience=audience,
            words=words.strip(),
            recorded_at=entry.stamp(),
        )
        audit.done("shift.hand_over", by=by, on=note)
    return note


def read(note: ShiftNote, *, by: User) -> ShiftNoteRead:
    """Say that one read a note, which its readers see; once. One's own needs no reading.

    Raises Forbidden where `by` is no moderator of the agreement. Whose note it is to read the door asks.
    """
    with ledger.writing() as entry:
        standing.moderating(by, note.agreement)
        found, _made = ShiftNoteRead.objects.get_or_create(note=note, by=by, defaults={"recorded_at": entry.stamp()})
        if _made:
            audit.done("shift.read", by=by, on=note)
    return found
