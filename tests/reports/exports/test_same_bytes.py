"""The same content gives the same bytes in another process, of another zone, language and hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from reports.exports import taking
from tests.reports.released import released_month
from tests.violations import occasions
from tests.violations.cases import agreed_on, taken
from tests.violations.test_returns import TOLD
from violations.returns import record_return

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
# Every file of the edition as it is rendered of its content, and each that a reader takes of it.
TAKES_ALL = """
import hashlib, json, locale, sys
import django
django.setup()
locale.setlocale(locale.LC_ALL, "")
from monitoring.models import User
from reports import renderers
from reports.closings.preparing import preparing
from reports.exports import taking
from reports.models import Edition
with preparing():
    edition = Edition.objects.select_related("closing").get(public_id=sys.argv[1])
reader = User.objects.get(username=sys.argv[2])
content, arranged = json.loads(edition.closing.content()), json.loads(edition.content)
told = {form: renderers.render(form, content, arranged, language="en") for form in renderers.FORMATS}
told |= {file: b"".join(taking.take(edition.public_id, file, by=reader).blocks) for file in taking.OF_AN_EDITION}
print(json.dumps({name: hashlib.sha256(bytes_).hexdigest() for name, bytes_ in told.items()}))
"""
SETTINGS = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "PGTZ": "UTC"},
    {"TZ": "Asia/Tehran", "LC_ALL": "C.utf8", "PYTHONHASHSEED": "4711", "PGTZ": "America/St_Johns", "LANG": "C.utf8"},
)


def test_every_file_is_the_same_under_two_settings_of_zone_language_and_hash_seed(exercise, people):
    agreed_on(taken(exercise, people.monitor_north, by=people.moderator_north), people)
    occasions.filed(exercise, people.monitor_north)
    record_return(exercise, TOLD, by=None)
    edition = released_month(exercise).editions.get(guarantor__code="alder")
    one, other = (taken_by_a_process(edition, people.guarantor_alder.username, setting) for setting in SETTINGS)
    assert one.keys() == {"pdf", "csv", "json", *taking.OF_AN_EDITION}
    assert one == other
    assert {form: one[form] for form in ("pdf", "csv", "json")} == {
        file.format: file.sha256 for file in edition.renditions.all()
    }


def taken_by_a_process(edition, reader: str, setting: dict[str, str]) -> dict[str, str]:
    environment = {
        **os.environ,
        **setting,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DATABASE_USER": connection.settings_dict["USER"],
        "FILES_ROOT": default_storage.location,
    }
    command = [sys.executable, "-c", TAKES_ALL, str(edition.public_id), reader]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    return json.loads(told.stdout)
