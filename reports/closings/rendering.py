"""Rendering: each edition in each format and language, stored as a file under a name that nobody can guess.

The bytes are made outside any transaction by pure functions of the content; the row is written under a unique key, so
that an edition is stored once however often a worker dies. A file that a dead worker left is taken if it is the same;
if it is half of one, it makes room.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from monitoring import ledger
from reports import renderers
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, Rendition

if TYPE_CHECKING:
    from reports.closings.leasing import Lease

LANGUAGES = ("en",)


def wanted() -> list[tuple[str, str]]:
    """Every format and language in which an edition is rendered."""
    return [(form, language) for form in renderers.FORMATS for language in LANGUAGES]


def render(lease: Lease, *, tell: Callable[[str], None] = lambda line: None) -> Closing:
    """Render and store what is missing of the closing's editions; `tell` is called with the name of each file made."""
    closing = lease.rows().select_related("agreement").get()
    if closing.content is None or closing.state != Closing.State.COMPUTED:
        return closing
    content = json.loads(closing.content)
    for edition, there in _begun(closing):
        arranged = json.loads(edition.content)
        for form, language in wanted():
            if (form, language) in there:
                continue
            lease.renew()
            rendered = renderers.render(form, content, arranged, language=language)
            tell(_store(lease, closing, edition, form, language, rendered).file_name)
    with ledger.writing():
        closing = lease.locked()
        closing.state = Closing.State.RENDERED
        closing.save(update_fields=["state"])
    return closing


def _begun(closing: Closing) -> list[tuple[Edition, set[tuple[str, str]]]]:
    """The closing's editions, each with the formats and languages that are stored."""
    with preparing():
        editions = closing.editions.select_related("guarantor").order_by("guarantor__code")
        return [(edition, set(edition.renditions.values_list("format", "language"))) for edition in editions]


def _store(lease: Lease, closing: Closing, edition: Edition, form: str, language: str, rendered: bytes) -> Rendition:
    path = _kept(edition, form, language, rendered)
    with ledger.writing() as entry, preparing():
        lease.locked()
        return Rendition.objects.create(
            recorded_at=entry.stamp(),
            edition=edition,
            format=form,
            language=language,
            path=path,
            file_name=file_name(closing, edition, form, language),
            sha256=hashlib.sha256(rendered).hexdigest(),
            size=len(rendered),
        )


def _kept(edition: Edition, form: str, language: str, rendered: bytes) -> str:
    """Store the bytes and return where."""
    name = salted_hmac("reports.rendition", f"{edition.public_id}/{form}/{language}", algorithm="sha256").hexdigest()
    path = f"renditions/{name[:2]}/{name}.{form}"
    if default_storage.exists(path):
        with default_storage.open(path) as left:
            whole = left.read() == rendered
        if whole:
            return path
        if not _is_in_use(path):  # half of a file: whoever wrote it died at it
            default_storage.delete(path)
    kept: str = default_storage.save(path, ContentFile(rendered))
    return kept


def _is_in_use(path: str) -> bool:
    with preparing():
        return Rendition.objects.filter(path=path).exists()


def file_name(closing: Closing, edition: Edition, form: str, language: str) -> str:
    """The name that a reader saves a rendition of the edition under."""
    return named(closing, edition.guarantor.code, form, language)


def named(closing: Closing, whose: str, form: str, language: str) -> str:
    """The name of a file: simulated, truce, period, closing, whose edition, language."""
    parts: list[Any] = [closing.agreement.code, closing.period, f"no{closing.number}", whose, language]
    if closing.agreement.simulated:
        parts.insert(0, "SIMULATED")
    return "_".join(parts) + f".{form}"
