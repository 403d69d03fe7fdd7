"""Which teams a duty officer serves: whose log they check, and for which they file what others told.

One who is accredited with a team serves that team. One without a team serves the agreement's, but whoever was sent by a
side serves no other guarantor's own team; and nobody files for a guarantor's own team whom that guarantor did not send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from monitoring import accreditation
from monitoring.accreditation import Role
from monitoring.models import Accreditation, Agreement, MechanismVersion, Team, TeamTerms, User
from monitoring.models.intervals import holds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet


def teams_checked_by(user: User, agreement: Agreement | None = None) -> QuerySet[Team]:
    """The teams whose log `user` checks now; none for who is no duty officer."""
    return _of_teams(_checked(accreditation.held_by(user, Role.DUTY_OFFICER, agreement=agreement)))


def teams_filed_for_by(user: User, agreement: Agreement | None = None) -> QuerySet[Team]:
    """The teams for which `user` files, as a duty officer, what others told; none for who is none."""
    return _of_teams(_filed_for(accreditation.held_by(user, Role.DUTY_OFFICER, agreement=agreement)))


def teams_with_one(agreement: Agreement, at: datetime | None = None) -> QuerySet[Team]:
    """The teams of the agreement that some duty officer serves now, or served as known at `at`; asked with its rows.

    An account that is closed by now serves at no time: that it was open is not kept.
    """
    held = Accreditation.objects.holding(at).filter(
        holds(at or timezone.now()), agreement=agreement, role=Role.DUTY_OFFICER, user__is_active=True
    )
    serving = held.filter(Q(team=None) | Q(team=OuterRef("team")))
    own = Q(sent_by_guarantor=None, sent_by_party=None) | Q(sent_by_guarantor=OuterRef("guarantor"))
    version = MechanismVersion.objects.holding(at).filter(agreement=agreement)
    served = TeamTerms.objects.filter(
        Exists(serving.filter(own)) | Q(Exists(serving), guarantor=None), version__in=version
    )
    return Team.objects.filter(pk__in=served.values("team"))


def _checked(held: QuerySet[Accreditation]) -> Iterable[Q]:
    for row in held.select_related("agreement"):
        yield _served(row) & (_own(row) if accreditation.is_sent(row) else Q())


def _filed_for(held: QuerySet[Accreditation]) -> Iterable[Q]:
    for row in held.select_related("agreement"):
        yield _served(row) & _own(row)


def _served(row: Accreditation) -> Q:
    """The terms of the teams that this accreditation is for, by the version that holds now."""
    return Q(version=row.agreement.terms) & (Q(team=row.team_id) if row.team_id else Q())


def _own(row: Accreditation) -> Q:
    """Teams of no guarantor, and those of the one who sent the person: a later version may make a team another's."""
    return Q(guarantor=None) | Q(guarantor=row.sent_by_guarantor_id)


def _of_teams(served: Iterable[Q]) -> QuerySet[Team]:
    terms = Q(pk__in=[])
    for one in served:
        terms |= one
    return Team.objects.filter(pk__in=TeamTerms.objects.filter(terms).values("team"))
