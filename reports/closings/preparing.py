"""Before the release PostgreSQL shows contents, editions, sheets and files to a transaction that prepares them alone.

Who computes, renders, releases or verifies says so here. Nobody who answers a request does: a query that forgot to ask
for released editions finds none of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.row_context import row_context

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def preparing() -> AbstractContextManager[None]:
    """Within this block, in a transaction, let be seen what is not released."""
    return row_context("ledger.preparing", "on")
