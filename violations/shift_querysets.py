"""What is asked of claims, saved filters and notes between shifts: what holds now, and whose they are to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from monitoring.models import Accreditation
from monitoring.querysets import ClosableQuerySet, RecordQuerySet
from violations.incident_querysets import moderated_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring.accreditation import Capacity
    from monitoring.models import User

M = TypeVar("M", bound=models.Model)


class ClaimQuerySet(ClosableQuerySet[M]):
    """Claims."""

    def with_end(self) -> Any:
        """Annotate `ends_at`: when each runs out."""
        return self.annotate(ends_at=ExpressionWrapper(F("recorded_at") + F("lasts"), models.DateTimeField()))

    def running(self) -> Any:
        """Those that hold now, by the database's clock."""
        return self.with_end().open().filter(ends_at__gt=Now())

    def visible_to(self, user: User) -> Any:
        """Claims in the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))


class SavedFilterQuerySet(ClosableQuerySet[M]):
    """Saved filters."""

    def offered_to(self, user: User, acting: Mapping[int, Capacity]) -> Any:
        """Those of `user`, and what others share who are moderators, too, of the sides that they act for."""
        sides = {capacity.side.pk for capacity in acting.values() if capacity.side}
        now = timezone.now()
        still = Accreditation.objects.not_ended(now).filter(
            user=OuterRef("owner"), agreement=OuterRef("side__agreement"), role="moderator", valid_from__lte=now
        )
        return self.open().filter(Q(owner=user) | Q(Exists(still), side__in=sides))


class ShiftNoteQuerySet(RecordQuerySet[M]):
    """Notes between shifts."""

    def readable_in(self, acting: Mapping[int, Capacity]) -> Any:
        """Notes to all of the agreements that somebody acts in, and to the side that they act for there.

        Independents are of no side; a note of theirs "to one's own side" is to the others who are independent.
        """
        mine = Q(pk__in=[])
        for agreement, capacity in acting.items():
            to_side = Q(side=capacity.side) if capacity.side else Q(side__isnull=True)
            mine |= Q(agreement=agreement) & (Q(audience="all") | to_side)
        return self.filter(mine)

    def newest(self) -> Any:
        """The newest first."""
        return self.order_by(F("recorded_at").desc(), "-pk")
