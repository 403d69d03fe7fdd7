"""A file of which nothing can be read is refused in one line, which names it and says what to do."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.violations.test_import_events import written
from violations.importing.events import import_events
from violations.models import IncidentReport

pytestmark = pytest.mark.django_db

COMMANDS = {
    "import_events": {"agreement": "exercise", "format": "ucdp-ged"},
    "import_third_party": {"agreement": "exercise", "format": "snhr"},
    "import_returns": {"agreement": "exercise"},
    "load_mechanism": {},
    "load_areas": {"level": "district", "source": "nobody", "code": "code"},
}
FILES = {
    "missing": (None, "there is no such file; check its name"),
    "folder": ("", "this is a folder; name a file in it"),
    "empty": (b"", "this file is empty; "),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "this file is empty; "),
    "utf-16": ("id,type\n".encode("utf-16"), "this is written in UTF-16; save it as UTF-8"),
    "utf-16 unmarked": ("id,type\n".encode("utf-16-le"), "this is written in UTF-16; save it as UTF-8"),
    "utf-16 big": ("id,type\n".encode("utf-16-be"), "this is written in UTF-16; save it as UTF-8"),
}


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_one_line_names_the_file_and_says_what_to_do(exercise, tmp_path, monkeypatch, command, what):
    monkeypatch.chdir(tmp_path)
    path, (content, told) = tmp_path / "handed-in", FILES[what]
    if content == "":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    words = ["exercise", str(path)] if command == "load_areas" else [str(path)]
    with pytest.raises(CommandError) as refused:
        call_command(command, *words, stdout=StringIO(), stderr=StringIO(), **COMMANDS[command])
    assert str(refused.value).startswith(f"{path}: {told}")
    assert len(str(refused.value).splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == ([] if content is None else [path])


def test_a_spreadsheet_in_the_place_of_a_table_is_told_as_one(astana, tmp_path):
    path = tmp_path / "events.csv"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00")
    with pytest.raises(CommandError, match=r"events\.csv: this is a spreadsheet or an archive; save the table as CSV"):
        call_command("import_events", path, format="ucdp-ged", agreement="astana-2016", stderr=StringIO())


def test_an_import_that_is_interrupted_ends_quietly_and_records_nothing(astana, tmp_path, monkeypatch):
    def interrupted(*args, **options):
        import_events(*args, **options | {"tell": _interrupt})

    monkeypatch.setattr("violations.management.commands.import_events.import_events", interrupted)
    with pytest.raises(CommandError) as ended:
        call_command(
            "import_events",
            written(tmp_path, {}),
            format="ucdp-ged",
            agreement="astana-2016",
            rejects=tmp_path / "rejects.csv",
            stderr=StringIO(),
        )
    assert ended.value.returncode == 130
    assert re.fullmatch(r"Interrupted\. .*", str(ended.value))
    assert not IncidentReport.objects.exists()


def _interrupt(said: str) -> None:
    if said == "assessing":
        raise KeyboardInterrupt
