"""For whom is read what is not released: what the policies of the tables ask, said for a block.

A guarantor is shown its own draft, with the content that is common to all, and its own comment, and nothing of
another's before the release, not even whether there is one. Who moderates a truce is shown its sheets, and contents and
comments once no comment can be made or changed any more. This is the second wall: every query asks for whom it is as
well.
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
    """Read for the moderators of these agreements, by their ids: sheets, and what is to be released once comments are
    closed, with them."""
    with row_context(SAID, of_agreements(agreements)):
        yield
