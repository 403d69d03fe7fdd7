"""What a report is composed of: names, orders, numbers that add up, neutral words, nothing said by the templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from reports.renderers.document import blocks
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE

ROOT = Path(__file__).parents[2]
RENDERERS = ROOT / "reports" / "renderers"
MISSING_LETTER = "could not be displayed"  # what the typesetter says


def composed(name: str = EXERCISE, language: str = "en"):
    with translation.override(language):
        return compose(readings.reading(name, language))


def all_blocks(report):
    return [*report["first_page"], *report["blocks"], *report["wide_blocks"]]


@pytest.mark.parametrize("name", ALL)
def test_every_pointer_to_a_table_or_figure_has_found_its_number(name):
    report = composed(name)
    assert not [text for text in blocks.texts(report) if "\ue000" in text]
    anchors = {block["anchor"] for block in all_blocks(report) if block["kind"] == "table"}
    for block in all_blocks(report):
        if block["kind"] == "figure" and block["to"]:
            assert block["to"] in anchors


@pytest.mark.parametrize("name", ALL)
def test_section_7_names_every_drawing_with_its_table(name):
    report = composed(name)
    drawn = [block for block in all_blocks(report) if block["kind"] == "figure"]
    (at,) = [at for at, block in enumerate(report["blocks"]) if block.get("text") == "7. Map and charts"]
    said = report["blocks"][at + 1]["text"]
    numbers = {block["anchor"]: block["number"] for block in all_blocks(report) if block["kind"] == "table"}
    for block in drawn:
        its = f" (its figures: {numbers[block['to']]})" if block["to"] else ""
        assert f"{block['number']}{its}" in said


@pytest.mark.parametrize("name", ALL)
def test_tables_are_numbered_in_the_order_in_which_they_stand(name):
    blocks_held = [
        inner
        for block in all_blocks(composed(name))
        for inner in (
            [held for column in block["columns"] for held in column] if block["kind"] == "together" else [block]
        )
    ]
    numbers = [block["number"] for block in blocks_held if block["kind"] == "table"]
    assert numbers == [f"Table\u00a0{at}" for at in range(1, len(numbers) + 1)]


def test_every_chart_says_what_it_shows_its_measure_and_how_many():
    figures = [block for block in all_blocks(composed()) if block["kind"] == "figure"]
    assert len(figures) == 5
    for figure in figures:
        assert re.search(r"\d", figure["headline"])
        assert figure["subtitle"]
        assert re.search(r"n = \d+|\d+ ledger days", figure["source"])
        assert figure["see"].startswith("Figures: Table\u00a0")
        assert figure["alt"]


def test_every_table_of_incidents_has_columns_that_add_up():
    tables = [block for block in all_blocks(composed()) if block["kind"] == "table" and len(block["columns"]) >= 18]
    assert len(tables) >= 10
    for table in tables:
        brief = table["anchor"] == "first-by-side"
        columns = 12 if brief else 15
        for row in table["rows"]:
            if row["look"] != "group":
                registered, *rest = [int(cell["text"]) for cell in row["cells"][1 : columns + 2]]
                assert registered == sum(rest), (table["caption"], row)


def test_states_and_parties_stand_in_english_alphabetical_order_in_every_language():
    content, edition = readings.stored(EXERCISE)
    names = {"alder": "Я", "birch": "Б", "cedar": "А"}
    for code, name in names.items():
        content["beside"]["labels"]["guarantor"][code]["ru"] = name
    reading = Reading(content, edition, "ru")
    assert [ledger["guarantor"] for ledger in reading.ledgers] == ["alder", "birch", "cedar"]
    assert reading.names("guarantor", ["cedar", "alder"]) == "Я; А"


def test_values_are_isolated_where_the_document_runs_from_right_to_left():
    report = composed(language="ar")
    assert report["frame"]["right_to_left"] is True
    table = next(block for block in report["blocks"] if block.get("anchor") == "by-day")
    numbers = [cell["text"] for cell in table["rows"][0]["cells"][1:]]
    assert all(text.startswith("\u2066") and text.endswith("\u2069") for text in numbers)
    assert report["masthead"]["facts"][-1]["value"].startswith("\u2066")


def test_the_templates_hold_no_words():
    for template in (RENDERERS / "typst").glob("*.typ"):
        code = re.sub(r"//.*", "", template.read_text())
        for quoted in re.findall(r'"([^"]*)"', code):
            assert " " not in quoted.strip(), (template.name, quoted)


def test_every_sentence_of_the_renderers_can_be_translated():
    """Words with spaces between them stand in a call that translates, or in a docstring."""
    translating = {"_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_lazy"}
    for path in RENDERERS.rglob("*.py"):
        tree = ast.parse(path.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        excused = {id(node) for call in calls if getattr(call.func, "id", "") in translating for node in ast.walk(call)}
        excused |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for text in texts:
            said = id(text) not in excused and re.search(r"[a-z]{2,} [a-z]{2,}", text.value)
            assert not said or text.value == MISSING_LETTER, (path.name, text.value)


def test_nothing_is_red_green_or_more_than_one_ink():
    for path in [*(RENDERERS / "typst").glob("*.typ"), *(ROOT / "reports" / "static").rglob("*.css")]:
        for colour in re.findall(r"#([0-9a-f]{6})\b", path.read_text()):
            red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
            assert red <= green <= blue, (path.name, colour)
            assert blue - red <= 0x20, (path.name, colour)
