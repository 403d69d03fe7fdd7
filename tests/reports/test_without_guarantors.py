"""A truce without a guarantor: its periods are closed and verified, nobody has an edition, and reports say why."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from monitoring import accreditation, canonical, ledger, mechanism, mechanism_file
from monitoring.errors import NotNow
from monitoring.models import User
from reports import closings
from reports.closings import common
from reports.closings.verifying import Outcome
from reports.models import Closing, CommonContent, Edition
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.monitoring.truces import write
from tests.reports.schema import check_content
from tests.violations import occasions
from violations import filing
from violations.findings import Decision
from violations.models import IncidentReport
from violations.report_content import NamedParty, ReportContent

pytestmark = pytest.mark.django_db
KYIV = ZoneInfo("Europe/Kyiv")
HOUR = timedelta(hours=1)
NO_LEDGER = "No ledger is kept: no State was guarantor of this truce in this period"


def close(agreement, period: str):
    kind = "day" if len(period) == 10 else "month"
    return closings.advance(closings.request(agreement, kind, period).pk)


def content(closing) -> dict:
    return json.loads(closing.content())


def printed(closing, name: str = ".pdf") -> str:
    (pdf,) = (rendered for file, rendered in common.files(closing) if file.endswith(name))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


@pytest.fixture
def monitor(minsk) -> User:
    """Somebody of the mission, sent by no side."""
    user = User.objects.create(username="observer")
    team = minsk.teams.get(code="special-monitoring-mission")
    accreditation.accredit(user, minsk, "monitor", by=None, team=team, valid_from=datetime(2015, 2, 1, tzinfo=UTC))
    return user


def heard(agreement, by: User, at: datetime, client_id: str) -> None:
    told = ReportContent(
        occurred_from=at,
        occurred_until=at + timedelta(minutes=1),
        time_precision="minute",
        position=(37.77, 48.13),
        place_precision="vicinity",
        place_as_written="Avdiivka",
        act="explosion_undetermined",
        means="heard",
        count=8,
        count_qualifier="exact",
        count_unit="explosion",
        parties=(NamedParty("involved", "DPR"),),
        narrative="Eight explosions.",
        narrative_language="en",
    )
    filing.file_report(agreement, told, by=by, client_id=client_id)


@pytest.mark.parametrize(
    ("period", "starts", "ends", "hours"),
    [
        ("2015-02-15", (2015, 2, 14, 17, 30), (2015, 2, 15, 17, 30), 24),
        ("2015-03-29", (2015, 3, 28, 17, 30), (2015, 3, 29, 16, 30), 23),
        ("2015-10-25", (2015, 10, 24, 16, 30), (2015, 10, 25, 17, 30), 25),
        ("2015-02", (2015, 1, 31, 17, 30), (2015, 2, 28, 17, 30), 28 * 24),
        ("2015-03", (2015, 2, 28, 17, 30), (2015, 3, 31, 16, 30), 31 * 24 - 1),
        ("2015-10", (2015, 9, 30, 16, 30), (2015, 10, 31, 17, 30), 31 * 24 + 1),
    ],
)
@pytest.mark.usefixtures("json_alone")
def test_empty_periods_close_with_their_bounds_through_summer_time(minsk, period, starts, ends, hours):
    closing = close(minsk, period)
    assert (closing.period_from, closing.period_until) == (datetime(*starts, tzinfo=UTC), datetime(*ends, tzinfo=UTC))
    assert (closing.period_until - closing.period_from) / HOUR == hours
    assert closing.state == "released"
    assert not Edition.objects.exists()
    assert closings.verify(closing).outcome == Outcome.SAME
    check_content(content(closing))
    days = content(closing)["beside"]["header"]["days"]
    assert all(one["until"] == following["from"] for one, following in itertools.pairwise(days))


@pytest.mark.usefixtures("json_alone")
def test_a_day_that_ended_before_the_truce_is_not_closed_and_that_of_its_first_morning_is(minsk):
    with pytest.raises(NotNow, match="ended before the truce"):
        close(minsk, "2015-02-14")
    assert close(minsk, "2015-02-15").state == "released"


@pytest.mark.usefixtures("json_alone")
def test_what_is_empty_is_no_claim_of_zero(minsk):
    closing = close(minsk, "2015-02")
    told = content(closing)
    assert told["sections"]["ledgers"]["ledgers"] == []
    assert told["beside"]["header"]["guarantors"] == []
    assert "same_hash_in_all_capitals" not in told["beside"]["header"]["verify"]
    assert told["sections"]["incidents"]["attribution_policy"] == "not_made"
    assert told["sections"]["incidents"]["by_side"] == []
    assert {row["code"] for row in told["sections"]["reservations"]["reservations"]} == {
        "no-guarantor-signed",
        "two-lines-to-measure-from",
    }


def test_the_months_report_says_of_each_empty_section_why(minsk):
    closing = close(minsk, "2016-01")
    report = printed(closing)
    assert "Arranged for no State: common content" in report
    assert report.count(NO_LEDGER) == 3  # on page 1, in the summary, in section 2
    assert "This is not a count of zero" in report
    assert "There are no figures to draw: no ledger is kept" in report
    assert "None signed as guarantor" in report
    assert "all capitals" not in report
    for heading in ("Announced by the guarantors", "What the guarantors announced", "Returns held of returns due"):
        assert heading not in report
    assert "What concerns" not in report
    assert "Finest place in this report region" in report
    assert closing.content_sha256 in report


def test_a_line_breaks_within_no_date_of_the_head(minsk):
    told = compose(Reading(content(close(minsk, "2016-01")), None, "en"))
    assert told["masthead"]["title"].endswith("Ukraine (15\u00a0February\u00a02015)")
    assert told["masthead"]["period"] == "January\u00a02016"
    assert told["frame"]["running"].endswith("Ukraine (15\u00a0February\u00a02015) · January\u00a02016")


def test_the_days_report_says_so_on_one_page(minsk):
    closing = close(minsk, "2015-03-29")
    report = printed(closing)
    assert NO_LEDGER in report
    assert "Announced by the guarantors" not in report
    assert "from 28 March 2015, 19:30 until before 29 March 2015, 19:30" in report
    assert "UTC+02:00, later UTC+03:00" in report


def test_the_command_says_that_there_is_no_edition_and_writes_the_common_content(minsk, tmp_path):
    out = StringIO()
    call_command("close_period", agreement="minsk-2015", period="2015-02", out=str(tmp_path / "out"), stdout=out)
    closing = Closing.objects.get()
    said = out.getvalue()
    assert "No State was guarantor of this truce in this period: no edition is arranged for anybody." in said
    assert "all guarantors" not in said
    assert closing.content_sha256[:16] in said
    files = {path.suffix: path for path in (tmp_path / "out").iterdir()}
    assert {path.name for path in files.values()} == {
        f"minsk-2015_2015-02_no1_common_en.{form}" for form in ("pdf", "csv", "json")
    }
    written = json.loads(files[".json"].read_text())
    assert written["edition"] is None
    assert canonical.sha256(written["closing"]["head"]) == closing.content_sha256
    before = {suffix: hashlib.sha256(path.read_bytes()).hexdigest() for suffix, path in files.items()}
    call_command("close_period", agreement="minsk-2015", period="2015-02", out=str(tmp_path / "out"), stdout=out)
    assert "Nothing is new: closing no. 1 stands." in out.getvalue()
    assert {suffix: hashlib.sha256(path.read_bytes()).hexdigest() for suffix, path in files.items()} == before
    verified = StringIO()
    call_command("verify_closings", agreement="minsk-2015", stdout=verified)
    assert verified.getvalue().splitlines()[0].endswith(" same")


@pytest.mark.usefixtures("json_alone")
def test_common_content_is_not_handed_out_where_guarantors_have_editions_or_before_the_release(exercise, minsk):
    closing = close(exercise, "2025-03")
    with pytest.raises(NotNow, match="every guarantor has an edition"):
        list(common.files(closing))
    with pytest.raises(NotNow, match="not released yet"):
        list(common.files(closings.request(minsk, "month", "2016-02")))


@pytest.mark.usefixtures("json_alone")
def test_its_content_is_hidden_until_its_release_as_any(minsk):
    lease = closings.claim(closings.request(minsk, "month", "2016-02").pk)
    computed = closings.compute(lease)
    assert (computed.editions.count(), CommonContent.objects.count()) == (0, 0)
    closings.render(lease)
    assert CommonContent.objects.count() == 0
    closings.release(lease)
    assert CommonContent.objects.count() == 1


@pytest.mark.usefixtures("json_alone")
def test_an_incident_counts_on_the_day_whose_evening_has_begun(minsk, monitor):
    for minute, client_id in ((29, "before"), (31, "after")):
        heard(minsk, monitor, datetime(2016, 3, 13, 19, minute, tzinfo=KYIV), client_id)
    for date, hour in (("2016-03-13", -1), ("2016-03-14", 0)):
        section = content(close(minsk, date))["sections"]["registrations"]
        assert section["total"] == 1
        assert [row["count"] for row in section["by_hour"]["rows"]].index(1) == (23 if hour else 0)
        assert {row["team_kind"]: row["count"] for row in section["by_filer"]} == {
            "joint": 0,
            "independent": 1,
            "none": 0,
        }


def test_a_month_with_incidents_names_nobody_and_cuts_no_hour_at_the_edge_of_a_day(minsk, monitor):
    heard(minsk, monitor, datetime(2016, 3, 13, 19, 40, tzinfo=KYIV), "one")
    closing = close(minsk, "2016-03")
    (incident,) = content(closing)["beside"]["annex"]["incidents"]
    assert incident["date"] == "2016-03-14"
    assert incident["occurred_from"] == "2016-03-13T17:30:00.000000Z"
    assert incident["occurred_until"] == "2016-03-13T18:30:00.000000Z"
    assert (incident["alleged"], incident["involved"], incident["scope"]) == ([], [], "in_scope")
    report = printed(closing)
    assert "Armed formations of certain areas of the Donetsk region" not in report
    assert "DPR" not in report
    assert "Incidents by region" in report
    assert closings.verify(closing).outcome == Outcome.SAME


@pytest.fixture
def moderators(minsk) -> list[User]:
    """Two persons of the mission who find upon incidents: independent, both."""
    people = [User.objects.create(username=f"moderator-{name}", is_staff=True) for name in ("one", "two")]
    for user in people:
        accreditation.accredit(user, minsk, "moderator", by=None)
    return people


@pytest.mark.usefixtures("json_alone")
def test_what_two_of_the_mission_found_is_a_violation_of_whoever_is_bound_and_of_nobody_by_name(
    minsk, monitor, moderators
):
    heard(minsk, monitor, datetime(2016, 3, 13, 19, 40, tzinfo=KYIV), "one")
    one, two = moderators
    report = occasions.under_review(IncidentReport.objects.get(), one)
    decision = Decision(
        verification="verified",
        conduct="breach",
        provisions=(occasions.provision(minsk, "ceasefire"),),
        grounds="Heard from two posts.",
    )
    occasions.agreed(occasions.incident_of(report), decision, by=one, and_by=two)
    section = content(close(minsk, "2016-03"))["sections"]["incidents"]
    assert section["total"]["columns"]["violations_preliminary"] == 1
    assert section["by_party"] == section["by_side"] == []


@pytest.mark.usefixtures("json_alone")
def test_a_side_that_no_guarantor_is_of_has_no_row_of_guarantors_forces(minsk, monitor, tmp_path):
    path = write(tmp_path, ('attribution = "not_made"', 'attribution = "published"'), name="minsk-2015")
    with ledger.writing() as entry:
        mechanism.record(mechanism_file.read(path), by=None, entry=entry)
    heard(minsk, monitor, datetime(2016, 3, 13, 19, 40, tzinfo=KYIV), "one")
    closing = close(minsk, "2016-03")
    rows = content(closing)["sections"]["incidents"]["by_side"]
    assert {(row["side"], row["forces"]) for row in rows if row["side"]} == {
        ("certain-areas", "parties"),
        ("government", "parties"),
    }
    check_content(content(closing))


def test_a_return_of_a_guarantor_that_is_none_is_refused(minsk, tmp_path):
    table = tmp_path / "returns.csv"
    table.write_text("owner\nfrance\n")
    with pytest.raises(CommandError):
        call_command("import_returns", table, agreement="minsk-2015", stdout=StringIO())
