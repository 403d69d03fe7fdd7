"""What PostgreSQL refuses on closings before and after their release, asked in raw SQL as the application's role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from reports import closings
from reports.closings.preparing import preparing
from reports.models import Closing, CommonContent, Edition, Rendition
from reports.querysets import later_of
from tests.record.soundness import broken
from tests.reports.released import released_month
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


@pytest.fixture
def released(exercise) -> Closing:
    return released_month(exercise)


@pytest.fixture
def lease(exercise) -> closings.Lease:
    """A closing whose files are stored, not yet released."""
    lease = closings.claim(closings.request(exercise, *MONTH).pk)
    assert lease is not None
    closings.compute(lease)
    closings.render(lease)
    return lease


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


@pytest.mark.parametrize(
    "change",
    [
        "state = 'rendered'",
        "lease_holder = gen_random_uuid()",
        "lease_until = clock_timestamp()",
        "attempts = 9",
        "failure = 'none'",
    ],
)
def test_nothing_is_worked_on_after_the_release(released, change):
    assert "not worked on again" in refused(f"update reports_closing set {change}")


@pytest.mark.parametrize("change", ["state = 'released'", "released_at = clock_timestamp()"])
def test_released_is_a_state_and_a_time_both(lease, change):
    assert "reports_released_is_a_state" in refused(f"update reports_closing set {change}")


def test_nothing_is_released_before_its_files_are_stored(exercise):
    lease = closings.claim(closings.request(exercise, *MONTH).pk)
    assert lease is not None
    closings.compute(lease)
    release = "update reports_closing set released_at = transaction_timestamp(), state = 'released'"
    assert "all its files are stored" in refused(release)
    closings.render(lease)
    assert refused(release) == ""


def test_a_release_is_not_dated(lease):
    for at in ("clock_timestamp() + interval '1 hour'", "transaction_timestamp() - interval '1 hour'"):
        assert "at the time of its entry" in refused(
            f"update reports_closing set state = 'released', released_at = {at}"
        )


def test_a_closing_is_checked_by_now_and_not_earlier_than_before(released):
    to_come, earlier = "clock_timestamp() + interval '1 hour'", "checked_at - interval '1 second'"
    assert "known by now" in refused(f"update reports_closing set checked_at = {to_come}")
    assert refused("update reports_closing set checked_at = clock_timestamp()") == ""
    Closing.objects.update(checked_at=later_of(released.released_at))
    assert "never as known earlier" in refused(f"update reports_closing set checked_at = {earlier}")
    assert "never as known earlier" in refused("update reports_closing set checked_at = null")
    assert "touched at a time to come" in refused(f"update reports_closing set touched_at = {to_come}")
    assert refused("update reports_closing set touched_at = clock_timestamp()") == ""


def test_two_who_check_may_end_in_either_order(released):
    Closing.objects.update(checked_at=later_of(released.released_at))
    Closing.objects.update(checked_at=later_of(released.cutoff_at))
    assert Closing.objects.get().checked_at == released.released_at


NEW_EDITION = (
    "insert into reports_edition (recorded_at, public_id, closing_id, agreement_id, guarantor_id, content, "
    "content_sha256, released_at) select {at}, gen_random_uuid(), closing_id, agreement_id, guarantor_id + 100, "
    "content, content_sha256, {released} from reports_edition order by id limit 1"
)
NEW_FILE = (
    "insert into reports_rendition (recorded_at, public_id, edition_id, format, language, path, file_name, sha256, "
    "size) select clock_timestamp(), gen_random_uuid(), edition_id, format, 'xx', path, file_name, sha256, size "
    "from reports_rendition order by id limit 1"
)


def test_no_edition_and_no_file_is_added_after_the_release(released):
    assert "none is added later" in refused(NEW_EDITION.format(at="recorded_at", released="null"))
    assert "No file is added" in refused(NEW_FILE)


def test_no_edition_is_added_to_a_content_that_stands_nor_released_before_its_closing(lease):
    assert "none is added later" in refused(NEW_EDITION.format(at="clock_timestamp()", released="null"))
    assert "none is added later" in refused(NEW_EDITION.format(at="recorded_at", released="recorded_at"))
    assert "released with its closing" in refused("update reports_edition set released_at = clock_timestamp()")
    assert refused(NEW_FILE) == "", "until the release, files are added"


def test_a_closing_begins_as_a_request(released):
    copied = (
        "insert into reports_closing (recorded_at, public_id, agreement_id, kind, period, period_from, period_until, "
        "cutoff_at, cutoff_chosen, requested_how, state, attempts, failure, {column}) "
        "select clock_timestamp(), gen_random_uuid(), agreement_id, kind, '2025-02', period_from, period_until, "
        "cutoff_at, cutoff_chosen, requested_how, '{state}', 0, '', {value} from reports_closing"
    )
    begun = copied.format(column="lease_until", state="{state}", value="null")
    assert refused(begun.format(state="requested")) == ""
    assert "begins as a request" in refused(begun.format(state="failed"))
    for column in ("checked_at", "touched_at"):
        asked = copied.format(column=column, state="requested", value="clock_timestamp()")
        assert "begins as a request" in refused(asked)


def test_what_is_not_released_is_seen_by_nobody_who_does_not_prepare_it(lease):
    assert (CommonContent.objects.count(), Edition.objects.count(), Rendition.objects.count()) == (0, 0, 0)
    with connection.cursor() as cursor:
        for table in ("reports_commoncontent", "reports_edition", "reports_rendition"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
            cursor.execute("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [table])
            assert cursor.fetchone() == (True, True)
    with preparing():
        assert (CommonContent.objects.count(), Edition.objects.count(), Rendition.objects.count()) == (1, 3, 3)
    assert Edition.objects.count() == 0, "the context ends with its block"
    with pytest.raises(LookupError, match="for whom"):
        Closing.objects.get().content()
    closings.release(lease)
    assert (CommonContent.objects.count(), Edition.objects.count(), Rendition.objects.count()) == (1, 3, 3)


NEW_CONTENT = (
    "insert into reports_commoncontent (closing_id, recorded_at, content) select id, clock_timestamp(), '{}' "
    "from reports_closing where period = '{}'"
)


def test_a_closing_has_the_content_that_it_was_computed_with_and_no_other(exercise):
    closings.request(exercise, "day", "2025-03-10")
    computed = (
        "update reports_closing set number = 1, content_sha256 = repeat('0', 64), computed_at = clock_timestamp(), "
        "version_id = (select max(id) from monitoring_mechanismversion)"
    )
    assert "computed with its content" in refused(computed)
    assert "written with its closing" in refused(
        f"{NEW_CONTENT.format('{}', '2025-03-10')}; set constraints all immediate"
    )
    released_month(exercise)
    assert "none is added later" in refused(NEW_CONTENT.format("{}", "2025-03"))
    for change in ("update reports_commoncontent set content = '{}'", "delete from reports_commoncontent"):
        assert "permission denied" in refused(change)


def test_what_is_sealed_is_looked_for_in_a_content_before_its_release_as_well(exercise):
    closings.request(exercise, *MONTH)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEW_CONTENT.format("gAAAA" + "x" * 80, "2025-03"))
        assert broken({"sealed_nowhere_else"}).keys() == {"sealed_nowhere_else"}
        transaction.set_rollback(True)


def test_the_context_of_a_preparation_ends_where_it_fails(lease):
    with pytest.raises(ZeroDivisionError), preparing():
        raise ZeroDivisionError
    assert Edition.objects.count() == 0


def test_figures_that_stand_again_never_set_the_check_back(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    first = released_month(exercise)
    closings.check(first)
    checked = Closing.objects.get().checked_at
    assert checked is not None
    closings.check(first)
    assert Closing.objects.get().checked_at >= checked
