"""January 2017 on real events, printed for Russia, Turkey and Iran: one form for all, no blank pages, sets named."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.utils import translation
from pypdf import PdfReader

from reports import closings
from reports.renderers import pdf
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.violations.real_events import TRUCE, given, load_boundaries, run
from violations.outside_sources import UCDP_GED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone"), given]

MOST_PAGES = 32
DRAWN = re.compile(r"Figure \d+\.")


@pytest.fixture
def editions(astana, tmp_path):
    """The editions of the month's second closing: between the first and this all that the set tells came in."""
    closings.advance(closings.request(astana, "month", "2017-01").pk)
    load_boundaries()
    run(TRUCE, rejects=tmp_path / "rejects.csv")
    closing = closings.advance(closings.request(astana, "month", "2017-01").pk)
    content = json.loads(closing.content())
    return {
        edition.guarantor.code: Reading(content, json.loads(edition.content), "en")
        for edition in closing.editions.select_related("guarantor")
    }


def test_the_editions_of_three_states_are_printed_alike(editions):
    assert set(editions) == {"iran", "russia", "turkey"}
    for state, reading in editions.items():
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf.render(reading))).pages]
        assert len(pages) <= MOST_PAGES, state
        blank = [at for at, text in enumerate(pages[:-1], 1) if len(text.split()) < 200 and not DRAWN.search(text)]
        assert not blank, (state, blank)
        assert UCDP_GED.name in pages[0].replace("\u00a0", " ")
        assert sum("figures differ, more than a page has room for" in text for text in pages) == 1

    with translation.override("en"):
        reports = {state: compose(reading) for state, reading in editions.items()}
    forms = {}
    for state, report in reports.items():
        blocks = [*report["blocks"], *report["wide_blocks"]]
        named = {block["anchor"]: block for block in blocks if block["kind"] == "table"}
        assert UCDP_GED.licence in named["column-key"]["note"]
        assert len(named["annex"]["rows"]) > 400
        listed = named.get("own-annex")
        forms[state] = listed and [cell["text"] for cell in listed["head"][0]]
        if listed:
            words = " ".join(row["cells"][1] for row in listed["rows"] if row["look"] != "group").split()
            concerned = editions[state].edition["concerns"]
            told = {one for rows in ("own_forces", "undertaken") for row in concerned[rows] for one in row["incidents"]}
            assert told <= set(" ".join(words).replace("\u00a0", " ").split())
    assert forms["russia"] == forms["turkey"] == ["From", "References, with the place"]
    assert forms["iran"] is None, "no event names a party that Iran answers for"
