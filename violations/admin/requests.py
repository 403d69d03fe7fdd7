"""Moderators' pages of information requests: the open and the answered, ask, remind, withdraw, take down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import replies_seen, requests, taking_down
from violations.admin import paper, words
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.replies_forms import AskForm
from violations.admin.replies_shown import shapers, with_words
from violations.requests import Reply

LIST = "admin:violations_informationrequest_changelist"
MOST_SHOWN = 200
VIEWS = {"waiting": gettext_lazy("Not answered"), "answered": gettext_lazy("Answered"), "all": gettext_lazy("All")}


class InformationRequestAdmin(ModeratorAdmin):
    """What was asked of guarantors and parties, and what came."""

    home = LIST
    home_called = gettext_lazy("Requests")

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a request, asking, and a page or button for each thing that is done about one."""
        return [
            path("", self.door("informationrequest.list", self.list), name=_name("changelist")),
            path("ask/<slug:code>/", self.door("request.ask", self.ask, methods=FORM), name=_name("ask")),
            path("<uuid:public_id>/", self.door("informationrequest.view", self.show), name=_name("change")),
            path(
                "<uuid:public_id>/remind/", self.door("request.remind", self.remind, methods=ACT), name=_name("remind")
            ),
            path(
                "<uuid:public_id>/withdraw/",
                self.door("request.withdraw", self.withdraw, methods=ACT),
                name=_name("withdraw"),
            ),
            path(
                "<uuid:public_id>/take_down/",
                self.door("request.take_down", self.take_down, methods=FORM),
                name=_name("take_down"),
            ),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """What is not answered, due first first; or what was, newest first."""
        held = capacities(request)
        view = request.GET.get("view", "")
        view = view if view in VIEWS else "waiting"
        with replies_seen.reading_for(held):
            rows = requests.unanswered(held) if view == "waiting" else requests.moderated(held).order_by("-pk")
            if view == "answered":
                rows = rows.filter(answered_at__isnull=False)
            found = list(with_words(rows)[:MOST_SHOWN])
            shape = shapers(found)
            shown = [shape[row.agreement_id].request(row) for row in found]
        context = {
            "requests": shown,
            "view": view,
            "views": VIEWS.items(),
            "most": MOST_SHOWN if len(found) == MOST_SHOWN else 0,
            "several": len(held) > 1,
        }
        return self.page(request, "requests", _("Requests for information"), context)

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One request, with its answers."""
        with replies_seen.reading_for(capacities(request)):
            row = self._request(request, public_id)
            shown = shapers([row])[row.agreement_id].request(row)
        whose = (row.guarantor or row.through, row.party)
        may = shown.reply is not Reply.WITHDRAWN and taking_down.may_take_down(person(request), row.agreement, *whose)
        return self.page(request, "request", title(row), {"request_shown": shown, "may_take_down": may})

    def ask(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask a guarantor or a party; `incident` names the one that it is about."""
        agreement = paper.agreement_of(self, request, code)
        incident = paper.incident_asked(self, request, agreement)
        form = AskForm(typed(request), agreement=agreement)
        status, made = self.attempt(
            request,
            "request.ask",
            form,
            lambda _typed: requests.ask(agreement, form.asked(incident), by=person(request), client_id=form.name),
        )
        if made:
            messages.success(request, _("Asked. They find it on their pages from now."))
            return redirect(_address("change", made.public_id))
        back = reverse("admin:violations_incident_change", args=[incident.public_id]) if incident else reverse(LIST)
        about = words.reference(incident.public_id) if incident else ""
        intro = _("About incident %(ref)s, which they know by this reference alone.") % {"ref": about} if about else ""
        context = {"form": form, "intro": intro, "button": _("Ask"), "back": back}
        heading = _("Ask for information: %(agreement)s") % {"agreement": agreement.name}
        return self.page(request, "replies_form", heading, context, status=status)

    def remind(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Remind whoever was asked."""
        return self._at_once(request, public_id, requests.remind, _("They are reminded where they see the request."))

    def withdraw(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Ask no longer."""
        return self._at_once(request, public_id, requests.withdraw, _("The request is withdrawn."))

    def take_down(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Record the answer that came on paper."""
        with replies_seen.reading_for(capacities(request)):
            row = self._request(request, public_id)
            return paper.answer(self, request, row, _address("change", row.public_id))

    def _at_once(self, request: HttpRequest, public_id: UUID, verb: Any, told: str) -> HttpResponse:
        with replies_seen.reading_for(capacities(request)):
            row = self._request(request, public_id)
        verb(row, by=person(request))
        messages.success(request, told)
        return redirect(_address("change", public_id))

    def _request(self, request: HttpRequest, public_id: UUID) -> Any:
        return self.find(request, with_words(requests.moderated(capacities(request))), public_id)


def title(row: Any) -> str:
    """What the page of a request is called."""
    return _("Request %(ref)s") % {"ref": words.reference(row.public_id)}


def _name(what: str) -> str:
    return f"violations_informationrequest_{what}"


def _address(what: str, public_id: Any) -> str:
    return reverse(f"admin:{_name(what)}", args=[public_id])
