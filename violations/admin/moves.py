"""The moves of a review as pages: how each reads, and the verb that it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from violations import deciding, questions, review
from violations.models import Finding


@dataclass(frozen=True)
class Move:
    """A move of a review that asks for grounds: how its page reads, and the verb that it calls."""

    title: Any
    label: Any
    hint: Any
    button: Any
    done: Any
    verb: Callable[..., Any]


MOVES = {
    "return": Move(
        gettext_lazy("Return report %(ref)s with a question"),
        gettext_lazy("The question"),
        gettext_lazy("The filer reads it as you write it, and answers by a correction. Name nobody."),
        gettext_lazy("Return the report"),
        gettext_lazy("The report was returned to its filer with your question."),
        deciding.taken_first(review.return_with_question),
    ),
    "ask": Move(
        gettext_lazy("Ask the filer of report %(ref)s"),
        gettext_lazy("The question"),
        gettext_lazy("The filer reads it as you write it, and answers in words. Name nobody."),
        gettext_lazy("Ask the filer"),
        gettext_lazy("The filer was asked; the report awaits the reply."),
        deciding.taken_first(questions.ask),
    ),
    "await_reply": Move(
        gettext_lazy("Await a reply on report %(ref)s"),
        gettext_lazy("What was asked, and of whom"),
        gettext_lazy("The report waits until it is taken under review again."),
        gettext_lazy("Set it aside until the reply"),
        gettext_lazy("The report now awaits a reply."),
        deciding.taken_first(review.await_reply),
    ),
    "reopen": Move(
        gettext_lazy("Open the review of report %(ref)s again"),
        gettext_lazy("Grounds"),
        gettext_lazy("What is found stands until something else is found."),
        gettext_lazy("Open the review again"),
        gettext_lazy("The report is under review again."),
        review.reopen,
    ),
}
AT_ONCE: dict[str, tuple[Callable[..., Any], Any]] = {
    "take": (review.take, gettext_lazy("The report is under review.")),
    "accept": (deciding.accept, gettext_lazy("Accepted: the report tells of this incident.")),
}
EFFECTS = {
    Finding.Effect.CORRECTION: (
        gettext_lazy("Propose that the correction of report %(ref)s takes effect"),
        gettext_lazy(
            "Something was found or proposed on the incident, or two persons linked a report into it, before the filer "
            "corrected the report, so the count still rests on the older revision. It changes when another side "
            "seconds this."
        ),
    ),
    Finding.Effect.WITHDRAWAL: (
        gettext_lazy("Propose that report %(ref)s leaves the incident"),
        gettext_lazy(
            "Its filer withdrew it after something was found or proposed on the incident, or two persons linked a "
            "report into it; the incident still counts it. It leaves when another side seconds this."
        ),
    ),
}
