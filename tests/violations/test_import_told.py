"""What the import commands say in the end, and how they end: a script notices what was refused."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.violations import test_import_returns, test_import_third_party
from tests.violations.real_events import run
from tests.violations.test_import_events import written
from tests.violations.test_import_third_party import written as written_figures
from violations.models import DailyReturn, IncidentReport, ThirdPartyFigure

pytestmark = pytest.mark.django_db

EVENTS = (
    {},
    {"id": "8", "best": "many"},
    {"id": "7", "high": "9"},
    {"id": "7"},
    {"id": "9", "latitude": "far", "low": "few"},
    {"id": "10"},
)


def counted(said: str) -> tuple[int, dict[str, int]]:
    """The lines read, and what the summary says became of them."""
    head, *rest = said.splitlines()
    found = {}
    for line in rest:
        told = re.fullmatch(r" *([0-9,]+)  (\S.*)", line)
        if told is None:
            break
        found[told[2]] = int(told[1].replace(",", ""))
    return int(re.match(r"([0-9,]+) lines? read", head)[1].replace(",", "")), found


def test_what_became_of_the_lines_adds_up_to_the_lines_read(astana, tmp_path):
    run(written(tmp_path, {}, {"id": "10", "high": "5"}))
    read, became = counted(run(written(tmp_path, *EVENTS)))
    assert (read, sum(became.values())) == (6, 6)
    by_start = {what.split(" ", 1)[0].rstrip(";"): count for what, count in became.items()}
    assert by_start == {"told": 1, "known": 1, "repeating": 1, "refused": 3}


def test_what_became_of_the_figures_adds_up_to_the_lines_read(astana, tmp_path):
    path = written_figures(
        tmp_path, {"note": "another outlet prints 6"}, {"value": "8"}, {"note": "another outlet prints 6"}, {"url": "x"}
    )
    read, became = counted(test_import_third_party.run(path))
    assert (read, sum(became.values())) == (4, 4)
    assert sorted(became.values()) == [1, 1, 2]


@pytest.mark.parametrize("strict", [False, True])
def test_an_import_that_refused_lines_ends_with_a_code_of_its_own(astana, tmp_path, strict):
    """3 where what could be taken was taken, 1 where nothing was."""
    path = written(tmp_path, *EVENTS)
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command(
            "import_events",
            path,
            format="ucdp-ged",
            agreement="astana-2016",
            rejects=tmp_path / "r.csv",
            strict=strict,
            stdout=out,
            stderr=StringIO(),
        )
    assert ended.value.returncode == (1 if strict else 3)
    assert IncidentReport.objects.count() == (0 if strict else 2)
    if not strict:
        assert str(ended.value).startswith("3 of 6 lines were refused: ")
        assert str(tmp_path / "r.csv") in str(ended.value)


def test_an_import_of_figures_that_refused_lines_ends_with_the_same_code(astana, tmp_path):
    path = written_figures(tmp_path, {}, {"url": "x"})
    with pytest.raises(CommandError) as ended:
        call_command(
            "import_third_party",
            path,
            format="snhr",
            agreement="astana-2016",
            rejects=tmp_path / "r.csv",
            stdout=StringIO(),
        )
    assert ended.value.returncode == 3
    assert ThirdPartyFigure.objects.count() == 1


@pytest.mark.parametrize("command", ["import_events", "import_third_party"])
def test_the_codes_are_told_by_help(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert re.search(r"\b3\s+where\s+lines\s+were\s+refused", capsys.readouterr().out)


def test_a_dry_run_says_what_would_happen_and_nothing_as_if_it_had(astana, tmp_path):
    path, said = written(tmp_path, {}), StringIO()
    out = run(path, dry_run=True, stderr=said)
    assert counted(out)[0] == 1
    assert "1  new" in out
    told = (out + said.getvalue()).splitlines()
    assert [line for line in told if "recorded" in line]
    for line in told:
        assert "recorded" not in line or "would be recorded" in line or "nothing was recorded" in line, line


def test_a_dry_run_of_returns_says_what_would_happen(astana):
    said = test_import_returns.run(test_import_returns.SAMPLE, dry_run=True)
    assert "35  would be recorded" in said
    assert not re.search(r"^ *[0-9]+  recorded", said, re.MULTILINE)
    assert not DailyReturn.objects.exists()


def test_a_dry_run_of_figures_says_what_would_happen(astana, tmp_path):
    assert "would" in test_import_third_party.run(written_figures(tmp_path, {}), dry_run=True)
