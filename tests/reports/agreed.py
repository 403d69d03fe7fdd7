"""A truce whose months are released by two after comments on a draft, and the time for these made over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.db.models import F

from monitoring import accreditation
from monitoring.models import Agreement, GuarantorState
from reports import approvals, closings, comments, supplements
from reports.closings.preparing import preparing
from reports.models import Closing, DraftComment, Edition, PeriodKind, ReleaseApproval, Supplement
from tests.record.chosen_times import chosen_times
from tests.violations import occasions

WINDOW, LENGTH = 14, 40
BY_TWO = (
    ('release = "automatic"', 'release = "by_two"\nautomatic_release = ["day"]'),
    ("comment_window_days = 0", f"comment_window_days = {WINDOW}\ncomment_length = {LENGTH}"),
)
NO_WINDOW = (BY_TWO[0],)
ALL_BY_TWO = (('release = "automatic"', 'release = "by_two"'), BY_TWO[1])
# Another truce of the same words, that has not ended.
OTHER = (('code = "exercise"', 'code = "exercise-by-two"'), ("in_force_until = 2025-04-01\n", ""))


def agreed(agreement: Agreement, folder: Path, changes: tuple[tuple[str, str], ...] = BY_TWO) -> Agreement:
    """Load the exercise's file anew, its months released by two."""
    occasions.reloaded(folder, *changes)
    return agreement


def drafted_month(agreement: Agreement, month: str = "2025-03") -> Closing:
    """Close `month` as known now, as far as it goes by itself: its draft is shown."""
    closing = closings.advance(closings.request(agreement, PeriodKind.MONTH, month).pk)
    assert closing.state == Closing.State.DRAFTED, closing.failure
    return closing


def time_is_over(closing: Closing) -> None:
    """Let the draft have been shown so long ago that the time for comments has just ended."""
    back = timedelta(days=WINDOW, seconds=1)
    with preparing(), chosen_times():
        rows = Closing.objects.filter(pk=closing.pk)
        rows.update(drafted_at=F("drafted_at") - back, comments_until=F("comments_until") - back)
        Edition.objects.filter(closing=closing).update(drafted_at=F("drafted_at") - back)
    closing.refresh_from_db()


def rendered_month(agreement: Agreement, month: str = "2025-03") -> Closing:
    """The month with the comments closed and every file stored: it waits for those who release it."""
    closing = drafted_month(agreement, month)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == Closing.State.RENDERED, closing.failure
    return closing


def seen(closing: Closing) -> approvals.Seen:
    """What somebody saw who looked at the closing."""
    return approvals.Seen(str(closing.content_sha256), str(closing.comments_sha256))


def sheet_to(closing: Closing, by: SimpleNamespace, words: str = "Page 3: for “ford” read “weir”.") -> Supplement:
    """A corrigendum to a released closing, by north and south, released."""
    proposed = supplements.propose(closing.public_id, "corr", words, by=by.moderator_north)
    return supplements.issue(supplements.second(proposed.public_id, by=by.moderator_south).pk)


def beside(people: SimpleNamespace, folder: Path) -> tuple[DraftComment, ReleaseApproval, Supplement]:
    """Another truce, of the same people and without an incident: a draft commented on, an approval, a corrigendum."""
    truce = occasions.reloaded(folder, *OTHER, *BY_TWO).agreement
    alder = GuarantorState.objects.get(agreement=truce, code="alder")
    birch = GuarantorState.objects.get(agreement=truce, code="birch")
    accreditation.accredit(people.guarantor_alder, truce, "guarantor", guarantor=alder, by=None)
    accreditation.accredit(people.moderator_north, truce, "moderator", guarantor=alder, by=None)
    accreditation.accredit(people.moderator_south, truce, "moderator", guarantor=birch, by=None)
    drafted_month(truce, "2025-04")
    with preparing():
        draft = Edition.objects.get(guarantor=alder)
    comment = comments.say(draft.public_id, by=people.guarantor_alder, words="We have read it.")
    occasions.reloaded(folder, *OTHER, *NO_WINDOW)
    released = closings.advance(closings.request(truce, PeriodKind.MONTH, "2025-05").pk)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(released.public_id, seen(released), by=by)
    sheet = sheet_to(closings.advance(released.pk), people)
    waiting = closings.advance(closings.request(truce, PeriodKind.MONTH, "2025-06").pk)
    approval = approvals.approve(waiting.public_id, seen(waiting), by=people.moderator_north)
    return comment, approval, sheet
