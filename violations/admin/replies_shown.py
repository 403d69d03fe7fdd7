"""What guarantors and parties said and were asked, and measures agreed, as pages of moderators show it: in words.

Everything is read within `replies_seen.reading_for` the moderator's agreements, and shaped before the block ends; of
one incident in the message that says for whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.row_context import asked_within
from monitoring.together import Together, give
from violations import measures, replies_seen, replies_told, requests
from violations.admin import words
from violations.admin.case_record import as_they_stood
from violations.models import GuarantorStatement, MeasureStep, RequestAnswer, RequestReminder, RequestTelling
from violations.reply_codes import MeasureState
from violations.requests import Reply

if TYPE_CHECKING:
    from monitoring.models import MechanismVersion


@dataclass(frozen=True)
class WordShown:
    """A statement or an answer: whose, what, when, how it came, and whether another took its place."""

    whose: str
    said: str
    words: str
    language: str
    when: str
    came: str
    by: str
    stands: bool
    told: bool
    about: str = ""
    address: str = ""
    id: str = ""


@dataclass(frozen=True)
class RequestShown:
    """A request with how it stands, its reminders and answers."""

    id: str
    reference: str
    address: str
    agreement: Any
    of: str
    asked: str
    question: str
    reply: Reply
    state: str
    when: str
    incident: Any
    told: bool
    reminders: list[str] = field(default_factory=list)
    answers: list[WordShown] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether an answer is still awaited."""
        return self.reply in {Reply.OPEN, Reply.OUTSTANDING}

    @property
    def grave(self) -> bool:
        """Whether it was due and is not there."""
        return self.reply is Reply.OUTSTANDING


@dataclass(frozen=True)
class MeasureShown:
    """A measure with what was seen of it."""

    address: str
    of: str
    words: str
    agreed: str
    state: str
    due: str
    overdue: bool
    recorded: str
    incident: Any
    ended: bool
    steps: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Replies:
    """All of an incident."""

    statements: list[WordShown] = field(default_factory=list)
    requests: list[RequestShown] = field(default_factory=list)
    measures: list[MeasureShown] = field(default_factory=list)


class Shaper:
    """Shapes rows of one truce: times by its clocks."""

    def __init__(self, terms: MechanismVersion, at: datetime | None = None) -> None:
        self.terms = terms
        self.zone = ZoneInfo(terms.time_zone)
        self.now = at or timezone.now()
        self.today = self.now.astimezone(self.zone).date()

    def instant(self, at: datetime) -> str:
        """By the truce's clocks, with the offset: lists hold several truces."""
        return words.instant_with_offset(at, self.zone)

    def statement(self, row: GuarantorStatement) -> WordShown:
        """A statement."""
        about = words.reference(row.incident.public_id) if row.incident else row.period
        if row.closing_number is not None:
            about = _("%(period)s, edition of closing %(number)d") % {"period": about, "number": row.closing_number}
        return WordShown(
            whose=row.guarantor.name,
            said=str(row.get_code_display()),
            words=row.words,
            language=row.language,
            when=self.instant(row.recorded_at),
            came=replies_told.how_it_came(row, words.day),
            by=row.by.get_username(),
            stands=row.superseded_at is None,
            told=getattr(row, "telling", None) is not None,
            about=about,
            address=reverse("admin:violations_incident_change", args=[row.incident.public_id]) if row.incident else "",
            id=str(row.public_id),
        )

    def answer(self, row: RequestAnswer) -> WordShown:
        """An answer."""
        return WordShown(
            whose="",
            said="",
            words=row.words,
            language=row.language,
            when=self.instant(row.recorded_at),
            came=replies_told.how_it_came(row, words.day),
            by=row.by.get_username(),
            stands=row.superseded_at is None,
            told=False,
            id=str(row.public_id),
        )

    def request(self, row: Any) -> RequestShown:
        """A request of `requests.moderated`, with what `with_words` fetched."""
        reply = requests.reply_of(row, self.now, self.terms)
        asked = _("%(who)s, %(side)s, %(when)s") % {
            "who": row.by.get_username(),
            "side": words.side(row.side),
            "when": self.instant(row.recorded_at),
        }
        return RequestShown(
            id=str(row.public_id),
            reference=words.reference(row.public_id),
            address=reverse("admin:violations_informationrequest_change", args=[row.public_id]),
            agreement=row.agreement,
            of=replies_told.of_whom(row),
            asked=asked,
            question=row.question,
            reply=reply,
            state=str(replies_told.NAMES[reply]),
            when=replies_told.when(row, reply, self.now, self.instant, words.day),
            incident=_incident(row.incident),
            told=row.told,
            reminders=[replies_told.reminded(one, self.instant) for one in row.reminders.all()],
            answers=[self.answer(one) for one in row.answers.all()],
        )

    def measure(self, row: Any) -> MeasureShown:
        """A measure of `measures.of`, with its steps."""
        due = measures.due_on(row)
        return MeasureShown(
            address=reverse("admin:violations_measure_change", args=[row.public_id]),
            of=(row.guarantor or row.party).name,
            words=row.words,
            agreed=words.day(row.agreed_on),
            state=str(MeasureState(row.state).label),
            due=self._due(due),
            overdue=due is not None and due < self.today,
            recorded=f"{row.by.get_username()}, {words.side(row.side)}, {self.instant(row.recorded_at)}",
            incident=_incident(row.incident),
            ended=row.state in measures.ENDED,
            steps=[
                {
                    "state": str(step.get_state_display()),
                    "on": words.day(step.seen_on),
                    "words": step.words,
                    "by": f"{step.by.get_username()}, {words.side(step.side)}",
                    "next": words.day(step.due_on) if step.due_on else "",
                }
                for step in row.steps.all()
            ],
        )

    def _due(self, due: date | None) -> str:
        if due is None:
            return ""
        said = _("was to be looked at by %(day)s") if due < self.today else _("to be looked at by %(day)s")
        return said % {"day": words.day(due)}


