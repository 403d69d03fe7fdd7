"""docs/security.md says what is so: what it points at is there, and every requirement stands in it once."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from config import settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
# OWASP ASVS 5.0.0: so many requirements of a section are of level 1 or 2. They come before those of level 3.
SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 "
    "5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 "
    "8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 "
    "11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 "
    "16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2"
)
LEVEL_2 = [
    f"{section}.{number}"
    for section, _colon, count in (told.partition(":") for told in SECTIONS.split())
    for number in range(1, int(count) + 1)
]
STANDINGS = ("held", "held in part", "not held", "does not apply", "the operator's")


def chapter(title: str) -> str:
    """The text below a heading of the page, to the next of its kind."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The cells of the tables of a chapter, without their heads."""
    lines = re.findall(r"^\|(.*)\|$", chapter(title), re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [row for row in cells if not set("".join(row)) <= set("-: ") and row[0] not in {"number", ""}]


def numbered(cell: str) -> list[str]:
    """The requirements of a row: one, or from the first to the last of them."""
    first, _dash, last = cell.partition("–")
    return LEVEL_2[LEVEL_2.index(first) : LEVEL_2.index(last or first) + 1]


@cache
def named_in(path: str) -> set[str]:
    """What a module defines: functions, classes with what is in them, names."""
    tree = ast.parse((ROOT / path).read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def pointers() -> list[str]:
    """Everything of the page that stands in code and is a path, a name in a file, or a setting."""
    told = set(re.findall(r"`([^`\n]+)`", PAGE))
    return sorted(
        one
        for one in told
        if re.fullmatch(
            r"[\w./-]+/[\w./-]*(::\w+)?|\.dockerignore|Dockerfile|[\w-]+\.(md|py|yml|toml)(::\w+)?|[A-Z][A-Z0-9_]{3,}",
            one,
        )
    )


def test_every_requirement_of_level_2_stands_once():
    assert len(LEVEL_2) == 253
    told = [number for row in rows("ASVS 5.0, level 2") for number in numbered(row[0])]
    assert sorted(told, key=LEVEL_2.index) == LEVEL_2


def test_every_requirement_says_where_it_stands():
    for number, what, where in rows("ASVS 5.0, level 2"):
        assert what, number
        standing, _colon, reason = where.partition(": ")
        assert standing in STANDINGS, number
        assert reason, number
        if standing == "held":
            assert "`" in reason, number


def test_the_counts_at_the_head_are_those_of_the_table():
    counted = dict.fromkeys(STANDINGS, 0)
    for number, _what, where in rows("ASVS 5.0, level 2"):
        counted[where.partition(": ")[0]] += len(numbered(number))
    told = {
        standing: int(count)
        for standing, count in re.findall(r"^- (.+?): (\d+)$", chapter("Where it stands"), re.MULTILINE)
    }
    assert told == counted


def test_points_1_to_17_stand_once_each():
    assert [row[0] for row in rows("What must hold")] == [str(number) for number in range(1, 18)]


@pytest.mark.parametrize("pointer", pointers())
def test_what_it_points_at_is_there(pointer):
    path, _colons, name = pointer.partition("::")
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", pointer):
        assert hasattr(settings, pointer) or f"{pointer}=" in (ROOT / "deploy/env.example").read_text()
        return
    assert path.startswith("/") or (ROOT / path).exists()
    assert not name or name in named_in(path)


def test_what_it_links_to_is_there():
    links = re.findall(r"\]\(([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
