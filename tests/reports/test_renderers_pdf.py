"""The PDF: one first page with all that it must hold, the same bytes for the same content, readable by everyone."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import renderers
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE, JANUARY, MAY

ROOT = Path(__file__).parents[2]
DRAWN = re.compile(r"Figure \d+\.")
IN_ANOTHER_PROCESS = """
import hashlib, json, sys, django; django.setup()
from reports import renderers
print(hashlib.sha256(renderers.render('pdf', *json.load(sys.stdin), language='en')).hexdigest())
"""


def pdf_of(content, edition) -> PdfReader:
    return PdfReader(io.BytesIO(renderers.render("pdf", content, edition, language="en")))


def text_of(page) -> str:
    return " ".join(page.extract_text().replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def pdfs() -> dict[str, PdfReader]:
    return {name: pdf_of(*readings.stored(name)) for name in ALL}


@pytest.fixture(scope="module")
def told(pdfs) -> dict[str, list[str]]:
    """The text of every page."""
    return {name: [text_of(page) for page in pdf.pages] for name, pdf in pdfs.items()}


def test_equal_content_gives_equal_bytes_in_another_process_too():
    content, edition = readings.stored(JANUARY)
    here = hashlib.sha256(renderers.render("pdf", content, edition, language="en")).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        input=json.dumps([content, edition]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert there.stdout.strip() == here


@pytest.mark.parametrize("name", ALL)
def test_every_page_says_what_it_is_and_carries_hash_and_number(told, name):
    pages = told[name]
    reading = readings.reading(name)
    for number, text in enumerate(pages, start=1):
        assert reading.short_hash in text
        assert f"page {number} of {len(pages)}" in text
        assert reading.label("guarantor", reading.edition["guarantor"]) in text
        assert ("SIMULATED" in text) is reading.simulated


@pytest.mark.parametrize("name", ALL)
def test_the_first_page_is_one_page_and_a_summary_of_at_most_three_follows(told, name):
    pages = told[name]
    assert "without prejudice to the status or recognition" in pages[0]
    assert "Summary" in pages[1]
    tables_begin = next(number for number, page in enumerate(pages) if "2. The ledgers side by side" in page)
    assert 2 <= tables_begin <= 4


@pytest.mark.parametrize("case", [*ALL, "imported"])
def test_no_page_but_the_last_is_nearly_blank(told, case):
    """A heading and a few lines are no page. Some thirty words run over and under each; a drawing has few."""
    pages = told.get(case) or [text_of(page) for page in pdf_of(*readings.imported()).pages]
    words = {number: len(text.split()) for number, text in enumerate(pages[:-1], 1) if not DRAWN.search(text)}
    assert len(words) > 3
    assert not {number: many for number, many in words.items() if many < 200}


def test_the_first_page_holds_all_that_it_must(told):
    text = told[EXERCISE][0]
    for said in (
        "Exercise material",
        "Varrow Truce (exercise)",
        "March 2025",
        "Edition for Birch",
        "from 1 March 2025, 00:00 until before 1 April 2025, 00:00 (UTC−08:00)",
        "the record as known at",
        "closing 2, revising closing 1",
        "Authentic language English",
        "Alder Alder 23 of 30",
        "Birch Birch 30 of 30",
        "Teams were at work on 18 of 31 days, and in 6 areas on at least one of them",
        "Restrictions of movement: 2 (",
        "North side: own forces of guarantors",
        "Of 30 incidents registered, 13 stand as violations (determined: 2; preliminary: 11).",
        "Out of scope: 4; pending: 5; in the other columns: 8.",
        "All incidents 30 1 4 1 2 5 0 1 1 1 1 2 11 17 16 13 4 5",
        "at least 4 killed and 5 injured are verified",
        "Determinations in this period on earlier incidents: none could be recorded in it",
        "Events of concern, each in the words of two people of different sides",
        "Mortar rounds fell on a road while a water pump beside it was being repaired. (incident ",
        "Improvements, each in the words of two people",
        "Requests for information open to Birch at the cut-off: 1, due ",
        "Reservations that bear on this period:",
        "South League, on guarantor Cedar",
        "does not show that all incidents were reported",
    ):
        assert said in text, said


def test_what_nobody_filed_is_not_printed_as_zero(told):
    text = told[JANUARY][0]
    assert "This is not a count of zero" in text
    assert "All incidents" not in text
    assert "5 of 31" in text
    assert "What was under observation is not known: no team had filed hours of work in this period." in text
    assert "No restriction of movement was filed." in text
    assert "0 of 8" in text
    assert "12 Jan: 25; 16 Jan: 9; 22 Jan: 12; 23 Jan: 0; no total: days not held" in text


def test_what_each_side_said_of_the_other_stands_in_the_tables(told):
    text = " ".join(told[JANUARY])
    assert "Ledger of Turkey, as told by Russian Federation" in text
    assert "partial: Aleppo 6 confirms 3" in text
    assert "0 (nil return)" in text
    assert "none known" in text


def test_without_shapes_it_says_so_and_with_zones_it_says_who_drew_them(told):
    assert "No map is drawn: the shapes of the areas are not loaded" in told[JANUARY][1]
    may = " ".join(told[MAY])
    assert "Indicative lines were drawn for orientation: no coordinates were published" in may
    exercise = " ".join(told[EXERCISE])
    assert "as drawn by North side" in exercise
    assert "without prejudice to status, recognition or boundaries" in exercise


@pytest.mark.parametrize("name", ALL)
def test_it_is_tagged_titled_dated_and_in_a_language_with_bookmarks(pdfs, name):
    pdf = pdfs[name]
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert readings.reading(name).period_name in pdf.metadata.title
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in pdf.xmp_metadata.stream.get_data().decode()
    assert "pdfaid:conformance" in pdf.xmp_metadata.stream.get_data().decode()
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert "Summary" in titles
    assert any(title.startswith("10. Annex") for title in titles)


@pytest.mark.parametrize("name", ALL)
def test_every_font_is_embedded(pdfs, name):
    for page in pdfs[name].pages:
        for font in page["/Resources"]["/Font"].values():
            (descendant,) = font["/DescendantFonts"]
            assert "/FontFile2" in descendant["/FontDescriptor"] or "/FontFile3" in descendant["/FontDescriptor"]


def test_long_names_many_reservations_and_all_that_may_be_chosen_do_not_break_the_first_page():
    pages = pdf_of(*readings.crowded()).pages
    text = text_of(pages[0])
    assert [text.count(f"{nth}: Fire was heard for the whole of the night") for nth in ("one", "two", "six")] == [2] * 3
    assert "without prejudice to the status or recognition" in text
    assert "more reservations stand in section 8" in text
    assert "Summary" in text_of(pages[1])


def test_a_truce_that_names_no_party_is_rendered():
    unnamed = " ".join(text_of(page) for page in pdf_of(*readings.without_parties()).pages)
    assert "this truce does not publish attribution" in unnamed.lower()
    assert "alleged: " not in unnamed


def test_a_truce_in_which_the_texts_would_name_who_fired_says_what_it_withholds():
    text = " ".join(" ".join(text_of(page).split()) for page in pdf_of(*readings.without_binding()).pages)
    assert "Where each incident stands and which provisions it breached is withheld here" in text
    assert "how a party is bound; which is withheld" in text
    section = text.split("10. Annex: the incidents")[-1]
    assert section.count("withheld") == len(readings.without_binding()[0]["beside"]["annex"]["incidents"])
    assert "out of scope: " not in section


def test_a_name_in_a_script_without_a_font_still_gives_a_report():
    pages = pdf_of(*readings.renamed("party", "north-army", "北方軍")).pages
    assert len(pages) > 5


def test_a_name_in_arabic_and_a_name_that_would_turn_the_line_round():
    arabic = pdf_of(*readings.renamed("guarantor", "birch", "البتولا"))
    assert "page 1 of" in text_of(arabic.pages[0])
    turned = " ".join(
        text_of(page) for page in pdf_of(*readings.renamed("party", "north-army", "\u202eymra\u202c North\n")).pages
    )
    assert "\u202e" not in turned
    assert "ymra North" in turned


def test_large_numbers_stay_on_the_page():
    content, edition = readings.stored(EXERCISE)
    total = content["sections"]["incidents"]["total"]
    for row in (total, *content["sections"]["incidents"]["by_side"]):
        row["registered"] = 1_234_567
        row["columns"] = dict.fromkeys(row["columns"], 82_304)
    page = text_of(pdf_of(content, edition).pages[0])
    assert page.count("1 234 567") >= 7
