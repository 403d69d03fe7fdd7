"""Who takes what of what lies behind an edition: asked at that moment, in the audit first, one table at a time."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from monitoring.models import AuditEntry
from reports import approvals, closings, comments, exports_page
from reports.closings.preparing import preparing
from reports.exports import taking
from reports.models import Edition, PeriodKind
from reports.renderers import tables, values
from tests.everybody import client_of, device_of
from tests.record.by_hand import by_hand
from tests.reports.agreed import agreed, drafted_month, seen, time_is_over
from tests.reports.released import released_month
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]

PLACE = (-123.456789, -48.812345)


@pytest.fixture
def closing(exercise, people):
    occasions.filed(exercise, people.monitor_north, position=PLACE, place_as_written="=behind the Old Mill")
    return released_month(exercise)


@pytest.fixture
def edition(closing):
    return closing.editions.get(guarantor__code="alder")


def taken(client: Client, edition: Edition, file: str, **query: str):
    return client.get(reverse(f"edition-{taking.slug(file)}", args=[edition.public_id]), query)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def rows(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("file", taking.OF_AN_EDITION)
def test_each_file_is_an_attachment_that_says_what_it_is_of_and_is_in_the_audit_first(people, edition, file):
    answer = taken(client_of(people.guarantor_alder), edition, file)
    entry = AuditEntry.objects.filter(object_id=str(edition.public_id)).latest("pk")
    assert (entry.action, entry.actor) == (
        f"edition.take_{file.replace('.', '_').replace('-', '_')}",
        people.guarantor_alder,
    )
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="SIMULATED_exercise_2025-03_no1_')
    assert answer["Cache-Control"] == "private, no-store"
    assert "Content-Length" not in answer
    assert body(answer)


def test_no_table_of_a_guarantor_tells_more_than_the_truce_lets_out(people, edition):
    client = client_of(people.guarantor_alder)
    for file in taking.OF_AN_EDITION:
        told = body(taken(client, edition, file))
        for secret in (b"Old Mill", b"123.456", b"48.812", b"team-alder", b"monitor-north"):
            assert secret not in told, file


@pytest.mark.by_hand
def test_of_a_content_no_tree_is_made_to_take_a_table_or_to_list_editions(people, edition):
    """The tree of a million incidents is larger than jsonb can be. A number that is too large for one stands for it."""
    tables_of = [file for file in taking.OF_AN_EDITION if file.endswith((".csv", ".geojson"))]
    client = client_of(people.guarantor_alder)
    before = {file: body(taken(client, edition, file)) for file in tables_of}
    by_hand("""update reports_commoncontent set content = replace(content, '"annex":{', '"annex":{"a":1e999999,')""")
    with pytest.raises(DatabaseError, match="overflow"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select content::jsonb #> '{head}' from reports_commoncontent")
    assert {file: body(taken(client, edition, file)) for file in tables_of} == before
    assert Edition.objects.visible_to(people.guarantor_alder).for_listing().get().figures_changed == 0


def test_the_same_table_is_the_same_bytes_for_every_guarantor(people, closing):
    told = set()
    for state in ("alder", "birch", "cedar"):
        edition = closing.editions.get(guarantor__code=state)
        reader = getattr(people, f"guarantor_{state}")
        told.add(body(taken(client_of(reader), edition, "incidents.csv")))
    assert len(told) == 1


def test_what_is_another_s_or_not_released_is_not_there(exercise, people, closing):
    other = closing.editions.get(guarantor__code="birch")
    client = client_of(people.guarantor_alder)
    assert {taken(client, other, file).status_code for file in taking.OF_AN_EDITION} == {404}
    assert taken(client_of(people.moderator_north), other, "incidents.csv").status_code == 404
    assert taken(Client(), other, "incidents.csv").status_code == 302


def test_the_api_hands_out_the_same_by_a_token_and_refuses_what_it_does_not_know(people, edition):
    device = device_of(people.guarantor_alder)
    address = reverse("api-edition-incidents-csv", args=[edition.public_id])
    page = body(taken(client_of(people.guarantor_alder), edition, "incidents.csv"))
    assert body(device.get(address)) == page
    assert body(device.get(address, headers={"accept": "text/csv"})) == page
    assert device.get(address, {"tags": "yes"}).status_code == 400
    with_tags = rows(device.get(address, {"hxl": "true"}))
    assert with_tags[:2] == [tables.INCIDENTS.names, tables.INCIDENTS.tags]
    assert with_tags[2:] == list(csv.reader(io.StringIO(page.decode("utf-8-sig"), newline="")))[1:]


def test_head_tells_the_headers_and_sends_nothing(people, edition):
    answer = client_of(people.guarantor_alder).head(reverse("edition-incidents-csv", args=[edition.public_id]))
    assert (answer.status_code, answer.content, answer.streaming) == (200, b"", False)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_over_http_1_0_it_is_refused_for_nobody_could_tell_the_end_from_a_failure(people, edition):
    address = reverse("edition-incidents-csv", args=[edition.public_id])
    answer = client_of(people.guarantor_alder).get(address, SERVER_PROTOCOL="HTTP/1.0")
    assert answer.status_code == 400


def test_a_day_tells_of_registrations_alone(exercise, people):
    day = closings.advance(closings.request(exercise, PeriodKind.DAY, "2025-03-10").pk)
    edition = day.editions.get(guarantor__code="alder")
    client = client_of(people.guarantor_alder)
    assert {taken(client, edition, file).status_code for file in ("incidents.csv", "findings.csv")} == {409}
    assert len(rows(taken(client, edition, "returns.csv"))) == 1 + 3  # each guarantor's ledger has a row for the day
    page = client.get(reverse("edition", args=[edition.public_id])).content.decode()
    assert "exports/returns.csv" in page
    assert "exports/incidents.csv" not in page


def test_a_week_tells_what_a_month_tells(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]'))
    occasions.filed(exercise, people.monitor_north, occurred_from=datetime(2025, 3, 12, 8, 0, tzinfo=UTC))
    week = closings.advance(closings.request(exercise, PeriodKind.WEEK, "2025-W11").pk)
    edition = week.editions.get(guarantor__code="alder")
    client = client_of(people.guarantor_alder)
    assert {taken(client, edition, file).status_code for file in taking.OF_AN_EDITION} == {200}
    head, row = rows(taken(client, edition, "incidents.csv"))
    assert row[head.index("period")] == "2025-W11"
    assert exports_page._row(week)["period"] == values.week("2025-W11")


@pytest.mark.by_hand
def test_of_a_draft_nothing_is_taken_before_the_release_and_afterwards_what_was_released(exercise, people, tmp_path):
    truce = agreed(exercise, tmp_path)
    occasions.filed(truce, people.monitor_north)
    closing = drafted_month(truce)
    with preparing():
        edition = closing.editions.get(guarantor__code="alder")
    nothing_is_taken(people, edition)
    comments.say(edition.public_id, by=people.guarantor_alder, words="We have read it.")
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == "rendered"
    nothing_is_taken(people, edition)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)
    assert closings.advance(closing.pk).released_at is not None
    with zipfile.ZipFile(io.BytesIO(body(taken(client_of(people.guarantor_alder), edition, "edition.zip")))) as archive:
        assert not [name for name in archive.namelist() if "DRAFT" in name]
        (name,) = (name for name in archive.namelist() if name.endswith("alder_en.csv"))
        head, *lines = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("edition.xlsx")))
    figures = book.get_sheet_by_name("Figures").to_python()
    assert [[str(int(cell)) if isinstance(cell, float) else cell for cell in row] for row in figures] == [head, *lines]
    assert "We have read it." in {line[head.index("value")] for line in lines}


def nothing_is_taken(people, edition: Edition) -> None:
    client, moderator = client_of(people.guarantor_alder), client_of(people.moderator_north)
    assert {taken(client, edition, file).status_code for file in taking.OF_AN_EDITION} == {404}
    for file in taking.OF_A_CLOSING:
        door = f"admin:reports_closing_{taking.slug(file).replace('-', '_')}"
        assert moderator.get(reverse(door, args=[edition.closing.public_id])).status_code == 404
    assert (
        str(edition.closing.public_id) not in moderator.get(reverse("admin:reports_closing_exports")).content.decode()
    )


def test_moderators_take_all_of_it_and_only_of_their_truces(exercise, people, closing):
    client = client_of(people.moderator_north)
    address = reverse("admin:reports_closing_incidents_csv", args=[closing.public_id])
    assert address in client.get(reverse("admin:reports_closing_exports")).content.decode()
    head, row = rows(client.get(address))
    told = dict(zip(head, row, strict=True))
    assert head == tables.INCIDENTS_IN_FULL.names
    assert (told["longitude"], told["latitude"]) == ("-123.456789", "-48.812345")
    assert told["place_as_written"] == "'=behind the Old Mill"
    assert AuditEntry.objects.latest("pk").action == "closing.take_incidents_csv"
    feature = json.loads(body(client.get(reverse("admin:reports_closing_incidents_geojson", args=[closing.public_id]))))
    (point,) = feature["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [-123.456789, -48.812345]}
    for other in (people.guarantor_alder, people.operator):
        assert client_of(other).get(address).status_code in {302, 403}
    unknown = reverse("admin:reports_closing_incidents_csv", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(unknown).status_code == 404


def test_an_incident_that_was_registered_after_the_cut_off_is_in_no_table(exercise, people, edition):
    occasions.filed(exercise, people.monitor_north, occurred_from=datetime(2025, 3, 20, 8, 0, tzinfo=UTC))
    assert len(rows(taken(client_of(people.guarantor_alder), edition, "incidents.csv"))) == 2


def test_a_moderator_finds_weeks_as_well_as_months(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]'))
    week = closings.advance(closings.request(exercise, PeriodKind.WEEK, "2025-W11").pk)
    assert week.released_at is not None, week.failure
    released_month(exercise)
    page = client_of(people.moderator_north).get(reverse("admin:reports_closing_exports")).text
    assert "week 11 of 2025 (10 March to 16 March)" in values.plain(page)
    assert "March 2025" in values.plain(page)
