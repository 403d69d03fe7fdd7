"""In which order tests run where several parts of them run at once: what takes long before the rest, in every part."""

from __future__ import annotations

from collections import defaultdict

import pytest


def ordered(items: list[pytest.Item], parts: int) -> list[pytest.Item]:
    """Return the tests so that each of `parts` equal stretches begins with slow ones: files of them, dealt in turn.

    Each part begins with a stretch, and whoever is done takes from the ends of others. So what is left at the end is
    quick, and no part is alone with a long test.
    """
    slow: dict[str, list[pytest.Item]] = defaultdict(list)
    quick = []
    for item in items:
        (slow[item.location[0]] if item.get_closest_marker("slow") else quick).append(item)
    dealt: list[list[pytest.Item]] = [[] for _part in range(parts)]
    for number, file in enumerate(slow.values()):
        dealt[number % parts] += file
    found: list[pytest.Item] = []
    for part, first in enumerate(dealt):
        size = (len(items) - len(found)) // (parts - part)
        rest = max(0, size - len(first)) if part < parts - 1 else len(quick)
        found += [*first, *quick[:rest]]
        del quick[:rest]
    return found
