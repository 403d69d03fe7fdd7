"""Each invariant of the record can be seen to fail: broken by hand, as nobody may, and exactly that check says so."""

from __future__ import annotations

import re
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from monitoring import ledger, mechanism, mechanism_file
from monitoring.models import User
from reports import integrity, renderers
from reports.models import Rendition
from tests.conftest import MECHANISMS, accredited, empty_tables, loaded_exercise
from tests.record import whole_record
from tests.record.breaks import BREAKS
from tests.record.by_hand import by_hand, superuser_rights
from tests.record.soundness import broken
from tests.violations.occasions import incident_of
from violations.filer_tags import tag_of
from violations.models import Assessment, IncidentReport

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]
EVERY = [invariant.name for invariant in integrity.INVARIANTS]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole record, written once and committed; what a test breaks is rolled back with it."""
    folder = tmp_path_factory.mktemp("files")
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    patch = pytest.MonkeyPatch()
    patch.setattr(renderers, "FORMATS", {form: renderers.FORMATS[form] for form in ("csv", "json")})
    with django_db_blocker.unblock(), override_settings(STORAGES={**settings.STORAGES, "default": stored}):
        try:
            yield _written()
        finally:  # also where it could not be written: the next test begins with nothing
            empty_tables()
            patch.undo()


def _written() -> SimpleNamespace:
    exercise = loaded_exercise()
    people = SimpleNamespace(**accredited(exercise))
    with ledger.writing() as entry:
        mechanism.record(mechanism_file.read(MECHANISMS / "astana-2016.toml"), by=None, entry=entry)
    told = whole_record.write(exercise, people)
    told.people, told.exercise = people, exercise
    return told


def test_the_whole_record_is_sound(told):
    assert broken() == {}


@pytest.mark.parametrize("broken_so", BREAKS, ids=str)
def test_an_invariant_that_is_broken_is_told_and_no_other(told, broken_so):
    numbers = rows(told)
    with superuser_rights(), connection.cursor() as cursor:
        for statement in broken_so.statements:
            cursor.execute(statement.format(**numbers))
            assert cursor.rowcount, "It broke something."
    failed = broken()
    assert failed.keys() == {broken_so.name} | broken_so.also
    assert failed[broken_so.name]


def rows(told) -> dict[str, object]:
    """The rows of the whole record that breaks are about, by number."""
    numbers = {name: row.pk for name, row in vars(told).items() if hasattr(row, "pk")}
    numbers |= {name: person.pk for name, person in vars(told.people).items()}
    numbers["late_incident"] = incident_of(told.late).pk
    numbers["late_assessment"] = Assessment.objects.open().get(incident=incident_of(told.late)).pk
    proposals = zip(("first", "second", "third"), told.proposals, strict=True)
    numbers |= {f"{which}_proposal": proposal.pk for which, proposal in proposals}
    numbers["tag_of_moderator_north"] = tag_of(told.people.moderator_north)
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(conname) from pg_constraint where contype = 'f' and conrelid = 'violations_dissent'::regclass"
        )
        numbers["dissent_reference"] = cursor.fetchone()[0]
    return numbers


def test_every_invariant_is_seen_to_fail():
    assert {broken_so.name for broken_so in BREAKS} == set(EVERY)


def test_a_file_that_is_not_the_one_rendered_is_told(told):
    file = Rendition.objects.order_by("pk").first()
    with default_storage.open(file.path) as stored:
        rendered = stored.read()
    default_storage.delete(file.path)
    try:
        assert broken(["closings_recompute"])["closings_recompute"] == (
            f"closing {told.closing.public_id} (file {file.file_name})",
        )
    finally:
        default_storage.save(file.path, ContentFile(rendered))
    assert broken(["closings_recompute"]) == {}


def test_nothing_of_a_sealed_source_stands_in_any_table(told):
    """What was said of who told is searched for, word by word, in every column of every table."""
    words = [*whole_record.SOURCE.values(), told.people.monitor_independent.username]
    with superuser_rights(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for word in words:
                cursor.execute(
                    f"select count(*) from {model._meta.db_table} here where strpos(here::text, %s) > 0", [word]
                )
                accounts = model is User and word == words[-1]
                assert cursor.fetchone()[0] == (1 if accounts else 0), (model, word)


def verified(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and progress of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_integrity", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_tells_each_by_its_number(told):
    code, out, err = verified()
    assert code == 0
    *lines, summed_up = out.splitlines()
    assert [line.split()[:2] for line in lines] == [[str(number), name] for number, name in enumerate(EVERY, start=1)]
    assert all("holds" in line for line in lines)
    assert summed_up == f"{len(EVERY)} of {len(EVERY)} hold."
    assert err == "", "nobody sits there to see how far it is"


def test_the_command_ends_with_1_and_names_the_first_by_their_public_identifiers(told):
    by_hand("delete from violations_sealedsource")
    code, out, err = verified("--check", "sealed_one_each", "--check", "revisions")
    reports = IncidentReport.objects.count()
    assert code == 1
    assert "1 invariant does not hold" in err
    assert re.search(rf"sealed_one_each +{reports} do not", out)
    named = re.findall(r"report ([0-9a-f-]{36})$", out, re.MULTILINE)
    assert len(named) == 5
    assert IncidentReport.objects.filter(public_id__in=named).count() == 5
    assert re.search(r"revisions +holds", out)
    assert len(out.splitlines()) == 2 + 1 + 5 + 1 + 1
    assert out.endswith("1 of 2 hold.\n")
    for word in (*whole_record.SOURCE.values(), "monitor-north"):
        assert word not in out + err


def test_the_command_lists_what_there_is():
    code, out, _err = verified("--list")
    assert code == 0
    assert len(out.splitlines()) == len(EVERY)
