"""What people do by the clock that a test has set, in one process: `python -m tests.clock.acting`.

A line of JSON is an act and its words, a line of JSON is answered. Everything goes through the product's own verbs.

load FOLDER FIRST     the truce is loaded and its people are accredited
file INSTANT          a monitor files what happened at that instant
drafts                what each guarantor's people read of the drafts, and of what is released
comment STATE WORDS   a guarantor's person comments on the draft
approve PERSON        a moderator lets what waits be released as they see it; told is the side that acts, or the refusal
releases NUMBER       what each guarantor's people read of a closing of the month that is released
verify                `verify_closings` and `verify_integrity`, as a keeper runs them
"""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from monitoring import canonical  # noqa: E402
from monitoring.errors import Forbidden  # noqa: E402
from monitoring.models import Agreement, User  # noqa: E402
from reports import approvals, comments, downloads, drafts_seen  # noqa: E402
from reports.models import Edition, Rendition  # noqa: E402
from tests.conftest import accredited, loaded_exercise  # noqa: E402
from tests.violations import occasions  # noqa: E402

STATES = ("alder", "birch", "cedar")
# The exercise as if it were in force from 24 February 2025 to the end of March, in a zone whose clock is moved on the
# 30th, every kind of period closed from 1 March on, six hours after its end, and months revised; these are commented on
# for a day and released by two; days and weeks as they are made, for the file says so.
TRUCE = (
    ("in_force_from = 2025-03-02", "in_force_from = 2025-02-24"),
    ("from = 2025-03-01", "from = 2025-01-01"),
    ('time_zone = "Etc/GMT+8"', 'time_zone = "Europe/Kyiv"'),
    ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]'),
    ("filing_grace_hours = 48", "filing_grace_hours = 6"),
    ('release = "automatic"', 'release = "by_two"\nautomatic_release = ["day", "week"]'),
    ("comment_window_days = 0", "comment_window_days = 1\ncomment_length = 30\nrevision_days = [2, 4]"),
)


def load(folder: str, first_period: str) -> dict[str, Any]:
    accredited(loaded_exercise())
    version = occasions.reloaded(Path(folder), *TRUCE, ('first_period = "2025-03"', f'first_period = "{first_period}"'))
    return {"version": version.number}


def file(at: str) -> dict[str, Any]:
    report = occasions.filed(
        Agreement.objects.get(), _person("monitor-north"), occurred_from=datetime.fromisoformat(at)
    )
    return {"recorded_at": report.recorded_at.isoformat()}


def drafts() -> dict[str, Any]:
    return {state: _draft_of(_person(f"guarantor-{state}")) for state in STATES}


def comment(state: str, words: str) -> dict[str, Any]:
    reader = _person(f"guarantor-{state}")
    with drafts_seen.reading_as(reader):
        draft = Edition.objects.drafts_for(reader).get()
    return {"words": comments.say(draft.public_id, by=reader, words=words).words}


def approve(person: str) -> dict[str, Any]:
    by = _person(person)
    closing = approvals.visible_to(by).get()
    try:
        given = approvals.approve(
            closing.public_id, approvals.Seen(closing.content_sha256, closing.comments_sha256), by=by
        )
    except Forbidden as refusal:
        return {"refused": refusal.code}
    return {"side": given.side.code if given.side else None}


def releases(number: int) -> dict[str, Any]:
    printed = STATES[number % len(STATES)]  # of one the print too, of each closing another's: pages take long to read
    return {state: _released_to(_person(f"guarantor-{state}"), number, state == printed) for state in STATES}


def verify() -> dict[str, Any]:
    told = {}
    for command in ("verify_closings", "verify_integrity"):
        printed = io.StringIO()
        call_command(command, stdout=printed, stderr=printed)
        told[command] = printed.getvalue()
    return told


def _person(username: str) -> User:
    return User.objects.get(username=username)


def _draft_of(reader: User) -> dict[str, Any]:
    """The one draft that they read: the hash of what is common in its file, and what is released of the month."""
    with drafts_seen.reading_as(reader):
        draft = Edition.objects.drafts_for(reader).select_related("closing").get()
        files = {row.format: row for row in Rendition.objects.drafts_for(reader)}
    told = json.loads(downloads.take_draft(files["json"].public_id, by=reader)[1])
    released = Edition.objects.visible_to(reader).filter(closing__kind="month")
    return {
        "formats": sorted(files),
        "said": told["draft"],
        "whose": told["edition"]["guarantor"],
        "common": canonical.sha256(told["closing"]),
        "content": draft.closing.content_sha256,
        "drafted_at": draft.drafted_at.isoformat(),
        "released": sorted(released.values_list("closing__number", flat=True)),
        "final": Rendition.objects.visible_to(reader).filter(edition=draft).count(),
    }


def _released_to(reader: User, number: int, printed: bool) -> dict[str, Any]:
    """What the files of their edition say: the comments, as data and in print; the hash of what is common."""
    edition = Edition.objects.visible_to(reader).get(closing__kind="month", closing__number=number)
    files = {row.format: downloads.take(row.public_id, by=reader)[1] for row in edition.renditions.released()}
    told = json.loads(files["json"])
    pages = PdfReader(io.BytesIO(files["pdf"])).pages if printed else []
    return {
        "common": canonical.sha256(told["closing"]),
        "draft": told.get("draft", False),
        "comments": told["comments"]["comments"],
        "comments_sha256": canonical.sha256(told["comments"]),
        "table": files["csv"].decode("utf-8-sig"),
        "print": "\n".join(page.extract_text() for page in pages) or None,
        "released_at": edition.released_at.isoformat(),
    }


ACTS = {act.__name__: act for act in (load, file, drafts, comment, approve, releases, verify)}

if __name__ == "__main__":
    for line in sys.stdin:
        act, *words = json.loads(line)
        print(json.dumps(ACTS[act](*words)), flush=True)  # noqa: T201 - that is what it is for
