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

from reports import renderers
from reports.closings.preparing import preparing
from reports.models import Rendition


@dataclass(frozen=True)
class Mended:
    """How many files were made again, and the names of those that are missing still."""

    made: int
    missing: tuple[str, ...]


def mend() -> Mended:
    """Make every missing file again whose bytes come out as they were."""
    made, missing = 0, []
    with preparing():
        stored = list(Rendition.objects.order_by("pk").values_list("pk", "path"))
    for key, path in stored:
        if default_storage.exists(path):
            continue
        with preparing():
            rendition = Rendition.objects.select_related("edition__closing").get(pk=key)
        if _made_again(rendition):
            made += 1
        else:
            missing.append(rendition.file_name)
    return Mended(made, tuple(missing))


def _made_again(rendition: Rendition) -> bool:
    edition = rendition.edition
    content = json.loads(str(edition.closing.content))
    rendered = renderers.render(rendition.format, content, json.loads(edition.content), language=rendition.language)
    if hashlib.sha256(rendered).hexdigest() != rendition.sha256:
        return False
    return default_storage.save(rendition.path, ContentFile(rendered)) == rendition.path
