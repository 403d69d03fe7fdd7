"""Notices that were seen, and mails that they were the cause of: one that was taken and one that was not."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from monitoring import mailing, notices
from monitoring.accreditation import Role
from monitoring.models import Agreement, GuarantorState, Notice
from monitoring.notices import Told


def told_and_seen(agreement: Agreement, people: SimpleNamespace) -> Notice:
    """Tell moderators of two things; one of them sees the first, two are mailed."""
    notices.give(agreement, [Told("second_late", f"2025-03-05T{hour}Z", details={"count": 2}) for hour in (10, 11)])
    first = Notice.objects.get(agreement=agreement, once="2025-03-05T10Z")
    notices.see(people.moderator_south, notices.of(people.moderator_south).filter(pk=first.pk))
    for person, failed in ((people.moderator_north, ""), (people.moderator_south, "unreachable")):
        begun = mailing.begin(person)
        assert begun is not None
        mailing.note(begun, failed=failed)
    for_cedar(agreement, people)
    return first


def for_cedar(agreement: Agreement, people: SimpleNamespace) -> None:
    """Tell cedar's people of a draft; one of them sees it."""
    cedar = GuarantorState.objects.get(agreement=agreement, code="cedar")
    due_at = timezone.now() + timedelta(days=2)
    details = {"period": "2025-03"}
    told = Told("draft_given", "draft", due_at=due_at, details=details, role=Role.GUARANTOR, guarantor=cedar)
    notices.give(agreement, [told])
    notices.see(people.guarantor_cedar, notices.of(people.guarantor_cedar))
