"""Who may second what was proposed, while what stands, and by when: for `findings`, and who may second for `data_sets`.

A side that proposes again, the same finding or another, keeps the date of the one that it takes back: otherwise it
could, alone and for ever, put off that its word reads as one-sided. The date begins anew where the word before could
not be seconded any more, for the incident's reports have changed, something was agreed or a sitting spoke: no side does
that alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring.errors import Forbidden, Malformed, NotNow
from violations import agenda, decisions, membership, standing
from violations.codebook import Standing
from violations.models import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.accreditation import Capacity
    from monitoring.models import User
    from violations.models import Assessment, LaneMove, SetAcceptance


def require_second(proposal: Finding, capacity: Capacity, *, by: User) -> None:
    """Two different persons whose sides differ, or of whom one is independent."""
    if proposal.standing != Standing.PROPOSED:
        raise NotNow(_("This is agreed already; propose another finding to change it."), code="agreed")
    require_another(proposal, capacity, by=by)


def require_another(proposal: Finding | SetAcceptance | LaneMove, capacity: Capacity, *, by: User) -> None:
    """Raise Forbidden where `by` proposed this, or is of the side it came from: whoever seconds is neither."""
    if proposal.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this: another person must second it."), code="same_person")
    if not standing.may_agree_now(proposal, capacity):
        raise Forbidden(
            _("This was proposed from your own side: a person of another side, or an independent, must second it."),
            code="same_side",
        )


def require_unchanged(proposal: Finding, concerned: list[int]) -> None:
    """What the proposer saw must be what is seconded: nothing agreed since, the same reports."""
    since = proposal.recorded_at
    if _agreed_since(since, concerned):
        raise NotNow(_("Something was agreed on this incident after this was proposed: propose again."), code="stale")
    if membership.changed_since(since, concerned):
        raise NotNow(_("The reports of this incident changed after this was proposed: propose again."), code="stale")


def require_together(proposal: Finding, assessed: Assessment) -> None:
    """And the same rules: what it says still goes together with `assessed`, the open assessment with its lane.

    A move of reports proposed carries over what was agreed, and says nothing itself; once agreed it is a word like any.
    """
    if proposal.effect == Finding.Effect.FINDING or proposal.standing != Standing.PROPOSED:
        said = decisions.said_by(proposal, grounds=proposal.grounds)
        try:
            decisions.check(said, assessed, proposal.agreement.terms)
        except Malformed as fault:
            raise NotNow(
                _(
                    "The truce's file, the lane or a report has changed, and this does not go together any more: "
                    "propose again."
                ),
                code="stale",
            ) from fault


def date_kept(word: Finding | None, *, otherwise: datetime) -> datetime:
    """The date of the side's open `word`, about to be said anew; `otherwise` where nobody could second it any more."""
    if word is None or word.second_by is None:
        return otherwise
    since, concerned = word.recorded_at, [word.incident_id]
    if _agreed_since(since, concerned) or membership.changed_since(since, concerned):
        return otherwise
    if agenda.has_spoken_since(word.incident_id, since):
        return otherwise
    return min(word.second_by, otherwise)


def _agreed_since(instant: datetime, concerned: list[int]) -> bool:
    return Finding.objects.agreed().filter(incident__in=concerned, recorded_at__gt=instant).exists()
