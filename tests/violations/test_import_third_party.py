"""Figures of third parties come in as published: contradictions kept, told otherwise a revision, nothing mended."""

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from monitoring import accreditation
from monitoring.errors import Forbidden
from monitoring.models import AuditEntry
from tests.violations.real_events import told
from violations.importing import snhr
from violations.importing.third_party import import_third_party
from violations.models import ThirdPartyFigure

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parents[3] / "shared" / "data" / "snhr" / "snhr_cumulative_breaches.csv"
given = pytest.mark.skipif(
    not TABLE.exists() and os.environ.get("CI") != "true",
    reason=f"{TABLE} is not there: published figures are handed in beside",
)
LINE = {
    "as_of_date": "2017-01-14",
    "period_start": "2016-12-30",
    "report": "first two weeks",
    "scope": "all",
    "category": "total",
    "value": "7",
    "url": "https://example.org/1",
    "note": "",
}


def written(folder: Path, *lines: dict[str, str], columns=tuple(LINE)) -> Path:
    path = folder / "figures.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(LINE | line for line in lines)
    return path


def run(path: Path, **options) -> str:
    options = {"rejects": path.with_suffix(".rejects.csv")} | options
    return told("import_third_party", path, format="snhr", agreement="astana-2016", **options)


@given
def test_the_published_figures_come_in_as_the_table_tells_them(astana, tmp_path):
    with TABLE.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert f"{len(lines):,}  new" in run(TABLE, rejects=tmp_path / "rejects.csv", strict=True)
    told = Counter(
        (line["as_of_date"], line["report"], line["scope"], line["category"], int(line["value"]), line["url"])
        for line in lines
    )
    assert told == Counter(
        (row.counts_until.isoformat(), row.span_as_written, row.breakdown, row.category, row.number, row.url)
        for row in ThirdPartyFigure.objects.open()
    )
    assert {row.note for row in ThirdPartyFigure.objects.all()} == {line["note"] for line in lines}


@given
def test_the_contradictions_of_the_sources_are_kept_and_flagged(astana, tmp_path):
    run(TABLE, rejects=tmp_path / "rejects.csv")
    contested = ThirdPartyFigure.objects.filter(contested=True)
    assert contested.count() == 3
    for named in ("prints 316", "277 out of the 298", "as 133"):
        assert contested.filter(note__contains=named).count() == 1, named


@given
def test_a_second_run_writes_nothing(astana, tmp_path):
    run(TABLE, rejects=tmp_path / "rejects.csv")
    before = ThirdPartyFigure.objects.count(), AuditEntry.objects.count()
    assert f"{before[0]:,}  known already" in run(TABLE, rejects=tmp_path / "rejects.csv")
    assert (ThirdPartyFigure.objects.count(), AuditEntry.objects.count()) == before


def test_days_are_derived_from_the_wording_and_known_no_finer(astana, tmp_path):
    spans = {"day 1": "day", "first 48 hours": "day", "first two weeks": "week", "first month": "month"}
    run(written(tmp_path, *({"report": span} for span in spans)))
    rows = ThirdPartyFigure.objects.all()
    assert {row.span_as_written: row.span_precision for row in rows} == spans
    row = rows[0]
    assert (row.counts_from, row.counts_until) == (date(2016, 12, 30), date(2017, 1, 14))
    assert (row.span_basis, row.cumulative, row.language) == ("derived", True, "")


def test_the_language_of_a_text_is_taken_where_the_table_tells_it(astana, tmp_path):
    said = run(
        written(tmp_path, {"language": "ar"}, {"category": "x", "language": "Arabic!"}, columns=(*LINE, "language"))
    )
    assert "1  refused" in said
    assert ThirdPartyFigure.objects.get().language == "ar"


def test_told_otherwise_at_the_same_address_is_a_revision(astana, tmp_path):
    run(written(tmp_path, {}))
    assert "1  told otherwise" in run(written(tmp_path, {"value": "8"}))
    before, after = ThirdPartyFigure.objects.order_by("pk")
    assert (before.number, after.number) == (7, 8)
    assert before.superseded_at == after.recorded_at
    assert after.superseded_at is None


def test_told_otherwise_at_another_address_both_stand(astana, tmp_path):
    run(written(tmp_path, {}, {"url": "https://example.org/2", "value": "9"}))
    assert sorted(row.number for row in ThirdPartyFigure.objects.open()) == [7, 9]


def test_lines_that_cannot_be_taken_go_to_the_rejects_and_the_rest_comes_in(astana, tmp_path):
    path = written(
        tmp_path,
        {},
        {"category": "a", "value": "many"},
        {"category": "b", "url": "a paper"},
        {"category": "c", "as_of_date": "2016-12-30"},
        {"category": "d", "report": "lately"},
        {"value": "8"},
    )
    assert "5  refused" in run(path)
    assert ThirdPartyFigure.objects.get().number == 7
    with path.with_suffix(".rejects.csv").open(newline="") as file:
        rejected = [(line[0], line[1]) for line in list(csv.reader(file))[1:]]
    assert rejected == [("3", "value"), ("4", "url"), ("5", "as_of_date"), ("6", "report"), ("7", "value")]


def test_a_strict_import_refuses_the_file_whole(astana, tmp_path):
    with pytest.raises(CommandError, match="line 3, column value"):
        run(written(tmp_path, {}, {"category": "a", "value": "-1"}), strict=True)
    assert not ThirdPartyFigure.objects.exists()


def test_a_dry_run_says_the_same_and_records_nothing(astana, tmp_path):
    assert "1  new" in run(written(tmp_path, {}), dry_run=True)
    assert not ThirdPartyFigure.objects.exists()
    assert not AuditEntry.objects.filter(action="figures.record").exists()


def test_a_column_that_is_missing_is_named(astana, tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("value,url\n1,https://example.org\n")
    with pytest.raises(CommandError, match="as_of_date"):
        run(path)


def test_only_an_operator_of_the_agreement_records_them(astana, people, tmp_path):
    path = written(tmp_path, {})
    for who in (people.moderator_north, people.guarantor_alder, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            import_third_party(astana, path, reader=snhr, by=who)
    assert not ThirdPartyFigure.objects.exists()
    accreditation.accredit(people.operator, astana, "operator", by=None)
    import_third_party(astana, path, reader=snhr, by=people.operator)
    assert AuditEntry.objects.get(action="figures.record").actor == people.operator
