"""For whom a transaction reads: what the policies of row-level security ask, said by a verb for a block of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def row_context(name: str, value: str) -> Iterator[None]:
    """Set `name` for the transaction, and back at the end; where the block fails, the rollback sets it back.

    Within a block that set it so already nothing has to be said again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select current_setting(%s, true)", [name])
        before = cursor.fetchone()[0] or ""
        if before == value:
            yield
            return
        cursor.execute("select set_config(%s, %s, true)", [name, value])
        yield
        cursor.execute("select set_config(%s, %s, true)", [name, before])
