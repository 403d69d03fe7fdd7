"""States, parties and sides stand in English alphabetical order: in every language, table, kind of report and list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from reports.renderers.document import blocks
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.everybody import client_of
from tests.reports import readings
from tests.reports.released import released_month
from tests.violations.occasions import reloaded
from violations import addressees

LANGUAGES = ("en", "ru", "tr", "fa", "ar")
# The letters of an alphabet, last first: what is ordered by names in that language stands the wrong way round.
BACKWARDS = {
    "ru": "ЯЮЭЩШЧЦХФУТСРПОНМЛКИЗЖЕДГВБА",
    "tr": "ZYVÜUTŞSRPÖONMLKJİIHGFEDÇCBA",
    "fa": "یهونملگکقفغعظطضصشسژزرذدخحچجثتپبا",
    "ar": "يوهنملكقفغعظطضصشسزرذدخحجثتبا",
}
KINDS = ("guarantor", "side", "party")
MARK = re.compile(r"‹(guarantor|side|party)(\d\d)›")
CONTENTS = {
    **{name: (lambda name=name: readings.stored(name)) for name in readings.ALL},
    "a day": readings.single_day,
    "a busy day": readings.busy_day,
    "an imported month": readings.imported,
    "a crowded month": readings.crowded,
    "without parties": readings.without_parties,
    "from before": readings.from_before,
}


def marked(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The content with every name bearing its place in English order, and first letters that go the other way."""
    for kind in KINDS:
        labels = content["beside"]["labels"].get(kind, {})
        in_order = sorted(labels, key=lambda code: (labels[code]["en"].casefold(), code))
        for place, code in enumerate(in_order):
            mark = f"‹{kind}{place:02d}›"
            if language == "en":
                labels[code]["en"] += mark
            else:
                letters = BACKWARDS[language]
                labels[code][language] = f"{letters[min(place, len(letters) - 1)]}{mark}"
    return content


def lists(report: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What names may stand in, in their order: first cells of a table's rows, each line of its head, each text."""
    for part in ("first_page", "blocks", "wide_blocks"):
        for block in blocks._singly(report[part]):
            if block["kind"] == "table":
                where = block["caption"]
                yield where, [said(row["cells"][0]) for row in block["rows"]]
                for line in block["head"]:
                    yield where, [said(cell) for cell in line]
            elif block["kind"] == "facts":
                yield "facts", [term for term, _told in block["pairs"]]


def said(cell: Any) -> str:
    """What a cell begins with; what stands in brackets behind a name is no place in a list."""
    return (cell if isinstance(cell, str) else cell["text"]).partition(" (")[0]


def first_met(texts: list[str], kind: str) -> list[int]:
    """The places of the names of a kind where each is first met as the only one of a cell."""
    met: list[int] = []
    for text in texts:
        found = [int(place) for of, place in MARK.findall(text) if of == kind]
        if len(found) == 1 and found[0] not in met:
            met.append(found[0])
    return met


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CONTENTS)
def test_every_table_of_every_kind_has_states_and_sides_in_english_order(name, language):
    content, edition = CONTENTS[name]()
    reading = Reading(marked(content, language), edition, language)
    with translation.override(language):
        report = compose(reading)
    seen = 0
    for where, texts in lists(report):
        for kind in ("guarantor", "side"):
            places = first_met(texts, kind)
            seen += len(places) > 1
            assert places == sorted(places), (where, kind, texts)
    assert seen, "no list was there to be looked at"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CONTENTS)
def test_every_list_within_a_cell_or_a_sentence_is_in_english_order(name, language):
    content, edition = CONTENTS[name]()
    reading = Reading(marked(content, language), edition, language)
    with translation.override(language):
        report = compose(reading)
    for text in blocks.texts(report):
        for listed in re.split(r"(?<=[.:])\s", text):
            names = listed.split("; ")
            if len(names) > 1 and all(MARK.search(one) for one in names):
                places = [MARK.search(one).groups() for one in names]
                for kind in KINDS:
                    of_kind = [int(place) for found, place in places if found == kind]
                    assert of_kind == sorted(of_kind), text


# --- lists of the portal and of the administration ---

RENAMED = {
    "alder": ('names = { en = "Alder" }', 'names = { en = "Yew", ru = "Аист" }', "Yew", "Аист"),
    "birch": ('names = { en = "Birch" }', 'names = { en = "Maple", ru = "Белка" }', "Maple", "Белка"),
    "cedar": ('names = { en = "Cedar" }', 'names = { en = "elm", ru = "Волк" }', "elm", "Волк"),
}
IN_ORDER = ["cedar", "birch", "alder"]  # elm, Maple, Yew: neither by code, nor by letters' case, nor in Russian


@pytest.fixture
def renamed(exercise, people, tmp_path):
    """The exercise's guarantors under names whose order is that of nothing else."""
    reloaded(tmp_path, *(change[:2] for change in RENAMED.values()))
    exercise.refresh_from_db()
    return exercise


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("page", ["truce-returns", "truce-lists"])
def test_ledgers_on_pages_of_guarantors_stand_by_english_name(renamed, people, page, language):
    answer = client_of(people.guarantor_alder).get(
        reverse(page, args=[renamed.code]), headers={"accept-language": language}
    )
    assert answer.status_code == 200
    wanted = [RENAMED[code][3 if language == "ru" else 2] for code in IN_ORDER]
    if page == "truce-returns":
        assert list(answer.context["names"]) == wanted
    told = answer.content.decode()
    heads = re.findall("|".join(map(re.escape, wanted)), told.partition("<table")[2].partition("</thead>")[0])
    assert heads in ([], wanted)


@pytest.mark.django_db
def test_whom_one_may_ask_stands_by_english_name(renamed):
    offered = addressees.addressees(renamed)
    assert [one.guarantor.code for one in offered if one.guarantor] == IN_ORDER
    parties = [one.party.name.lower() for one in offered if one.party]
    assert parties == sorted(parties)


@pytest.mark.django_db
def test_forms_of_the_administration_offer_states_and_parties_by_english_name(renamed, people):
    client = client_of(people.moderator_independent)
    for name in ("measure_record", "guarantorstatement_take_down", "informationrequest_ask"):
        answer = client.get(reverse(f"admin:violations_{name}", args=[renamed.code]))
        assert answer.status_code == 200, name
        told = answer.content.decode()
        states = [RENAMED[code][2] for code in IN_ORDER]
        met = re.findall(rf">\s*({'|'.join(states)})\s*<", told)
        assert [one for one in met if one in states] == states, name


@pytest.mark.django_db
def test_editions_and_returns_of_the_administration_stand_by_english_name(renamed, people):
    released_month(renamed)
    answer = client_of(people.operator).get(reverse("admin:reports_edition_changelist"))
    assert [row.guarantor.code for row in answer.context["cl"].result_list] == IN_ORDER
