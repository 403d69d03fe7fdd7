"""Writing the audit: one row for each decision, denial, login, look, search, opened source and download.

Where the row cannot be written, the action fails: `done` is called inside the action's own transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring import ledger
from monitoring.models import Agreement, AuditEntry, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db import models


def done(
    action: str, *, by: User | AnonymousUser | None, on: models.Model | None = None, agreement: Agreement | None = None
) -> None:
    """Record that `by` did `action` on the object `on` (its public id is kept)."""
    _write(AuditEntry.Outcome.DONE, action, by=by, on=on, agreement=agreement, reason="")


def looked(
    kind: str,
    *,
    by: User | AnonymousUser | None,
    on: models.Model | None = None,
    agreement: Agreement | None = None,
    searched: bool = False,
) -> None:
    """Record that `by` is shown the object `on`, else a list of that kind, or what they searched for: not for what.

    Call it before anything is told: where the row cannot be written, nothing is shown.
    """
    called = "view" if on is not None else "search" if searched else "list"
    done(f"{kind}.{called}", by=by, on=on, agreement=agreement)


def denied(
    action: str,
    *,
    by: User | AnonymousUser | None,
    reason: str,
    on: models.Model | None = None,
    agreement: Agreement | None = None,
) -> None:
    """Record that `action` was refused to `by`. Call outside the refused transaction, which rolls back."""
    _write(AuditEntry.Outcome.DENIED, action, by=by, on=on, agreement=agreement, reason=reason)


def _write(
    outcome: str,
    action: str,
    *,
    by: User | AnonymousUser | None,
    on: models.Model | None,
    agreement: Agreement | None,
    reason: str,
) -> None:
    AuditEntry.objects.create(
        recorded_at=ledger.entered(),
        actor=by if isinstance(by, User) else None,
        agreement=agreement or getattr(on, "agreement", None),
        action=action,
        outcome=outcome,
        object_kind=str(on._meta.model_name) if on is not None else "",
        object_id=str(getattr(on, "public_id", "") or getattr(on, "code", "")) if on is not None else "",
        reason=reason,
    )
