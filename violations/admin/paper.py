"""Taking down what came on paper, for moderators and for duty officers alike: an answer, or a guarantor's statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from monitoring.english_order import by_english_name
from monitoring.errors import Malformed, NotFound
from monitoring.models import Agreement
from violations import answers, replies_seen, replies_told, statements, taking_down
from violations.admin import words
from violations.admin.forms import by_reference
from violations.admin.moderating import ModeratorAdmin, capacities, person, typed
from violations.admin.replies_forms import AnswerFromPaperForm, StatementFromPaperForm
from violations.models import GuarantorStatement, Incident, InformationRequest, RequestAnswer
from violations.statements import Said


def agreement_of(admin: ModeratorAdmin, request: HttpRequest, code: str) -> Agreement:
    """The agreement that the address names, in which the person acts. Raises NotFound."""
    for capacity in capacities(request, admin.role).values():
        if capacity.accreditation.agreement.code == code:
            return capacity.accreditation.agreement
    raise NotFound(_("There is no such page, or it is not yours to see."), code="not_found")


def incident_asked(admin: ModeratorAdmin, request: HttpRequest, agreement: Any) -> Incident | None:
    """The incident that `?incident=` names among those of the truce; None where none is named. Raises NotFound."""
    asked = request.GET.get("incident")
    if not asked:
        return None
    try:
        public_id = UUID(asked)
    except ValueError:
        public_id = UUID(int=0)
    rows = Incident.objects.visible_to(person(request)).filter(agreement=agreement)
    found: Incident = admin.find(request, rows, public_id)
    return found


def answer(admin: ModeratorAdmin, request: HttpRequest, asked: InformationRequest, back: str) -> HttpResponse:
    """Take down the answer to a request that is shown. Raises Forbidden where it is another side's word."""
    taking_down.require_taker(person(request), asked.agreement, asked.guarantor or asked.through, asked.party)
    form = AnswerFromPaperForm(typed(request), referring=False)
    standing = RequestAnswer.objects.open().filter(request=asked).first()
    replaces = standing.public_id if standing else None
    status, made = admin.attempt(
        request, "request.take_down", form, lambda given: _taken(request, asked, form, replaces=replaces)
    )
    if made:
        messages.success(request, _("Recorded as what came on paper."))
        return redirect(back)
    intro = _("To %(whom)s. It is recorded as taken down by you from paper, not as their own filing.") % {
        "whom": replies_told.of_whom(asked)
    }
    if standing is not None:
        intro += " " + _("It takes the place of the answer that stands; that one stays in the record.")
    context = {"form": form, "intro": intro, "button": _("Record the answer"), "back": back, "quoted": asked.question}
    title = _("Answer on paper to request %(ref)s") % {"ref": words.reference(asked.public_id)}
    return admin.page(request, "replies_form", title, context, status=status)


def answer_by_reference(admin: ModeratorAdmin, request: HttpRequest, code: str) -> HttpResponse:
    """Take down an answer to the request whose reference stands on the paper: nothing of the request is shown."""
    agreement = agreement_of(admin, request, code)
    form = AnswerFromPaperForm(typed(request), referring=True)

    def taken(given: dict[str, Any]) -> Any:
        with replies_seen.reading_for([agreement.pk]):
            asked = answers.by_reference(agreement, given["reference"])
        return _taken(request, asked, form, replaces=None)

    status, made = admin.attempt(request, "request.take_down", form, taken)
    if made:
        messages.success(request, _("Recorded as what came on paper. Moderators see it now."))
        return redirect(admin.home)
    context = {"form": form, "button": _("Record the answer"), "back": redirect(admin.home).url}
    title = _("Answer on paper: %(agreement)s") % {"agreement": agreement.name}
    return admin.page(request, "replies_form", title, context, status=status)


def statement(admin: ModeratorAdmin, request: HttpRequest, code: str, back: str) -> HttpResponse:
    """Take down a guarantor's statement; those are offered whose word the person may take down."""
    agreement = agreement_of(admin, request, code)
    every = agreement.guarantors.order_by(*by_english_name())
    states = [state for state in every if taking_down.may_take_down(person(request), agreement, state)]
    form = StatementFromPaperForm(typed(request), states=states, initial={"incident": request.GET.get("incident")})

    def taken(given: dict[str, Any]) -> Any:
        guarantor = form.states[given["guarantor"]]
        said = Said(
            code=given["statement"],
            words=given["words"],
            language=given["language"],
            incident=_incident(agreement, given["incident"]),
            period=given["period"].strip(),
            closing_number=given["closing_number"],
        )
        replaces = None
        if given["corrects"]:
            with replies_seen.reading_for([agreement.pk]):
                same = GuarantorStatement.objects.open().filter(guarantor=guarantor, about=said.about).first()
            replaces = same.public_id if same else None
        return statements.take_down(
            agreement,
            guarantor,
            said,
            form.paper,
            by=person(request),
            client_id=form.name,
            replaces=replaces,
            told=given["told"],
        )

    status, made = admin.attempt(request, "statement.take_down", form, taken)
    if made:
        messages.success(request, _("Recorded as what came on paper."))
        return redirect(back)
    intro = _(
        "It is recorded as taken down by you from paper, not as the guarantor's own filing. It changes no finding."
    )
    context = {"form": form, "intro": intro, "button": _("Record the statement"), "back": back}
    title = _("Statement on paper: %(agreement)s") % {"agreement": agreement.name}
    return admin.page(request, "replies_form", title, context, status=status)


def _taken(request: HttpRequest, asked: InformationRequest, form: AnswerFromPaperForm, *, replaces: Any) -> Any:
    given = form.cleaned_data
    return answers.take_down(
        asked,
        given["words"],
        given["language"],
        form.paper,
        by=person(request),
        client_id=form.name,
        replaces=replaces,
        told=given["told"],
    )


def _incident(agreement: Agreement, written: str) -> Incident | None:
    """The incident whose reference is written; None where none is. Raises Malformed where there is no such one."""
    if not written.strip():
        return None
    found = list(by_reference(Incident.objects.filter(agreement=agreement), written)[:2])
    if len(found) == 1:
        return found[0]
    message = _("No incident has this reference. Read it from the paper again.")
    raise Malformed(message, fields={"/incident": [message]})
