"""Questions asked of the person who filed a report, and their answers: two people who do not know of one another.

A question sets the review aside (awaiting_reply); the answer takes it up again, by the filer. Where a moderator took it
up before, because time ran out, a late answer is recorded and moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Malformed, NotFound, NotNow
from violations import docket, filers, holding, report_content, review, sealing, standing
from violations.codebook import ReviewState as State
from violations.models import FilerAnswer, FilerQuestion

if TYPE_CHECKING:
    from uuid import UUID

    from monitoring.models import User
    from violations.models import IncidentReport

LONGEST = 4000


@dataclass(frozen=True)
class Answered:
    """What came of an answer: the row, and whether it is new."""

    answer: FilerAnswer
    created: bool


def ask(report: IncidentReport, *, by: User, grounds: str) -> FilerQuestion:
    """Ask the filer of a report under review; `grounds` is the question. The review awaits the reply.

    Raises Malformed (no question), Forbidden (no moderator; one's own report), NotNow (another state).
    """
    question = grounds.strip()
    if not question or len(question) > LONGEST:
        sentence = _("Write the question, in 1 to %(longest)s characters.") % {"longest": LONGEST}
        raise Malformed(sentence, fields={"/grounds": [sentence]})
    with holding.deciding() as entry:
        standing.moderating(by, report.agreement, [report.chain])
        member = holding.hold_chain(report.chain)
        review.require(report, {State.UNDER_REVIEW})
        asked = FilerQuestion.objects.create(report=report, by=by, question=question, recorded_at=entry.stamp())
        review.move(report, State.AWAITING_REPLY, by=by, recorded_at=entry.stamp(), grounds=question)
        if member is not None:
            docket.follow([member.incident_id], recorded_at=entry.stamp())
        audit.done("review.ask", by=by, on=report)
    return asked


def answer(public_id: UUID, *, by: User, words: str, language: str) -> Answered:
    """Answer a question about a report that `by` filed; the same again is the same answer.

    Raises NotFound (no such question about a report of theirs), Forbidden (nobody who files now), Malformed (no words,
    no language), NotNow (`answered` otherwise before, `erased` since, `withdrawn`).
    """
    words = words.strip()
    with sealing.reading_own(by), ledger.writing() as entry:
        question = asked_of(by).filter(public_id=public_id).first()
        if question is None:
            raise NotFound(_("There is no such question about a report of yours."), code="not_found")
        filers.require_accredited(by, question.report.agreement)
        _check(words, language)
        member = holding.hold_chain_wherever(question.report.chain)
        before = FilerAnswer.objects.filter(question=question).first()
        if before is not None:
            if not before.answer:
                raise NotNow(_("You answered this question, and the answer was erased on request."), code="erased")
            if (before.answer, before.language) != (words, language):
                raise NotNow(_("This question was answered before, in other words."), code="answered")
            return Answered(before, created=False)
        state = review.state_of(question.report)
        if state == State.WITHDRAWN:
            raise NotNow(_("The report was withdrawn; nothing is asked about it any more."), code="withdrawn")
        told = FilerAnswer.objects.create(question=question, answer=words, language=language, recorded_at=entry.stamp())
        if state == State.AWAITING_REPLY and question == question.report.questions.latest("pk"):
            review.move(question.report, State.UNDER_REVIEW, by=None, recorded_at=entry.stamp())
            if member is not None:
                docket.follow([member.incident_id], recorded_at=entry.stamp())
    return Answered(told, created=True)


def asked_of(by: User):
    """Questions about reports that `by` filed, with their answers. Ask within `sealing.reading_own`."""
    return FilerQuestion.objects.filter(report__sealed_source__filer_tag=sealing.tag_of(by)).select_related(
        "report__agreement", "answer"
    )


def _check(words: str, language: str) -> None:
    faults = {}
    if not words or len(words) > LONGEST:
        faults["/answer"] = [_("Answer in 1 to %(longest)s characters.") % {"longest": LONGEST}]
    if not report_content.LANGUAGE.fullmatch(language):
        faults["/language"] = [_("Give the code of a language, as en or ar.")]
    if faults:
        raise Malformed(_("The answer cannot be taken like this."), fields=faults)
