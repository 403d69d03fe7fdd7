"""Statements, requests, answers and measures, made through the verbs."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from monitoring import days
from monitoring.models import Agreement, User
from violations import addressees, answers, measures, requests, statements
from violations.models import GuarantorStatement, Incident, InformationRequest, RequestAnswer
from violations.statements import Said
from violations.taking_down import Paper

QUESTION = "Where did the battery of the north shore stand at noon?"
WORDS = "It stood at the quarry and did not fire."


def a_name() -> str:
    """A client's own name of a filing."""
    return str(uuid.uuid4())


def today(agreement: Agreement):
    """The day of the truce that it is now."""
    return days.day_holding(agreement.terms, timezone.now()).date


def paper(agreement: Agreement, **changes: Any) -> Paper:
    """A note dated yesterday and handed in today."""
    on = today(agreement)
    told = {"channel": "by_hand", "handed_in_by": "The embassy's second secretary"}
    return Paper(**{**told, "dated_on": on - timedelta(days=1), "received_on": on, **changes})


def stated(agreement: Agreement, by: User, said: Said, **more: Any) -> GuarantorStatement:
    """A statement that `by` files for their guarantor."""
    return statements.file_statement(agreement, said, by=by, client_id=a_name(), **more).statement


def asked(agreement: Agreement, by: User, of: str, incident: Incident | None = None, **more: Any) -> InformationRequest:
    """A request to whom `of` names: 'guarantor:birch'."""
    told = {"question": QUESTION, **more}
    what = requests.Asked(addressees.addressee(agreement, of), incident=incident, **told)
    return requests.ask(agreement, what, by=by, client_id=a_name())


def answered(request: InformationRequest, by: User, words: str = WORDS, **more: Any) -> RequestAnswer:
    """An answer that `by` files."""
    given = {"words": words, "language": "en", "client_id": a_name(), **more}
    return answers.answer(request.public_id, by=by, **given).answer


def replied(agreement: Agreement, people: SimpleNamespace, incident: Incident) -> tuple[Any, Any]:
    """One of everything, told and not; return a request that was answered and one that was not."""
    said = Said("does_not_confirm", "Our log has no fire.", "en", incident=incident)
    first = stated(agreement, people.guarantor_birch, said, told=True)
    stated(agreement, people.guarantor_birch, Said("takes_note", incident=incident), replaces=first.public_id)
    stated(agreement, people.guarantor_alder, Said("concurs", period="2025-03"))
    statements.take_down(
        agreement,
        agreement.guarantors.get(code="birch"),
        Said("reserves_position", period="2025-03-05"),
        paper(agreement),
        by=people.moderator_independent,
        client_id=a_name(),
    )
    request = asked(agreement, people.moderator_north, "guarantor:birch", incident)
    requests.remind(request, by=people.moderator_north)
    given = answered(request, people.guarantor_birch, told=True)
    answered(request, people.guarantor_birch, "It stood by the mill.", replaces=given.public_id)
    unanswered = asked(agreement, people.moderator_south, "guarantor:alder")
    requests.withdraw(asked(agreement, people.moderator_south, "guarantor:cedar"), by=people.moderator_north)
    agreed = measures.Agreed(
        "The battery leaves the shore.",
        today(agreement),
        guarantor=agreement.guarantors.get(code="birch"),
        incident=incident,
    )
    measure = measures.record(agreement, agreed, by=people.moderator_north, client_id=a_name())
    seen = measures.Seen("under_way", "Two of four guns were seen on lorries.", today(agreement))
    measures.follow_up(measure, seen, by=people.moderator_south, client_id=a_name())
    return request, unanswered
