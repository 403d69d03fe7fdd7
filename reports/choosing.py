"""Choosing what page 1 says of a period: an event of concern or an improvement, proposed by one and agreed by another.

Who agrees is of another side than whoever proposed, or one of the two is independent; and as elsewhere nobody chooses
what they filed themselves. What was agreed by a closing's cut-off is in its content, and what comes later in the next.
It takes two to say something and one of them, or of their sides, to say it no longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring import accreditation, audit
from monitoring.errors import Forbidden, NotFound, NotNow
from reports import choice_content, choices_seen
from reports.choices import HELD_BY, MOST
from reports.models import Choice
from violations import holding, membership, standing

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.models import Agreement, User
    from reports.choice_content import Said
    from violations.models import Incident

MODERATOR = accreditation.Role.MODERATOR


def agreements_of(user: User) -> list[Agreement]:
    """The truces in which `user` may choose now: those that they moderate, by code."""
    held = accreditation.held_by(user, MODERATOR).select_related("agreement").order_by("agreement__code", "pk")
    return list(dict.fromkeys(row.agreement for row in held))


def of(agreement: Agreement, period: str) -> list[Choice]:
    """Every choice of a period, also those closed, oldest first: for a page, within `choices_seen.reading_for`."""
    rows = Choice.objects.filter(agreement=agreement, period=period).order_by("pk")
    return list(rows.select_related("proposed_by", "proposed_side", "agreed_by", "agreed_side", "incident", "measure"))


def propose(agreement: Agreement, said: Said, *, by: User) -> Choice:
    """Propose to say this; who proposes the same again is answered by the proposal that is open.

    Raises Malformed (`fields` by pointer), Forbidden (no moderator here; filed a report of the incident).
    """
    with holding.deciding() as entry, choices_seen.reading_for([agreement.pk]):
        standing.moderating(by, agreement)
        what = choice_content.columns(agreement, said) | {"proposed_by": by}
        capacity = _choosing(by, agreement, what["incident"])
        there: Choice | None = Choice.objects.open().proposed().filter(**_as_asked(what)).first()
        if there is not None:
            return there
        choice: Choice = Choice.objects.create(recorded_at=entry.stamp(), proposed_side=capacity.side, **what)
        audit.done("choice.propose", by=by, on=choice)
    return choice


def agree(choice_id: UUID, *, by: User) -> Choice:
    """Agree to what another proposed, and return the row that stands, in the first place that is free.

    Raises NotFound, NotNow (`not_proposed`: agreed or taken back; `three_stand`), Forbidden (the same person or side;
    filed a report of the incident).
    """
    with holding.deciding() as entry, choices_seen.reading_for(_moderated(by)):
        proposal = _one(choice_id, by)
        stand = _held(proposal)
        proposal = _one(choice_id, by)
        capacity = _choosing(by, proposal.agreement, proposal.incident)
        if proposal.superseded_at is not None or proposal.place is not None:
            raise NotNow(_("This was agreed or taken back already."), code="not_proposed")
        _require_another_side(proposal, capacity, by=by)
        free = sorted(set(range(1, MOST + 1)) - {row.place for row in stand})
        if not free:
            raise NotNow(
                _(
                    "%(most)s of this kind stand for %(period)s already, and page 1 prints no more. "
                    "One of them has to be taken back first."
                )
                % {"most": MOST, "period": proposal.period},
                code="three_stand",
            )
        entry.close(Choice.objects.filter(pk=proposal.pk), expected=1)
        kept = ("agreement", "period", "kind", "refers_to", "words", "proposed_by", "proposed_side")
        agreed: Choice = Choice.objects.create(
            recorded_at=entry.stamp(),
            **{name: getattr(proposal, name) for name in (*kept, *sorted(set(HELD_BY.values())))},
            place=free[0],
            proposal=proposal,
            agreed_by=by,
            agreed_side=capacity.side,
        )
        audit.done("choice.agree", by=by, on=agreed)
    return agreed


def withdraw(choice_id: UUID, *, by: User) -> Choice:
    """Take back a proposal or what was agreed: by one of those who chose it, or somebody of their side.

    Raises NotFound, NotNow (`not_open`), Forbidden (`another_side`).
    """
    with holding.deciding() as entry, choices_seen.reading_for(_moderated(by)):
        choice = _one(choice_id, by)
        capacity = standing.moderating(by, choice.agreement)
        if choice.superseded_at is not None:
            raise NotNow(_("This was taken back, or agreed, already."), code="not_open")
        if not may_withdraw(choice, capacity, by):
            raise Forbidden(
                _("Those who chose this take it back, or somebody of their sides: you are neither."),
                code="another_side",
            )
        entry.close(Choice.objects.filter(pk=choice.pk), expected=1)
        audit.done("choice.withdraw", by=by, on=choice)
    return choice


def may_withdraw(choice: Choice, capacity: Capacity, by: User) -> bool:
    """Whether `by`, acting in `capacity`, chose this, or is of the side of one who did."""
    chose = [(choice.proposed_by, choice.proposed_side)]
    if choice.agreed_by is not None:
        chose.append((choice.agreed_by, choice.agreed_side))
    return any(
        person == by or not standing.may_agree_with(person, side, choice.agreement, capacity) for person, side in chose
    )


def may_agree(choice: Choice, capacity: Capacity, by: User) -> bool:
    """Whether `by`, acting in `capacity`, is another person of another side than whoever proposed this."""
    if choice.proposed_by_id == by.pk:
        return False
    return standing.may_agree_with(choice.proposed_by, choice.proposed_side, choice.agreement, capacity)


def _require_another_side(proposal: Choice, capacity: Capacity, *, by: User) -> None:
    if proposal.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this: another person must agree."), code="same_person")
    if not may_agree(proposal, capacity, by):
        raise Forbidden(
            _("This was proposed from your own side: a person of another side, or an independent, must agree."),
            code="same_side",
        )


def _choosing(by: User, agreement: Agreement, incident: Incident | None) -> Capacity:
    """In what capacity they choose; not what they filed a report of."""
    return standing.moderating(by, agreement, membership.chains([incident.pk]) if incident is not None else ())


def _moderated(by: User) -> list[int]:
    return list(accreditation.held_by(by, MODERATOR).values_list("agreement", flat=True))


def _one(choice_id: UUID, by: User) -> Choice:
    rows = Choice.objects.filter(agreement__in=_moderated(by), public_id=choice_id)
    choice: Choice | None = rows.select_related(
        "agreement", "incident", "proposed_by", "proposed_side", "agreed_by", "agreed_side"
    ).first()
    if choice is None:
        raise NotFound(_("There is no such choice among those of your truces."), code="not_found")
    return choice


def _held(proposal: Choice) -> list[Choice]:
    """What stands beside a proposal, once nobody else can agree to another: of two at once one comes first."""
    of_kind = Choice.objects.open().filter(agreement=proposal.agreement_id, period=proposal.period, kind=proposal.kind)
    list(of_kind.select_for_update(of=("self",)).order_by("pk"))
    return list(of_kind.agreed())


def _as_asked(what: dict[str, Any]) -> dict[str, Any]:
    """The same columns as a condition: what holds nothing is null."""
    return {name: value for name, value in what.items() if value is not None} | {
        f"{name}__isnull": True for name, value in what.items() if value is None
    }
