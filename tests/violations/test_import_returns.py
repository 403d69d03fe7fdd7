"""The joint commission's figures of 2017: every peculiarity is kept, every bad line refused with its place."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitoring import ledger, mechanism, mechanism_file
from tests.conftest import MECHANISMS
from violations.importing import commission
from violations.models import DailyReturn, ReturnLine, ReturnSource

pytestmark = pytest.mark.django_db

SAMPLE = Path(commission.__file__).parents[1] / "samples" / "joint_commission_2017.csv"
TOTALS_HEADING = (
    "bulletin_date,date_basis,registered_by,total,confirmed_by_russia,attributed_to_jabhat_nusra,"
    "not_confirmed_by_russia,headline_total,breakdown_sum,breakdown_complete,outlet,url,note"
)
PROVINCES_HEADING = "bulletin_date,registered_by,province,admin1_pcode,count,url"
RU = "2017-01-22,dateline,RU,2,,,,,2,yes,TASS,https://tass.example/1,"
TR = "2017-01-22,dateline,TR,12,3,,,,6,partial,TASS,https://tass.example/1,only Aleppo given"
PROVINCES = (
    "2017-01-22,RU,Hama,SY05,1,https://tass.example/1",
    "2017-01-22,RU,Damascus,,1,https://tass.example/1",
    "2017-01-22,TR,Aleppo,SY02,6,https://tass.example/1",
)


def run(*files: Path, **options) -> str:
    out = StringIO()
    call_command("import_returns", *files, agreement="astana-2016", stdout=out, **options)
    return out.getvalue()


def pair(tmp_path: Path, *, totals=(RU, TR), provinces=PROVINCES) -> tuple[Path, Path]:
    """The two tables as they were transcribed, with these lines."""
    paths = tmp_path / "totals.csv", tmp_path / "by_province.csv"
    paths[0].write_text("\n".join((TOTALS_HEADING, *totals)) + "\n")
    paths[1].write_text("\n".join((PROVINCES_HEADING, *provinces)) + "\n")
    return paths


def own(tmp_path: Path, **cells: str) -> Path:
    """The project's own table with one line of the sample, some of its cells changed."""
    with SAMPLE.open(newline="") as file:
        row = next(csv.DictReader(file))
    path = tmp_path / "own.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, row)
        table.writeheader()
        table.writerow(row | cells)
    return path


def told_of(owner: str, day: date) -> DailyReturn:
    return DailyReturn.objects.open().get(owner__code=owner, bears_date=day)


def test_the_sample_is_imported_whole_and_a_second_run_writes_nothing(astana):
    said = run(SAMPLE)
    assert "37 returns of 18 days, 118 counts by area" in said
    assert "35  recorded" in said
    assert "2  a second source of a return" in said
    counts = [table.objects.count() for table in (DailyReturn, ReturnLine, ReturnSource)]
    assert counts == [35, 118 - 9, 37]
    assert not ReturnLine.objects.filter(area=None).exists()
    assert "37  known already" in run(SAMPLE)
    assert [table.objects.count() for table in (DailyReturn, ReturnLine, ReturnSource)] == counts


