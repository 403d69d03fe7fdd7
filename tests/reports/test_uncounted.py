"""Where the long table has an empty value for a 0 of the content, so have the pages of figures and the API."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from reports import behind, compare, compared_shown, figures_shown
from reports.models import Edition
from reports.renderers.document import blocks
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from reports.renderers.tidy import lines
from reports.renderers.tidy.line import Line
from reports.renderers.uncounted import uncounted, uncounted_before
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE, JANUARY, MAY
from tests.reports.released import released_month
from tests.violations.occasions import filed
from violations.codebook import LedgerDay

# Of a line of the long table, where its figure stands in the content: some of every section.
TALLIES = {"total": "", "by_act": "row_code", "by_weapon": "row_code", "by_object_hit": "row_code"}
EFFORT = {
    "filed": "total/filed",
    "minutes": "total/minutes",
    "days_watched": "days_watched",
    "quiet_days": "quiet_days",
}


def path_of(line: Line) -> str:
    """The path of a line's figure; '' of those that this test does not translate."""
    if line.section == "incidents" and line.table in TALLIES and line.measure_code != "joint":
        row = f"/{line.row_code or 'none'}" if TALLIES[line.table] else ""
        return f"incidents/{line.table}{row}/{_in_tally(line.measure_code)}"
    if line.section == "comparison" and line.table.startswith("standing_"):
        return f"comparison/standing/{line.table.removeprefix('standing_')}/{_in_tally(line.measure_code)}"
    if line.section == "comparison" and line.table.startswith("change_") and not line.row_by:
        return f"comparison/measures/{line.table.removeprefix('change_')}/all/{line.measure_code}"
    if (line.section, line.table) == ("out_of_scope", "total"):
        return f"out_of_scope/{line.measure_code}"
    if (line.section, line.table) == ("effort", "total"):
        return f"effort/{EFFORT[line.measure_code]}"
    if (line.section, line.table) == ("effort", "by_kind"):
        return f"effort/by_kind/{line.row_code}/{line.measure_code}"
    if (line.section, line.table, line.measure_code) == ("effort", "by_day", "minutes"):
        return f"effort/by_day/{line.date}/minutes"
    if line.section == "registrations" and line.table in {"total", "by_act"}:
        return f"registrations/by_act/{line.row_code}/count" if line.row_code else "registrations/total"
    return _of_ledgers(line) if line.section == "ledgers" else ""


def _in_tally(measure: str) -> str:
    if measure.startswith("subtotal_"):
        return f"subtotals/{measure.removeprefix('subtotal_')}"
    return measure if measure == "registered" else f"columns/{measure}"


def _of_ledgers(line: Line) -> str:
    if line.table == "filed" and line.row_by == "team_kind":
        return f"ledgers/filed_by_others/{line.row_code}/total"
    of = f"ledgers/ledgers/{line.row_code}"
    if (line.table, line.measure_code) == ("days", "filed"):
        return f"{of}/days/{line.date}/filed"
    if line.table == "filed_by_area" and line.measure_code == "joint":
        return f"{of}/filed/by_area_joint"
    if line.table == "announced" and line.measure_code.removeprefix("days_") in LedgerDay:
        return f"{of}/announced/states/{line.measure_code.removeprefix('days_')}"
    return f"{of}/{line.table}/{line.measure_code}" if line.table in {"filed", "announced"} else ""


def without_hours() -> tuple[dict, dict]:
    """The exercise as it would be had no team filed its hours."""
    content, edition = readings.stored(EXERCISE)
    effort = content["sections"]["effort"]
    effort |= {"known": False, "total": {"filed": 0, "minutes": 0}, "days_watched": 0, "quiet_days": 0, "by_area": []}
    for table in ("by_kind", "by_team"):
        effort[table] = [row | {"filed": 0, "minutes": 0} for row in effort[table]]
    effort["by_day"] = [row | {"minutes": 0, "quiet": None} for row in effort["by_day"]]
    return content, edition


def empty_day() -> tuple[dict, dict]:
    """A day of which nothing was filed."""
    content, edition = readings.single_day()
    registrations, ledgers = content["sections"]["registrations"], content["sections"]["ledgers"]
    registrations["total"] = 0
    for row in [*registrations["by_act"], *registrations["by_filer"]]:
        row["count"] = 0
    for ledger in ledgers["ledgers"]:
        ledger["filed"] |= {"total": 0, "not_dated": 0}
        ledger["days"][0]["filed"] = 0
    for row in ledgers["filed_by_others"]:
        row["total"] = 0
    return content, edition


