"""The comments on a draft as they are printed: one of every guarantor that has an edition, or that it has none.

They stand in the English alphabetical order of the states, whoever spoke first, and when each came in is told to
nobody. They are no part of the content, which was computed before them, and have a hash of their own. Once the time
for comments has ended nothing of them can change, so they are read from their rows, and hashed again to be verified.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from monitoring import canonical
from monitoring.models import GuarantorState, GuarantorTerm
from reports.models import DraftComment

if TYPE_CHECKING:
    from reports.models import Closing


class Said(StrEnum):
    """What came of a guarantor's time for comments."""

    COMMENT = "comment"
    HAS_NONE = "has_none"
    NOT_RECEIVED = "not_received"


def printed(closing: Closing) -> dict[str, Any]:
    """Return the comments on the draft of `closing` as they are printed. Who asks may see them (drafts_seen)."""
    assert closing.version is not None  # noqa: S101 - it is computed
    there = {row.guarantor_id: row for row in DraftComment.objects.printed().filter(closing=closing)}
    states = _states(closing) if closing.drafted_at else set()
    return {
        "schema": 1,
        "closing": str(closing.public_id),
        "content_sha256": closing.content_sha256,
        "drafted_at": closing.drafted_at and canonical.instant(closing.drafted_at),
        "until": closing.comments_until and canonical.instant(closing.comments_until),
        "length": closing.version.comment_length,
        "comments": [
            {"guarantor": state.code, **_said(there.get(state.pk))}
            for state in sorted(states, key=lambda one: (one.name.casefold(), one.code))
        ],
    }


def sha256(closing: Closing) -> str:
    """The hash of the comments as printed."""
    return canonical.sha256(printed(closing))


def _said(row: DraftComment | None) -> dict[str, str]:
    if row is None:
        return {"said": Said.NOT_RECEIVED.value, "words": ""}
    return {"said": (Said.COMMENT if row.words else Said.HAS_NONE).value, "words": row.words}


def _states(closing: Closing) -> set[GuarantorState]:
    """Those that the draft was shown to: whose term overlaps the period. Asked of no edition, for few may see these."""
    terms = GuarantorTerm.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lt=closing.period_until),
        Q(valid_until__isnull=True) | Q(valid_until__gt=closing.period_from),
        version=closing.version,
    )
    return {term.guarantor for term in terms.select_related("guarantor")}
