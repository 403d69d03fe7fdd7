"""Each guarantor's people are told that a draft awaits its comment, and reminded where none of theirs is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from monitoring import accreditation, mailing, notices
from monitoring.accreditation import Role
from monitoring.admission import admission_of
from monitoring.models import GuarantorState, Notice, User
from monitoring.notices import Told
from monitoring.tasks import send_mails
from reports import closings, comments, drafts_due, tasks
from reports.drafts_due import AHEAD, reminded_at
from reports.models import Closing
from tests.everybody import client_of
from tests.monitoring.test_mails import mailbox as mailbox
from tests.reports.agreed import BY_TWO, agreed, drafted_month, time_is_over
from tests.reports.test_draft_pages import draft_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
STATES = ("alder", "birch", "cedar")
DRAFTS = reverse("drafts")


@pytest.fixture
def drafted(exercise, people, tmp_path) -> Closing:
    return drafted_month(agreed(exercise, tmp_path))


def told(kind: str = "draft_given") -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kind).order_by("guarantor__code").values_list("role", "guarantor__code"))


def test_every_guarantor_is_told_by_one_entry_and_once(drafted, people):
    tasks.tell_of_drafts()
    assert told() == [("guarantor", state) for state in STATES]
    assert len(set(Notice.objects.values_list("recorded_at", "due_at"))) == 1
    assert Notice.objects.earliest("pk").due_at == drafted.comments_until
    assert drafts_due.tell(drafted.agreement) == 0
    for state in STATES:
        (row,) = notices.of(getattr(people, f"guarantor_{state}"))
        assert row.object_id == str(draft_of(state).public_id), "of its own draft"
    for nobody in (people.moderator_north, people.moderator_independent, people.operator, people.monitor_north):
        assert not notices.of(nobody).exists(), "though sent by the same"
        assert admission_of(nobody).notices == 0


def test_it_stands_on_the_page_of_drafts_until_the_draft_is_opened_by_each(drafted, people):
    second = User.objects.create(username="guarantor-alder-2")
    accreditation.accredit(
        second, drafted.agreement, "guarantor", guarantor=GuarantorState.objects.get(code="alder"), by=None
    )
    drafts_due.tell(drafted.agreement)
    client = client_of(people.guarantor_alder)
    page = client.get(DRAFTS).text
    assert "The draft of 2025-03 is shown to every guarantor, and awaits your comment." in page
    assert "Drafts (1)" in page
    assert admission_of(people.guarantor_alder).notices == 1
    client.get(reverse("draft", args=[draft_of("alder").public_id]))
    after = client.get(DRAFTS).text
    assert "awaits your comment" not in after
    assert "Drafts (" not in after
    assert notices.waiting_for(second).count() == admission_of(second).notices == 1, "each sees for themselves"
    assert notices.waiting_for(people.guarantor_birch).count() == 1
    accreditation.end(people.guarantor_birch.accreditations.open().get(), by=None)
    assert not notices.of(people.guarantor_birch).exists()
    assert admission_of(people.guarantor_birch).notices == 0


def test_who_has_said_nothing_is_reminded_before_the_end_and_nobody_else(drafted, people):
    comments.say(draft_of("alder").public_id, by=people.guarantor_alder, words="We have read it.")
    comments.say_none(draft_of("cedar").public_id, by=people.guarantor_cedar)
    at = reminded_at(drafted)
    assert at == drafted.comments_until - AHEAD
    drafts_due.tell(drafted.agreement, at=at - timedelta(seconds=1))
    assert told("draft_closes") == []
    assert drafts_due.tell(drafted.agreement, at=at) == 1
    assert drafts_due.tell(drafted.agreement, at=at + timedelta(hours=1)) == 0
    assert told("draft_closes") == [("guarantor", "birch")]
    page = client_of(people.guarantor_birch).get(DRAFTS).text
    assert "The time for comments on the draft of 2025-03 ends soon. None of yours was recorded." in page
    assert "ends soon" not in client_of(people.guarantor_alder).get(DRAFTS).text


def test_where_the_time_is_short_nobody_is_reminded_before_half_of_it_is_over(exercise, people, tmp_path):
    short = ("comment_window_days = 0", "comment_window_days = 1\ncomment_length = 40")
    closing = drafted_month(agreed(exercise, tmp_path, (BY_TWO[0], short)))
    assert reminded_at(closing) == closing.drafted_at + timedelta(hours=12)


@pytest.mark.by_hand
def test_once_the_time_is_over_nothing_is_told_nor_waits(drafted, people):
    drafts_due.tell(drafted.agreement)
    assert drafts_due.tell(drafted.agreement, at=drafted.comments_until) == 0
    time_is_over(drafted)
    assert drafts_due.tell(drafted.agreement) == 0
    assert closings.advance(drafted.pk).state == "rendered"
    assert drafts_due.tell(drafted.agreement) == 0


def test_a_notice_whose_time_is_over_waits_for_nobody(exercise, people):
    alder = GuarantorState.objects.get(code="alder")
    for once, hours in (("past", -1), ("to come", 1)):
        due_at = notices.timezone.now() + timedelta(hours=hours)
        notices.give(
            exercise,
            [
                Told(
                    "draft_given",
                    once,
                    due_at=due_at,
                    details={"period": "2025-03"},
                    role=Role.GUARANTOR,
                    guarantor=alder,
                )
            ],
        )
    assert [row.once for row in notices.of(people.guarantor_alder)] == ["to come", "past"]
    assert [row.once for row in notices.waiting_for(people.guarantor_alder)] == ["to come"]
    assert admission_of(people.guarantor_alder).notices == 1


def test_a_mail_tells_each_that_something_waits_and_nothing_of_what(drafted, people, mailbox):
    for state in STATES:
        mailing.set_address(getattr(people, f"guarantor_{state}"), f"{state}@mail.example", by=people.operator)
    send_mails()
    assert not mailbox.mails, "nothing was told yet"
    tasks.tell_of_drafts()
    send_mails()
    send_mails()
    assert sorted(mail["To"] for mail in mailbox.mails) == [f"{state}@mail.example" for state in STATES]
    said = {mail.get_payload(decode=True) for mail in mailbox.mails}
    assert said == {
        b"Something waits for you in the reading room. Log in to read it. Answers to this mail are not read.\r\n"
    }
    for planted in (
        "draft",
        "comment",
        "2025-03",
        drafted.agreement.code,
        *(str(draft_of(one).public_id) for one in STATES),
    ):
        assert planted.encode() not in mailbox.everything.lower()


@pytest.mark.parametrize(("role", "state"), [("guarantor", None), ("moderator", "alder"), ("monitor", None)])
def test_a_notice_is_for_a_desk_or_for_one_guarantor(exercise, role, state):
    guarantor = GuarantorState.objects.filter(code=state).first()
    with pytest.raises(IntegrityError, match="monitoring_notice_for_whom"), transaction.atomic():
        notices.give(exercise, [Told("draft_given", "one", role=role, guarantor=guarantor)])
