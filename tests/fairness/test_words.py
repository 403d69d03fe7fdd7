"""No sentence, template, catalogue, code list or name of ours takes a side; no style gives a party a colour."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from monitoring import mechanism_file, wording
from tests.monitoring.truces import SHIPPED, write

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "monitoring", "violations", "reports")
# Modules that are lists of codes, read whole; and calls whose words a reader meets.
CODES = re.compile(r"codebook|_codes|_definitions|outside_sources|filer_tags|code_list")
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def of_rooms(pattern: str) -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in sorted((ROOT / room).rglob(pattern)) if "migrations" not in path.parts)


def told(tree: ast.AST) -> Iterator[str]:
    """The words in calls that translate, of labels of lists of codes, and of help texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            helping = [word.value for word in node.keywords if word.arg in {"help_text", "help", "verbose_name"}]
            for part in node.args if called in TRANSLATING else helping:
                yield from (
                    one.value for one in ast.walk(part) if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
        if isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
            yield from (
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


@pytest.mark.parametrize("pattern", ["*.html", "*.typ", "*.po", "*.js"])
def test_no_template_script_or_catalogue_holds_a_loaded_word(pattern):
    found = {path.name: words for path in of_rooms(pattern) if (words := wording.loaded_in(path.read_text()))}
    assert found == {}
    if pattern != "*.po":  # none is there until a language is
        assert list(of_rooms(pattern))


def test_no_sentence_or_label_of_the_code_holds_one():
    looked_at = 0
    for path in of_rooms("*.py"):
        if path.name == "wording.py":
            continue
        source = path.read_text()
        words = [source] if CODES.search(path.stem) else list(told(ast.parse(source)))
        looked_at += len(words)
        assert [found for one in words for found in wording.loaded_in(one)] == [], path
    assert looked_at > 1000


@pytest.mark.parametrize("name", ["openapi.json", "content.schema.json"])
def test_no_description_of_the_api_holds_one(name):
    def strings(value) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from strings(inner)

    texts = list(strings(json.loads((ROOT / "docs" / name).read_text())))
    assert texts
    assert [found for one in texts for found in wording.loaded_in(one)] == []


def test_words_are_found_whole_in_any_case_and_each_language():
    assert wording.loaded_in("The Regime and its MILITIAS, policed by nobody") == ["Regime", "MILITIAS"]
    assert wording.loaded_in("Боевики") == ["Боевики"]
    assert wording.loaded_in("گروه تروریستی") == ["تروریستی"]
    assert wording.loaded_in("a regime of cessation of hostilities; the ceasefire regime") == []
    for words in wording.LOADED.values():
        for word in words.split():
            assert wording.loaded_in(f"({word})") == [word]


def test_the_shipped_truces_hold_none_but_where_a_group_is_called_so(capsys):
    warned = {
        path.stem: [fault.place for fault in wording.of_mechanism(mechanism_file.read(path))]
        for path in sorted(SHIPPED.glob("*.toml"))
    }
    # The name of a brigade, as the list of those who signed has it.
    assert warned.pop("astana-2016") == ["parties[21] (martyr-ahmad-al-abdo-forces).names.en"]
    assert warned == {"exercise": [], "minsk-2015": []}


@pytest.mark.django_db
def test_a_loaded_name_is_told_with_its_place_when_a_truce_is_loaded_and_loaded_all_the_same(tmp_path, capsys):
    path = write(
        tmp_path,
        ('names = { en = "River Company" }', 'names = { en = "River Militia", ru = "Боевики реки" }'),
        ('handling_marking = "Exercise material"', 'handling_marking = "On the Occupied Island"'),
        ('text = { en = "Contests that', 'text = { en = "Says of the regime, and contests that'),
        ('aliases = { any = ["Gull Movement"] }', 'aliases = { any = ["Gull Terrorists"] }'),
    )
    call_command("load_mechanism", path)
    said = capsys.readouterr()
    assert "mechanism version 1" in said.out
    assert [line.partition(": ")[0] for line in said.err.splitlines()] == [
        "Look at terms.handling_marking",
        "Look at parties[9] (river-company).names.en",
        "Look at parties[9] (river-company).names.ru",
    ]
    assert "“Militia” takes a side" in said.err


def test_a_truce_without_such_a_name_is_loaded_without_a_word(tmp_path):
    shutil.copy(SHIPPED / "exercise.toml", tmp_path)
    shutil.copy(SHIPPED / "exercise.geojson", tmp_path)
    assert wording.of_mechanism(mechanism_file.read(tmp_path / "exercise.toml")) == []


# --- colours ---

STYLES = [*of_rooms("*.css"), *of_rooms("*.typ"), ROOT / "violations/static/violations/map.js"]
COLOURS = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![\w-])(?=[^{}]*[;,)}\"'\n])", re.IGNORECASE)
NAMED = re.compile(r":\s*(?:red|green|blue|yellow|orange|crimson|lime|navy|gold|maroon|purple)\b", re.IGNORECASE)


def colours(path: Path) -> Iterator[tuple[int, int, int]]:
    """Every colour that is written in a style; what follows a property, not what selects an element."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    if path.suffix == ".css":
        text = " ".join(re.findall(r"\{([^{}]*)\}", text))
    for found in COLOURS.findall(text):
        digits = found if len(found) == 6 else "".join(2 * digit for digit in found)
        yield tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_of_ours_has_more_than_one_ink(path):
    for red, green, blue in colours(path):
        assert red <= green <= blue <= red + 0x20, (path.name, red, green, blue)
    assert NAMED.search(path.read_text()) is None


def test_the_colours_are_found():
    assert sum(len(list(colours(path))) for path in STYLES) > 10
