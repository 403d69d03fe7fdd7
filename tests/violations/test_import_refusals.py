"""What an import refuses: every fault of a line, in a table that a spreadsheet opens without calculating anything."""

import csv
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.violations.real_events import run
from tests.violations.test_import_events import written
from tests.violations.test_import_returns import own
from tests.violations.test_import_returns import run as run_returns
from tests.violations.test_import_third_party import run as run_figures
from tests.violations.test_import_third_party import written as written_figures
from violations.importing import table, ucdp
from violations.models import IncidentReport, ThirdPartyFigure

pytestmark = pytest.mark.django_db

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1", " =1+1")


def rejected(path: Path) -> list[dict[str, str]]:
    with path.with_suffix(".rejects.csv").open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_the_rejects_is_a_formula_and_the_import_reads_it_as_it_stood(astana, tmp_path, formula):
    path = written(tmp_path, {"source_headline": formula, "best": "many", "longitude": "-37.1"})
    run(path)
    [line] = rejected(path)
    assert line["source_headline"] == f"'{formula}"
    assert line["longitude"] == "-37.1", "a number is a number"
    mended = tmp_path / "mended.csv"
    mended.write_bytes(path.with_suffix(".rejects.csv").read_bytes().replace(b",many,", b",3,"))
    assert "1  new" in run(mended)
    assert IncidentReport.objects.get().narrative == formula.strip()


@pytest.mark.parametrize("told", ["'=1+1", "''-1+1", "'tis quiet", "' =1", "'-37.1"])
def test_an_apostrophe_of_the_source_is_kept_through_the_rejects_however_often(astana, tmp_path, told):
    path = written(tmp_path, {"source_headline": told, "best": "many"})
    for turn in range(3):
        run(path)
        again = tmp_path / f"again-{turn}.csv"
        again.write_bytes(path.with_suffix(".rejects.csv").read_bytes())
        path = again
    assert [row.cells["source_headline"] for row in table.rows(path)] == [told]
    assert len(table.heading(path)) == len(set(table.heading(path)))


def test_a_file_that_is_no_table_of_rejects_is_read_as_it_stands(astana, tmp_path):
    run(written(tmp_path, {"source_headline": "'=1+1"}))
    assert IncidentReport.objects.get().narrative == "'=1+1"


def test_a_name_of_a_column_and_a_reason_are_no_formula_either(astana, tmp_path):
    path = written(tmp_path, {"best": "many"})
    path.write_bytes(path.read_bytes().replace(b"high\r\n", b"high,=1+1\r\n", 1).replace(b",4\r\n", b",4,@x\r\n"))
    run(path)
    with path.with_suffix(".rejects.csv").open(newline="") as file:
        for line in csv.reader(file):
            assert not [cell for cell in line if cell.startswith(("=", "@"))]


def test_every_fault_of_a_line_is_told_in_one_line_of_the_rejects(astana, tmp_path):
    path = written(
        tmp_path, {"id": "", "latitude": "far", "best": "many", "source_headline": "bad \udce9 byte"}, {"id": "8"}
    )
    assert "1  refused" in run(path)
    [line] = rejected(path)
    columns = ("source_headline", "id", "latitude", "best")
    assert line["column"] == "; ".join(columns)
    assert [reason.split(": ", 1)[0] for reason in line["reason"].split(" | ")] == list(columns)


def test_every_fault_of_a_figure_is_told_in_one_line_of_the_rejects(astana, tmp_path):
    path = written_figures(tmp_path, {"value": "many", "url": "a paper", "as_of_date": "soon"})
    assert "1  refused" in run_figures(path)
    [line] = rejected(path)
    assert line["column"] == "as_of_date; value; url"
    assert not ThirdPartyFigure.objects.exists()


def test_of_a_line_with_too_few_cells_that_alone_is_told(astana, tmp_path):
    """Which cell stands in which column is not known then."""
    path = written(tmp_path, {})
    path.write_text(",".join(ucdp.COLUMNS) + "\nx,9\n")
    run(path)
    [line] = rejected(path)
    assert (line["column"], line["reason"]) == ("id", "this line has 2 cells, the heading 21")


HIDDEN = "\x1b[2J\x9b1m\u202efdp.\u200f\U000e0041\ndone"


def test_what_a_cell_holds_does_not_steer_the_terminal_that_tells_its_fault(astana, tmp_path):
    with pytest.raises(CommandError) as refused:
        run(written(tmp_path, {"best": HIDDEN}), strict=True)
    assert "column best: '" in str(refused.value)
    assert not set(HIDDEN) & set("\x1b\x9b\u202e\u200f") & set(str(refused.value))
    assert len(str(refused.value).splitlines()) == 2
    with pytest.raises(CommandError) as refused:
        run_returns(own(tmp_path, told_by=HIDDEN))
    assert "\x1b" not in str(refused.value)


def test_a_name_that_nobody_knows_does_not_steer_the_terminal_and_its_stanza_says_the_same_name(astana, tmp_path):
    said = run(written(tmp_path, {"side_b": HIDDEN, "adm_1": HIDDEN}), anyway=True) + run_returns(
        own(tmp_path, lines=f"{HIDDEN}=15", breakdown="complete")
    )
    assert not set("\x1b\x9b\u202e\u200f") & set(said)
    stanza = said[said.index("[[parties]]") : said.index("\n\n", said.index("[[parties]]"))]
    assert tomllib.loads(stanza)["parties"][0]["aliases"] == {"ucdp": [HIDDEN]}
