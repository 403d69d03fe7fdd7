"""Reading the audit: which rows are an auditor's to read, narrowed by what they ask, and as a table to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from monitoring import accreditation
from monitoring.models import Accreditation, AuditEntry, User
from monitoring.plain_text import guarded

COLUMNS = ("recorded_at", "agreement", "person", "action", "outcome", "object_kind", "object_id", "reason")
# What is of no one truce and bears on each: keys that seal the sources of all, and that all was restored from a backup.
KEPT_FOR_ALL = ("keyrotation", "restoration")
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

    Those of the agreements that they audit. Those of no agreement (logins and failed ones, accounts, lists of several)
    where the person was ever accredited in one of these; of somebody who never was anywhere, of nobody known, and of
    what all truces share (KEPT_FOR_ALL), every auditor.
    """
    audited = list(accreditation.held_by(user, accreditation.Role.AUDITOR).values_list("agreement", flat=True))
    if not audited:
        return AuditEntry.objects.none()
    of_none = Q(agreement=None) & (Q(object_kind__in=KEPT_FOR_ALL) | _of_people(audited))
    return AuditEntry.objects.filter(Q(agreement__in=audited) | of_none).order_by("-pk")


def _of_people(audited: list[int]) -> Q:
    """Of rows of no agreement: whom they are about was accredited in one of these, or nowhere, or is not known.

    Who acted; where that is nobody, as when a login fails, whose account it was.
    """
    everywhere, here = Accreditation.objects.all(), Accreditation.objects.filter(agreement__in=audited)
    by_somebody = Q(actor__in=here.values("user")) | (Q(actor__isnull=False) & ~Q(actor__in=everywhere.values("user")))
    on_account = Q(object_id__in=_accounts(here)) | ~Q(object_id__in=_accounts(everywhere))
    return by_somebody | (Q(actor=None) & (~Q(object_kind="user") | on_account))


def _accounts(accreditations: Any) -> Any:
    """The public identifiers of these people's accounts, as the audit writes them."""
    return accreditations.values_list(Cast("user__public_id", CharField()))


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
