"""Figures of third parties in the report: beside, each with what it counts, in no total, contradictions shown."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection

from reports import closings, periods, renderers
from reports.closings.verifying import Outcome
from reports.figures import assemble
from reports.figures.known import Known
from reports.models import Closing
from reports.renderers.document.blocks import texts
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.record.plain_count import add_up
from tests.reports.schema import check_content
from tests.violations.test_import_third_party import TABLE, given, run, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
EVERY_FORMAT = renderers.FORMATS


def closed(astana, month: str) -> Closing:
    return closings.advance(closings.request(astana, "month", month).pk)


def section(closing: Closing) -> dict:
    return json.loads(closing.content())["sections"]["reservations"]["third_party_figures"]


def edition_of(closing: Closing) -> tuple[dict, dict]:
    return json.loads(closing.content()), json.loads(closing.editions.get(guarantor__code="turkey").content)


def table() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


@given
def test_the_month_has_every_figure_that_bears_its_date_and_no_other(astana, tmp_path):
    run(TABLE, rejects=tmp_path / "rejects.csv")
    for month in ("2016-12", "2017-01", "2017-02", "2017-03"):
        closing = closed(astana, month)
        check_content(json.loads(closing.content()))
        told = section(closing)
        expected = [line for line in table() if line["as_of_date"].startswith(month)]
        assert told["recorded"] == bool(expected)
        assert sorted(
            (one["url"], one["breakdown"], one["category"], one["number"]) for one in told["figures"]
        ) == sorted((line["url"], line["scope"], line["category"], int(line["value"])) for line in expected)
        assert closings.verify(closing).outcome == Outcome.SAME
        assert len({one["figure"] for one in told["figures"]}) == len(expected)


@given
def test_they_enter_no_total(astana, tmp_path):
    before = assemble_month(astana)
    run(TABLE, rejects=tmp_path / "rejects.csv")
    after = assemble_month(astana)
    assert before.sections["reservations"] != after.sections["reservations"]
    for code in ("ledgers", "incidents", "out_of_scope", "charts"):
        assert before.sections[code] == after.sections[code]
    add_up(after.sections)


def assemble_month(astana) -> assemble.Figures:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (at,) = cursor.fetchone()
    version = astana.terms_known_at(at)
    return assemble.figures(Known(astana, version, periods.bounds(version, "month", "2017-01"), at))


def test_another_number_at_another_address_is_contested_and_both_stand(astana, tmp_path):
    run(written(tmp_path, {}, {"url": "https://example.org/2", "value": "9"}, {"category": "other"}))
    told = [(one["category"], one["number"], one["contested"]) for one in section(closed(astana, "2017-01"))["figures"]]
    assert sorted(told) == [("other", 7, False), ("total", 7, True), ("total", 9, True)]


def test_the_page_says_what_they_count_and_that_nothing_is_taken_from_them(astana, tmp_path):
    run(written(tmp_path, {"note": "another outlet prints 6"}))
    written_out = " ".join(texts(compose(Reading(*edition_of(closed(astana, "2017-01")), "en"))))
    for said in (
        "Syrian Network for Human Rights counts, as this service understands it: Breaches of the ceasefire",
        "they enter no total, and no difference to any figure of this report is taken",
        "counted on from 30 December 2016 (“first two weeks”; days derived from the wording, known to the week): http",
        "contested; another outlet prints 6",
        "No licence of it is known to this service: numbers alone are quoted, each with its address.",
    ):
        assert said in written_out
    assert "figures of third parties" not in written_out


def test_the_header_names_who_published_figures_of_the_period(astana, tmp_path):
    run(written(tmp_path, {}))
    content, _edition = edition_of(closed(astana, "2017-01"))
    told = content["beside"]["header"]["data_sets"]
    assert [(one["told"], one["code"], one["publisher"]) for one in told] == [
        ("third_party_figures", "snhr", "Syrian Network for Human Rights")
    ]


def test_a_month_without_any_says_why(astana):
    content, edition = edition_of(closed(astana, "2017-03"))
    assert content["beside"]["header"]["data_sets"] == []
    assert content["sections"]["reservations"]["third_party_figures"] == {"recorded": False, "figures": []}
    written_out = " ".join(texts(compose(Reading(content, edition, "en"))))
    assert "None is recorded that bears a date of this period." in written_out


def test_the_table_for_statisticians_has_each_with_its_definition(astana, tmp_path):
    run(written(tmp_path, {}))
    data = EVERY_FORMAT["csv"](Reading(*edition_of(closed(astana, "2017-01")), "en")).decode("utf-8-sig")
    lines = [line for line in csv.DictReader(io.StringIO(data, newline="")) if line["table"] == "third_party_figures"]
    told = {line["measure_code"]: line for line in lines}
    assert (told["number"]["value"], told["number"]["unit"], told["number"]["date"]) == ("7", "breaches", "2017-01-14")
    assert "enter no total" in told["number"]["note"]
    assert told["url"]["value"] == "https://example.org/1"
    assert told["span"]["value"] == "first two weeks"
    assert told["contested"]["value"] == "false"


def test_a_revision_touches_the_closing_and_the_next_says_what_changed(astana, tmp_path):
    run(written(tmp_path, {}))
    first = closed(astana, "2017-01")
    run(written(tmp_path, {"category": "other", "as_of_date": "2017-02-14"}))
    assert closings.check(first).touched_at is None, "a figure of another month"
    run(written(tmp_path, {"value": "8"}))
    assert closings.check(first).touched_at is not None
    second = closed(astana, "2017-01")
    assert second.number == 2
    changed = json.loads(second.content())["beside"]["changes"]
    assert [(one["old"], one["new"]) for one in changed["figures"]] == [(7, 8)]
    assert [step["step"] for step in changed["because"]] == ["figure_recorded"]
    assert section(closings.advance(first.pk))["figures"][0]["number"] == 7
    assert closings.verify(first).outcome == Outcome.SAME


def test_a_closing_from_before_is_neither_touched_nor_followed_by_another(astana, tmp_path, monkeypatch):
    """Made when the section had no such figures: what is recorded now is no reason to close its period again."""
    former = tuple((code, 1) for code, _version in assemble.CURRENT["month"])
    with monkeypatch.context() as then:
        then.setitem(assemble.CURRENT, "month", former)
        first = closed(astana, "2017-01")
    run(written(tmp_path, {}))
    assert closings.check(first).touched_at is None
    assert closings.verify(first).outcome == Outcome.SAME
    again = closings.advance(closings.request(astana, "month", "2017-01").pk)
    assert (again.state, again.same_as) == (Closing.State.UNCHANGED, first)
