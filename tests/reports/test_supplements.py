"""Corrigenda and addenda: words by two on a sheet of its own, to every guarantor at one instant, changing no figure."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader
from rest_framework.test import APIClient

from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from reports import closings, drafts_seen, supplements
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, Supplement, SupplementFile
from tests.reports.agreed import sheet_to
from tests.reports.released import released_month
from tests.reports.schema import check_supplement
from tests.reports.test_drafts import refused
from tests.reports.test_editions_api import token_of
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
WORDS = "Page 3, note to Table 2: for “the ford” read “the weir”."
SHEETS = reverse("admin:reports_closing_supplements")


@pytest.fixture
def closing(exercise) -> Closing:
    return released_month(exercise)


def stored(sheet: Supplement) -> dict[str, bytes]:
    files = {}
    for file in SupplementFile.objects.filter(supplement=sheet):
        with default_storage.open(file.path) as opened:
            files[file.format] = opened.read()
    return files


def test_it_is_numbered_made_and_released_at_one_instant_and_changes_no_figure(closing, people):
    before = closing.content_sha256
    sheet = sheet_to(closing, people, WORDS)
    assert (sheet.number, sheet.kind) == (1, "corr")
    assert sheet.released_at is not None
    files = stored(sheet)
    told = json.loads(files["json"])["supplement"]
    check_supplement(told)
    assert (told["words"], told["closing"], told["content_sha256"]) == (WORDS, str(closing.public_id), before)
    (page,) = PdfReader(BytesIO(files["pdf"])).pages
    text = page.extract_text()
    assert "Corr. 1" in text
    assert "for “the ford” read “the weir”" in " ".join(text.split())
    assert "SIMULATED" in text
    assert "Released to all guarantors" in text, "when the closing was released is known by now, and said"
    closing.refresh_from_db()
    assert closing.content_sha256 == before
    assert closings.verify(closing).outcome == "same"
    assert sheet_to(closing, people).number == 2
    names = sorted(SupplementFile.objects.values_list("file_name", flat=True))
    assert names[0] == "SIMULATED_exercise_2025-03_no1_corr1_en.json"


def test_made_again_it_is_the_same_and_only_once(closing, people):
    sheet = sheet_to(closing, people)
    assert supplements.issue(sheet.pk).released_at == sheet.released_at
    assert SupplementFile.objects.count() == 2


def test_neither_one_person_nor_one_side_is_two(closing, people):
    proposed = supplements.propose(closing.public_id, "add", WORDS, by=people.moderator_north)
    for by, code in ((people.moderator_north, "same_person"), (people.moderator_north_2, "same_side")):
        with pytest.raises(Forbidden) as refusal:
            supplements.second(proposed.public_id, by=by)
        assert refusal.value.code == code
    assert supplements.issue(proposed.pk).released_at is None
    assert supplements.second(proposed.public_id, by=people.moderator_independent).number == 1


def test_it_is_taken_back_by_whoever_proposed_it_and_then_not_seconded(closing, people):
    proposed = supplements.propose(closing.public_id, "corr", WORDS, by=people.moderator_north)
    with pytest.raises(Forbidden):
        supplements.withdraw(proposed.public_id, by=people.moderator_south)
    supplements.withdraw(proposed.public_id, by=people.moderator_north)
    with pytest.raises(NotNow):
        supplements.second(proposed.public_id, by=people.moderator_south)


def test_there_is_none_to_what_is_not_released_nor_without_words(exercise, people, closing):
    asked = closings.request(exercise, "day", "2025-03-11")
    with pytest.raises(NotFound):
        supplements.propose(asked.public_id, "corr", WORDS, by=people.moderator_north)
    with pytest.raises(NotFound):
        supplements.propose(closing.public_id, "corr", WORDS, by=people.guarantor_alder)
    for kind, words in (("corr", " "), ("corr", "x" * 4001), ("rev", WORDS)):
        with pytest.raises(Malformed):
            supplements.propose(closing.public_id, kind, words, by=people.moderator_north)
    with preparing():
        assert not Supplement.objects.exists()


def counted() -> tuple[int, int]:
    """How many sheets and files of sheets the application's role finds in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from reports_supplement), (select count(*) from reports_supplementfile)"
        )
        return cursor.fetchone()


