"""A notice that was seen, and mails that it was the cause of: one that was taken and one that was not."""

from __future__ import annotations

from types import SimpleNamespace

from monitoring import mailing, notices
from monitoring.models import Agreement, Notice
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
    return first
