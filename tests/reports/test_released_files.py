"""What is taken of an edition that was a draft before: no file of the draft, its comments and sheets; the largest."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from monitoring.models import AuditEntry
from reports import approvals, closings, comments, largest
from reports.api.told import EditionTold
from reports.closings.preparing import preparing
from reports.exports import zipped
from reports.models import Closing, Edition, SupplementFile
from reports.shown import ListedEdition
from tests.everybody import client_of
from tests.reports.agreed import agreed, drafted_month, seen, sheet_to, time_is_over
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand, pytest.mark.usefixtures("tables_alone")]

WORDS = "We read page 3 otherwise."


@pytest.fixture
def released(exercise, people, tmp_path) -> Closing:
    """A month that was commented on and that two let go out."""
    agreed(exercise, tmp_path)
    occasions.filed(exercise, people.monitor_north)
    closing = drafted_month(exercise)
    with preparing():
        draft = Edition.objects.get(guarantor__code="birch")
    comments.say(draft.public_id, by=people.guarantor_birch, words=WORDS)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)
    closing = closings.advance(closing.pk)
    assert closing.released_at is not None, closing.failure
    return closing


def test_every_query_asks_for_the_released_files_itself(released, people, rf):
    with preparing():  # the database holds nothing back
        edition = Edition.objects.visible_to(people.guarantor_alder).for_listing().get()
        stages = list(Edition.objects.get(pk=edition.pk).renditions.values_list("stage", flat=True))
        assert sorted(stages) == ["draft", "draft", "final", "final"]
        final = {str(file.public_id) for file in edition.renditions.all()}
        assert {file.stage for file in edition.renditions.all()} == {"final"}
        plain = Edition.objects.visible_to(people.guarantor_alder).select_related("closing__version").get()
        assert {file["id"] for file in ListedEdition(plain).files} == final
        assert {str(file.public_id) for file in zipped.taken(plain, by=people.guarantor_alder)} == final
        told = EditionTold(edition, context={"request": rf.get("/")}).data["renditions"]
        assert {file["id"] for file in told} == final


def whole(people, edition: Edition) -> zipfile.ZipFile:
    answer = client_of(people.guarantor_alder).get(reverse("edition-zip", args=[edition.public_id]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_zip_holds_the_sheets_and_its_spreadsheet_the_comments_as_the_csv_does(released, people):
    sheet = sheet_to(released, people)
    edition = released.editions.get(guarantor__code="alder")
    stored = {file.file_name: file.sha256 for file in SupplementFile.objects.filter(supplement=sheet)}
    assert stored
    with whole(people, edition) as archive:
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in stored} == stored
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("edition.xlsx")))
        (figures,) = (name for name in archive.namelist() if name.endswith("alder_en.csv"))
        assert WORDS in archive.read(figures).decode("utf-8-sig")
    rows = book.get_sheet_by_name("Figures").to_python()
    assert [row for row in rows if WORDS in row]
    logged = AuditEntry.objects.filter(actor=people.guarantor_alder, action="supplement.download")
    assert logged.count() == len(stored)


def test_what_is_too_large_for_a_spreadsheet_is_zipped_without_it_and_its_figures_are_not_laid_out(
    released, people, monkeypatch
):
    monkeypatch.setattr(largest, "LARGEST_CONTENT", len(released.content()) - 1)
    edition = released.editions.get(guarantor__code="alder")
    with whole(people, edition) as archive:
        assert "edition.xlsx" not in archive.namelist()
        assert "edition.xlsx" not in archive.read("columns.csv").decode()
        assert "There is no spreadsheet" in archive.read("README.txt").decode()
    reader, moderator = client_of(people.guarantor_alder), client_of(people.moderator_north)
    before = AuditEntry.objects.filter(action="edition.take_edition_xlsx").count()
    assert reader.get(reverse("edition-xlsx", args=[edition.public_id])).status_code == 409
    assert AuditEntry.objects.filter(action="edition.take_edition_xlsx").count() == before
    answer = reader.get(reverse("edition-figures", args=[edition.public_id]))
    assert answer.status_code == 409
    assert "Take its files" in answer.text
    answer = moderator.get(reverse("admin:reports_closing_figures"), {"closing": str(released.public_id)})
    assert answer.status_code == 409
    monkeypatch.setattr(largest, "LARGEST_CONTENT", len(released.content()))
    assert reader.get(reverse("edition-figures", args=[edition.public_id])).status_code == 200
    with whole(people, edition) as archive:
        assert "edition.xlsx" in archive.namelist()
        assert "There is no spreadsheet" not in archive.read("README.txt").decode()
