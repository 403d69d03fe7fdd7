"""Taking a table away that lies behind an edition: authorised at that moment, and in the audit before a byte leaves.

A guarantor takes what its tier lets out, by way of its edition; a moderator takes all of it, by way of a released
closing of a truce that they moderate. One table at a time is on its way to an account (`copying`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotFound, NotNow
from reports import renderers
from reports.closings import commenting
from reports.closings.rendering import LANGUAGES, named
from reports.exports import behind, sending, zipped
from reports.exports.copying import Begun, under_way
from reports.largest import is_too_large
from reports.models import Closing, Edition
from reports.renderers import xlsx
from reports.renderers.reading import Reading

if TYPE_CHECKING:
    from monitoring.models import Agreement, User
    from reports.exports.behind import Behind

LANGUAGE = LANGUAGES[0]
MEDIA_TYPES = {
    **renderers.MEDIA_TYPES,
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
# What may be taken of an edition, and of a closing in full.
OF_AN_EDITION = (
    *("incidents.csv", "incidents.geojson", "findings.csv", "returns.csv", "return-lines.csv"),
    *("edition.xlsx", "edition.zip"),
)
OF_A_CLOSING = ("incidents.csv", "incidents.geojson", "findings.csv")


@dataclass(frozen=True)
class Taken:
    """What leaves: the name that it is saved under, what it is, and its bytes."""

    file_name: str
    media_type: str
    blocks: Begun


def take(public_id: UUID, file: str, *, by: User, hxl: bool = False) -> Taken:
    """Return `file` of what lies behind an edition to `by`, who may read it now; the audit says so.

    `hxl`: a CSV with the tags of its columns under its head. Raises NotFound where the edition is not there or not
    theirs to know; NotNow where it has no such table, another is on its way to them, or it is too large for the
    spreadsheet that is asked for: the zip leaves that out and says so.
    """
    with ledger.writing():
        rows = Edition.objects.visible_to(by).select_related("agreement", "guarantor", "closing__agreement")
        edition = rows.filter(public_id=public_id).defer("content").first()
        if edition is None:
            raise NotFound(_("There is no such edition among those that are yours to read."), code="not_found")
        if lists_incidents(file):
            behind.require_incidents(edition.closing)
        too_large = file in ("edition.xlsx", "edition.zip") and is_too_large(edition.closing_id)
        if too_large and file == "edition.xlsx":
            raise NotNow(
                _("This edition is too large for a spreadsheet. Take its tables as CSV."),
                code="too_large_for_a_spreadsheet",
            )
        audit.done(f"edition.take_{_as_code(file)}", by=by, on=edition, agreement=edition.agreement)
        if file == "edition.zip":
            files = zipped.taken(edition, by=by)
    with translation.override(LANGUAGE):
        if file == "edition.xlsx":
            return _taken(edition.closing, edition.guarantor.code, file, _in_turn(edition, by=by))
        told = behind.behind(edition.closing, language=LANGUAGE)
        if file == "edition.zip":
            spreadsheet = None if too_large else partial(_spreadsheet, edition)
            blocks = zipped.zipped(told, files, spreadsheet, account=by.pk)
            return _taken(edition.closing, edition.guarantor.code, file, blocks)
        return _taken(edition.closing, file.partition(".")[0], file, _sent(told, file, by=by, hxl=hxl))


def take_in_full(public_id: UUID, file: str, *, by: User, of: Collection[Agreement], hxl: bool = False) -> Taken:
    """Return `file` of what lies behind a released closing of one of the truces `of`, in full; the audit says so.

    Raises NotFound where there is no such closing; NotNow as `take` does.
    """
    with ledger.writing():
        closings = Closing.objects.released().select_related("agreement")
        closing = closings.filter(public_id=public_id, agreement__in=of).first()
        if closing is None:
            raise NotFound(_("There is no such closing among those of your truces."), code="not_found")
        audit.done(f"closing.take_{_as_code(file)}", by=by, on=closing, agreement=closing.agreement)
    with translation.override(LANGUAGE):
        blocks = _sent(behind.behind(closing, language=LANGUAGE), file, by=by, hxl=hxl, in_full=True)
        return _taken(closing, f"{file.partition('.')[0]}-in-full", file, blocks)


def lists_incidents(file: str) -> bool:
    """Whether there is no such table behind a day's edition."""
    return file.startswith(("incidents", "findings"))


def slug(file: str) -> str:
    """A file's name as part of that of its door."""
    return file.replace(".", "-").removeprefix("edition-")


def _sent(told: Behind, file: str, *, by: User, hxl: bool, in_full: bool = False) -> Iterable[bytes]:
    name, _dot, form = file.partition(".")
    if form == "geojson":
        return sending.as_geojson(told, in_full=in_full, account=by.pk)
    return sending.as_csv(told, name, in_full=in_full, hxl=hxl, account=by.pk)


def _taken(closing: Closing, whose: str, file: str, blocks: Iterable[bytes]) -> Taken:
    form = file.rpartition(".")[2]
    return Taken(named(closing, whose, form, LANGUAGE), MEDIA_TYPES[form], Begun(blocks))


def _in_turn(edition: Edition, *, by: User) -> Iterator[bytes]:
    with under_way(by.pk):
        yield _spreadsheet(edition)


def _spreadsheet(edition: Edition) -> bytes:
    """The edition as a spreadsheet, made anew of its content and the comments on it: the same bytes each time."""
    closing = edition.closing
    content = json.loads(closing.content() or "")
    comments = commenting.printed(closing) if closing.comments_sha256 else None
    return xlsx.render(Reading(content, json.loads(edition.content), LANGUAGE, comments=comments))


def _as_code(file: str) -> str:
    return file.replace(".", "_").replace("-", "_")