def test_every_peculiarity_of_the_bulletins_is_kept(astana):
    run(SAMPLE)
    partial = told_of("turkey", date(2017, 1, 22))
    assert (partial.total, partial.confirmed, partial.not_confirmed, partial.breakdown) == (12, 3, None, "partial")
    assert list(partial.lines.values_list("area__code", "count")) == [("SY02", 6)]
    nil = told_of("turkey", date(2017, 1, 23))
    assert (nil.total, nil.lines.count()) == (0, 0)
    assert told_of("russia", date(2017, 1, 23)).total == 9
    headline = told_of("russia", date(2017, 2, 25))
    assert (headline.total, headline.headline_total) == (14, 15)
    answered = told_of("turkey", date(2017, 1, 12))
    assert (answered.confirmed, answered.attributed_elsewhere, answered.not_confirmed) == (None, 5, 20)
    without = told_of("turkey", date(2017, 4, 2))
    assert (without.total, without.breakdown, without.lines.count()) == (11, "none", 0)
    twice = told_of("russia", date(2017, 3, 25))
    assert [bool(source.note) for source in twice.sources.order_by("pk")] == [False, True]
    assert not DailyReturn.objects.filter(owner__code="turkey", bears_date=date(2017, 3, 27)).exists()
    same = [told_of("russia", day) for day in (date(2017, 4, 29), date(2017, 5, 2))]
    assert [one.total for one in same] == [14, 14]
    assert same[0].pk != same[1].pk
    assert {one.teller.code for one in DailyReturn.objects.all()} == {"russia"}
    assert {one.unit for one in DailyReturn.objects.all()} == {"case_of_fire"}
    damascus = ReturnLine.objects.filter(as_written="Damascus").values_list("area__code", "area__level").distinct()
    assert list(damascus) == [("damascus-and-rural", "grouping")]


def test_a_bulletins_window_is_the_day_before_it_on_the_truces_clock(astana):
    run(SAMPLE)
    one = told_of("russia", date(2017, 4, 1))  # the clock of Damascus was put forward on 31 March
    assert (one.window_until - one.window_from).total_seconds() == 24 * 3600
    assert one.window_until.isoformat() == "2017-03-31T21:00:00+00:00"
    assert one.window_basis


def test_the_pair_of_tables_says_the_same_as_the_project_s_own(astana, tmp_path):
    run(*pair(tmp_path))
    assert told_of("turkey", date(2017, 1, 22)).confirmed == 3
    lines = told_of("russia", date(2017, 1, 22)).lines.order_by("pk")
    assert list(lines.values_list("as_written", "area__code")) == [("Hama", "SY05"), ("Damascus", "damascus-and-rural")]
    assert "2  known already" in run(*pair(tmp_path))


def test_a_dry_run_says_the_same_and_records_nothing(astana):
    said = run(SAMPLE, dry_run=True)
    assert "35  would be recorded" in said
    assert "nothing was recorded" in said
    assert not DailyReturn.objects.exists()


def test_an_address_with_other_numbers_is_refused_unless_it_corrects(astana, tmp_path):
    run(*pair(tmp_path))
    mended = pair(tmp_path, totals=(RU.replace("RU,2,", "RU,3,").replace(",2,yes", ",2,partial"), TR))
    with pytest.raises(CommandError, match="--correct"):
        run(*mended)
    assert told_of("russia", date(2017, 1, 22)).total == 2
    assert "1  recorded as a correction" in run(*mended, correct=True)
    assert told_of("russia", date(2017, 1, 22)).total == 3


def test_names_not_known_are_listed_ready_for_the_mechanism_and_read_anew_once_they_are(astana, tmp_path):
    table = own(tmp_path, lines="Tartous=9; Aleppo=6")
    said = run(table)
    assert 'aliases = { joint-commission = ["Tartous"] }' in said
    assert "Aleppo" not in said
    load_astana(tmp_path, 'ucdp = ["Tartus Governorate"]', 'joint-commission = ["Tartous"]')
    assert "1  read anew" in run(table)
    one = told_of("russia", date(2017, 1, 6))
    assert one.lines.filter(area=None).count() == 0
    assert one.sources.count() == 1
    assert "1  known already" in run(table)


