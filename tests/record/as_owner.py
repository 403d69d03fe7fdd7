"""Acting as the role that owns the tables, which a test otherwise never is: as the commands do that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.conftest import OWNER


@contextmanager
def as_owner() -> Iterator[None]:
    """Within this block the thread's connection is the owner's own, and no other thread's. In no open transaction."""
    assert not connection.in_atomic_block, "A new connection would see nothing of what this transaction wrote."
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, "USER": OWNER}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
