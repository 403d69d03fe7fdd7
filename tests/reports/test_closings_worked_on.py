"""How workers take a closing: leased, each step once, tried again, laid aside, whoever dies over it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from monitoring.errors import NotNow
from reports import closings, renderers
from reports.closings import leasing, rendering
from reports.closings.computing import stored
from reports.closings.preparing import preparing
from reports.models import Closing, CommonContent, Edition, Rendition
from reports.querysets import database_clock
from tests.reports.released import released_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


def test_one_closing_of_a_period_is_under_way_at_a_time(exercise):
    waiting = closings.request(exercise, *MONTH)
    assert closings.request(exercise, *MONTH) == waiting
    with pytest.raises(NotNow, match="under way"):
        closings.request(exercise, *MONTH, cutoff_at=waiting.cutoff_at + timedelta(days=1))
    closings.request(exercise, "day", "2025-03-10")


def test_a_cut_off_to_come_waits(exercise):
    waiting = closings.request(exercise, *MONTH, cutoff_at=database_clock() + timedelta(hours=1))
    with pytest.raises(closings.NotYetError):
        closings.advance(waiting.pk)
    assert not Closing.objects.waiting().exists(), "and no worker is sent for it"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("requested", 0)


def test_a_leased_closing_is_left_to_its_worker(exercise):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    assert closings.claim(closing.pk) is None
    assert closings.advance(closing.pk).state == "requested"
    assert not Closing.objects.waiting().exists()
    closings.compute(lease)
    assert closings.render(lease).state == "rendered"
    assert closings.release(lease).state == "released"


def test_a_worker_whose_lease_ran_out_can_write_nothing(exercise):
    closing = closings.request(exercise, *MONTH)
    slow = closings.claim(closing.pk)
    run_out(closing)
    quick = closings.claim(closing.pk)
    closings.compute(quick)
    with pytest.raises((closings.LeaseLostError, Closing.DoesNotExist)):
        closings.render(slow)
    closings.render(quick)
    closings.release(quick)
    assert Rendition.objects.count() == 3


def run_out(closing: Closing) -> None:
    """The time of the lease is over."""
    Closing.objects.filter(pk=closing.pk).update(lease_until=database_clock() - timedelta(seconds=1))


def test_every_step_is_taken_once_however_often_it_is_asked_for(exercise):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    computed = stored(closings.compute(lease))
    closings.render(lease)
    closings.render(lease)
    released = closings.release(lease).released_at
    assert closings.advance(closing.pk).released_at == released
    closing.refresh_from_db()
    assert stored(closing) == computed
    assert (Edition.objects.count(), Rendition.objects.count()) == (3, 3)


def test_renditions_are_stored_under_names_that_nobody_can_guess(exercise, files):
    closing = released_month(exercise)
    for rendition in Rendition.objects.select_related("edition__guarantor"):
        with default_storage.open(rendition.path) as kept:
            stored = kept.read()
        assert (hashlib.sha256(stored).hexdigest(), len(stored)) == (rendition.sha256, rendition.size)
        assert rendition.edition.guarantor.code not in rendition.path
        assert str(rendition.edition.public_id) not in rendition.path
        assert rendition.file_name == f"SIMULATED_exercise_2025-03_no1_{rendition.edition.guarantor.code}_en.json"
    assert len([path for path in (files / "renditions").rglob("*") if path.is_file()]) == 3
    assert closing.state == "released"


def test_a_file_that_a_dead_worker_left_is_taken(exercise, files, monkeypatch):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    with monkeypatch.context() as patch:
        patch.setattr(Rendition.objects, "create", died)
        with pytest.raises(SystemExit):
            closings.render(lease)
    assert len(list(files.rglob("*.json"))) == 1
    closings.render(lease)
    assert len(list(files.rglob("*.json"))) == 3


def died(**_columns):
    raise SystemExit


def test_half_a_file_that_a_dead_worker_left_makes_room_and_one_that_is_in_use_does_not(exercise, files):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    with preparing():
        edition = Edition.objects.order_by("guarantor__code").first()
    half = rendering._kept(edition, "json", "en", b'{"schema": 1, "he')
    closings.render(lease)
    closings.release(lease)
    assert Rendition.objects.get(edition=edition).path == half
    assert closings.verify(Closing.objects.get()).outcome == "same"
    assert len(list(files.rglob("*.json"))) == 3
    assert rendering._kept(edition, "json", "en", b"other figures") != half
    assert closings.verify(Closing.objects.get()).outcome == "same"


def test_what_fails_is_tried_again_later_and_then_laid_aside(exercise, monkeypatch):
    poison = closings.request(exercise, *MONTH)
    other = closings.request(exercise, "day", "2025-03-10")
    with monkeypatch.context() as patch:
        patch.setitem(renderers.FORMATS, "json", broken)
        failed = closings.advance(poison.pk)
        assert (failed.state, failed.attempts, failed.failure) == ("computed", 1, "ValueError: A glyph is missing.")
        assert failed.lease_holder is None
        assert failed.lease_until > database_clock(), "not at once"
        assert list(Closing.objects.waiting()) == [other], "the others are not held up"
        for _attempt in range(leasing.ATTEMPTS - 1):
            run_out(poison)
            failed = closings.advance(poison.pk)
    assert (failed.state, failed.attempts) == ("failed", leasing.ATTEMPTS)
    assert closings.advance(other.pk).state == "released"
    assert poison not in Closing.objects.waiting()
    taken_up = closings.request(exercise, *MONTH)
    assert (taken_up, stored(taken_up)) == (poison, stored(failed)), (
        "its content is frozen: only the files were missing"
    )
    assert closings.advance(poison.pk).state == "released"


def broken(_reading):
    raise ValueError("A glyph is missing.")


def test_a_closing_that_kills_its_workers_is_laid_aside(exercise):
    closing = closings.request(exercise, *MONTH)
    for _attempt in range(leasing.ATTEMPTS):
        assert closings.claim(closing.pk) is not None
        run_out(closing)
    assert closings.claim(closing.pk) is None
    closing.refresh_from_db()
    assert (closing.state, closing.failure) == ("failed", "The worker died 5 times at it.")
    assert closings.request(exercise, *MONTH) != closing, "a request by hand begins anew"


def test_nothing_is_released_before_every_rendition_is_stored(exercise):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    Closing.objects.filter(pk=closing.pk).update(state=Closing.State.RENDERED)
    with pytest.raises(NotNow, match="Not every rendition"):
        closings.release(lease)
    assert not Edition.objects.filter(released_at__isnull=False).exists()


def test_a_format_that_comes_later_is_not_asked_of_a_closing_that_is_under_way(exercise, monkeypatch):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    monkeypatch.setattr(renderers, "FORMATS", {**renderers.FORMATS, "csv": broken})
    closings.render(lease)
    assert closings.release(lease).released_at is not None
    assert Closing.objects.get().formats == ["json"]
    assert set(Rendition.objects.values_list("format", flat=True)) == {"json"}


def test_the_figures_of_a_closing_cannot_be_written_twice(exercise):
    closing = released_month(exercise)
    for column, value in {
        "content_sha256": "0" * 64,
        "number": 7,
        "cutoff_at": database_clock(),
    }.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            Closing.objects.filter(pk=closing.pk).update(**{column: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        CommonContent.objects.filter(closing=closing).update(content="{}")
