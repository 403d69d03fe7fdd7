"""A set of another country imported by mistake: said before anything else, and in lines that a person can read."""

import re
import tomllib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.violations.real_events import WORLD, given, load_boundaries, run
from tests.violations.test_import_events import load_changed, written
from violations.models import IncidentReport

pytestmark = pytest.mark.django_db

SHOWN = 20


def strangers(tmp_path, count: int, **changes):
    """Events of as many parties and areas that the mechanism knows nothing of."""
    return written(
        tmp_path,
        *(
            {"id": str(number), "side_b": f"Band {number:02}", "adm_1": f"Far Governorate {number:02}", **changes}
            for number in range(1, count + 1)
        ),
    )


def test_as_many_unknown_names_as_fit_a_screen_are_shown_and_no_file_is_made(astana, tmp_path):
    said = run(strangers(tmp_path, SHOWN), anyway=True)
    assert said.count("[[parties]]") == SHOWN
    assert not list(tmp_path.glob("*.toml"))


def test_of_many_unknown_names_the_first_are_shown_and_all_stand_in_a_file_that_is_named(astana, tmp_path):
    path = strangers(tmp_path, 30)
    said = run(path, anyway=True)
    names = tmp_path / "events.names.toml"
    assert said.count("[[parties]]") == SHOWN
    assert said.count("Far Governorate") == SHOWN
    assert str(names) in said
    assert len(said.splitlines()) < 200
    text = names.read_text()
    stanzas = tomllib.loads(text)["parties"]
    assert [one["names"]["en"] for one in stanzas] == [f"Band {number:02}" for number in range(1, 31)]
    assert text.count('# aliases = { ucdp = ["Far Governorate') == 30
    load_changed(tmp_path, lambda mechanism: mechanism.replace("# --- Guarantors", text + "\n\n# --- Guarantors", 1))
    again = run(path, anyway=True)
    assert "30  read anew" in again
    assert "[[parties]]" not in again
    assert "parties" not in tomllib.loads(names.read_text())


def test_a_file_of_names_that_is_something_else_is_left_alone(astana, tmp_path):
    path = strangers(tmp_path, 30)
    names = tmp_path / "events.names.toml"
    names.write_text("theirs = 1\n")
    with pytest.raises(CommandError, match=r"events\.names\.toml.* name another with --names") as refused:
        run(path)
    assert names.read_text() == "theirs = 1\n"
    assert not IncidentReport.objects.exists(), str(refused.value)
    assert str(tmp_path / "other.toml") in run(path, names=tmp_path / "other.toml", anyway=True)
    names.unlink()


def test_a_set_that_lies_outside_every_area_is_refused_whole_unless_it_is_meant(astana, tmp_path):
    """By the shapes where there are any; by the areas that the lines name where there are none."""
    path = strangers(tmp_path, 5)
    with pytest.raises(CommandError, match=r"^5 of 5 events lie in no area of astana-2016.*--anyway") as refused:
        run(path)
    assert refused.value.returncode == 1
    assert not IncidentReport.objects.exists()
    with pytest.raises(CommandError, match="Without --dry-run this is refused whole"):
        run(path, dry_run=True)
    said = StringIO()
    out = run(path, stderr=said, anyway=True)
    assert re.match(r"Warning: 5 of 5 events lie in no area of astana-2016", out)
    assert (out + said.getvalue()).count("Warning") == 1
    assert "5  in no area of astana-2016" in out
    assert IncidentReport.objects.count() == 5
    assert "5  known already" in run(path), "what is recorded is not asked about again"


def test_help_says_what_anyway_is_for(capsys):
    with pytest.raises(SystemExit):
        call_command("import_events", "--help")
    assert re.search(r"--anyway\s+Record the set though more than half of its\s+events", capsys.readouterr().out)


def test_a_set_of_which_half_lies_within_is_not_warned_of(astana, tmp_path):
    assert "Warning" not in run(written(tmp_path, {}, {"id": "8", "adm_1": "Far Governorate"}))


@given
def test_by_the_shapes_a_point_abroad_lies_outside_whatever_area_it_names(astana, tmp_path):
    load_boundaries()
    abroad = {"latitude": "-9.65", "longitude": "20.4"}
    path = written(tmp_path, {}, *({"id": str(number), **abroad} for number in (8, 9)))
    said = run(path, anyway=True)
    assert said.startswith("Warning: 2 of 3 events lie in no area")
    assert "2  in no area of astana-2016" in said


@given
def test_the_sample_of_the_world_is_warned_of_and_told_in_few_lines(astana, tmp_path):
    load_boundaries()
    with pytest.raises(CommandError, match=r"[0-9]+ of 1,000 events lie in no area of astana-2016"):
        run(WORLD, rejects=tmp_path / "rejects.csv")
    assert not IncidentReport.objects.exists()
    said = run(WORLD, rejects=tmp_path / "rejects.csv", dry_run=True, anyway=True)
    warned = re.match(r"Warning: ([0-9]+) of 1,000 events", said)
    assert f"{warned[1]}  in no area of astana-2016" in said
    assert "no area whose shape is known" not in said
    assert len(said.splitlines()) < 200
    assert len(tomllib.loads((tmp_path / "ged_v23_sample_1000.names.toml").read_text())["parties"]) > 100
