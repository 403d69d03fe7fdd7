"""What an edition tells beside the figures: earlier reports revised, undertakings, observers, requests open to it."""

from __future__ import annotations

import json

import pytest

from monitoring import canonical
from reports import closings
from reports.closings.verifying import Outcome
from reports.figures import concerns
from reports.models import Closing, Edition
from tests.reports import readings
from tests.reports.agreed import sheet_to
from tests.reports.readings import rendered
from tests.reports.restored import resumed
from tests.reports.schema import check_content, check_edition
from tests.reports.test_periods_told import lines_of, text_of
from tests.violations import occasions, replying
from violations import requests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
FEBRUARY, MARCH = ("month", "2025-02"), ("month", "2025-03")
IN_FEBRUARY = occasions.NOON.replace(month=2)


def closed(agreement, kind: str, period: str) -> Closing:
    closing = closings.advance(closings.request(agreement, kind, period).pk)
    assert closing.released_at is not None, closing.failure
    return closing


def corrigenda(closing: Closing) -> dict:
    content = json.loads(closing.content())
    check_content(content)
    return content["beside"]["corrigenda"]


def test_what_earlier_reports_were_revised_in_since_the_last_closing_is_listed(long_truce, people):
    first = closed(long_truce, *FEBRUARY)
    assert corrigenda(first) == {"version": 1, "since": None, "revised": [], "supplements": []}
    occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY)
    revision = closed(long_truce, *FEBRUARY)
    march = closed(long_truce, *MARCH)
    (row,) = corrigenda(march)["revised"]
    changed = json.loads(revision.content())["beside"]["changes"]["figures"]
    assert (row["kind"], row["period"], row["number"]) == (*FEBRUARY, 2)
    assert row["content_sha256"] == revision.content_sha256
    assert row["figures"] == len(changed) == sum(one["figures"] for one in row["sections"])
    assert {one["section"] for one in row["sections"]} == {one["section"] for one in changed}
    occasions.filed(long_truce, people.monitor_south)
    assert corrigenda(closed(long_truce, *MARCH))["revised"] == [], "it was told in the closing before"
    content, edition = json.loads(march.content()), json.loads(march.editions.first().content)
    text = text_of(rendered("pdf", content, edition))
    assert "Revisions of earlier periods released since the last closing" in text
    assert "Supplements to earlier reports (corrigenda, addenda): none." in text
    lines = lines_of(rendered("csv", content, edition))
    told = [line for line in lines if line["section"] == "corrigenda"]
    assert told[0]["value"] == str(row["figures"])
    assert closings.verify(march).outcome == Outcome.SAME


def test_sheets_issued_to_earlier_reports_since_are_listed_with_what_they_are_to(long_truce, people):
    february = closed(long_truce, *FEBRUARY)
    sheet = sheet_to(february, people)
    march = closed(long_truce, *MARCH)
    assert corrigenda(march)["supplements"] == [
        {
            "sheet": "corr", "sheet_number": 1, "kind": "month", "period": "2025-02", "number": 1,
            "released_at": canonical.instant(sheet.released_at),
        }
    ]  # fmt: skip
    content, edition = json.loads(march.content()), json.loads(march.editions.first().content)
    assert "Corr. 1 to closing 1 of February 2025, released" in text_of(rendered("pdf", content, edition))
    (line,) = [one for one in lines_of(rendered("csv", content, edition)) if one["table"] == "supplements"]
    assert (line["row_code"], line["within_code"], line["row"]) == ("2025-02", "1", "corr-1")
    assert closings.verify(march).outcome == Outcome.SAME
    occasions.filed(long_truce, people.monitor_south)
    assert corrigenda(closed(long_truce, *MARCH))["supplements"] == [], "it was told in the closing before"


def test_what_is_released_between_a_cut_off_and_its_release_is_told_by_the_next_closing(long_truce, people):
    february = closed(long_truce, *FEBRUARY)
    lease = closings.claim(closings.request(long_truce, *MARCH).pk)
    closings.compute(lease)
    occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY)
    closed(long_truce, *FEBRUARY)
    sheet_to(february, people)
    closings.render(lease)
    march = closings.release(lease)
    assert march.released_at is not None
    assert (corrigenda(march)["revised"], corrigenda(march)["supplements"]) == ([], []), "they came after its cut-off"
    sheet_to(march, people)
    occasions.filed(long_truce, people.monitor_south)
    revision = closed(long_truce, *MARCH)
    told = corrigenda(revision)
    assert told["since"] == canonical.instant(march.cutoff_at)
    assert [(row["period"], row["number"]) for row in told["revised"]] == [("2025-02", 2)]
    sheets = [(row["period"], row["number"]) for row in told["supplements"]]
    assert sheets == [("2025-02", 1), ("2025-03", 1)], "also to the closing that it revises"
    assert closings.verify(march).outcome == closings.verify(revision).outcome == Outcome.SAME


