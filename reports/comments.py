"""What a guarantor says on the draft of a month: in its own words, by the same rule of length for all.

It can be said anew until the time for comments ends, and then no more. A guarantor may say that it has no comment: that
is printed, and so is that none was received.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import audit, ledger, plain_text
from monitoring.errors import Malformed, NotFound, NotNow
from reports import drafts_seen
from reports.models import Closing, DraftComment, Edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring.models import User

# No language that leaves spaces between its words comes near it; one that leaves none is held to it.
CHARACTERS_A_WORD = 12


def say(draft_id: UUID, *, by: User, words: str) -> DraftComment:
    """Record `words` as the comment of the guarantor whose draft this is; what it said before is closed.

    Raises NotFound where `by` reads no such draft, NotNow where its time has ended, Malformed where the words are none
    or too many.
    """
    return _record(draft_id, by, words.replace("\r\n", "\n").strip(), has_none=False)


def say_none(draft_id: UUID, *, by: User) -> DraftComment:
    """Record that the guarantor has no comment. Raises as `say` does."""
    return _record(draft_id, by, "", has_none=True)


def counted(words: str) -> int:
    """How many words a comment has: what stands between spaces."""
    return len(words.split())


@contextmanager
def draft_of(draft_id: UUID, *, by: User) -> Iterator[Edition]:
    """Find the draft that `by` reads, and let its comment be read within the block. Raises NotFound."""
    with drafts_seen.reading_as(by):
        mine = Edition.objects.drafts_for(by).filter(public_id=draft_id)
        draft = mine.select_related("agreement", "guarantor", "closing__version").first()
        if draft is None:
            raise NotFound(_("There is no such draft among those that are yours to read."), code="not_found")
        yield draft


def standing(draft: Edition) -> DraftComment | None:
    """What the guarantor of the draft has said by now. Asked within `draft_of`."""
    found = DraftComment.objects.open().filter(closing=draft.closing_id, guarantor=draft.guarantor_id)
    row: DraftComment | None = found.first()
    return row


def _record(draft_id: UUID, by: User, words: str, *, has_none: bool) -> DraftComment:
    with ledger.writing() as entry, draft_of(draft_id, by=by) as draft:
        locked = Closing.objects.select_for_update(of=("self",)).select_related("version")
        closing: Any = locked.get(pk=draft.closing_id)
        recorded_at = entry.stamp()  # whoever closes the comments waits for the row, or was first
        if closing.comments_sha256 is not None or recorded_at >= closing.comments_until:
            raise NotNow(_("The time for comments on this draft has ended; nothing was recorded."), code="time_is_over")
        if not has_none:
            _require_length(words, closing.version.comment_length)
        before = standing(draft)
        if before is not None and before.words == words:
            return before
        if before is not None:
            entry.close(DraftComment.objects.filter(pk=before.pk), expected=1)
        comment: DraftComment = DraftComment.objects.create(
            recorded_at=recorded_at,
            closing=closing,
            agreement=draft.agreement,
            guarantor=draft.guarantor,
            words=words,
            by=by,
        )
        audit.done("draft.comment", by=by, on=comment)
    return comment


def _require_length(words: str, most: int) -> None:
    fault = ""
    if not plain_text.is_seen(words):
        fault = _("Write your comment, or say that you have none.")
    elif (there := counted(words)) > most:
        limit = ngettext("%(most)d word", "%(most)d words", most) % {"most": most}
        said = {"there": there, "limit": limit}
        fault = _("It has %(there)d words; no guarantor's comment has more than %(limit)s.") % said
    elif len(words) > most * CHARACTERS_A_WORD:
        said = {"most": most * CHARACTERS_A_WORD}
        fault = _("It is too long: no guarantor's comment has more than %(most)d characters.") % said
    if fault:
        raise Malformed(_("Nothing was recorded: see each error."), fields={"/words": [fault]})
