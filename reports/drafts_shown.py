"""What a guarantor is shown of the draft of a month: until when it can be commented on, its own comment, its concerns.

That cases concern its own forces, or parties it answers for, is told to this guarantor alone, and before the release.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from monitoring import canonical
from reports import comments
from reports.models import DraftComment, Edition
from reports.renderers import values
from reports.renderers.reading import Reading, language_name, word
from reports.shown import SAID, EditionShown

if TYPE_CHECKING:
    from monitoring.models import User


class DraftShown(EditionShown):
    """A draft, read within `drafts_seen.reading_as` for whoever is to see it."""

    def __init__(self, edition: Edition, comment: DraftComment | None, now: Any) -> None:
        super().__init__(edition)
        self.comment = comment
        self.is_open = edition.closing.comments_sha256 is None and now < edition.closing.comments_until
        self.stored = [row for row in edition.renditions.all() if row.stage == "draft"]

    @property
    def until(self) -> str:
        """The first instant at which no comment is taken any more, in the truce's zone."""
        return self._instant(canonical.instant(self.closing.comments_until))  # type: ignore[arg-type]

    @property
    def length(self) -> int:
        """How many words any guarantor's comment may have."""
        assert self.closing.version is not None  # noqa: S101 - it is computed
        return self.closing.version.comment_length

    @property
    def said(self) -> str:
        """What the guarantor has said by now, in a few words."""
        if self.comment is None:
            return _("no comment recorded yet") if self.is_open else _("no comment was received in time")
        return _("a comment is recorded") if self.comment.words else _("recorded: no comment")

    @property
    def files(self) -> list[dict[str, Any]]:
        """Every file of the draft."""
        return [
            {
                "id": str(file.public_id),
                "format": SAID.get(file.format, file.format),
                "language": language_name(file.language),
                "size": filesizeformat(file.size),
            }
            for file in sorted(self.stored, key=lambda file: (file.language, file.format))
        ]

    @property
    def concerns(self) -> list[dict[str, str]]:
        """Its own forces and the parties it answers for that incidents of the period name, by role."""
        reading = Reading(json.loads(self.closing.content() or ""), self._arranged, "en")
        return [
            {
                "party": reading.name("party", row["party"]),
                "role": word("role_in_incident", row["role"]),
                "registered": values.count(row["registered"]),
                "listed": values.listed([values.code(one) for one in row["incidents"]]) or "–",
            }
            for row in self._concerned
        ]

    @property
    def is_concerned(self) -> bool:
        """Whether any incident of the period names one of them."""
        return bool(self._concerned)

    @property
    def _arranged(self) -> dict[str, Any]:
        arranged: dict[str, Any] = json.loads(self.edition.content)
        return arranged

    @property
    def _concerned(self) -> list[dict[str, Any]]:
        section = self._arranged["concerns"]
        rows = [*section["own_forces"], *section["undertaken"]] if section else []
        return [row for row in rows if row["registered"]]


def drafts_of(user: User, now: Any) -> list[DraftShown]:
    """The drafts that `user` may read now, those first whose time ends first."""
    rows = Edition.objects.drafts_for(user).select_related("agreement", "guarantor", "closing__version")
    found = list(rows.prefetch_related("renditions").order_by("closing__comments_until", "pk"))
    return [DraftShown(edition, comments.standing(edition), now) for edition in found]
