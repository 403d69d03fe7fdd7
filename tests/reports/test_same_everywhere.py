"""A closing's content is the same bytes wherever it is computed, whatever the process's zone, locale and hash seed.

A record drawn at random is committed, closed here, and computed again by two other processes in settings far apart.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from reports import closings
from reports.models import Edition
from tests.processes import ROOT
from tests.reports.readings import rendered
from tests.reports.records import LongRecord
from tests.reports.replies_at_random import Replies
from tests.violations import occasions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.by_hand, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")
COMMAS = "de_DE.UTF-8"  # writes 1,5 where others write 1.5
COMPUTING = """
import hashlib, json, locale, os, sys, time
locale.setlocale(locale.LC_ALL, "")
zone = os.environ["TZ"]
import django; django.setup()
os.environ["TZ"] = zone; time.tzset()  # Django has set that of the settings
from monitoring import canonical
from reports import renderers
from reports.closings.computing import known_at
from reports.figures import assemble, concerns
from reports.models import Closing

closing = Closing.objects.select_related("agreement").get(pk=sys.argv[1])
previous = Closing.objects.get(pk=sys.argv[2])
known = known_at(closing, closing.cutoff_at)
common = assemble.figures(known)
content = assemble.content(known, common, closing=closing, number=closing.number, previous=previous)
editions = {
    term.guarantor.code: concerns.edition(known, closing, term, common.sha256) for term in concerns.editions(known)
}
stored = [json.loads(canonical.dumps(told)) for told in (content, editions["birch"])]
files = {
    form: hashlib.sha256(renderers.render(form, *stored, language="en")).hexdigest() for form in ("json", "csv")
}
print(json.dumps({
    "where": [time.tzname[0], locale.str(1.5), hash("seed")],
    "content": canonical.dumps(content),
    "editions": {code: canonical.dumps(told) for code, told in editions.items()},
    "files": files,
}))
"""


def computed(tmp_path: Path, closing, previous, **environment: str) -> dict:
    """What another process computes for `closing`, in these settings."""
    done = subprocess.run(
        [sys.executable, "-c", COMPUTING, str(closing.pk), str(previous.pk)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_NAME": connection.settings_dict["NAME"],
            "DATABASE_USER": connection.settings_dict["USER"],
            "LOCPATH": str(tmp_path),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def commas(tmp_path) -> Path:
    """A folder with a locale that writes decimals with a comma, made from the system's own description of it."""
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales/de_DE").exists():
        if os.environ.get("CI"):
            pytest.fail("The package `locales` is not installed: no locale with a comma can be made.")
        pytest.skip("The package `locales` is not installed: no locale with a comma can be made.")
    folder = tmp_path / "locales"
    folder.mkdir()
    made = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / COMMAS)]
    subprocess.run(made, check=True, capture_output=True)
    return folder


def test_content_and_editions_are_the_same_bytes_in_other_zones_locales_and_seeds(long_truce, people, commas):
    with transaction.atomic():
        record = LongRecord(long_truce, people, 5)
        record.draw(120)
        Replies(record, 5).draw(25)
    first = closings.advance(closings.request(long_truce, *MONTH).pk)
    occasions.filed(long_truce, people.monitor_north)
    closing = closings.advance(closings.request(long_truce, *MONTH).pk)
    assert (first.number, closing.number) == (1, 2), (first.failure, closing.failure)
    editions = {row.guarantor.code: row.content for row in Edition.objects.filter(closing=closing)}
    content = json.loads(closing.content())
    assert content["beside"]["changes"]["figures"], "the two differ, and that is told"
    there = [
        computed(commas, closing, first, TZ="Asia/Kathmandu", LC_ALL=COMMAS, PYTHONHASHSEED="1"),
        computed(commas, closing, first, TZ="America/St_Johns", LC_ALL="C", PYTHONHASHSEED="4242", PYTHONUTF8="1"),
    ]
    zones, points, seeds = zip(*(told["where"] for told in there), strict=True)
    assert points == ("1,5", "1.5")
    assert len(set(zones)) == len(set(seeds)) == 2
    for told in there:
        assert told["content"] == closing.content()
        assert told["editions"] == editions
    here = {
        form: hashlib.sha256(rendered(form, content, json.loads(editions["birch"]))).hexdigest()
        for form in ("json", "csv")
    }
    assert [told["files"] for told in there] == [here, here]
