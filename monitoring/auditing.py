"""Reading the audit: which rows are an auditor's to read, narrowed by what they ask, and as a table to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from monitoring import accreditation
from monitoring.models import Accreditation, AuditEntry, User
from monitoring.plain_text import guarded

COLUMNS = ("recorded_at", "agreement", "person", "action", "outcome", "object_kind", "object_id", "reason")
A_BLOCK = 1000  # rows read, and written, at a time


@dataclass(frozen=True)
class Asked:
    """What of the audit is asked for; what is empty narrows nothing. `action` and `person` by their beginning."""

    agreement: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    action: str = ""
    person: str = ""
    outcome: str = ""


def readable_by(user: User) -> Any:
    """The rows that `user` may read as an auditor now, newest first; none for whoever is no auditor.

    Those of the agreements that they audit; and those of no agreement (logins, accounts, lists of several), where the
    person was ever accredited in one of these, or is not known.
    """
    audited = list(accreditation.held_by(user, accreditation.Role.AUDITOR).values_list("agreement", flat=True))
    if not audited:
        return AuditEntry.objects.none()
    theirs = Accreditation.objects.filter(agreement__in=audited).values("user")
    of_none = Q(agreement=None) & (Q(actor=None) | Q(actor__in=theirs))
    return AuditEntry.objects.filter(Q(agreement__in=audited) | of_none).order_by("-pk")


def narrowed(rows: Any, asked: Asked) -> Any:
    """Those of `rows` that are asked for; [since, until)."""
    wanted = {
        "agreement": asked.agreement,
        "recorded_at__gte": asked.since,
        "recorded_at__lt": asked.until,
        "action__startswith": asked.action,
        "actor__username__startswith": asked.person,
        "outcome": asked.outcome,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def table(rows: Any) -> Iterator[bytes]:
    """The rows as CSV, block by block, with a head: instants in UTC, no text that a spreadsheet takes for a formula."""
    block = _Block()
    block.write("\ufeff")
    block.writer.writerow(COLUMNS)
    found = rows.select_related("actor", "agreement").iterator(chunk_size=A_BLOCK)
    for number, entry in enumerate(found, start=1):
        block.writer.writerow([guarded(cell) for cell in _cells(entry)])
        if number % A_BLOCK == 0:
            yield block.taken()
    yield block.taken()


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        entry.recorded_at.astimezone(UTC).isoformat(),
        entry.agreement.code if entry.agreement else "",
        entry.actor.get_username() if entry.actor else "",
        entry.action,
        entry.outcome,
        entry.object_kind,
        entry.object_id,
        entry.reason,
    )


class _Block(io.StringIO):
    """Lines that are written until they are taken."""

    def __init__(self) -> None:
        super().__init__(newline="")
        self.writer = csv.writer(self, lineterminator="\r\n")

    def taken(self) -> bytes:
        told = self.getvalue().encode()
        self.seek(0)
        self.truncate()
        return told
