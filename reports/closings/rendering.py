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
from reports.closings import commenting
from reports.closings.computing import stored
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, Rendition

if TYPE_CHECKING:
    from reports.closings.leasing import Lease

LANGUAGES = ("en",)


def wanted(closing: Closing) -> list[tuple[str, str]]:
    """Every format and language in which an edition of the closing is rendered."""
    return [(form, language) for form in closing.formats for language in LANGUAGES]


def render(lease: Lease, *, tell: Callable[[str], None] = lambda line: None) -> Closing:
    """Render and store what is missing of the closing's editions; `tell` is called with the name of each file made.

    Where two people release it, with the comments on its draft, once these are closed.
    """
    closing = lease.rows().select_related("agreement", "version").get()
    ready = Closing.State.COMMENTED if closing.by_two else Closing.State.COMPUTED
    if closing.state != ready:
        return closing
    make(lease, closing, Rendition.Stage.FINAL, tell=tell)
    with ledger.writing():
        closing = lease.locked()
        closing.state = Closing.State.RENDERED
        closing.save(update_fields=["state"])
    return closing


def make(lease: Lease, closing: Closing, stage: Rendition.Stage, *, tell: Callable[[str], None]) -> None:
    """Render and store what is missing of one stage of the closing's editions."""
    content = stored(closing)
    told = told_with(closing, stage)
    for edition, there in _begun(closing, stage):
        arranged = json.loads(edition.content)
        for form, language in wanted(closing):
            if (form, language) in there:
                continue
            lease.renew()
            rendered = renderers.render(form, content, arranged, language=language, **told)
            tell(_store(lease, closing, edition, stage, form, language, rendered).file_name)


def told_with(closing: Closing, stage: Rendition.Stage) -> dict[str, Any]:
    """What is told beside content and edition: that it is a draft, or the comments on it."""
    if stage == Rendition.Stage.DRAFT:
        return {"draft": True}
    if closing.comments_sha256 is None:
        return {}
    with preparing():
        return {"comments": commenting.printed(closing)}


def _begun(closing: Closing, stage: Rendition.Stage) -> list[tuple[Edition, set[tuple[str, str]]]]:
    """The closing's editions, each with the formats and languages that are stored of the stage."""
    with preparing():
        editions = closing.editions.select_related("guarantor").order_by("guarantor__code")
        return [
            (edition, set(edition.renditions.filter(stage=stage).values_list("format", "language")))
            for edition in editions
        ]


def _store(
    lease: Lease,
    closing: Closing,
    edition: Edition,
    stage: Rendition.Stage,
    form: str,
    language: str,
    rendered: bytes,
) -> Rendition:
    path = _kept(edition, form, language, rendered, stage=stage)
    with ledger.writing() as entry, preparing():
        lease.locked()
        return Rendition.objects.create(
            recorded_at=entry.stamp(),
            edition=edition,
            stage=stage,
            format=form,
            language=language,
            path=path,
            file_name=file_name(closing, edition, stage, form, language),
            sha256=hashlib.sha256(rendered).hexdigest(),
            size=len(rendered),
        )


def _kept(
    edition: Edition, form: str, language: str, rendered: bytes, *, stage: Rendition.Stage = Rendition.Stage.FINAL
) -> str:
    """Store the bytes and return where."""
    of = f"{edition.public_id}/{form}/{language}"
    if stage == Rendition.Stage.DRAFT:
        of = f"{of}/draft"
    return kept(salted_hmac("reports.rendition", of, algorithm="sha256").hexdigest(), form, rendered, used=_is_in_use)


def kept(name: str, form: str, rendered: bytes, *, used: Callable[[str], bool]) -> str:
    """Store the bytes under `name` and return where. What a dead worker left there is taken, or makes room."""
    path = f"renditions/{name[:2]}/{name}.{form}"
    if default_storage.exists(path):
        with default_storage.open(path) as left:
            whole = left.read() == rendered
        if whole:
            return path
        if not used(path):  # half of a file: whoever wrote it died at it
            default_storage.delete(path)
    where: str = default_storage.save(path, ContentFile(rendered))
    return where


def _is_in_use(path: str) -> bool:
    with preparing():
        return Rendition.objects.filter(path=path).exists()


def file_name(closing: Closing, edition: Edition, stage: Rendition.Stage, form: str, language: str) -> str:
    """The name that a reader saves a rendition of the edition under."""
    return named(closing, edition.guarantor.code, form, language, draft=stage == Rendition.Stage.DRAFT)


def named(closing: Closing, whose: str, form: str, language: str, *, draft: bool = False) -> str:
    """The name of a file: simulated, draft, truce, period, closing, revision, whose edition, language."""
    parts: list[Any] = [
        *(["SIMULATED"] if closing.agreement.simulated else []),
        *(["DRAFT"] if draft else []),
        closing.agreement.code,
        closing.period,
        f"no{closing.number}",
        *([f"rev{closing.revision}"] if closing.revision else []),
        whose,
        language,
    ]
    return "_".join(parts) + f".{form}"
