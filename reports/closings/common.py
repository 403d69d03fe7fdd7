"""The common content of a closing that no edition is arranged of: in its period no State was guarantor of the truce.

It is computed, hashed, released and verified like any other; only nobody has an edition of it. Its renditions are pure
functions of the content, so nothing is stored: whoever makes them again has the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from reports import renderers
from reports.closings.rendering import named, told_with, wanted
from reports.models import Rendition

if TYPE_CHECKING:
    from reports.models import Closing

FOR_NOBODY = "common"


def files(closing: Closing) -> Iterator[tuple[str, bytes]]:
    """Yield each rendition of the common content, by the name that it is saved under.

    Raises NotNow where the closing is not released, or where guarantors have editions: these are theirs to hand on.
    """
    if closing.released_at is None:
        raise NotNow(_("This closing is not released yet."), code="not_released")
    if closing.editions.exists():
        raise NotNow(_("Of this closing every guarantor has an edition; take those."), code="has_editions")
    content = json.loads(closing.content() or "")
    for form, language in wanted(closing):
        told = told_with(closing, Rendition.Stage.FINAL)
        rendered = renderers.render(form, content, None, language=language, **told)
        yield named(closing, FOR_NOBODY, form, language), rendered
