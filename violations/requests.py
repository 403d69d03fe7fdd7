"""What moderators ask of a guarantor or a party: asked, reminded of, withdrawn. Answers stand in `answers`.

Everybody is given the truce's days to reply, or more where a later date is set: nobody less. Whether a reply is in
time, late or outstanding follows from `due_at` and from when it came; it is worked out when it is asked, never written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, days
from monitoring.errors import Malformed, NotNow
from monitoring.models import MechanismVersion
from violations import filers, holding, replies_seen, standing, taking_down, waiting
from violations.addressees import Addressee
from violations.models import InformationRequest, RequestAnswer, RequestReminder, RequestTelling
from violations.reply_codes import Reminding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.models import Agreement, User
    from violations.models import Incident
    from violations.replies_seen import Voice

LONGEST_TERM = timedelta(days=366)


class Reply(StrEnum):
    """How a request stands at an instant; never written."""

    OPEN = "open"
    OUTSTANDING = "outstanding"
    IN_TIME = "in_time"
    LATE = "late"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Asked:
    """What is asked: of whom, in which words, about which incident if any, and by which day if later than usual."""

    addressee: Addressee
    question: str
    incident: Incident | None = None
    due_on: date | None = None


def ask(agreement: Agreement, asked: Asked, *, by: User, client_id: str) -> InformationRequest:
    """Ask. The same form sent twice is one request.

    Raises Forbidden (no moderator here now), Malformed (no words; a day earlier than the truce gives, or too late),
    NotNow (`client_id_taken`).
    """
    question = asked.question.strip()
    with holding.deciding() as entry, replies_seen.reading_for([agreement.pk]):
        capacity = standing.moderating(by, agreement)
        _require_sound(agreement, question, asked.due_on)
        waiting.hold(by, alone=True)
        before = InformationRequest.objects.filter(by=by, client_id=client_id).first()
        if before is not None:
            if before.question != question:
                raise filers.taken([], latest=str(before.public_id))
            return before
        recorded_at = entry.stamp()
        request = InformationRequest.objects.create(
            recorded_at=recorded_at,
            agreement=agreement,
            incident=asked.incident,
            guarantor=asked.addressee.guarantor,
            party=asked.addressee.party,
            through=asked.addressee.through,
            question=question,
            due_at=_due_at(agreement, asked.due_on, recorded_at),
            by=by,
            side=capacity.side,
            client_id=client_id,
        )
        audit.done("request.ask", by=by, on=request)
    return request


def remind(request: InformationRequest, *, by: User) -> RequestReminder:
    """Remind by hand, as often as a moderator finds it right. Raises Forbidden, NotNow (`answered`, `withdrawn`)."""
    with holding.deciding() as entry, replies_seen.reading_for([request.agreement_id]):
        standing.moderating(by, request.agreement)
        _require_unanswered(request)
        reminder = RequestReminder.objects.create(
            recorded_at=entry.stamp(), request=request, kind=Reminding.BY_HAND, by=by
        )
        audit.done("request.remind", by=by, on=request)
    return reminder


def withdraw(request: InformationRequest, *, by: User) -> None:
    """Ask no longer. It stays in the record. Raises Forbidden, NotNow (`answered`, `withdrawn`)."""
    with holding.deciding() as entry, replies_seen.reading_for([request.agreement_id]):
        standing.moderating(by, request.agreement)
        _require_unanswered(request)
        entry.close(InformationRequest.objects.filter(pk=request.pk), expected=1)
        audit.done("request.withdraw", by=by, on=request)


def remind_of_due() -> int:
    """Remind whoever has not answered, once ahead of the due date and once when it has passed; return how many.

    Rows alone: shown where the request is shown. May run twice: each kind is there once a request.
    """
    with holding.deciding() as entry, replies_seen.reading_all():
        unanswered = InformationRequest.objects.open().filter(~Exists(_answers()))
        # Held in id order, so that two who remind at once do not wait for one another; read anew once they are.
        held = list(unanswered.select_for_update(no_key=True, of=("self",)).order_by("pk"))
        answered = set(RequestAnswer.objects.filter(request__in=held).values_list("request", flat=True))
        there = set(RequestReminder.objects.filter(request__in=held).values_list("request", "kind"))
        versions = MechanismVersion.objects.open().filter(agreement__in={one.agreement_id for one in held})
        ahead = dict(versions.values_list("agreement", "reply_reminder_days"))
        now = entry.stamp()
        reminders = [
            RequestReminder(recorded_at=now, request=one, kind=kind)
            for one in held
            if one.pk not in answered
            and (kind := _to_remind_of(one, ahead[one.agreement_id], now))
            and (one.pk, kind) not in there
        ]
        RequestReminder.objects.bulk_create(reminders)
    return len(reminders)


def visible_to(voices: Iterable[Voice]) -> Any:
    """Requests that these voices may read: theirs to answer, and to guarantors what was told. Within `reading_as`."""
    seen = Q(pk__in=[])
    for voice in voices:
        seen |= Q(agreement=voice.agreement) & voice.asked
        if voice.guarantor is not None:
            seen |= Q(agreement=voice.agreement, telling__isnull=False)
    return with_reply(InformationRequest.objects.filter(seen))


def moderated(agreements: Iterable[int], at: datetime | None = None) -> Any:
    """Requests of these agreements, by their ids, for their moderators, or as known at `at`. Within `reading_for`."""
    return with_reply(InformationRequest.objects.until(at).filter(agreement__in=list(agreements)), at)


def unanswered(agreements: Iterable[int]) -> Any:
    """Those that stand without an answer, due first first: what is open and what is outstanding."""
    return moderated(agreements).open().filter(answered_at__isnull=True).order_by("due_at", "pk")


def with_reply(rows: Any, at: datetime | None = None) -> Any:
    """Annotate when the first answer came: `answered_at`, on paper the day that it was handed in, `answered_on`."""
    first = _answers().until(at).order_by("pk")
    told = RequestTelling.objects.until(at).filter(request=OuterRef("pk"))
    return rows.select_related("agreement", "incident", "guarantor", "party", "through", "side", "by").annotate(
        answered_at=first.values("recorded_at")[:1], answered_on=first.values("received_on")[:1], told=Exists(told)
    )


def reply_of(request: Any, at: datetime, terms: MechanismVersion | None = None) -> Reply:
    """How a request with its reply (`with_reply`) stands at `at`, by the truce's `terms`: those in force now.

    What came on paper is in time by the day on which it was handed in, whenever it was taken down.
    """
    if request.answered_at is not None:
        if request.answered_on is not None:
            last = days.day_holding(terms or request.agreement.terms, request.due_at).date
            return Reply.IN_TIME if request.answered_on <= last else Reply.LATE
        return Reply.IN_TIME if request.answered_at <= request.due_at else Reply.LATE
    if request.superseded_at is not None:
        return Reply.WITHDRAWN
    return Reply.OPEN if at < request.due_at else Reply.OUTSTANDING


def _answers() -> Any:
    return RequestAnswer.objects.filter(request=OuterRef("pk"))


def _require_unanswered(request: InformationRequest) -> None:
    now = InformationRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if RequestAnswer.objects.filter(request=request).exists():
        raise NotNow(_("This request was answered. Ask anew where something is missing."), code="answered")
    if now.superseded_at is not None:
        raise NotNow(_("This request was withdrawn."), code="withdrawn")


def _require_sound(agreement: Agreement, question: str, due_on: date | None) -> None:
    faults: dict[str, list[str]] = {}
    if not question or len(question) > taking_down.LONGEST:
        faults["/question"] = [
            _("Write the question, in 1 to %(longest)s characters.") % {"longest": taking_down.LONGEST}
        ]
    now = timezone.now()
    if due_on is not None and not (_usual(agreement, now) <= _end_of(agreement, due_on) <= now + LONGEST_TERM):
        faults["/due_on"] = [
            _("Nobody is given less than %(days)d days to reply, the days of this truce, and nobody more than a year.")
            % {"days": agreement.terms.reply_deadline_days}
        ]
    if faults:
        raise Malformed(_("Nothing was asked: see each error."), fields=faults)


def _usual(agreement: Agreement, asked_at: datetime) -> datetime:
    return asked_at + timedelta(days=agreement.terms.reply_deadline_days)


def _due_at(agreement: Agreement, due_on: date | None, recorded_at: datetime) -> datetime:
    usual = _usual(agreement, recorded_at)
    return usual if due_on is None else max(usual, _end_of(agreement, due_on))


def _end_of(agreement: Agreement, on: date) -> datetime:
    """The end of a day by the truce's calendar; of one that no clock knows, the end of time."""
    if not days.is_known(on):
        return datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    return days.day_of(agreement.terms, on).ends_at


def _to_remind_of(request: InformationRequest, days_ahead: int, now: datetime) -> str:
    """What is to be reminded of at `now`: nothing where it was asked within the days of reminding already."""
    if now >= request.due_at:
        return Reminding.OVERDUE
    ahead = request.due_at - timedelta(days=days_ahead)
    return Reminding.AHEAD if request.recorded_at < ahead <= now else ""
