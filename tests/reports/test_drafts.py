"""The draft of a month that two people release: the same for every guarantor at one instant, and marked everywhere."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from reports import closings, drafts_seen, renderers
from reports.closings.preparing import preparing
from reports.models import Closing, CommonContent, Edition, Rendition
from tests.reports.agreed import NO_WINDOW, WINDOW, agreed, drafted_month, rendered_month, time_is_over
from tests.violations import occasions

pytestmark = pytest.mark.django_db
STATES = ("alder", "birch", "cedar")
ADDED = """
insert into reports_rendition
    (public_id, edition_id, stage, format, language, path, file_name, sha256, size, recorded_at)
select gen_random_uuid(), edition_id, '{stage}', {form}, language, path, file_name, sha256, size, clock_timestamp()
from reports_rendition limit 1
"""


@pytest.fixture
def truce(exercise, tmp_path):
    """The exercise, its months released by two after 14 days for comments."""
    return agreed(exercise, tmp_path)


def of(stage: str) -> dict[str, dict[str, bytes]]:
    """The files of a stage by guarantor and format."""
    with preparing():
        files = list(Rendition.objects.filter(stage=stage).select_related("edition__guarantor"))
    told: dict[str, dict[str, bytes]] = {}
    for file in files:
        with default_storage.open(file.path) as stored:
            told.setdefault(file.edition.guarantor.code, {})[file.format] = stored.read()
    return told


@pytest.mark.usefixtures("json_alone")
def test_a_draft_is_shown_to_every_guarantor_at_one_instant_and_is_not_released(truce, people):
    closing = drafted_month(truce)
    assert closing.comments_until == closing.drafted_at + timedelta(days=WINDOW)
    assert (closing.released_at, closing.lease_holder, closing.attempts, closing.failure) == (None, None, 0, "")
    shown = {}
    for state in STATES:
        reader = getattr(people, f"guarantor_{state}")
        assert not Edition.objects.visible_to(reader).exists()
        assert not Edition.objects.drafts_for(reader).exists(), "a query that forgot to say for whom finds none"
        with drafts_seen.reading_as(reader):
            assert [one.guarantor.code for one in Edition.objects.all()] == [state], "by any query"
            shown[state] = Edition.objects.drafts_for(reader).get().drafted_at
            assert [one.stage for one in Rendition.objects.all()] == ["draft"]
    assert set(shown.values()) == {closing.drafted_at}
    assert not Closing.objects.waiting().exists(), "it waits for people, and no worker takes it up again and again"


@pytest.mark.usefixtures("json_alone")
def test_all_that_is_common_is_identical_and_what_concerns_one_state_is_its_own(truce, people):
    occasions.filed(truce, people.monitor_north)
    drafted_month(truce)
    told = {state: json.loads(files["json"]) for state, files in of("draft").items()}
    assert sorted(told) == list(STATES)
    assert len({json.dumps(one["closing"], sort_keys=True) for one in told.values()}) == 1
    assert {one["draft"] for one in told.values()} == {True}
    assert {state: one["edition"]["guarantor"] for state, one in told.items()} == {state: state for state in STATES}


def test_a_draft_says_so_on_every_page_and_every_line(truce, people):
    occasions.filed(truce, people.monitor_north)
    drafted_month(truce)
    files = of("draft")["alder"]
    pages = [page.extract_text() for page in PdfReader(BytesIO(files["pdf"])).pages]
    assert len(pages) > 3
    for page in pages:
        assert "DRAFT: to be commented on, not released." in page
        assert "SIMULATED: an exercise." in page
    head, *lines = files["csv"].decode("utf-8-sig").splitlines()
    assert "draft" in head.split(",")
    assert all(line.split(",")[5] == "yes" for line in lines)
    with preparing():
        assert all("_DRAFT_" in file.file_name for file in Rendition.objects.all())


@pytest.mark.by_hand
@pytest.mark.usefixtures("json_alone")
def test_what_is_released_later_are_other_files_that_say_nothing_of_a_draft(truce):
    closing = rendered_month(truce)
    final = json.loads(of("final")["alder"]["json"])
    assert "draft" not in final
    assert [item["said"] for item in final["comments"]["comments"]] == ["not_received"] * 3
    assert (closing.state, closing.released_at) == ("rendered", None)
    assert closings.verify(closing).outcome == "same"


@pytest.mark.usefixtures("json_alone")
def test_a_day_is_released_as_it_is_made(truce):
    closing = closings.advance(closings.request(truce, "day", "2025-03-10").pk)
    assert (closing.state, closing.drafted_at, closing.comments_sha256) == ("released", None, None)


@pytest.mark.usefixtures("json_alone")
def test_without_a_window_there_is_no_draft_and_two_release_it_all_the_same(exercise, tmp_path):
    truce = agreed(exercise, tmp_path, NO_WINDOW)
    closing = closings.advance(closings.request(truce, "month", "2025-03").pk)
    assert (closing.state, closing.drafted_at, closing.released_at) == ("rendered", None, None)
    assert not of("draft")
    assert json.loads(of("final")["alder"]["json"])["comments"]["comments"] == []


@pytest.mark.usefixtures("json_alone")
def test_what_comes_in_meanwhile_waits_for_the_revision(truce, people):
    closing = drafted_month(truce)
    occasions.filed(truce, people.monitor_north)
    assert closings.request(truce, "month", "2025-03") == closing, "the draft is what is under way"
    assert closings.advance(closing.pk).content_sha256 == closing.content_sha256


@pytest.mark.by_hand
@pytest.mark.usefixtures("json_alone")
def test_a_format_that_comes_while_a_draft_is_commented_on_is_not_asked_of_it(truce, monkeypatch):
    closing = drafted_month(truce)
    time_is_over(closing)
    monkeypatch.setattr(renderers, "FORMATS", {**renderers.FORMATS, "csv": renderers.csv.render})
    assert closings.advance(closing.pk).state == "rendered"
    assert {form for files in of("final").values() for form in files} == {"json"}


def refused(statement: str, *values) -> str:
    """What PostgreSQL says to the statement; '' where it would do it."""
    said = ""
    with transaction.atomic():
        try:
            with transaction.atomic(), preparing(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                assert cursor.rowcount, "nothing was asked of any row"
        except DatabaseError as refusal:
            said = str(refusal)
        transaction.set_rollback(True)
    return said


@pytest.mark.by_hand
@pytest.mark.usefixtures("json_alone")
def test_a_content_is_shown_before_its_release_to_its_guarantors_and_to_moderators_once_comments_are_closed(
    truce, people
):
    closing = drafted_month(truce)

    def shown(reading) -> bool:
        with reading:
            return CommonContent.objects.exists()

    asked = {
        "guarantor": lambda: drafts_seen.reading_as(people.guarantor_birch),
        "moderator": lambda: drafts_seen.reading_for([truce.pk]),
        "of another": lambda: drafts_seen.reading_for([truce.pk + 1]),
        "nobody": lambda: drafts_seen.reading_as(people.monitor_north),
    }
    assert not CommonContent.objects.exists()
    assert [who for who, reading in asked.items() if shown(reading())] == ["guarantor"]
    time_is_over(closing)
    assert closings.advance(closing.pk).state == "rendered"
    assert not CommonContent.objects.exists()
    assert [who for who, reading in asked.items() if shown(reading())] == ["guarantor", "moderator"]


@pytest.mark.usefixtures("json_alone")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update reports_closing set comments_sha256 = repeat('0', 64), state = 'commented'", "once the time for them"),
        ("update reports_closing set state = 'rendered'", "made with the comments"),
        ("update reports_closing set formats = '{json,csv}'", "in the formats that it was computed for"),
        ("update reports_closing set state = 'released', released_at = clock_timestamp()", "with the comments"),
        ("update reports_closing set drafted_at = clock_timestamp()", "does not change once it is written"),
        ("update reports_closing set comments_until = clock_timestamp()", "does not change once it is written"),
        ("update reports_edition set released_at = clock_timestamp()", "is released with its closing"),
        ("update reports_edition set drafted_at = clock_timestamp()", "does not change once it is written"),
        (
            ADDED.format(stage="draft", form="'csv'"),
            "stored before it is shown",
        ),
        (
            ADDED.format(stage="final", form="format"),
            "once the comments on the draft are closed",
        ),
    ],
)
def test_nothing_of_a_draft_moves_before_its_time(truce, statement, said):
    drafted_month(truce)
    assert said in refused(statement)


@pytest.mark.usefixtures("json_alone")
def test_no_draft_is_shown_where_the_truce_makes_none(exercise):
    lease = closings.claim(closings.request(exercise, "month", "2025-03").pk)
    closings.compute(lease)
    shown = "drafted_at = clock_timestamp(), comments_until = clock_timestamp() + interval '14 days', state = 'drafted'"
    assert "where it says so" in refused(f"update reports_closing set {shown}")


@pytest.mark.usefixtures("json_alone")
def test_who_closes_by_hand_is_told_that_the_draft_is_shown(truce, capsys, tmp_path):
    call_command("close_period", "--agreement", "exercise", "--period", "2025-03", "--out", str(tmp_path / "out"))
    assert "The draft is shown to every guarantor" in capsys.readouterr().out
    assert not (tmp_path / "out").exists(), "nothing is copied before the release"
