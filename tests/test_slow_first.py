"""Tests that take long come first, in every part, and none is lost or twice."""

from types import SimpleNamespace

import pytest

from tests import slow_first


def item(file: str, number: int, *, slow: bool = False) -> SimpleNamespace:
    return SimpleNamespace(location=(file, number, ""), get_closest_marker=lambda _name: slow or None, slow=slow)


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_every_part_begins_with_its_share_of_slow_files(parts):
    files = [item(f"slow_{file}", number, slow=True) for file in range(5) for number in range(3)]
    quick = [item("quick", number) for number in range(100)]
    ordered = slow_first.ordered([*quick[:50], *files, *quick[50:]], parts)
    assert sorted(map(id, ordered)) == sorted(map(id, [*files, *quick]))
    begins = 0
    for part in range(parts):
        size = (len(ordered) - begins) // (parts - part)
        stretch = ordered[begins : begins + size]
        first = [one for one in stretch if one.slow]
        assert first == stretch[: len(first)]
        assert {one.location[0] for one in first} == {f"slow_{file}" for file in range(part, 5, parts)}
        begins += size
