"""The draft of a month that two people release: shown to every guarantor at one instant, commented on, then closed.

It is the content that will be released and no other: what is recorded meanwhile waits for the revision. Where the truce
leaves no time for comments, or no State was guarantor, there is no draft.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import NotNow
from reports.closings import commenting
from reports.closings.preparing import preparing
from reports.closings.rendering import LANGUAGES, make
from reports.models import Closing, Edition, PeriodKind, Rendition

if TYPE_CHECKING:
    from reports.closings.leasing import Lease


def draft(lease: Lease, *, tell: Callable[[str], None] = lambda line: None) -> Closing:
    """Render the drafts and show them, and give the lease back; or close at once what nobody is to comment on, as
    days and weeks.

    A closing that is not to be drafted is returned as it is. Raises NotNow where a file of the draft is missing.
    """
    closing = lease.rows().select_related("agreement", "version").get()
    if closing.state != Closing.State.COMPUTED or not closing.by_two:
        return closing
    if _is_commented_on(closing):
        make(lease, closing, Rendition.Stage.DRAFT, tell=tell)
        return _show(lease)
    return _close(lease, Closing.State.COMPUTED)


def close_comments(lease: Lease) -> Closing:
    """Close the comments of a draft whose time has ended: what stands then is what is printed.

    Whoever comments holds the closing while they do, so that whoever was in time is waited for.
    """
    return _close(lease, Closing.State.DRAFTED)


def _is_commented_on(closing: Closing) -> bool:
    assert closing.version is not None  # noqa: S101 - it is computed
    if closing.kind != PeriodKind.MONTH or not closing.version.comment_window_days:
        return False
    with preparing():
        return closing.editions.exists()


def _show(lease: Lease) -> Closing:
    with ledger.writing() as entry, preparing():
        closing = lease.locked()
        assert closing.version is not None  # noqa: S101 - it is computed
        editions = Edition.objects.filter(closing=closing)
        complete = editions.complete(stage="draft", formats=closing.formats, languages=list(LANGUAGES))
        if complete.count() != editions.count():
            raise NotNow(_("Not every file of this draft is stored."), code="not_rendered")
        closing.drafted_at = entry.stamp()
        closing.comments_until = closing.drafted_at + timedelta(days=closing.version.comment_window_days)
        closing.state = Closing.State.DRAFTED
        closing.failure = ""
        closing.save(update_fields=["drafted_at", "comments_until", "state", "failure"])
        editions.update(drafted_at=closing.drafted_at)
        audit.done("closing.draft", by=None, on=closing)
        lease.give_back(attempts=0)
    return closing


def _close(lease: Lease, state: Closing.State) -> Closing:
    with ledger.writing(), preparing():
        closing = lease.locked()
        if closing.state != state or not closing.by_two:
            return closing
        closing.comments_sha256 = commenting.sha256(closing)
        closing.state = Closing.State.COMMENTED
        closing.save(update_fields=["comments_sha256", "state"])
        audit.done("closing.close_comments", by=None, on=closing)
    return closing
