"""What is asked of daily returns: whose numbers a person may see, and whether the owner acknowledged them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from monitoring import accreditation, days, ledgers
from monitoring.accreditation import Role
from monitoring.querysets import ClosableQuerySet, M

if TYPE_CHECKING:
    from monitoring.models import User

# Who reads the returns of a truce.
READERS = (Role.GUARANTOR, Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
# Who files one, and reads that.
FILERS = (Role.DUTY_OFFICER, Role.PARTY_LIAISON)


class DailyReturnQuerySet(ClosableQuerySet[M]):
    """Returns of a day."""

    def visible_to(self, user: User, *, at: datetime | None = None) -> Any:
        """Returns that `user` may see at `at` (now).

        Of whom a guarantor sent: what that guarantor told at once, what others told once the return of that day was
        due. Until then each side files without knowing the others' numbers. Whom nobody sent sees all. Duty officers
        and parties' liaisons see what the guarantor told whose return they file, and nothing of others.
        """
        at = at or timezone.now()
        seen = Q(pk__in=[])
        for held in accreditation.held_by(user, *READERS, *FILERS).select_related("agreement"):
            if held.role in FILERS:
                seen |= Q(agreement=held.agreement_id, teller=ledgers.ledger_of(user, held.agreement))
            elif not accreditation.is_sent(held):
                seen |= Q(agreement=held.agreement_id)
            else:
                due = days.last_due(held.agreement.terms, at)
                seen |= Q(agreement=held.agreement_id, bears_date__lte=due)
                if held.sent_by_guarantor_id:
                    seen |= Q(agreement=held.agreement_id, teller=held.sent_by_guarantor_id)
        return self.filter(seen)

    def with_acknowledgement(self, known_at: datetime | None = None) -> Any:
        """Annotate `acknowledged_since`: whether the owner acknowledged the return after it was recorded."""
        related: Any = self.model._meta.get_field("acknowledgement").related_model
        acknowledged = related.objects.filter(daily_return=OuterRef("pk"))
        if known_at is not None:
            acknowledged = acknowledged.filter(recorded_at__lte=known_at)
        return self.annotate(acknowledged_since=Exists(acknowledged))

    def with_predecessor(self) -> Any:
        """Annotate `predecessor_id` and `replaces` (its public id): the return whose place each took; null: none's."""
        before = self.model._default_manager.filter(
            **{name: OuterRef(name) for name in ("agreement", "owner", "teller", "bears_date", "variant")},
            superseded_at=OuterRef("recorded_at"),
        )
        return self.annotate(
            predecessor_id=Subquery(before.values("pk")[:1]), replaces=Subquery(before.values("public_id")[:1])
        )
