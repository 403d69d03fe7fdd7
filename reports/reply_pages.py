"""The pages of whoever is asked: what is asked and when it is due, their answers, and guarantors' statements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from monitoring import accreditation, audit
from monitoring.errors import NotFound, Refusal
from monitoring.models import Agreement, GuarantorState
from reports import replies_shown, statement_targets
from reports.pages import ReadersView
from reports.reply_forms import AnswerForm, StatementForm
from reports.returns_shown import language
from violations import answers, replies_seen, requests, statements
from violations.models import RequestAnswer
from violations.replies_seen import Voice

MOST_SHOWN = 100


class VoicesView(ReadersView):
    """What is common: for whom the person speaks. Who speaks for nobody is told so, and of nothing else."""

    http_method_names = ["get", "head", "post"]

    @property
    def voices(self) -> list[Voice]:
        """The guarantors and parties for which the person speaks now."""
        return replies_seen.voices_of(self.reader)

    def speaking(self, code: str) -> tuple[Agreement, GuarantorState]:
        """The truce and the guarantor for which the person states. Raises NotFound, whether or not there is a truce."""
        for voice in self.voices:
            if voice.agreement.code == code and voice.guarantor is not None:
                return voice.agreement, voice.guarantor
        raise NotFound(_("Your account speaks for no guarantor state in such a truce."), code="not_found")


class Replies(VoicesView):
    """What is asked of the person, and what guarantors stated."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Not answered first, by when it is due; then statements, the newest first."""
        voices = self.voices
        audit.looked("informationrequest", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        with replies_seen.reading_as(voices):
            rows = _with_words(requests.visible_to(voices)).order_by("-pk")[:MOST_SHOWN]
            asked = [replies_shown.request_shown(row, voices) for row in rows]
            waiting = requests.visible_to(voices).open().filter(answered_at__isnull=True).order_by("due_at", "pk")
            due = [replies_shown.request_shown(row, voices) for row in _with_words(waiting)[:MOST_SHOWN]]
            said = statements.readable_by(voices)[:MOST_SHOWN]
            stated = [replies_shown.statement_shown(row, voices) for row in said]
        context = {
            "title": _("Requests and statements"),
            "speaks": bool(voices),
            "due": due,
            "answered": [one for one in asked if not one.waits],
            "statements": stated,
            "states_in": [
                {"code": voice.agreement.code, "name": voice.agreement.name_in(language())}
                for voice in voices
                if voice.guarantor
            ],
            "simulated": any(voice.agreement.simulated for voice in voices),
        }
        return render(request, "reports/replies.html", context)


class ReplyRequest(VoicesView):
    """A request, and the form of its answer."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Show it; where it was answered, the form corrects the answer."""
        shown = self._shown(id, look=True)
        standing = shown.standing
        begun = {"language": standing.language if standing else language()}
        if standing is not None:
            begun |= {"words": standing.words, "replaces": standing.id}
        return self._page(shown, AnswerForm(initial=begun))

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Answer it; what is wrong is shown at its field."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(self._shown(id), form, status=400)
        try:
            answers.answer(id, by=self.reader, **form.said)
        except NotFound:
            raise
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(self._shown(id), form, status=refusal.status)
        messages.success(request, _("Your answer is recorded."))
        return redirect("reply-request", id)

    def _shown(self, public_id: UUID, *, look: bool = False) -> replies_shown.RequestShown:
        voices = self.voices
        with replies_seen.reading_as(voices):
            row = _with_words(requests.visible_to(voices)).filter(public_id=public_id).first()
            if row is None:
                raise NotFound(_("There is no such request to you."), code="not_found")
            if look:
                audit.looked("informationrequest", by=self.reader, on=row)
            return replies_shown.request_shown(row, voices)

    def _page(self, shown: replies_shown.RequestShown, form: AnswerForm, status: int = 200) -> HttpResponse:
        title = _("Request %(reference)s") % {"reference": shown.reference}
        context = {"title": title, "shown": shown, "form": form}
        return render(self.request, "reports/reply_request.html", context, status=status)


class TellRequest(VoicesView):
    """Tell a request with its answers to the other guarantors."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Do it, and go back to the request."""
        return redirect("reply-request", answers.tell(id, by=self.reader).public_id)


class FileStatement(VoicesView):
    """The form of a statement."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """An empty form; what it is on, or what it corrects, may stand in the address."""
        agreement, guarantor = self.speaking(code)
        begun = {name: request.GET.get(name, "")[:36] for name in ("incident", "period", "closing_number")}
        begun |= {"language": language(), **self._corrected(agreement, guarantor, request.GET.get("replaces", ""))}
        return self._page(agreement, guarantor, StatementForm(initial=begun))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """File it; what is wrong is shown at its field."""
        agreement, guarantor = self.speaking(code)
        form = StatementForm(request.POST)
        if not form.is_valid():
            return self._page(agreement, guarantor, form, status=400)
        filed = form.said
        words = {name: filed.pop(name) for name in ("words", "language")}
        try:
            said = statement_targets.said_on(
                agreement, guarantor, form.cleaned_data["statement"], **form.about, **words
            )
            statements.file_statement(agreement, said, by=self.reader, **filed)
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(agreement, guarantor, form, status=refusal.status)
        messages.success(request, _("Your statement is recorded."))
        return redirect("replies")

    def _corrected(self, agreement: Agreement, guarantor: GuarantorState, asked: str) -> dict[str, Any]:
        """What a form begins with that corrects a statement of the guarantor's; nothing where there is none."""
        voices = [Voice(agreement, guarantor=guarantor)]
        with replies_seen.reading_as(voices):
            standing = statements.readable_by(voices).filter(guarantor=guarantor, superseded_at__isnull=True)
            for row in standing:
                if str(row.public_id) == asked:
                    audit.looked("guarantorstatement", by=self.reader, on=row)
                    return {
                        "replaces": row.public_id,
                        "statement": row.code,
                        "words": row.words,
                        "language": row.language or language(),
                        "incident": row.incident.public_id.hex[:10] if row.incident else "",
                        "period": row.period,
                        "closing_number": row.closing_number,
                    }
        return {}

    def _page(
        self, agreement: Agreement, guarantor: GuarantorState, form: StatementForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": _("State something"),
            "agreement": agreement,
            "truce": agreement.name_in(language()),
            "guarantor": guarantor.name_in(language()),
            "form": form,
        }
        return render(self.request, "reports/file_statement.html", context, status=status)


class TellStatement(VoicesView):
    """Tell a statement to the other guarantors."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Do it, and go back to the list."""
        statements.tell(id, by=self.reader)
        return redirect("replies")


def _with_words(rows: Any) -> Any:
    given = RequestAnswer.objects.order_by("pk")
    return rows.prefetch_related(Prefetch("answers", given), "reminders")
