"""Words that somebody hands in: their shape, and how those are taken down that did not come by this service.

What came on paper or was spoken is recorded as such, by a moderator or duty officer, with who handed it in, the date
on it, the day on which it came, and how. It is never passed off as its owner's own filing. Nobody takes down the word
of a side that is not theirs: only whoever was sent by that side, or by none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import accreditation, days
from monitoring.accreditation import Role
from monitoring.errors import Forbidden, Malformed
from violations import filers, report_document
from violations.report_content import LANGUAGE

if TYPE_CHECKING:
    from monitoring.models import Agreement, GuarantorState, Party, User
    from violations.models import GuarantorStatement, RequestAnswer

LONGEST = 4000
TAKERS = (Role.MODERATOR, Role.DUTY_OFFICER)


@dataclass(frozen=True)
class Paper:
    """How a word came that its owner did not file: the channel, who handed it in, the date on it, when it came."""

    channel: str
    handed_in_by: str
    dated_on: date
    received_on: date

    def faults(self, agreement: Agreement, now: datetime) -> dict[str, list[str]]:
        """What is wrong with it, by pointer; a date that is to come is a slip of the pen."""
        told: dict[str, list[str]] = {}
        today = days.day_holding(agreement.terms, now).date
        if not self.handed_in_by.strip():
            told["/handed_in_by"] = [_("Say who handed it in: the office, or the name on the paper.")]
        if not days.is_known(self.dated_on) or self.dated_on > today:
            told["/dated_on"] = [_("Give the date that stands on it; it cannot be to come.")]
        if not days.is_known(self.received_on) or self.received_on > today:
            told["/received_on"] = [_("Give the day on which it was handed in; it cannot be to come.")]
        return told


def columns(paper: Paper | None) -> dict[str, Any]:
    """The columns of a row that say how it came; empty where its owner filed it."""
    if paper is None:
        return {}
    return {
        "channel": paper.channel,
        "handed_in_by": paper.handed_in_by.strip(),
        "dated_on": paper.dated_on,
        "received_on": paper.received_on,
    }


def document_of(paper: Paper | None) -> dict[str, Any]:
    """What `columns` says, as a document that is hashed and compared."""
    told = columns(paper)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def paper_of(row: GuarantorStatement | RequestAnswer) -> Paper | None:
    """How a row came; None where its owner filed it."""
    if not row.channel or row.dated_on is None or row.received_on is None:
        return None
    return Paper(row.channel, row.handed_in_by, row.dated_on, row.received_on)


def word_faults(words: str, language: str, *, required: bool) -> dict[str, list[str]]:
    """What is wrong with words and their language, by pointer."""
    told: dict[str, list[str]] = {}
    if (required and not words) or len(words) > LONGEST:
        told["/words"] = [_("Write it in 1 to %(longest)s characters.") % {"longest": LONGEST}]
    if words and not LANGUAGE.fullmatch(language):
        told["/language"] = [_("Give the code of the language of these words, as en or ar.")]
    return told


def require(faults: dict[str, list[str]]) -> None:
    """Raise Malformed where there are faults."""
    if faults:
        raise Malformed(_("Nothing was recorded: see each error."), fields=faults)


def require_taker(
    by: User, agreement: Agreement, guarantor: GuarantorState | None = None, party: Party | None = None
) -> None:
    """Raise Forbidden where `by` may not take down the word of this guarantor or party.

    `not_accredited`: neither moderator nor duty officer here now. `of_another`: sent by another side.
    """
    held = accreditation.held_by(by, *TAKERS, agreement=agreement).select_related("agreement")
    sides = [accreditation.side_of(row) for row in held]
    if not sides:
        raise Forbidden(
            _("Only moderators and duty officers of this agreement record what came on paper."), code="not_accredited"
        )
    try:
        spoken_for = accreditation.side_of_sender(
            agreement.terms, guarantor.pk if guarantor else None, party.pk if party else None
        )
    except Forbidden:  # a party of no side: only whoever is of none takes it down
        spoken_for = None
    if all(side is not None and side != spoken_for for side in sides):
        raise Forbidden(
            _("You were sent by another side: the word of this one is recorded by somebody whom it sent, or nobody."),
            code="of_another",
        )


def may_take_down(
    by: User, agreement: Agreement, guarantor: GuarantorState | None = None, party: Party | None = None
) -> bool:
    """Whether `by` may take down the word of this guarantor or party."""
    try:
        require_taker(by, agreement, guarantor, party)
    except Forbidden:
        return False
    return True


def the_same(row: Any, was: dict[str, Any], now: dict[str, Any], latest: Any) -> Any:
    """Return `row`, filed before under the client id, where it says the same; raise `client_id_taken` where not."""
    if was != now:
        raise filers.taken(report_document.of_another(was, now), latest=str(latest.public_id))
    return row
