"""For whom choices for page 1 are read: what the policy of their table asks, said for a block.

What one side alone proposed is told to no guarantor, not even that there is something; what two agreed on is told by
the report that prints it. So the table is shown to the moderators of the truce, and to who computes a report.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitoring.row_context import of_agreements, row_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SAID = "ledger.choices"


@contextmanager
def reading_for(agreements: Iterable[int]) -> Iterator[None]:
    """Read the choices of these agreements, by their ids: for their moderators, and for their reports."""
    with row_context(SAID, of_agreements(agreements)):
        yield


@contextmanager
def reading_all() -> Iterator[None]:
    """Read every row: for what is asked of the whole record."""
    with row_context(SAID, "every"):
        yield
