"""Who may do what, when, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import (
    Accreditation,
    Agreement,
    GuarantorState,
    GuarantorTerm,
    MechanismVersion,
    ObserverState,
    Party,
    PartyTerms,
    Side,
    Team,
    TeamTerms,
    User,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

Role = Accreditation.Role
STAFF = (Role.DUTY_OFFICER, Role.MODERATOR, Role.AUDITOR, Role.OPERATOR)  # whose work is in the administration


@dataclass(frozen=True)
class Capacity:
    """In what capacity a person acts: their accreditation, and the side of whoever sent them (None: independent)."""

    accreditation: Accreditation
    side: Side | None


def accredit(
    user: User,
    agreement: Agreement,
    role: str,
    *,
    by: User | None,
    team: Team | None = None,
    guarantor: GuarantorState | None = None,
    party: Party | None = None,
    observer: ObserverState | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Accreditation:
    """Give `user` a role over [valid_from, valid_until); valid_from defaults to now.

    Raises IntegrityError where the person was sent by another before: a person has one sender in an agreement.
    Raises Malformed where nobody is named as sender but something ties the person to one: independence is not to be
    had by leaving the sender out. Raises NotNow where the person holds the role in that team already
    at some time of it.
    """
    valid_from = valid_from or timezone.now()
    _require_sender(agreement, role, team=team, guarantor=guarantor, observer=observer)
    with ledger.writing() as entry:
        _require_free(user, agreement, role, team, valid_from, valid_until)
        accreditation = Accreditation.objects.create(
            recorded_at=entry.stamp(),
            user=user,
            agreement=agreement,
            role=role,
            team=team,
            sent_by_guarantor=guarantor,
            sent_by_party=party,
            observer=observer,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        audit.done("accreditation.give", by=by, agreement=agreement)
    return accreditation


def _require_sender(
    agreement: Agreement,
    role: str,
    *,
    team: Team | None,
    guarantor: GuarantorState | None,
    observer: ObserverState | None,
) -> None:
    if team is not None:
        terms = TeamTerms.objects.filter(version=agreement.terms, team=team).first()
        if terms is not None and terms.guarantor_id and terms.guarantor_id != (guarantor.pk if guarantor else None):
            raise Malformed(_("Who is of a guarantor's own team was sent by that guarantor: name it."), code="sender")
    if observer is not None and role != Role.OBSERVER:
        raise Malformed(_("An observer state's person reads as an observer and decides nothing."), code="sender")
    if observer is None and role == Role.OBSERVER:
        raise Malformed(_("An observer reads for an observer state: name it."), code="sender")


def _require_free(
    user: User, agreement: Agreement, role: str, team: Team | None, valid_from: datetime, valid_until: datetime | None
) -> None:
    held = Accreditation.objects.not_ended(valid_from).filter(user=user, agreement=agreement, role=role, team=team)
    if valid_until is not None:
        held = held.filter(valid_from__lt=valid_until)
    if held.exists():
        raise NotNow(_("The person holds this role at that time already; end that first."), code="accredited")


def end(accreditation: Accreditation, *, by: User | None) -> None:
    """End an accreditation at once."""
    with ledger.writing() as entry:
        entry.close(Accreditation.objects.filter(pk=accreditation.pk), expected=1)
        audit.done("accreditation.end", by=by, agreement=accreditation.agreement)


def held_by(user: User | AnonymousUser, *roles: str, agreement: Agreement | None = None):
    """Accreditations that `user` holds now in one of `roles`, as a queryset; empty for the anonymous and inactive."""
    if not user.is_authenticated or not user.is_active:
        return Accreditation.objects.none()
    now = timezone.now()
    held = Accreditation.objects.not_ended(now).filter(user=user, role__in=roles, valid_from__lte=now)
    return held.filter(agreement=agreement) if agreement is not None else held


def the_one_agreement(user: User | AnonymousUser) -> Agreement | None:
    """The agreement of whoever holds roles in one alone now; None where they hold none, or in several."""
    held = held_by(user, *Role.values)
    found = list(Agreement.objects.filter(pk__in=held.values("agreement")).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def capacity(user: User, role: str, agreement: Agreement) -> Capacity:
    """Return in what capacity `user` acts as `role` in `agreement`. Raises Forbidden where they hold no such role."""
    accreditation = held_by(user, role, agreement=agreement).order_by("pk").first()
    if accreditation is None:
        raise Forbidden(_("Your account is not accredited for this in this agreement."), code="not_accredited")
    return Capacity(accreditation, side_of(accreditation))


def last_held_by(user: User, role: str, agreement: Agreement) -> Accreditation | None:
    """The last accreditation of `user` as `role`, ended or not."""
    return Accreditation.objects.filter(user=user, role=role, agreement=agreement).order_by("pk").last()


def is_sent(accreditation: Accreditation) -> bool:
    """Whether a guarantor or a party sent the person; an independent is sent by nobody."""
    return bool(accreditation.sent_by_guarantor_id or accreditation.sent_by_party_id)


def same_sender(one: Accreditation, other: Accreditation) -> bool:
    """Whether the same guarantor or party sent both."""
    return is_sent(one) and (one.sent_by_guarantor_id, one.sent_by_party_id) == (
        other.sent_by_guarantor_id,
        other.sent_by_party_id,
    )


def side_of(accreditation: Accreditation) -> Side | None:
    """The side of whoever sent the person, by the mechanism version that holds now; None: sent by nobody."""
    held = {"version__agreement": accreditation.agreement_id, "version__superseded_at": None}
    return _side_of(held, accreditation.sent_by_guarantor_id, accreditation.sent_by_party_id)


def with_side(accreditations: Any) -> Any:
    """Annotate what `side_told` reads: `side_of` of many, asked together with them."""
    told = JSONObject(pk="side", code="side__code", names="side__names")
    held = {"version__agreement": OuterRef("agreement"), "version__superseded_at": None}
    terms = _begun(GuarantorTerm.objects.filter(**held, guarantor=OuterRef("sent_by_guarantor")))
    parties = PartyTerms.objects.filter(**held, party=OuterRef("sent_by_party"), side__isnull=False)
    sides = (Subquery(rows.values(told=told)[:1]) for rows in (terms, parties))
    return accreditations.annotate(told_of_side=Coalesce(*sides))


def side_told(accreditation: Any) -> Side | None:
    """The side of an accreditation of `with_side`. Raises Forbidden (`no_side`) as `side_of` does."""
    if not is_sent(accreditation):
        return None
    if accreditation.told_of_side is None:
        raise _no_side()
    return Side(agreement_id=accreditation.agreement_id, **accreditation.told_of_side)


def side_of_sender(terms: MechanismVersion, guarantor_id: int | None, party_id: int | None) -> Side | None:
    """The side of a guarantor or a party by a mechanism version; None: of neither.

    A guarantor's is that of its term in force now; where none is, that of the last one it had. Terms do not overlap.
    Raises Forbidden (`no_side`) where the version gives it none.
    """
    return _side_of({"version": terms}, guarantor_id, party_id)


def _side_of(held: dict[str, Any], guarantor_id: int | None, party_id: int | None) -> Side | None:
    if guarantor_id:
        return _side_in(_begun(GuarantorTerm.objects.filter(**held, guarantor=guarantor_id)))
    if party_id:
        return _side_in(PartyTerms.objects.filter(**held, party=party_id))
    return None


def _begun(terms: Any) -> Any:
    """The terms that have begun by now, the last first."""
    begun = terms.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=timezone.now()))
    return begun.order_by(F("valid_from").desc(nulls_last=True))


def _side_in(rows: Any) -> Side:
    row = rows.select_related("side").first()
    if row is None or row.side is None:
        raise _no_side()
    return row.side


def _no_side() -> Forbidden:
    return Forbidden(
        _("The mechanism file gives no side to whoever sent you; an operator must mend it."), code="no_side"
    )
