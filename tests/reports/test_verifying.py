"""Verifying finds a row that somebody altered with the rights of a superuser and with fitting hashes."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from monitoring import canonical
from reports import closings
from reports.closings.verifying import Outcome
from reports.figures import annex, assemble
from reports.models import Closing, Edition
from tests.conftest import superuser_connection
from tests.reports.released import released_month
from tests.reports.schema import check_content
from tests.violations import occasions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("json_alone")]


@pytest.fixture
def closing(exercise, people) -> Closing:
    occasions.filed(exercise, people.monitor_north)
    return released_month(exercise)


def tamper(table: str, pk: int, *, key: str = "id", **columns: str) -> None:
    """Write over a released row, as nobody may."""
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        postgres.execute("set session_replication_role = replica")
        told = ", ".join(f"{column} = %s" for column in columns)
        postgres.execute(f"update {table} set {told} where {key} = %s", [*columns.values(), pk])


@pytest.mark.parametrize("part", [pytest.param("annex", marks=pytest.mark.altered), "map"])
def test_what_stands_beside_the_hash_is_computed_again(closing, part):
    content = json.loads(closing.content())
    key, row = next((key, row) for key, row in content["beside"][part].items() if isinstance(row, list) and row)
    row.pop()
    content["beside_sha256"][part] = canonical.sha256(content["beside"][part])
    tamper("reports_commoncontent", closing.pk, key="closing_id", content=canonical.dumps(content))
    verdict = closings.verify(Closing.objects.get())
    assert (verdict.outcome, verdict.sections) == (Outcome.DIFFERS, (part,)), key
    assert dict(verdict.parts)["incidents"] == Outcome.SAME


def test_what_concerns_one_guarantor_is_computed_again(closing):
    edition = Edition.objects.get(guarantor__code="alder")
    content = json.loads(edition.content)
    content["concerns"]["undertaken"] = []
    content["concerns"]["own_forces"] = []
    text = canonical.dumps(content)
    tamper("reports_edition", edition.pk, content=text, content_sha256=canonical.sha256(content))
    verdict = closings.verify(closing)
    assert (verdict.outcome, verdict.sections) == (Outcome.DIFFERS, ("edition alder",))
    assert dict(verdict.parts)["edition birch"] == Outcome.SAME


def test_where_the_code_that_told_them_is_gone_the_stored_hashes_are_left(closing, monkeypatch):
    monkeypatch.setattr(assemble, "EDITIONS", {})
    monkeypatch.setitem(assemble.BESIDE, "annex", {})
    verdict = closings.verify(closing)
    assert verdict.outcome == Outcome.SAME
    parts = dict(verdict.parts)
    assert (parts["annex"], parts["edition alder"]) == (Outcome.STORED_ONLY, Outcome.STORED_ONLY)
    assert (parts["incidents"], parts["map"]) == (Outcome.SAME, Outcome.SAME)


def test_a_closing_from_before_more_than_parties_was_withheld_is_computed_again_as_it_was(
    exercise, people, tmp_path, monkeypatch
):
    occasions.reloaded(tmp_path, ('attribution = "published"', 'attribution = "internal"'))
    occasions.filed(exercise, people.monitor_north)
    former = tuple((code, 1 if code == "out_of_scope" else version) for code, version in assemble.CURRENT["month"])
    with monkeypatch.context() as then:
        then.setitem(assemble.CURRENT, "month", former)
        then.setattr(annex, "annex", annex.annex_1)
        before = released_month(exercise)
    content = json.loads(before.content())
    check_content(content)
    assert "binding_withheld" not in content["beside"]["annex"]
    assert content["beside"]["annex"]["incidents"][0]["column"] == "pending"
    verdict = closings.verify(before)
    assert verdict.outcome == Outcome.SAME
    assert {dict(verdict.parts)[part] for part in ("annex", "out_of_scope")} == {Outcome.SAME}
    assert closings.check(before).touched_at is None


def test_a_day_is_computed_again_with_its_editions(exercise, people):
    day = closings.advance(closings.request(exercise, "day", "2025-03-10").pk)
    verdict = closings.verify(day)
    assert verdict.outcome == Outcome.SAME
    assert dict(verdict.parts)["edition cedar"] == Outcome.SAME
