"""Taking a rendition away: authorised at that moment, and in the audit before a byte leaves."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotFound, NotNow
from reports import drafts_seen
from reports.models import Rendition, SupplementFile

if TYPE_CHECKING:
    from monitoring.models import User

logger = logging.getLogger(__name__)


def take(public_id: UUID, *, by: User) -> tuple[Rendition, bytes]:
    """Return the rendition and its bytes to `by`, who may read it now; the audit says so.

    Raises NotFound where it is not there or not theirs to know, NotNow where the stored file is not the one rendered.
    """
    with ledger.writing():
        rendition = (
            Rendition.objects.visible_to(by).select_related("edition__agreement").filter(public_id=public_id).first()
        )
        if rendition is None:
            raise NotFound(_("There is no such file among the editions that are yours to read."), code="not_found")
        stored = as_rendered(rendition)
        audit.done("rendition.download", by=by, on=rendition, agreement=rendition.edition.agreement)
    return rendition, stored


def take_draft(public_id: UUID, *, by: User) -> tuple[Rendition, bytes]:
    """Return a file of a draft and its bytes to `by`, who reads for its guarantor: audited and refused as by `take`."""
    with ledger.writing(), drafts_seen.reading_as(by):
        mine = Rendition.objects.drafts_for(by).select_related("edition__agreement")
        rendition = mine.filter(public_id=public_id).first()
        if rendition is None:
            raise NotFound(_("There is no such file among the drafts that are yours to read."), code="not_found")
        stored = as_rendered(rendition)
        audit.done("draft.download", by=by, on=rendition, agreement=rendition.edition.agreement)
    return rendition, stored


def take_sheet(public_id: UUID, *, by: User) -> tuple[SupplementFile, bytes]:
    """Return a file of a corrigendum or addendum and its bytes to `by`: audited and refused as by `take`."""
    with ledger.writing():
        mine = SupplementFile.objects.visible_to(by).select_related("supplement__agreement")
        file = mine.filter(public_id=public_id).first()
        if file is None:
            raise NotFound(_("There is no such file among the sheets that are yours to read."), code="not_found")
        stored = as_rendered(file)
        audit.done("supplement.download", by=by, on=file, agreement=file.supplement.agreement)
    return file, stored


def copy(rendition: Rendition, *, by: User | None) -> bytes:
    """Return the bytes of a released rendition for an operator who takes it away; the audit says so, like a download.

    Raises NotFound where it is not released, NotNow where the stored file is not the one rendered.
    """
    with ledger.writing():
        if rendition.edition.released_at is None:
            raise NotFound(_("This file is not released yet."), code="not_released")
        stored = as_rendered(rendition)
        audit.done("rendition.copy", by=by, on=rendition, agreement=rendition.edition.agreement)
    return stored


def as_rendered(rendition: Rendition | SupplementFile) -> bytes:
    """The bytes as they were rendered: another file under the same name is not handed out. Raises NotNow."""
    try:
        with default_storage.open(rendition.path) as file:
            stored: bytes = file.read()
    except OSError:
        stored = b""
    if hashlib.sha256(stored).hexdigest() != rendition.sha256:
        logger.error(
            "The stored file of rendition %s is missing or is not the one that was rendered.", rendition.public_id
        )
        raise NotNow(
            _("The stored file is missing or is not the one released, so it is not handed out. Tell an operator."),
            code="file_not_as_rendered",
        )
    return stored
