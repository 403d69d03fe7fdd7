"""Whatever anybody asks of the API, the answer is one that is described, and never a fault of ours.

Schemathesis makes cases of the served description, for every operation as every role (tests.fuzz). FUZZED=1000 asks so
many of each operation, in hours, and writes what came of them into docs/api-fuzzed.md; left out, a few are asked, the
same every time, and next to none where a role gets nothing.
"""

from __future__ import annotations

import logging
import os
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import asking, drawing, page, world

EXAMPLES = int(os.environ.get("FUZZED", "0"))
A_FEW, NEXT_TO_NONE = 6, 1
LEAST_SHARE = 0.05


@pytest.fixture(scope="module")
def there(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.made()
        with asking.one_connection():
            yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def described(there):
    return asking.served_description()


@pytest.fixture
def _refusals_are_not_logged():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def examples(operation, role: str) -> int:
    return EXAMPLES or (A_FEW if world.is_for(operation, role) else NEXT_TO_NONE)


def is_fair(operation, role: str, statuses: Counter[int]) -> bool:
    """Whether who the operation is for got something, and nobody else anything: else the cases say nothing."""
    share = sum(count for status, count in statuses.items() if status < 400) / statuses.total()
    if world.is_for(operation, role):
        return share >= LEAST_SHARE
    return share == 0 or world.may_give(operation, role)


@pytest.mark.timeout(0 if EXAMPLES else 300)
@pytest.mark.usefixtures("_refusals_are_not_logged")
@pytest.mark.parametrize("role", world.ROLES)
def test_every_answer_is_described_and_no_fault_of_ours(there, described, role):
    asker, unfair = asking.Asker(described, role, {}), {}
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in sorted(operations, key=lambda one: not world.is_for(one, role)):
        asker.who = there.arrived(role)
        taken = asker.taken(drawing.real(operation, there)) if world.is_for(operation, role) else []

        @settings(
            max_examples=examples(operation, role),
            deadline=None,
            database=None,
            derandomize=not EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(drawn=drawing.cases(operation, there, taken))
        def asked(drawn):
            asker.ask(*drawn)

        asked()
        if not is_fair(operation, role, asker.statuses[operation.label]):
            unfair[operation.label] = asker.statuses[operation.label].copy()
        if EXAMPLES:
            for case in drawing.at_the_boundaries(operation, there) if world.is_for(operation, role) else ():
                asker.ask(case, {})
            page.write(asker, EXAMPLES, of=len(operations))
    assert not asker.faults, "\n\n".join(f"{label}: {told}" for (label, _what), told in asker.faults.items())
    assert not unfair