def test_a_month_closed_later_than_the_next_follows_what_lies_before_it_alone(long_truce, people):
    closed(long_truce, *MARCH)
    february = closed(long_truce, *FEBRUARY)
    assert corrigenda(february)["since"] is None
    occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY)
    closed(long_truce, *FEBRUARY)
    occasions.filed(long_truce, people.monitor_south)
    (row,) = corrigenda(closed(long_truce, *MARCH))["revised"]
    assert (row["period"], row["number"]) == ("2025-02", 2)


def test_the_first_closing_of_a_period_after_a_lost_one_is_no_revision(long_truce, people):
    resumed(long_truce, people, period="2025-02")
    assert closed(long_truce, *FEBRUARY).number == 2
    assert corrigenda(closed(long_truce, *MARCH))["revised"] == []
    occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY)
    closed(long_truce, *FEBRUARY)
    occasions.filed(long_truce, people.monitor_south)
    (row,) = corrigenda(closed(long_truce, *MARCH))["revised"]
    assert (row["period"], row["number"]) == ("2025-02", 3)


def test_for_whom_guarantors_answer_is_printed_with_its_source_and_so_are_observers(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise, *MARCH)
    content, edition = json.loads(closing.content()), json.loads(closing.editions.first().content)
    told = [
        (party["party"], item) for party in content["beside"]["header"]["parties"] for item in party["undertakings"]
    ]
    assert len(told) >= 3
    text = text_of(rendered("pdf", content, edition))
    assert "Parties that guarantors answer for, on whose word, by which source" in text
    lines = lines_of(rendered("csv", content, edition))
    for party, item in told:
        assert item["source"]
        assert " ".join(item["source"].split()) in text
        assert item["source"] in {
            line["value"]
            for line in lines
            if (line["table"], line["row_code"], line["within_code"]) == ("undertakings", party, item["guarantor"])
        }
    assert content["beside"]["header"]["observers"]
    for item in content["beside"]["header"]["observers"]:
        name = content["beside"]["labels"]["observer"][item["observer"]]["en"]
        assert f"{name} {item['tier']} {'; '.join(item['consent_of'])}" in text


def test_requests_open_to_a_guarantor_stand_in_its_own_edition_and_in_no_other(exercise, people):
    incident = occasions.incident_of(occasions.filed(exercise, people.monitor_north))
    mine = replying.asked(exercise, people.moderator_north, "guarantor:birch", incident, question="Where was it?")
    replying.asked(exercise, people.moderator_north, "guarantor:alder", question="Who passed the bridge?")
    requests.withdraw(
        replying.asked(exercise, people.moderator_south, "guarantor:birch", question="Withdrawn."),
        by=people.moderator_north,
    )
    answered = replying.asked(exercise, people.moderator_south, "guarantor:birch", question="Answered.")
    replying.answered(answered, people.guarantor_birch)
    closing = closed(exercise, *MARCH)
    content = json.loads(closing.content())
    editions = {row.guarantor.code: json.loads(row.content) for row in Edition.objects.select_related("guarantor")}
    (row,) = editions["birch"]["requests"]["open"]
    assert (row["request"], row["reply"], row["question"]) == (str(mine.public_id), "open", "Where was it?")
    assert row["incident"] == content["beside"]["annex"]["incidents"][0]["reference"]
    assert [row["question"] for row in editions["alder"]["requests"]["open"]] == ["Who passed the bridge?"]
    assert editions["cedar"]["requests"] == {"recorded": True, "open": []}
    for edition in editions.values():
        check_edition(edition)
    texts = {code: text_of(rendered("pdf", content, edition)) for code, edition in editions.items()}
    assert "Requests for information open to Birch at the cut-off: 1, due " in texts["birch"]
    assert "Requests for information open to Cedar at the cut-off: none." in texts["cedar"]
    assert {code for code, text in texts.items() if "Where was it?" in text} == {"birch"}
    assert "Withdrawn." not in texts["birch"]
    assert "Where was it?" not in closing.content()
    lines = lines_of(rendered("csv", content, editions["birch"]))
    assert "Where was it?" in {line["value"] for line in lines if line["table"] == "requests"}
    replying.answered(mine, people.guarantor_birch)
    verdict = closings.verify(closing)
    assert dict(verdict.parts)["edition birch"] == Outcome.SAME, "as known at the cut-off it was open"


def test_an_edition_from_before_requests_were_told_is_computed_again_as_it_was(exercise, people, monkeypatch):
    occasions.filed(exercise, people.monitor_north)
    with monkeypatch.context() as then:
        then.setattr(concerns, "edition", concerns.edition_1)
        closing = closed(exercise, *MARCH)
    assert "version" not in json.loads(closing.editions.first().content)
    verdict = closings.verify(closing)
    assert verdict.outcome == Outcome.SAME
    assert dict(verdict.parts)["edition alder"] == Outcome.SAME


def test_a_content_from_before_says_what_it_said():
    content, edition = readings.from_before()
    text = text_of(rendered("pdf", content, edition))
    assert "requests for information open to a guarantor" in text
    assert "Undertakings" not in text
