"""The answers to requests: by whoever was asked, once and corrected by another row, or taken down from paper.

Only who answered and the moderators read an answer, until who answered tells it to the other guarantors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, canonical, days, ledger
from monitoring.errors import NotFound, NotNow
from violations import replies_seen, requests, taking_down, waiting
from violations.models import InformationRequest, RequestAnswer, RequestTelling
from violations.taking_down import Paper

if TYPE_CHECKING:
    from monitoring.models import Agreement, User

SHORTEST_REFERENCE = 10


@dataclass(frozen=True)
class Answered:
    """What came of an answer: the row, and whether it is new."""

    answer: RequestAnswer
    created: bool


def answer(
    public_id: UUID,
    *,
    by: User,
    words: str,
    language: str,
    client_id: str,
    replaces: UUID | None = None,
    told: bool = False,
) -> Answered:
    """Answer a request for whom `by` speaks; `replaces` names the answer that it corrects, `told` tells it at once.

    Raises NotFound (no such request of theirs; no such answer), Malformed, NotNow: answered otherwise before
    (`answered`), withdrawn (`withdrawn`), the answer was corrected before (`not_latest`), `client_id_taken`.
    """
    voices = replies_seen.voices_of(by)
    with replies_seen.reading_as(voices):
        request = _asked_of(voices).filter(public_id=public_id).first()
    if request is None:
        raise NotFound(_("There is no such request to you."), code="not_found")
    return _answer(request, words, language, None, by=by, client_id=client_id, replaces=replaces, told=told)


def take_down(
    request: InformationRequest,
    words: str,
    language: str,
    paper: Paper,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None = None,
    told: bool = False,
) -> Answered:
    """Record an answer that came on paper, as such. Raises as `answer`; Forbidden as `taking_down.require_taker`."""
    taking_down.require_taker(by, request.agreement, request.guarantor or request.through, request.party)
    faults = paper.faults(request.agreement, timezone.now())
    asked_on = days.day_holding(request.agreement.terms, request.recorded_at).date
    if not faults and paper.received_on < asked_on:
        faults["/received_on"] = [_("It was asked on %(day)s; no answer came before.") % {"day": asked_on.isoformat()}]
    taking_down.require(faults)
    return _answer(request, words, language, paper, by=by, client_id=client_id, replaces=replaces, told=told)


def tell(public_id: UUID, *, by: User) -> InformationRequest:
    """Tell a request with its answers to the other guarantors. Again is no fault; it cannot be untold.

    Raises NotFound (none that `by` was asked), NotNow (`not_answered`).
    """
    voices = replies_seen.voices_of(by)
    with ledger.writing() as entry, replies_seen.reading_as(voices):
        request = _asked_of(voices).filter(public_id=public_id).first()
        if request is None:
            raise NotFound(_("There is no such request to you."), code="not_found")
        InformationRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        if not RequestAnswer.objects.filter(request=request).exists():
            raise NotNow(_("Answer first; then it can be told to the others."), code="not_answered")
        _tell(entry, request, by)
    return request


def by_reference(agreement: Agreement, written: str) -> InformationRequest:
    """Return the request whose reference stands on a paper: for who takes its answer down. Within `reading_for`.

    Raises NotFound where none has it.
    """
    signs = "".join(sign for sign in written.strip().lower() if sign in "0123456789abcdef")
    if len(signs) >= SHORTEST_REFERENCE:
        for request in requests.moderated([agreement.pk]).open():
            if request.public_id.hex.startswith(signs):
                return request
    raise NotFound(_("No request has this reference. Read it from the paper again."), code="not_found")


def _asked_of(voices: list[replies_seen.Voice]) -> Any:
    mine = Q(pk__in=[])
    for voice in voices:
        mine |= Q(agreement=voice.agreement) & voice.asked
    return InformationRequest.objects.filter(mine).select_related("agreement", "guarantor", "party", "through")


def _answer(
    request: InformationRequest,
    words: str,
    language: str,
    paper: Paper | None,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None,
    told: bool,
) -> Answered:
    words = words.strip()
    taking_down.require(taking_down.word_faults(words, language, required=True))
    now = _document(request, words, language, paper, replaces)
    with ledger.writing() as entry, replies_seen.reading_for([request.agreement_id]):
        waiting.hold(by, alone=True)
        held = InformationRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        before = RequestAnswer.objects.filter(by=by, client_id=client_id).select_related("request").first()
        if before is not None:
            standing = RequestAnswer.objects.open().filter(request=before.request_id).first() or before
            return Answered(taking_down.the_same(before, _document_of(before), now, standing), created=False)
        if held.superseded_at is not None:
            raise NotNow(_("This request was withdrawn; nothing is asked any more."), code="withdrawn")
        _close(entry, request, replaces)
        given = RequestAnswer.objects.create(
            recorded_at=entry.stamp(),
            request=request,
            words=words,
            language=language,
            by=by,
            client_id=client_id,
            content_sha256=canonical.sha256(now),
            **taking_down.columns(paper),
        )
        audit.done("request.take_down" if paper else "request.answer", by=by, on=request)
        if told:
            _tell(entry, request, by)
    return Answered(given, created=True)


def _close(entry: ledger.Entry, request: InformationRequest, replaces: UUID | None) -> None:
    """Close the answer that is corrected."""
    given = RequestAnswer.objects.filter(request=request)
    stands = given.open().first()
    if replaces is None:
        if stands is not None:
            raise NotNow(
                _("This request was answered before. Correct that answer."),
                code="answered",
                members={"latest": str(stands.public_id)},
            )
        return
    if not given.filter(public_id=replaces).exists():
        raise NotFound(_("What you correct is no answer to this request."), code="not_found")
    if stands is None or stands.public_id != replaces:
        raise NotNow(_("What you correct was corrected before."), code="not_latest")
    entry.close(RequestAnswer.objects.filter(pk=stands.pk), expected=1)


def _tell(entry: ledger.Entry, request: InformationRequest, by: User) -> None:
    if not RequestTelling.objects.filter(request=request).exists():
        RequestTelling.objects.create(recorded_at=entry.stamp(), request=request, by=by)
        audit.done("request.tell", by=by, on=request)


def _document(
    request: InformationRequest, words: str, language: str, paper: Paper | None, replaces: UUID | None
) -> dict[str, Any]:
    return {
        "request": str(request.public_id),
        "words": words,
        "language": language,
        "replaces": str(replaces) if replaces else None,
        **taking_down.document_of(paper),
    }


def _document_of(row: RequestAnswer) -> dict[str, Any]:
    replaced = RequestAnswer.objects.filter(request=row.request_id, superseded_at=row.recorded_at).first()
    replaces = replaced.public_id if replaced else None
    return _document(row.request, row.words, row.language, taking_down.paper_of(row), replaces)