def with_words(rows: Any) -> Any:
    """Fetch with requests their answers and reminders, in two more queries."""
    return rows.prefetch_related(
        Prefetch("answers", RequestAnswer.objects.select_related("by").order_by("pk")),
        Prefetch("reminders", RequestReminder.objects.order_by("pk")),
    )


def with_steps(rows: Any) -> Any:
    """Fetch with measures their steps, in one more query."""
    return rows.prefetch_related(Prefetch("steps", MeasureStep.objects.select_related("by", "side").order_by("pk")))


def statements_of(agreements: Iterable[int]) -> Any:
    """Statements of these agreements, by their ids. Within `reading_for`."""
    rows = GuarantorStatement.objects.filter(agreement__in=list(agreements))
    return rows.select_related("agreement", "guarantor", "incident", "by", "telling")


def of_incidents(terms: MechanismVersion, incidents: list[int], at: datetime | None = None) -> Replies:
    """All that was said, asked and agreed of these incidents, which are one by now, or were one as known at `at`.

    Asked in the one message that says for whom.
    """
    asked = Together(**_of_incidents(terms.agreement_id, incidents, at))
    found = asked.read(asked_within(replies_seen.SAID, f"agreement:{terms.agreement_id}", asked.ask))
    for rows in found.values():
        as_they_stood(rows, at)
    give(found["requests"], "answers", found["answers"])
    give(found["requests"], "reminders", found["reminders"])
    give(found["measures"], "steps", found["steps"])
    shape = Shaper(terms, at)
    return Replies(
        statements=[shape.statement(row) for row in found["statements"]],
        requests=[shape.request(row) for row in found["requests"]],
        measures=[shape.measure(row) for row in found["measures"]],
    )


def _of_incidents(agreement_id: int, incidents: list[int], at: datetime | None) -> dict[str, Any]:
    asked = requests.moderated([agreement_id], at).filter(incident__in=incidents)
    agreed = measures.of([agreement_id], at).filter(incident__in=incidents)
    return {
        "statements": statements_of([agreement_id]).until(at).filter(incident__in=incidents).order_by("pk"),
        "requests": asked.order_by("pk"),
        "answers": RequestAnswer.objects.until(at)
        .filter(request__in=asked.values("pk"))
        .select_related("by")
        .order_by("pk"),
        "tellings": RequestTelling.objects.until(at).filter(request__in=asked.values("pk")),
        "reminders": RequestReminder.objects.until(at).filter(request__in=asked.values("pk")).order_by("pk"),
        "measures": agreed.order_by("pk"),
        "steps": MeasureStep.objects.until(at)
        .filter(measure__in=agreed.values("pk"))
        .select_related("by", "side")
        .order_by("pk"),
    }


def stamps(agreement_id: int, incidents: list[int]) -> Iterator[datetime | None]:
    """When anything of it was recorded, told to the others, or withdrawn, by now."""
    asked = Together(**_of_incidents(agreement_id, incidents, None))
    found = asked.read(asked_within(replies_seen.SAID, f"agreement:{agreement_id}", asked.ask))
    for row in (row for rows in found.values() for row in rows):
        yield row.recorded_at
        yield getattr(row, "superseded_at", None)
    for row in found["statements"]:
        yield getattr(getattr(row, "telling", None), "recorded_at", None)


def _incident(incident: Any) -> dict[str, str] | None:
    if incident is None:
        return None
    return {
        "reference": words.reference(incident.public_id),
        "address": reverse("admin:violations_incident_change", args=[incident.public_id]),
    }


def shapers(rows: Iterable[Any]) -> dict[int, Shaper]:
    """A shaper for the truce of each row, by the truce's id."""
    found: dict[int, Shaper] = {}
    for row in rows:
        if row.agreement_id not in found:
            found[row.agreement_id] = Shaper(row.agreement.terms)
    return found
