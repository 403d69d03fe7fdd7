"""That the draft of a month awaits a guarantor's comment, told to its own people: once it is shown, and before its end.

Every guarantor is told in one transaction, by the same rule. The reminder goes to those alone of whom no comment is
recorded, so that whoever sees it learns of no other. Everything follows from rows and the clock: whatever runs late, or
twice, tells of what is still open, once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from monitoring import notices
from monitoring.accreditation import Role
from monitoring.models import Notice
from monitoring.notices import Told
from reports.closings.preparing import preparing
from reports.models import Closing, DraftComment, Edition

if TYPE_CHECKING:
    from monitoring.models import Agreement, User

# So long before the time for comments ends, and not before half of it is over, whoever has not commented is reminded.
AHEAD = timedelta(days=2)


def tell(agreement: Agreement, *, at: datetime | None = None) -> int:
    """Tell each guarantor's people of the drafts of `agreement` that await it at `at` (now); return of how many."""
    at = at or timezone.now()
    open_ones = Closing.objects.filter(agreement=agreement, state=Closing.State.DRAFTED, comments_until__gt=at)
    shown = list(open_ones.order_by("pk"))
    if not shown:
        return 0
    with transaction.atomic(), preparing():
        drafts = Edition.objects.filter(closing__in=shown).select_related("guarantor").defer("content").order_by("pk")
        said = set(DraftComment.objects.open().filter(closing__in=shown).values_list("closing", "guarantor"))
        by_closing = {closing.pk: closing for closing in shown}
        told = []
        for draft in drafts:
            closing = by_closing[draft.closing_id]
            told.append(_told(Notice.Kind.DRAFT_GIVEN, closing, draft))
            if at >= reminded_at(closing) and (closing.pk, draft.guarantor_id) not in said:
                told.append(_told(Notice.Kind.DRAFT_CLOSES, closing, draft))
    return notices.give(agreement, told)


def reminded_at(closing: Any) -> datetime:
    """When those are reminded who have not commented by then."""
    instant: datetime = closing.comments_until - min(AHEAD, (closing.comments_until - closing.drafted_at) / 2)
    return instant


def waiting_for(user: User) -> Any:
    """The notices of drafts that wait for `user`, with their agreements; newest first."""
    return notices.waiting_for(user).filter(role=Role.GUARANTOR).select_related("agreement")


def see(user: User, draft: Edition) -> None:
    """Whoever opens a draft has seen what was told of it."""
    notices.see(user, notices.of(user).filter(role=Role.GUARANTOR, object_id=str(draft.public_id)))


def _told(kind: str, closing: Closing, draft: Edition) -> Told:
    return Told(
        kind,
        once=str(draft.public_id),
        object_kind="edition",
        object_id=str(draft.public_id),
        due_at=closing.comments_until,
        details={"period": closing.period},
        role=Role.GUARANTOR,
        guarantor=draft.guarantor,
    )
