"""For whom drafts and the comments on them are read: what the policies of their tables ask, said for a block.

A guarantor is shown its own draft and its own comment, and nothing of another's before the release, not even whether
there is one. Who moderates a truce is shown its comments once none can be made or changed any more. This is the second
wall: every query asks for whom it is as well.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitoring import accreditation
from monitoring.row_context import of_agreements, row_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitoring.models import User

SAID = "ledger.drafts"


@contextmanager
def reading_as(user: User) -> Iterator[None]:
    """Read the drafts and comments of the guarantors that `user` is accredited for now, for the length of the block."""
    held = accreditation.held_by(user, accreditation.Role.GUARANTOR)
    states = sorted(set(held.values_list("sent_by_guarantor", flat=True)))
    with row_context(SAID, " ".join(f"guarantor:{pk}" for pk in states)):
        yield


@contextmanager
def reading_for(agreements: Iterable[int]) -> Iterator[None]:
    """Read the comments of these agreements, by their ids, on drafts whose time has ended: for their moderators."""
    with row_context(SAID, of_agreements(agreements)):
        yield
