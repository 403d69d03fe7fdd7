"""Two people release a month, of different sides or one of them of none, exactly as each of them saw it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from monitoring import accreditation
from monitoring.errors import Forbidden, NotFound, NotNow
from reports import approvals, closings
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, ReleaseApproval
from reports.querysets import Agreed
from tests.reports.agreed import NO_WINDOW, agreed
from tests.reports.test_drafts import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


@pytest.fixture
def closing(exercise, tmp_path) -> Closing:
    """A month whose files are stored, and that two people release."""
    agreed(exercise, tmp_path, NO_WINDOW)
    made = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert made.state == "rendered"
    return made


def seen(closing: Closing) -> approvals.Seen:
    return approvals.Seen(closing.content_sha256, closing.comments_sha256)


@pytest.mark.parametrize("second", ["moderator_south", "moderator_independent"])
def test_it_is_released_to_all_at_one_moment_once_two_have_let_it_be(closing, people, second):
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    assert closings.advance(closing.pk).released_at is None
    assert not Closing.objects.waiting().exists()
    approvals.approve(closing.public_id, seen(closing), by=getattr(people, second))
    assert list(Closing.objects.waiting()) == [closing], "the sweep finds it"
    released = closings.advance(closing.pk)
    assert released.released_at is not None
    assert {edition.released_at for edition in Edition.objects.all()} == {released.released_at}
    assert closings.verify(released).outcome == "same"


def test_one_person_or_one_side_is_not_two(closing, people):
    first = approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    assert approvals.approve(closing.public_id, seen(closing), by=people.moderator_north) == first
    with pytest.raises(Forbidden, match="another side") as refusal:
        approvals.approve(closing.public_id, seen(closing), by=people.moderator_north_2)
    assert refusal.value.code == "same_side"
    assert closings.advance(closing.pk).released_at is None
    assert ReleaseApproval.objects.count() == 1


def test_nobody_lets_out_what_they_did_not_see(closing, people):
    other = approvals.Seen(closing.content_sha256, "0" * 64)
    with pytest.raises(NotNow, match="Look at it again"):
        approvals.approve(closing.public_id, other, by=people.moderator_north)
    assert not ReleaseApproval.objects.exists()


def test_it_is_taken_back_before_the_release_and_not_after(closing, people):
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_south)
    approvals.take_back(closing.public_id, by=people.moderator_north)
    assert closings.advance(closing.pk).released_at is None
    with pytest.raises(NotNow, match="have not"):
        approvals.take_back(closing.public_id, by=people.moderator_north)
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_independent)
    assert closings.advance(closing.pk).released_at is not None
    with pytest.raises(NotNow, match="has been released"):
        approvals.take_back(closing.public_id, by=people.moderator_south)
    with pytest.raises(DatabaseError, match="stands ready to be"), transaction.atomic():
        ReleaseApproval.objects.filter(by=people.moderator_south).update(superseded_at=closing.computed_at)


def test_what_somebody_let_be_stands_when_they_moderate_no_more_until_their_side_takes_it_back(closing, people):
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    accreditation.end(people.moderator_north.accreditations.open().get(), by=None)
    with pytest.raises(NotNow, match="have not let"):
        approvals.take_back(closing.public_id, by=people.moderator_south)
    approvals.take_back(closing.public_id, by=people.moderator_north_2)
    assert not ReleaseApproval.objects.open().exists()
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_south)
    assert closings.advance(closing.pk).released_at is None


@pytest.mark.parametrize("name", ["guarantor_alder", "operator", "superuser", "monitor_north"])
def test_who_moderates_no_such_truce_is_told_of_no_such_closing(closing, people, name):
    with pytest.raises(NotFound):
        approvals.approve(closing.public_id, seen(closing), by=getattr(people, name))
    assert not approvals.visible_to(getattr(people, name)).exists()


def test_moderators_see_what_waits_for_them(closing, people):
    assert list(approvals.visible_to(people.moderator_south)) == [closing]


RELEASED = "update reports_closing set released_at = clock_timestamp(), state = 'released'"


def test_nothing_is_released_before_two_say_so_not_even_past_the_verbs(closing, people):
    assert "once two people of different sides" in refused(RELEASED)
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    assert "once two people of different sides" in refused(RELEASED)
    with pytest.raises(DatabaseError, match="stands ready to be"), transaction.atomic():
        ReleaseApproval.objects.create(
            recorded_at=closing.computed_at,
            closing=closing,
            agreement=closing.agreement,
            content_sha256=closing.content_sha256,
            comments_sha256="1" * 64,
            by=people.moderator_south,
        )


def test_the_same_side_twice_releases_nothing_even_where_the_rows_are_there(closing, people):
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    row = ReleaseApproval.objects.get()
    with transaction.atomic():
        from monitoring import ledger

        with ledger.writing() as entry:
            ReleaseApproval.objects.create(
                recorded_at=entry.stamp(),
                closing=closing,
                agreement=closing.agreement,
                content_sha256=row.content_sha256,
                comments_sha256=row.comments_sha256,
                by=people.moderator_north_2,
                side=row.side,
            )
        assert not Closing.objects.filter(Agreed("pk")).exists()
        with preparing():
            assert closings.advance(closing.pk).released_at is None
        transaction.set_rollback(True)
