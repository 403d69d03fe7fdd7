"""For whom statements, requests and answers are read: what the policies of their tables ask, said for a block.

What its owner did not tell the others is shown to that owner, to the moderators of the truce and to nobody else. This
is the second wall: every query asks for whom it is as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from monitoring import accreditation
from monitoring.accreditation import Role
from monitoring.row_context import of_agreements, row_context

if TYPE_CHECKING:
    from monitoring.models import Agreement, GuarantorState, Party, User

SAID = "ledger.replies"


@dataclass(frozen=True)
class Voice:
    """For whom somebody speaks in a truce: a guarantor, or a party as its liaison."""

    agreement: Agreement
    guarantor: GuarantorState | None = None
    party: Party | None = None

    @property
    def key(self) -> str:
        """By what the policies know it."""
        return f"guarantor:{self.guarantor.pk}" if self.guarantor else f"party:{self.party.pk if self.party else 0}"

    @property
    def asked(self) -> Q:
        """The condition that a request is this voice's to answer."""
        if self.guarantor is not None:
            return Q(guarantor=self.guarantor) | Q(through=self.guarantor)
        return Q(party=self.party, through__isnull=True)


def voices_of(by: User, *roles: str) -> list[Voice]:
    """Return for whom `by` speaks now, truce by truce."""
    held = accreditation.held_by(by, *(roles or (Role.GUARANTOR, Role.PARTY_LIAISON)))
    rows = held.select_related("agreement", "sent_by_guarantor", "sent_by_party").order_by("agreement__code", "pk")
    found = [
        Voice(row.agreement, guarantor=row.sent_by_guarantor)
        if row.role == Role.GUARANTOR
        else Voice(row.agreement, party=row.sent_by_party)
        for row in rows
    ]
    return list(dict.fromkeys(found))


@contextmanager
def reading_as(voices: Iterable[Voice]) -> Iterator[None]:
    """Read what these voices said and were asked, beside what was told, for the length of the block."""
    with row_context(SAID, " ".join(sorted({voice.key for voice in voices}))):
        yield


@contextmanager
def reading_for(agreements: Iterable[int]) -> Iterator[None]:
    """Read all of these agreements, by their ids: for their moderators, and for who takes a word down from paper."""
    with row_context(SAID, of_agreements(agreements)):
        yield


@contextmanager
def reading_all() -> Iterator[None]:
    """Read every row: for what is asked of the whole record, and for reminding, which tells nobody anything."""
    with row_context(SAID, "every"):
        yield