CONTENTS = {
    **{name: lambda name=name: readings.stored(name) for name in ALL},
    "without hours": without_hours,
    "a day": readings.single_day,
    "an empty day": empty_day,
    "from before": readings.from_before,
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_figure_has_no_number_where_the_line_of_the_table_has_none_and_the_same_reason(name):
    reading = Reading(*CONTENTS[name](), "en")
    told = {path: (number, note) for path, number, note in shown(reading)}
    sections = set()
    for line in lines(reading):
        path = path_of(line)
        if path not in told:
            assert not path or not isinstance(line.value, int), path
            continue
        number, note = told[path]
        assert (number, note) == (line.value, line.note if line.value is None else ""), path
        sections.add(line.section)
    assert sections >= {"ledgers", "registrations" if reading.registrations_only else "incidents"}


def shown(reading: Reading):
    """Every number of the content as the list of figures has it: path, number or none, why there is none."""
    nothing = uncounted(reading)
    for _section, path, number in behind.numbers(reading.content):
        note = nothing.why_at(path, number)
        yield path, None if note else number, note


@pytest.mark.parametrize(("name", "sections"), [(MAY, {"incidents", "out_of_scope"}), (JANUARY, {"incidents"})])
def test_of_what_nobody_filed_no_row_of_any_table_has_a_number(name, sections):
    for path, number, note in shown(readings.reading(name)):
        if path.partition("/")[0] in sections:
            assert number is None, path
            assert "This is not a count of zero" in note, path


def test_what_was_announced_and_the_days_held_stay_numbers():
    told = {path: number for path, number, _note in shown(readings.reading(JANUARY))}
    assert told["ledgers/ledgers/turkey/announced/states/nil"] is not None
    assert told["ledgers/ledgers/turkey/days/2017-01-23/returns/russia+1/total"] == 0, "a nil return is a claim"


def test_where_something_was_filed_and_watched_every_0_is_a_count():
    told = list(shown(readings.reading(EXERCISE)))
    assert [path for path, number, _note in told if number == 0]
    assert not [path for path, number, _note in told if number is None]


def test_beside_another_report_what_is_no_count_is_no_number():
    empty, full = readings.reading(EXERCISE), readings.reading(EXERCISE)
    total = empty.sections["incidents"]["total"]
    total["registered"] = 0
    for kind in ("columns", "subtotals"):
        total[kind] = dict.fromkeys(total[kind], 0)
    found = compare.compare(empty.content, full.content)
    rows = {row["path"]: row for row in compared_shown.figures_that_differ(empty, full, list(found.figures))}
    row = rows["incidents/total/registered"]
    assert (row["old"], row["new"]) == ("no figure", str(full.registered))


def numbers_on(page) -> set[str]:
    return {row["number"] for group in page.context["groups"] for row in group["figures"]}


@pytest.fixture
def nothing_filed(exercise, people):
    return released_month(exercise)


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_the_pages_and_the_api_of_an_empty_month_have_no_number_and_say_why(client, people, nothing_filed):
    client.force_login(people.guarantor_alder)
    edition = Edition.objects.get(closing=nothing_filed, guarantor__code="alder").public_id
    page = client.get(reverse("edition-figures", args=[edition]), {"table": "incidents/total"})
    assert numbers_on(page) == {"no figure"}
    assert page.text.count("This is not a count of zero") == 1
    path = {"path": "incidents/total/subtotals/violations"}
    one = client.get(reverse("edition-figure-incidents", args=[edition]), path)
    assert "violations: no figure</h1>" in one.text
    assert "This is not a count of zero" in one.text
    assert "there is nothing to list" not in one.text
    address, rows = reverse("api-edition-figures", args=[edition]), []
    while address:
        answer = client.get(address).json()
        rows += answer["results"]
        address = answer["next"]
    of_incidents = [row for row in rows if row["section"] in {"incidents", "out_of_scope"}]
    assert of_incidents
    assert {row["figure"] for row in of_incidents} == {None}
    assert all("This is not a count of zero" in row["note"] for row in of_incidents)
    days = {row["path"]: row for row in rows}["ledgers/ledgers/alder/announced/days_due"]
    assert isinstance(days["figure"], int)
    assert days["note"] == ""
    told = client.get(reverse("api-edition-figure-incidents", args=[edition]), path).json()
    assert (told["figure"], told["listed"], told["unlisted"], told["incidents"]) == (None, None, None, [])
    assert "This is not a count of zero" in told["note"]
    hours = client.get(reverse("api-edition-figure-incidents", args=[edition]), {"path": "effort/total/minutes"}).json()
    assert (hours["figure"], hours["counts"]) == (None, "effort")
    assert "No hours were filed" in hours["note"]


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_moderators_read_the_same_and_of_what_was_filed_later_too(client, exercise, people, nothing_filed):
    filed(exercise, people.monitor_north)
    client.force_login(people.moderator_north)
    address, asked = reverse("admin:reports_closing_figures"), {"closing": str(nothing_filed.public_id)}
    page = client.get(address, asked)
    assert numbers_on(page) == {"no figure"}
    assert page.text.count("This is not a count of zero") == 1
    one = client.get(address, asked | {"path": "incidents/total/registered"})
    assert "The report has <strong>no figure</strong> here." in one.text
    assert "This is not a count of zero" in one.text
    assert "The report says" not in one.text
    assert "No incident is counted here." not in one.text


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_beside_a_later_closing_the_api_has_null_for_what_was_no_count(client, exercise, people, nothing_filed):
    filed(exercise, people.monitor_north)
    later = released_month(exercise)
    client.force_login(people.guarantor_alder)
    editions = [Edition.objects.get(closing=one, guarantor__code="alder").public_id for one in (nothing_filed, later)]
    told = client.get(reverse("api-edition-comparison", args=editions)).json()
    rows = {row["path"]: (row["old"], row["new"]) for row in told["figures"]}
    assert rows["incidents/total/registered"] == (None, 1)
    assert json.loads(nothing_filed.content())["sections"]["incidents"]["total"]["registered"] == 0
    assert figures_shown.no_number() == "no figure"


def test_what_a_figure_was_before_anybody_had_filed_is_no_number_in_print_and_table():
    reading = readings.reading(EXERCISE)
    changes = reading.content["beside"]["changes"]["figures"]
    was = next(change for change in changes if change["old"] == 0)
    assert uncounted_before(reading).why_at(was["path"], 0) == "", "something had been filed by then"
    assert "no figure" not in blocks.texts(compose(reading))
    changes.append({"section": "incidents", "path": "incidents/total/registered", "old": 0, "new": reading.registered})
    why = uncounted_before(reading).why_at(was["path"], 0)
    assert why == "No incident report of this period had been filed by then."
    told = [line for line in lines(reading) if line.section == "changes" and line.row_code == was["path"]]
    assert [(line.value, line.note) for line in told] == [(None, why), (was["new"], "")]
    assert "no figure" in blocks.texts(compose(reading))