def load_astana(tmp_path: Path, beside: str, alias: str) -> None:
    """Load the truce's file again with an alias written beside another."""
    text = (MECHANISMS / "astana-2016.toml").read_text()
    assert text.count(beside) == 1
    path = tmp_path / "astana-2016.toml"
    path.write_text(text.replace(beside, f"{beside}, {alias}"))
    path.with_suffix(".geojson").write_text((MECHANISMS / "astana-2016.geojson").read_text())
    with ledger.writing() as entry:
        mechanism.record(mechanism_file.read(path), by=None, entry=entry)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"bears_date": "22.01.2017"}, "bears_date", "write it as 2017-01-22"),
        ({"bears_date": "2017-02-30"}, "bears_date", "is not a date"),
        ({"ledger": "prussia"}, "ledger", "is not a guarantor"),
        ({"ledger": ""}, "ledger", "this is empty"),
        ({"told_by": "syria"}, "told_by", "is not a guarantor"),
        ({"total": ""}, "total", "an explicit nil is written 0"),
        ({"total": "1e1"}, "total", "write digits only"),
        ({"total": "１５"}, "total", "write digits only"),
        ({"total": "-3"}, "total", "write digits only"),
        ({"total": "14"}, "breakdown", "the lines make 15, the total is 14"),
        ({"breakdown": "yes"}, "breakdown", "known are complete, partial, none"),
        ({"lines": "Hama: 15"}, "lines", "write Hama@SY05=6"),
        ({"lines": "Hama@SY99=15"}, "lines", "there is no area 'SY99'"),
        ({"outlet": ""}, "outlet", "this is empty"),
        ({"url": "tass.com/world"}, "url", "is no address"),
        ({"confirmed": "9", "not_confirmed": "9"}, "confirmed", "cannot have answered 18"),
    ],
)
def test_a_bad_cell_is_refused_with_file_line_and_column(astana, tmp_path, cells, column, message):
    with pytest.raises(CommandError) as refused:
        run(own(tmp_path, **cells))
    assert f"own.csv, line 2, column {column}: " in str(refused.value)
    assert message in str(refused.value)
    assert not DailyReturn.objects.exists()


@pytest.mark.parametrize(
    ("tables", "place", "message"),
    [
        ({"totals": (RU, TR.replace("TR", "IR"))}, "totals.csv, line 3, column registered_by", "known are RU, TR"),
        ({"totals": (RU, TR, RU)}, "totals.csv, line 4, column url", "stands at totals.csv, line 2"),
        ({"totals": (RU.replace(",2,yes", ",3,yes"), TR)}, "totals.csv, line 2, column breakdown_sum", "make 2"),
        ({"totals": (RU,)}, "by_province.csv, line 4, column url", "there is no total of TR"),
        ({"provinces": ()}, "totals.csv, line 2, column breakdown_sum", "make 0"),
        ({"totals": (RU + ",more", TR)}, "totals.csv, line 2, column bulletin_date", "14 cells, the heading 13"),
        ({"totals": ('"' + RU, TR)}, "totals.csv, line", "not a table"),
    ],
)
def test_tables_that_do_not_fit_are_refused_whole(astana, tmp_path, tables, place, message):
    with pytest.raises(CommandError) as refused:
        run(*pair(tmp_path, **tables))
    assert place in str(refused.value)
    assert message in str(refused.value)
    assert not DailyReturn.objects.exists()


def test_every_fault_is_told_at_once(astana, tmp_path):
    with pytest.raises(CommandError) as refused:
        run(own(tmp_path, bears_date="soon", total="many", url="there"))
    assert [f"column {column}:" in str(refused.value) for column in ("bears_date", "total", "url")] == [True] * 3


def test_a_file_that_is_no_such_table_is_refused(astana, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("bears_date,ledger,told_by,sum\n")
    with pytest.raises(CommandError) as refused:
        run(other)
    assert "the column 'total' is missing" in str(refused.value)
    assert "the column 'sum' is not known here" in str(refused.value)
    other.write_bytes(b"bears_date,\xff\x00")
    with pytest.raises(CommandError, match="not a table"):
        run(other)
    with pytest.raises(CommandError, match="no such file"):
        run(tmp_path / "missing.csv")


def test_an_agreement_not_loaded_is_said_so(db):
    with pytest.raises(CommandError, match="There is no agreement “astana-2016”; loaded are: none yet"):
        run(SAMPLE)
