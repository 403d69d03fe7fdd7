"""Stored files that are missing, made again: a rendition is a pure function of its content, and has its hash.

After a restore to a moment the rows are of that moment, and the files of when the backup was taken. What the code
renders otherwise by now is not put in the place of what was published.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from reports import renderers, supplements
from reports.closings import computing
from reports.closings.preparing import preparing
from reports.closings.rendering import told_with
from reports.models import Edition, Rendition, Supplement, SupplementFile
from reports.renderers import sheet


@dataclass(frozen=True)
class Mended:
    """How many files were made again, and the names of those that are missing still."""

    made: int
    missing: tuple[str, ...]


def mend() -> Mended:
    """Make every missing file again whose bytes come out as they were: drafts, reports, corrigenda and addenda."""
    made, missing = 0, []
    for file in _stored():
        if default_storage.exists(file.path):
            continue
        if _made_again(file):
            made += 1
        else:
            missing.append(file.file_name)
    return Mended(made, tuple(missing))


def _stored() -> list[Rendition | SupplementFile]:
    with preparing():
        return [*Rendition.objects.order_by("pk"), *SupplementFile.objects.order_by("pk")]


def _made_again(file: Rendition | SupplementFile) -> bool:
    rendered = _rendition(file) if isinstance(file, Rendition) else _sheet(file)
    if hashlib.sha256(rendered).hexdigest() != file.sha256:
        return False
    return default_storage.save(file.path, ContentFile(rendered)) == file.path


def _rendition(file: Rendition) -> bytes:
    with preparing():
        edition = Edition.objects.select_related("closing__version").get(pk=file.edition_id)
    told = told_with(edition.closing, Rendition.Stage(file.stage))
    content = computing.stored(edition.closing)
    return renderers.render(file.format, content, json.loads(edition.content), language=file.language, **told)


def _sheet(file: SupplementFile) -> bytes:
    with preparing():
        supplement = Supplement.objects.select_related("closing__agreement").get(pk=file.supplement_id)
    content = computing.stored(supplement.closing)
    return sheet.render(file.format, content, supplements.as_told(supplement), language=file.language)