def test_what_is_not_released_is_seen_by_who_prepares_it_and_who_moderates_its_truce(closing, people):
    proposed = supplements.propose(closing.public_id, "corr", WORDS, by=people.moderator_north)
    for _step in range(2):
        assert counted() == (0, 0), "a query that forgot to ask for released sheets finds none"
        with drafts_seen.reading_as(people.guarantor_alder):
            assert counted() == (0, 0)
        with drafts_seen.reading_for([closing.agreement_id + 1]):
            assert counted() == (0, 0), "those of another truce are another's"
        for reading in (drafts_seen.reading_for([closing.agreement_id]), preparing()):
            with reading:
                assert counted() == (1, 0)
        with supplements.reading_as(people.operator):
            assert counted() == (0, 0)
        if _step == 0:
            supplements.second(proposed.public_id, by=people.moderator_south)
    supplements.issue(proposed.pk)
    assert counted() == (1, 2)
    with connection.cursor() as cursor:
        for table in ("reports_supplement", "reports_supplementfile"):
            cursor.execute("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [table])
            assert cursor.fetchone() == (True, True)


def test_no_file_is_added_to_a_sheet_that_is_not_seen_nor_shown_before_its_release(closing, people):
    sheet_to(closing, people)
    proposed = supplements.propose(closing.public_id, "add", WORDS, by=people.moderator_north)
    agreed = supplements.second(proposed.public_id, by=people.moderator_south)
    added = (
        "insert into reports_supplementfile (recorded_at, public_id, supplement_id, format, language, path, file_name,"
        " sha256, size) select clock_timestamp(), gen_random_uuid(), %s, format, language, path, file_name, sha256,"
        " size from reports_supplementfile limit 1"
    )
    unprepared = pytest.raises(DatabaseError, match="by who does not prepare it")
    with unprepared, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(added, [agreed.pk])
    with transaction.atomic():
        with preparing(), connection.cursor() as cursor:
            cursor.execute(added, [agreed.pk])
            assert counted() == (2, 3)
        with drafts_seen.reading_for([closing.agreement_id]):
            assert counted() == (2, 2), "the files are seen by those who make them alone"
        assert counted() == (1, 2)
        transaction.set_rollback(True)


def test_every_guarantor_reads_it_on_its_edition_and_nobody_before_it_is_released(client, closing, people):
    proposed = supplements.propose(closing.public_id, "corr", WORDS, by=people.moderator_north)
    agreed = supplements.second(proposed.public_id, by=people.moderator_south)
    edition = Edition.objects.get(guarantor__code="birch")
    client.force_login(people.guarantor_birch)
    assert WORDS not in client.get(reverse("edition", args=[edition.public_id])).text
    with preparing():
        assert list(Supplement.objects.waiting()) == [agreed], "the sweep finds it"
    supplements.issue(agreed.pk)
    page = client.get(reverse("edition", args=[edition.public_id])).text
    assert "for “the ford” read" in page
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token_of(people.guarantor_birch, people.operator)}")
    (told,) = api.get(f"/api/v1/editions/{edition.public_id}/").json()["supplements"]
    assert (told["kind"], told["number"], told["words"]) == ("corr", 1, WORDS)
    for file in SupplementFile.objects.all():
        address = reverse("supplement-file", args=[file.public_id])
        assert address in page
        assert client.get(address).status_code == 200
        assert api.get(f"/api/v1/supplements/files/{file.public_id}/").status_code == 200
    client.force_login(people.moderator_north)
    assert client.get(address).status_code == 404, "files are guarantors'"


def test_moderators_propose_and_second_on_a_page(client, closing, people):
    client.force_login(people.moderator_north)
    wrong = client.post(SHEETS, {"closing": str(closing.public_id), "kind": "corr", "words": ""})
    assert wrong.status_code == 400
    right = client.post(SHEETS, {"closing": str(closing.public_id), "kind": "corr", "words": WORDS})
    assert right.status_code == 302
    with preparing():
        proposed = Supplement.objects.get()
    second = reverse("admin:reports_supplement_second", args=[proposed.public_id])
    assert client.post(second).status_code == 403
    client.force_login(people.moderator_south)
    assert second in client.get(SHEETS).text
    assert client.post(second).status_code == 302
    with preparing():
        proposed.refresh_from_db()
    assert proposed.number == 1
    assert "Agreed on, being made" in client.get(SHEETS).text
    for person in (people.operator, people.superuser):
        client.force_login(person)
        assert client.get(SHEETS).status_code == 403


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("words = 'otherwise'", "permission denied"),
        ("released_at = clock_timestamp()", "released with its files"),
        (
            "number = 1, seconded_at = clock_timestamp(), seconded_by_id = proposed_by_id",
            "two people of different sides",
        ),
    ],
)
def test_postgresql_refuses_it_by_one_alone(closing, people, change, said):
    supplements.propose(closing.public_id, "corr", WORDS, by=people.moderator_north)
    assert said in refused(f"update reports_supplement set {change}")


def test_a_revision_says_which_it_is_in_its_files_names_and_pages(client, exercise, people, closing):
    occasions.filed(exercise, people.monitor_north)
    second = released_month(exercise)
    assert second.revision == 1
    edition = Edition.objects.get(closing=second, guarantor__code="alder")
    client.force_login(people.guarantor_alder)
    assert "(Rev. 1)" in client.get(reverse("edition", args=[edition.public_id])).text
    assert edition.renditions.get().file_name == "SIMULATED_exercise_2025-03_no2_rev1_alder_en.json"
