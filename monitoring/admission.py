"""What an account may enter by at this moment: the roles it holds now, and whether it has the second factor they want.

Asked anew on every request, be it a session's or a device's, so that an accreditation that ends or runs out ends access
at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils import timezone

from monitoring import notices
from monitoring.accreditation import STAFF, Role
from monitoring.models import User
from monitoring.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

# Who decides, releases, looks at everything or hears of sources, and whose word a guarantor takes for the mechanism's.
WITH_SECOND_FACTOR = frozenset({Role.DUTY_OFFICER, Role.MODERATOR, Role.GUARANTOR, Role.AUDITOR, Role.OPERATOR})


@dataclass(frozen=True)
class Admission:
    """`superuser` is whoever the machine's keeper made one: it opens the mechanism's tables, and no finding.

    `notices` is how many wait for the person, told by the same statement on a session's requests: no page asks again.
    """

    roles: frozenset[str] = frozenset()
    superuser: bool = False
    has_second_factor: bool = False
    notices: int = 0

    @property
    def is_somebody(self) -> bool:
        """Whether the account is anything to the service now."""
        return self.superuser or bool(self.roles)

    @property
    def works_in_administration(self) -> bool:
        """Whether the administration is open to it."""
        return self.superuser or not self.roles.isdisjoint(STAFF)

    @property
    def is_told(self) -> bool:
        """Whether there may be notices for it on the page of notices."""
        return not self.roles.isdisjoint(notices.AT_DESK)

    @property
    def must_set_up_second_factor(self) -> bool:
        """Whether a role of the account wants a second factor that it has not."""
        wanted = self.superuser or not self.roles.isdisjoint(WITH_SECOND_FACTOR)
        return wanted and not self.has_second_factor


# What is read of the account `person` for an Admission, at the instant $2.
ADMITTED = f"""
    array(
        select held.role from monitoring_accreditation held
        where held.user_id = person.id and held.superseded_at is null and held.valid_from <= $2
          and (held.valid_until is null or held.valid_until > $2)),
    person.is_superuser,
    exists (
        select from {Authenticator._meta.db_table} factor
        where factor.user_id = person.id and factor.type = '{Authenticator.Type.TOTP.value}')"""
_OF_ACCOUNT = Prepared(
    "admission_of",
    ["bigint", "timestamptz"],
    f"select {ADMITTED}, {notices.WAITING} from {User._meta.db_table} person where person.id = $1 and person.is_active",
)


def admission_of(user: User | AnonymousUser) -> Admission:
    """Return what `user` may enter by now; nothing for the anonymous and the inactive. One statement."""
    if not user.is_authenticated:
        return Admission()
    found = _OF_ACCOUNT.row([user.pk, timezone.now()])
    return replace(read(*found[:-1]), notices=found[-1]) if found else Admission()


def read(roles: Iterable[str], superuser: bool, has_second_factor: bool) -> Admission:
    """Return the admission that ADMITTED tells."""
    return Admission(frozenset(roles), superuser, has_second_factor)


def admission_on(request: HttpRequest) -> Admission:
    """Return what the person who asks is admitted to now; asked once a request, by whatever they are known."""
    if not hasattr(request, "admission"):
        request.admission = admission_of(request.user)  # type: ignore[attr-defined]
    return request.admission  # type: ignore[attr-defined]
