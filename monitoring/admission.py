"""What an account may enter by at this moment: the roles it holds now, and whether it has the second factor they want.

Asked anew on every request, be it a session's or a device's, so that an accreditation that ends or runs out ends access
at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from monitoring.accreditation import STAFF, Role
from monitoring.models import Accreditation, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

# Who decides, releases, looks at everything or hears of sources, and whose word a guarantor takes for the mechanism's.
WITH_SECOND_FACTOR = frozenset({Role.DUTY_OFFICER, Role.MODERATOR, Role.GUARANTOR, Role.AUDITOR, Role.OPERATOR})


@dataclass(frozen=True)
class Admission:
    """`superuser` is whoever the machine's keeper made one: it opens the mechanism's tables, and no finding."""

    roles: frozenset[str] = frozenset()
    superuser: bool = False
    has_second_factor: bool = False

    @property
    def is_somebody(self) -> bool:
        """Whether the account is anything to the service now."""
        return self.superuser or bool(self.roles)

    @property
    def works_in_administration(self) -> bool:
        """Whether the administration is open to it."""
        return self.superuser or not self.roles.isdisjoint(STAFF)

    @property
    def must_set_up_second_factor(self) -> bool:
        """Whether a role of the account wants a second factor that it has not."""
        wanted = self.superuser or not self.roles.isdisjoint(WITH_SECOND_FACTOR)
        return wanted and not self.has_second_factor


def admission_of(user: User | AnonymousUser) -> Admission:
    """Return what `user` may enter by now; nothing for the anonymous and the inactive. One statement."""
    if not user.is_authenticated:
        return Admission()
    now = timezone.now()
    held = Accreditation.objects.not_ended(now).filter(user=OuterRef("pk"), valid_from__lte=now)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = (
        User.objects.filter(pk=user.pk, is_active=True)
        .values_list(ArraySubquery(held.values("role")), "is_superuser", Exists(factor))
        .first()
    )
    return Admission(frozenset(found[0]), found[1], found[2]) if found else Admission()


def admission_on(request: HttpRequest) -> Admission:
    """Return what the person who asks is admitted to now; asked once a request, by whatever they are known."""
    if not hasattr(request, "admission"):
        request.admission = admission_of(request.user)  # type: ignore[attr-defined]
    return request.admission  # type: ignore[attr-defined]
