"""Erasing words and people of a report on request (Redaction.Part). What happened stays counted.

One person proposes and another agrees, whose sides differ or of whom one is independent: evidence is not taken away by
one side. At that instant they are gone from every revision of the report (`erasing`); its hash stays, and who erased
what, on whose word, why. Nothing that is counted or printed is made of them, so no figure changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from monitoring import accreditation, audit, owner
from monitoring.accreditation import Capacity, Role
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import Accreditation, Agreement, User
from monitoring.row_context import row_context
from violations import erasing, holding, standing
from violations.models import IncidentReport, Redaction

PROPOSE = (Role.MODERATOR, Role.OPERATOR)
SECOND = (Role.MODERATOR, Role.OPERATOR, Role.AUDITOR)
LONGEST_GROUNDS = 2000


def propose(report: IncidentReport, erased: Iterable[str], *, reason: str, grounds: str, by: User) -> Redaction:
    """Propose that the parts `erased` (Redaction.Part) of all revisions of `report` be erased.

    Raises Forbidden (neither moderator nor operator of the agreement now; not the database's owner), Malformed, NotNow
    (something is proposed of this report already).
    """
    owner.require()
    _capacity(by, report.agreement, PROPOSE)
    parts = [part.value for part in Redaction.Part if part in set(erased)]
    _check(parts, reason, grounds.strip())
    with holding.deciding() as entry:
        holding.hold_chain(report.chain)
        if Redaction.objects.filter(chain=report.chain, seconded_at=None).exists():
            raise NotNow(_("A redaction of this report is proposed already: second that first."), code="proposed")
        redaction = Redaction.objects.create(
            recorded_at=entry.stamp(),
            agreement=report.agreement,
            report=IncidentReport.objects.of_chain(report.chain).first(),
            chain=report.chain,
            erased=parts,
            reason=reason,
            grounds=grounds.strip(),
            proposed_by=by,
        )
        audit.done("redaction.propose", by=by, on=redaction)
    return redaction


def second(redaction: Redaction, *, by: User) -> Redaction:
    """Agree to a redaction: what it names is erased from every revision that is there now.

    Raises Forbidden (neither moderator, operator nor auditor of the agreement now; the proposer; of the proposer's
    side), NotNow (it is done already; what is sealed opens with none of the keys).
    """
    owner.require()
    capacity = _capacity(by, redaction.agreement, SECOND)
    _require_other(redaction, capacity, by=by)
    with holding.deciding() as entry:
        holding.hold_chain(redaction.chain)
        agreed = Redaction.objects.select_for_update().get(pk=redaction.pk)
        if agreed.seconded_at is not None:
            raise NotNow(_("This is done already."), code="agreed")
        agreed.seconded_by, agreed.seconded_at = by, entry.stamp()
        agreed.save(update_fields=["seconded_by", "seconded_at"])
        with row_context("ledger.redacting", str(agreed.pk)):
            erasing.erase(agreed)
        audit.done("redaction.second", by=by, on=agreed)
    return agreed


def _capacity(by: User, agreement: Agreement, roles: Sequence[str]) -> Capacity:
    held = accreditation.held_by(by, *roles, agreement=agreement).order_by("pk").first()
    if held is None:
        raise Forbidden(_("Your account is not accredited for this in this agreement."), code="not_accredited")
    return Capacity(held, accreditation.side_of(held))


def _check(parts: list[str], reason: str, grounds: str) -> None:
    faults = {}
    if not parts:
        faults["/erased"] = [_("Say what is to be erased: %(parts)s.") % {"parts": ", ".join(Redaction.Part.values)}]
    if reason not in Redaction.Reason.values:
        faults["/reason"] = [_("Say why: %(reasons)s.") % {"reasons": ", ".join(Redaction.Reason.values)}]
    if not grounds or len(grounds) > LONGEST_GROUNDS:
        faults["/grounds"] = [_("Say why, in 1 to %(longest)s characters.") % {"longest": LONGEST_GROUNDS}]
    if faults:
        raise Malformed(" ".join(sentence for said in faults.values() for sentence in said), fields=faults)


def _require_other(redaction: Redaction, capacity: Capacity, *, by: User) -> None:
    """Two different persons, not sent by the same, whose sides differ or of whom one is independent."""
    if redaction.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this: another person must second it."), code="same_person")
    author = (
        Accreditation.objects.filter(user=redaction.proposed_by, agreement=redaction.agreement, role__in=PROPOSE)
        .order_by("pk")
        .last()
    )
    side = accreditation.side_of(author) if author is not None else None
    if (author is not None and accreditation.same_sender(author, capacity.accreditation)) or not standing.may_agree(
        side, capacity.side
    ):
        raise Forbidden(
            _("This was proposed from your own side: a person of another side, or an independent, must second it."),
            code="same_side",
        )
