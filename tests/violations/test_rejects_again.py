"""What becomes of a table of rejects when commands are run again: nothing mended is lost, and nothing turns over."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.violations.real_events import run, told
from tests.violations.test_import_events import written
from tests.violations.test_import_third_party import run as run_figures
from tests.violations.test_import_third_party import written as written_figures
from violations.models import IncidentReport, ThirdPartyFigure

pytestmark = pytest.mark.django_db


def rejected(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def run_here(path: Path, **options) -> str:
    """Import with the name of the rejects left to the command, which writes where it runs."""
    return told("import_events", path, format="ucdp-ged", agreement="astana-2016", **{"stderr": StringIO()} | options)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Two events under one id


def test_of_two_events_under_one_id_the_second_is_no_revision_by_way_of_the_rejects(astana, here):
    path = written(here, {}, {"high": "9"})
    run_here(path)
    for turn in range(2):
        said = run_here(here / "events.rejects.csv")
        assert "1  refused" in said, turn
        assert "1  known already" in run_here(path)
    assert IncidentReport.objects.get().casualties["killed"]["all"]["high"] == 4
    [line] = rejected(here / "events.rejects.csv")
    assert line["reason"].startswith("[7] this id stands in line 2 already, with other content; give this event an id")


def test_whatever_else_is_mended_of_it_and_under_an_id_of_its_own_it_comes_in(astana, here):
    run_here(written(here, {}, {"high": "9"}, {"high": "11"}))
    rejects = here / "events.rejects.csv"
    mended = here / "mended.csv"
    mended.write_text(rejects.read_text().replace(",9\n", ",8\n").replace(",9\r\n", ",8\r\n"))
    assert "2  refused" in run_here(mended)
    first, second = rejected(rejects)
    with mended.open("w", newline="") as file:
        table = csv.DictWriter(file, first)
        table.writeheader()
        table.writerows([first | {"id": "8"}, second])
    said = run_here(mended)
    assert "1  new" in said
    assert "1  refused" in said
    assert set(IncidentReport.objects.values_list("external_id", "revision")) == {("7", 1), ("8", 1)}


def test_told_otherwise_in_a_table_of_its_own_it_is_a_revision(astana, here):
    run_here(written(here, {}, {"high": "9"}))
    assert "1  told otherwise" in run_here(written(here, {"high": "9"}, name="later.csv"))


def test_of_two_figures_at_one_address_and_span_the_second_is_no_revision_by_way_of_the_rejects(astana, here):
    path = written_figures(here, {}, {"value": "8"})
    rejects = here / "figures.rejects.csv"
    run_figures(path)
    for _turn in range(2):
        assert "1  refused" in run_figures(rejects, rejects=here / "more.csv")
        assert "1  known already" in run_figures(path)
    assert ThirdPartyFigure.objects.count() == 1
    mended = here / "mended.csv"
    [line] = rejected(rejects)
    with mended.open("w", newline="") as file:
        table = csv.DictWriter(file, line)
        table.writeheader()
        table.writerow(line | {"category": "something else"})
    assert "1  new" in run_figures(mended)


# Nothing mended is lost


def test_a_table_that_is_being_mended_is_not_written_over_and_the_next_name_is_told(astana, here):
    path = written(here, {}, {"id": "8", "best": "many"}, {"id": "9", "best": "few"})
    run_here(path)
    mending = here / "events.rejects.csv"
    mending.write_text(mending.read_text().replace(",many,", ",3,"))
    before = mending.read_bytes()
    with pytest.raises(CommandError, match=r"events\.rejects\.2\.csv") as ended:
        call_command(
            "import_events",
            path,
            format="ucdp-ged",
            agreement="astana-2016",
            stdout=StringIO(),
            stderr=StringIO(),
        )
    assert ended.value.returncode == 3
    assert mending.read_bytes() == before
    assert [line["best"] for line in rejected(here / "events.rejects.2.csv")] == ["many", "few"]
    run_here(path)
    assert sorted(file.name for file in here.iterdir()) == ["events.csv", "events.rejects.2.csv", "events.rejects.csv"]


def test_a_run_that_takes_every_line_takes_away_nothing(astana, here):
    run_here(written(here, {}, {"id": "8", "best": "many"}))
    before = (here / "events.rejects.csv").read_bytes()
    assert "1  new" in run_here(written(here, {}, {"id": "8"}))
    assert (here / "events.rejects.csv").read_bytes() == before


def test_a_dry_run_writes_to_a_name_of_its_own(astana, here):
    path = written(here, {}, {"id": "8", "best": "many"})
    run_here(path)
    before = (here / "events.rejects.csv").read_bytes()
    mended = written(here, {}, {"id": "8", "best": "some"})
    run_here(mended, dry_run=True)
    run(mended, dry_run=True, rejects=here / "theirs.csv")
    assert (here / "events.rejects.csv").read_bytes() == before
    assert [line["best"] for line in rejected(here / "events.rejects.dry-run.csv")] == ["some"]
    assert sorted(file.name for file in here.iterdir()) == [
        *("events.csv", "events.rejects.csv", "events.rejects.dry-run.csv", "theirs.dry-run.csv")
    ]


def test_rejects_of_rejects_are_named_for_what_was_imported_first(astana, here):
    run_here(written(here, {}, {"id": "8", "best": "many"}, {"id": "9", "best": "few"}))
    rejects = here / "events.rejects.csv"
    rejects.write_text(rejects.read_text().replace(",many,", ",3,"))
    run_here(rejects)
    [line] = rejected(here / "events.rejects.2.csv")
    assert line["best"] == "few"
    run_here(here / "events.rejects.2.csv")
    run_here(here / "events.rejects.2.csv")
    assert {file.name for file in here.iterdir()} <= {
        *("events.csv", "events.rejects.csv", "events.rejects.2.csv", "events.rejects.3.csv")
    }


def test_a_place_where_rejects_cannot_be_written_is_told_and_not_the_table(astana, here):
    path = written(here, {})
    for run_one, table in ((run, path), (run_figures, written_figures(here, {}))):
        with pytest.raises(CommandError) as refused:
            run_one(table, rejects=here / "nowhere" / "x.csv")
        assert str(refused.value).startswith(f"{here / 'nowhere' / 'x.csv'}: ")
        assert len(str(refused.value).splitlines()) == 1
        assert table.name not in str(refused.value)
    assert not IncidentReport.objects.exists()
