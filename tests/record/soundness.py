"""After a test that writes to the record: does all that must always hold still hold of what it leaves behind?"""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.db import connection

from monitoring.models import Agreement
from reports import integrity

# Asked at the end of single tests: what the database itself refuses in any of them is left to the tests of that, and so
# is what takes longer than most of them.
LEFT_OUT = {"constraints", "guards", "references", "stamps", "sealed_nowhere_else", "closings_recompute"}
# Doors are tried many times over on the same few rows; what they call is tried for itself.
DOORS = ("test_admin", "test_api", "test_access", "test_pages", "test_renderers", "test_editions", "test_openapi")
ROOMS = ("tests.monitoring.", "tests.run.")
ASKED = [invariant.name for invariant in integrity.INVARIANTS if invariant.name not in LEFT_OUT]


def broken(names: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The invariants, of `names` or of all, that do not hold, each with the first of what breaks it."""
    results = integrity.examine_all(names=names)
    return {result.invariant.name: result.broken.first for result in results if result.broken.count}


def require_sound(item: pytest.Item) -> None:
    """Fail where one of those asked does not hold. A transaction that is given up leaves nothing to be asked of."""
    by_hand = item.get_closest_marker("by_hand")
    asked = set(ASKED) - set(by_hand.args if by_hand else ())
    if connection.needs_rollback:
        return
    if Agreement.objects.count() < 2:
        asked.discard("one_agreement")  # there is no other to point at
    if found := broken(asked):
        pytest.fail(f"What the test leaves in the record breaks what must always hold of it: {found}", pytrace=False)


def is_asked_after(item: pytest.Item) -> bool:
    """Whether the record is asked after this test: it may write to it, and not `by_hand` what no verb would.

    Where the mark names invariants, only these are not asked.
    """
    by_hand = item.get_closest_marker("by_hand")
    module: str = item.module.__name__  # type: ignore[attr-defined]
    writes = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    left_out = module.startswith(ROOMS) or module.rpartition(".")[2].startswith(DOORS)
    return bool(writes) and not left_out and (by_hand is None or bool(by_hand.args))
