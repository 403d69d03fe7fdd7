"""Comments on a draft: one rule of length for all, sealed from the others until the release, then printed as is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from monitoring.errors import Malformed, NotFound, NotNow
from reports import approvals, closings, comments, drafts_seen
from reports.closings.preparing import preparing
from reports.models import Closing, DraftComment, Edition
from tests.record.chosen_times import chosen_times
from tests.reports.agreed import LENGTH, agreed, drafted_month, time_is_over
from tests.reports.schema import check_comments
from tests.reports.test_drafts import of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]
WORDS = "Zubaydah's ford is not ours.\nThe log of that hour says so: «نفي» = none."


@pytest.fixture
def truce(exercise, tmp_path):
    """The exercise, its months released by two after 14 days for comments."""
    return agreed(exercise, tmp_path)


def draft_of(state: str) -> Edition:
    """The draft of a guarantor."""
    with preparing():
        return Edition.objects.get(guarantor__code=state)


def said(truce) -> list[DraftComment]:
    """Every comment, corrected ones included."""
    with preparing():
        return list(DraftComment.objects.order_by("pk"))


@pytest.mark.by_hand
def test_what_was_said_is_printed_as_written_in_the_english_order_of_the_states(truce, people):
    closing = drafted_month(truce)
    comments.say(draft_of("cedar").public_id, by=people.guarantor_cedar, words=WORDS)
    comments.say_none(draft_of("birch").public_id, by=people.guarantor_birch)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == "rendered"
    for files in of("final").values():
        told = json.loads(files["json"])["comments"]
        check_comments(told)
        assert [(item["guarantor"], item["said"], item["words"]) for item in told["comments"]] == [
            ("alder", "not_received", ""),
            ("birch", "has_none", ""),
            ("cedar", "comment", WORDS),
        ]
        assert (told["length"], told["content_sha256"]) == (LENGTH, closing.content_sha256)
        table = files["csv"].decode("utf-8-sig")
        assert "Zubaydah's ford is not ours." in table
        assert f"in at most {LENGTH} words" in table
        assert "It said that it has no comment." in table
        assert "No comment was received in time." in table
    assert closings.verify(closing).outcome == "same"


@pytest.mark.by_hand
@pytest.mark.parametrize("tables_alone", [False], indirect=True)
def test_they_stand_in_the_pdf_beside_the_hash_of_their_own(truce, people):
    from io import BytesIO

    from pypdf import PdfReader

    closing = drafted_month(truce)
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words="We held the ford until noon.")
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == "rendered", closing.failure
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(of("final")["alder"]["pdf"])).pages)
    assert "Comments of the guarantors on the draft" in text
    assert "We held the ford until noon." in text
    assert text.count("No comment was received in time.") == 2
    assert str(closing.comments_sha256) in text.replace("\n", "")
    assert "DRAFT" not in text


@pytest.mark.by_hand
@pytest.mark.parametrize("tables_alone", [False], indirect=True)
def test_no_sign_that_somebody_writes_keeps_the_report_from_being_made_or_runs_over_another_s_words(truce, people):
    from io import BytesIO

    from pypdf import PdfReader

    closing = drafted_month(truce)
    odd = "\ufeff=1 \ufeff\u00a7 x\u0301\ufeff\u00b6 \ufdd0\ufffe\uffff\U0001fffe fire M" + "\u0302" * 400
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words=odd)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == "rendered", closing.failure
    assert json.loads(of("final")["alder"]["json"])["comments"]["comments"][1]["words"] == odd
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(of("final")["alder"]["pdf"])).pages)
    assert "=1" in text
    assert 0 < text.count("\u0302") <= 5 * 5  # each of five may be told with all five


@pytest.mark.by_hand
def test_comments_are_no_part_of_the_content_and_a_changed_word_is_noticed(truce, people):
    closing = drafted_month(truce)
    before = closing.content_sha256
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words="As we see it.")
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.content_sha256 == before
    with preparing(), chosen_times():
        DraftComment.objects.update(superseded_at=F("recorded_at") + timedelta(seconds=1))
    assert "comments" in closings.verify(closing).sections


def test_a_comment_is_said_anew_until_then_and_the_same_again_changes_nothing(truce, people):
    drafted_month(truce)
    draft = draft_of("alder").public_id
    first = comments.say(draft, by=people.guarantor_alder, words="One.")
    assert comments.say(draft, by=people.guarantor_alder, words=" One. \r\n") == first
    second = comments.say(draft, by=people.guarantor_alder, words="Two.")
    none = comments.say_none(draft, by=people.guarantor_alder)
    assert [row.pk for row in said(truce)] == [first.pk, second.pk, none.pk]
    assert [row.superseded_at for row in said(truce)] == [second.recorded_at, none.recorded_at, None]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "say that you have none"),
        (" \n", "say that you have none"),
        ("\u200e\u200b\ufeff\u3164\ufe0f", "say that you have none"),
        ("word " * (LENGTH + 1), f"It has {LENGTH + 1} words; no guarantor's comment has more than {LENGTH} words."),
        ("字" * (LENGTH * 12 + 1), f"more than {LENGTH * 12} characters"),
    ],
)
def test_no_comment_is_longer_than_any_other_may_be(truce, people, words, fault):
    drafted_month(truce)
    with pytest.raises(Malformed) as refusal:
        comments.say(draft_of("alder").public_id, by=people.guarantor_alder, words=words)
    assert fault in refusal.value.fields["/words"][0]
    assert not said(truce)
    comments.say(draft_of("alder").public_id, by=people.guarantor_alder, words="word " * LENGTH)


def test_nobody_comments_for_another_and_a_moderator_for_none(truce, people):
    drafted_month(truce)
    for by in (people.guarantor_birch, people.moderator_north, people.operator, people.superuser):
        with pytest.raises(NotFound):
            comments.say(draft_of("alder").public_id, by=by, words="Not ours to say.")
    assert not said(truce)


@pytest.mark.by_hand
def test_nothing_is_said_once_the_time_has_ended_whether_or_not_it_was_swept(truce, people):
    closing = drafted_month(truce)
    time_is_over(closing)
    with pytest.raises(NotNow, match="has ended"):
        comments.say(draft_of("alder").public_id, by=people.guarantor_alder, words="Too late.")
    closings.advance(closing.pk)
    with pytest.raises(NotNow, match="has ended"):
        comments.say(draft_of("alder").public_id, by=people.guarantor_alder, words="Too late.")
    alder = draft_of("alder").guarantor
    late = pytest.raises(DatabaseError, match="while its time runs")
    with late, transaction.atomic(), drafts_seen.reading_as(people.guarantor_alder):
        DraftComment.objects.create(
            recorded_at=closing.comments_until + timedelta(days=20),
            closing=closing,
            agreement=truce,
            guarantor=alder,
            words="Too late.",
            by=people.guarantor_alder,
        )


def test_a_comment_is_read_by_its_own_guarantor_and_by_nobody_else_while_it_can_change(truce, people):
    drafted_month(truce)
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words=WORDS)
    assert not DraftComment.objects.exists()
    for name in ("guarantor_alder", "guarantor_cedar", "operator", "moderator_south"):
        with drafts_seen.reading_as(getattr(people, name)):
            assert not DraftComment.objects.exists(), name
    with drafts_seen.reading_for([truce.pk]):
        assert not DraftComment.objects.exists(), "nor by moderators before it is closed"
    with drafts_seen.reading_as(people.guarantor_birch):
        assert DraftComment.objects.get().words == WORDS


@pytest.mark.by_hand
def test_moderators_read_comments_that_are_closed_and_guarantors_all_of_them_once_released(truce, people):
    closing = drafted_month(truce)
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words=WORDS)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    with drafts_seen.reading_for([truce.pk]):
        assert DraftComment.objects.get().words == WORDS
    with drafts_seen.reading_for([truce.pk + 1]):
        assert not DraftComment.objects.exists()
    with drafts_seen.reading_as(people.guarantor_alder):
        assert not DraftComment.objects.exists(), "not before the release"
    seen = approvals.Seen(closing.content_sha256, closing.comments_sha256)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen, by=by)
    closings.advance(closing.pk)
    assert Closing.objects.get().released_at
    assert DraftComment.objects.get().words == WORDS
