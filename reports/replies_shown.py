"""What whoever is asked sees of requests, answers and statements: words, and times by the truce's clocks.

Shaped within `replies_seen.reading_as` the reader's voices. Of those who asked or answered for others, no name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import canonical
from reports.figures.annex import reference
from reports.renderers import values
from reports.returns_shown import language
from violations import replies_told, requests
from violations.requests import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from violations.models import GuarantorStatement, RequestAnswer
    from violations.replies_seen import Voice


@dataclass(frozen=True)
class AnswerShown:
    """An answer, and whether it stands."""

    id: str
    words: str
    language: str
    when: str
    came: str
    stands: bool


@dataclass(frozen=True)
class RequestShown:
    """A request as its reader sees it; `mine`: theirs to answer."""

    id: str
    reference: str
    truce: str
    simulated: bool
    of: str
    question: str
    incident: str
    reply: Reply
    state: str
    when: str
    asked: str
    mine: bool
    told: bool
    reminders: list[str] = field(default_factory=list)
    answers: list[AnswerShown] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether an answer is awaited."""
        return self.reply in {Reply.OPEN, Reply.OUTSTANDING}

    @property
    def standing(self) -> AnswerShown | None:
        """The answer that stands."""
        return next((one for one in self.answers if one.stands), None)


@dataclass(frozen=True)
class StatementShown:
    """A statement as a reader of it sees it; `mine`: their guarantor's."""

    id: str
    code: str
    truce: str
    whose: str
    about: str
    said: str
    words: str
    language: str
    when: str
    came: str
    stands: bool
    told: bool
    mine: bool


def request_shown(row: Any, voices: list[Voice]) -> RequestShown:
    """A request of `requests.visible_to`."""
    instant, now = instant_in(row.agreement.terms.time_zone), timezone.now()
    reply = requests.reply_of(row, now)
    return RequestShown(
        id=str(row.public_id),
        reference=reference(row.public_id),
        truce=row.agreement.name_in(language()),
        simulated=row.agreement.simulated,
        of=replies_told.of_whom(row, language()),
        question=row.question,
        incident=reference(row.incident.public_id) if row.incident else "",
        reply=reply,
        state=str(replies_told.NAMES[reply]),
        when=replies_told.when(row, reply, now, instant, day),
        asked=instant(row.recorded_at),
        mine=any(_is_asked(voice, row) for voice in voices),
        told=row.told,
        reminders=[replies_told.reminded(one, instant) for one in row.reminders.all()],
        answers=[_answer(one, instant) for one in row.answers.all()],
    )


def statement_shown(row: GuarantorStatement, voices: list[Voice]) -> StatementShown:
    """A statement of `statements.readable_by`."""
    instant = instant_in(row.agreement.terms.time_zone)
    return StatementShown(
        id=str(row.public_id),
        code=row.agreement.code,
        truce=row.agreement.name_in(language()),
        whose=row.guarantor.name_in(language()),
        about=about(row),
        said=str(row.get_code_display()),
        words=row.words,
        language=row.language,
        when=instant(row.recorded_at),
        came=replies_told.how_it_came(row, day),
        stands=row.superseded_at is None,
        told=getattr(row, "telling", None) is not None,
        mine=any(voice.guarantor == row.guarantor for voice in voices),
    )


def about(row: GuarantorStatement) -> str:
    """What a statement is on, as reports name it."""
    if row.incident is not None:
        return _("incident %(reference)s") % {"reference": reference(row.incident.public_id)}
    period = values.period(row.period)
    if row.closing_number is None:
        return period
    return _("%(period)s, closing %(number)s") % {"period": period, "number": values.count(row.closing_number)}


def instant_in(zone: str) -> Callable[[datetime], str]:
    """Tell instants by the clocks of a zone."""
    return lambda at: values.instant(canonical.instant(at.replace(second=0, microsecond=0)), zone)


def day(on: date) -> str:
    """Tell a day."""
    return values.day(on.isoformat())


def _answer(row: RequestAnswer, instant: Callable[[datetime], str]) -> AnswerShown:
    return AnswerShown(
        id=str(row.public_id),
        words=row.words,
        language=row.language,
        when=instant(row.recorded_at),
        came=replies_told.how_it_came(row, day),
        stands=row.superseded_at is None,
    )


def _is_asked(voice: Voice, row: Any) -> bool:
    if voice.guarantor is not None:
        return voice.guarantor in (row.guarantor, row.through)
    return row.through_id is None and voice.party == row.party
