"""Two people release every kind of period but those that the truce's file calls automatic; only a month has a draft."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from monitoring.errors import NotFound
from monitoring.models import MechanismVersion
from reports import approvals, closings
from reports.closings.preparing import preparing
from reports.models import Closing, Edition
from tests.reports.agreed import ALL_BY_TWO, BY_TWO, agreed, seen
from tests.reports.test_drafts import of
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
WEEKS_TOO = ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]')


def closed(truce, kind: str, code: str) -> Closing:
    """The closing, as far as it goes by itself."""
    return closings.advance(closings.request(truce, kind, code).pk)


@pytest.mark.parametrize(("kind", "code"), [("day", "2025-03-10"), ("week", "2025-W11")])
def test_a_day_or_week_waits_for_two_without_a_draft_where_the_file_excepts_none(
    exercise, people, tmp_path, kind, code
):
    truce = agreed(exercise, tmp_path, (*ALL_BY_TWO, WEEKS_TOO))
    closing = closed(truce, kind, code)
    assert (closing.state, closing.drafted_at, closing.released_at) == ("rendered", None, None)
    assert not of("draft")
    assert not Closing.objects.waiting().exists()
    assert not Edition.objects.visible_to(people.guarantor_alder).exists()
    assert list(approvals.visible_to(people.moderator_south)) == [closing]
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_north)
    assert closings.advance(closing.pk).released_at is None, "one is not enough"
    approvals.approve(closing.public_id, seen(closing), by=people.moderator_south)
    released = closings.advance(closing.pk)
    for state in ("alder", "birch", "cedar"):
        edition = Edition.objects.visible_to(getattr(people, f"guarantor_{state}")).get()
        assert edition.released_at == released.released_at is not None
    told = json.loads(of("final")["alder"]["json"])["comments"]
    assert (told["drafted_at"], told["comments"]) == (None, [])
    assert closings.verify(released).outcome == "same"


def test_one_that_waits_for_two_holds_up_none_after_it(exercise, people, tmp_path):
    truce = agreed(exercise, tmp_path, ALL_BY_TWO)
    waits, next_day = closed(truce, "day", "2025-03-10"), closed(truce, "day", "2025-03-11")
    assert (waits.state, next_day.state) == ("rendered", "rendered")
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(next_day.public_id, seen(next_day), by=by)
    assert closings.advance(next_day.pk).state == "released"
    assert closings.advance(waits.pk).state == "rendered"


def test_what_the_file_calls_automatic_is_nobodys_to_let_be(exercise, people, tmp_path):
    truce = agreed(exercise, tmp_path, BY_TWO)
    day = closed(truce, "day", "2025-03-10")
    assert (day.state, day.comments_sha256) == ("released", None)
    with pytest.raises(NotFound):
        approvals.approve(day.public_id, seen(day), by=people.moderator_north)


def test_a_later_file_moves_no_closing_that_is_computed(exercise, people, tmp_path):
    day = closed(agreed(exercise, tmp_path, ALL_BY_TWO), "day", "2025-03-10")
    occasions.reloaded(tmp_path, *BY_TWO)
    day.refresh_from_db()
    assert day.by_two
    assert closings.advance(day.pk).state == "rendered"
    assert closed(exercise, "day", "2025-03-11").state == "released"


def test_postgresql_releases_no_day_without_two_and_drafts_none(exercise, tmp_path):
    day = closed(agreed(exercise, tmp_path, ALL_BY_TWO), "day", "2025-03-10")
    release = "update reports_closing set state = 'released', released_at = transaction_timestamp()"
    assert "once two people" in refused(release, day)
    draft = """update reports_closing set state = 'drafted', drafted_at = transaction_timestamp(),
               comments_until = transaction_timestamp() + interval '14 days'"""
    other = closings.request(exercise, "day", "2025-03-11")
    lease = closings.claim(other.pk)
    assert lease is not None
    closings.compute(lease)
    assert "A draft is shown" in refused(draft, other)


def test_other_kinds_called_automatic_are_another_version_of_the_mechanism(exercise, tmp_path):
    by_two = occasions.reloaded(tmp_path, *ALL_BY_TWO)
    assert by_two.automatic_release == []
    assert occasions.reloaded(tmp_path, *ALL_BY_TWO) == by_two
    assert occasions.reloaded(tmp_path, *BY_TWO).automatic_release == ["day"]
    assert MechanismVersion.objects.open().get().number == by_two.number + 1


def refused(statement: str, closing: Closing) -> str:
    """What PostgreSQL says to the statement, of this closing; '' where it would do it."""
    with transaction.atomic():
        try:
            with transaction.atomic(), preparing(), connection.cursor() as cursor:
                cursor.execute(f"{statement} where id = %s", [closing.pk])
        except DatabaseError as refusal:
            return str(refusal)
        finally:
            transaction.set_rollback(True)
    return ""
