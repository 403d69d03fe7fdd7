"""Computing again at a cut-off gives the hash, whatever is recorded since and whoever commits late."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import closings
from reports.closings.verifying import Outcome
from reports.models import Closing
from tests.reports.records import Record
from tests.violations import occasions

pytestmark = pytest.mark.usefixtures("json_alone")
MONTH = ("month", "2025-03")


class LateWriter(threading.Thread):
    """Files a report in a connection of its own: stamps it, waits to be let go, and only then commits."""

    def __init__(self, agreement, by) -> None:
        super().__init__(daemon=True)
        self.agreement, self.by = agreement, by
        self.stamped, self.go = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                occasions.filed(self.agreement, self.by)
                self.stamped.set()
                assert self.go.wait(60)
        finally:
            connection.close()

    def __enter__(self) -> LateWriter:
        self.start()
        assert self.stamped.wait(60)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.go.set()
        self.join(60)


@pytest.mark.django_db(transaction=True)
def test_a_closing_waits_for_whoever_stamped_before_its_cut_off(exercise, people):
    with LateWriter(exercise, people.monitor_north) as late:
        closing = closings.request(exercise, *MONTH)
        with pytest.raises(closings.NotYetError):
            closings.advance(closing.pk)
        closing.refresh_from_db()
        assert (closing.state, closing.content(), closing.attempts) == ("requested", None, 0)
        late.go.set()
        late.join(60)
        closing = closings.advance(closing.pk)
    assert json.loads(closing.content())["sections"]["incidents"]["total"]["registered"] == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_began_before_and_wrote_after_the_cut_off_is_not_counted(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closings.request(exercise, *MONTH)
    with LateWriter(exercise, people.monitor_south):
        computed = closings.advance(closing.pk)
        assert computed.state == "released", "its stamp is after the cut-off: nobody waits for it"
    assert json.loads(computed.content())["sections"]["incidents"]["total"]["registered"] == 1
    assert closings.verify(Closing.objects.get(pk=closing.pk)).outcome == Outcome.SAME


@pytest.mark.django_db(transaction=True)
def test_the_snapshot_of_a_closing_is_one_view_of_the_record(exercise, people, monkeypatch):
    """What commits between two statements of a computation changes nothing in it, names included."""
    from reports.figures import assemble

    occasions.filed(exercise, people.monitor_north)
    seen = []

    def content(known, common, **more):
        renamed = threading.Thread(target=rename, args=(exercise.pk,))
        renamed.start()
        renamed.join(60)
        seen.append(known.agreement.parties.get(code="north-army").names["en"])
        return original(known, common, **more)

    original = assemble.content
    monkeypatch.setattr(assemble, "content", content)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    assert seen == ["North Army"]
    assert json.loads(closing.content())["beside"]["labels"]["party"]["north-army"]["en"] == "North Army"


def rename(agreement: int) -> None:
    from monitoring.models import Party

    try:
        Party.objects.filter(agreement=agreement, code="north-army").update(names={"en": "Army of the North"})
    finally:
        connection.close()


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), entries=st.integers(5, 25))
def test_what_is_recorded_later_changes_no_closing(exercise, people, seed, entries):
    """The record drawn carries stamps to come: each cut-off lies behind it when it is computed again."""
    with transaction.atomic():
        record = Record(exercise, people, seed)
        record.draw(entries)
        figures = []
        for _closing in range(2):
            cut_off = record.now
            figures.append((cut_off, hash_at(exercise, cut_off)))
            record.tick()
            record.draw(entries)
        for cut_off, sha256 in figures:
            assert hash_at(exercise, cut_off) == sha256
        transaction.set_rollback(True)


def hash_at(agreement, at) -> str:
    from reports import periods
    from reports.figures import assemble
    from reports.figures.known import Known

    version = agreement.terms_known_at(at)
    return assemble.figures(Known(agreement, version, periods.bounds(version, *MONTH), at)).sha256


@pytest.mark.django_db
def test_later_versions_of_the_mechanism_change_no_closing(exercise, people, tmp_path):
    occasions.filed(exercise, people.monitor_north)
    first = closings.advance(closings.request(exercise, *MONTH).pk)
    occasions.reloaded(
        tmp_path, ("seconding_days = 0", "seconding_days = 5"), ('party = "north-army"', 'party = "south-league"')
    )
    assert closings.verify(first).outcome == Outcome.SAME
    second = closings.advance(closings.request(exercise, *MONTH).pk)
    assert (second.number, second.version.number) == (2, 2)
    assert [closings.verify(one).outcome for one in (first, second)] == [Outcome.SAME, Outcome.SAME]


@pytest.mark.django_db
def test_a_content_that_was_tampered_with_differs(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    content = json.loads(closing.content())
    content["sections"]["incidents"]["total"]["registered"] = 0
    closing.common.content = json.dumps(content)
    verdict = closings.verify(closing)
    assert (verdict.outcome, verdict.sections) == (Outcome.DIFFERS, ("incidents",))


@pytest.mark.django_db
def test_a_section_whose_code_is_gone_leaves_the_stored_hash(exercise, people, monkeypatch):
    from reports.figures import assemble

    occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    monkeypatch.delitem(assemble.FUNCTIONS, ("charts", 1))
    verdict = closings.verify(closing)
    assert (verdict.outcome, verdict.sections) == (Outcome.STORED_ONLY, ("charts",))


@pytest.mark.django_db
def test_a_new_section_causes_no_closing_to_differ(exercise, people, monkeypatch):
    from reports.figures import assemble

    occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    monkeypatch.setitem(assemble.FUNCTIONS, ("to_come", 1), lambda known: {})
    monkeypatch.setitem(assemble.CURRENT, "month", (*assemble.CURRENT["month"], ("to_come", 1)))
    assert closings.verify(closing).outcome == Outcome.SAME
    assert closings.check(closing).touched_at is None
