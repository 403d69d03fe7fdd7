"""Moderators' pages of sittings: those called, one with its agenda, confirming what it said, its minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.errors import Malformed, Refusal
from violations import determinations, sittings
from violations.admin import paper, sittings_shown, words
from violations.admin.agendas import AgendaPages
from violations.admin.moderating import ACT, FORM, capacities, person, typed
from violations.admin.sittings_forms import CallForm, MinutesForm
from violations.admin.sittings_shown import Agenda, title
from violations.models import Sitting, SittingOutcome

LIST = "admin:violations_sitting_changelist"
MOST_SHOWN = 200


class SittingAdmin(AgendaPages):
    """Sittings of the body that determines."""

    home = LIST
    home_called = gettext_lazy("Sittings")

    def get_urls(self) -> list[URLPattern]:
        """The list, calling one, its page, the agenda, what was said, minutes."""
        return [
            path("", self.door("sitting.list", self.list), name=_name("changelist")),
            path("call/<slug:code>/", self.door("sitting.call", self.call, methods=FORM), name=_name("call")),
            path("<uuid:public_id>/", self.door("sitting.view", self.show), name=_name("change")),
            path(
                "<uuid:public_id>/confirm/",
                self.door("sitting.confirm", self.confirm, methods=ACT),
                name=_name("confirm"),
            ),
            path(
                "<uuid:public_id>/minutes/",
                self.door("sitting.minute", self.minute, methods=FORM),
                name=_name("minutes"),
            ),
            *self.agenda_urls(),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """Those to come first, the next before the others; then those held, the last first."""
        held = capacities(request)
        rows = sittings_shown.with_items(Sitting.objects.filter(agreement__in=list(held)))
        found = list(rows.order_by("-held_on", "-pk")[:MOST_SHOWN])
        terms = {pk: capacity.accreditation.agreement.terms for pk, capacity in held.items()}
        coming = [row for row in found if sittings_shown.is_to_come(row, terms[row.agreement_id])]
        found = [*reversed(coming), *(row for row in found if row not in coming)]
        shown = [
            {
                "row": row,
                "title": title(row),
                "address": sittings_shown.address(row),
                "state": sittings_shown.state(row, terms[row.agreement_id]),
            }
            for row in found
        ]
        context = {
            "sittings": shown,
            "most": MOST_SHOWN if len(found) == MOST_SHOWN else 0,
            "bodies": [
                {"agreement": capacity.accreditation.agreement, "body": terms[pk].determining_body}
                for pk, capacity in held.items()
            ],
            "several": len(held) > 1,
        }
        return self.page(request, "sittings", _("Sittings"), context)

    def call(self, request: HttpRequest, code: str) -> HttpResponse:
        """Call one."""
        agreement = paper.agreement_of(self, request, code)
        body = agreement.terms.determining_body
        form = CallForm(typed(request))
        status, made = self.attempt(
            request,
            "sitting.call",
            form,
            lambda given: sittings.call(
                agreement, given["held_on"], place=given["place"], by=person(request), client_id=form.name
            ),
        )
        if made:
            messages.success(request, _("The sitting is called. Put incidents on its agenda."))
            return redirect(sittings_shown.address(made))
        intro = (
            _("Of the body that the truce's file names: %(body)s.") % {"body": body}
            if body
            else _("The file of this truce names no body that determines, so there is no sitting to call.")
        )
        context = {"form": form, "intro": intro, "button": _("Call the sitting"), "back": reverse(LIST)}
        heading = _("Call a sitting: %(agreement)s") % {"agreement": agreement.name}
        return self.page(request, "replies_form", heading, context, status=status)

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One sitting: its agenda, what waits to be confirmed, its minutes."""
        return self._page(request, self._sitting(request, public_id))

    def confirm(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Confirm what is ticked of what others recorded: each by itself, by the same rules as one alone."""
        sitting = self._sitting(request, public_id)
        rows = SittingOutcome.objects.filter(item__sitting=sitting).select_related("item__incident")
        chosen = {str(row.public_id): row for row in rows}
        ticked = [chosen[key] for key in dict.fromkeys(request.POST.getlist("ticked")) if key in chosen]
        if not ticked:
            raise Malformed(_("Tick at least one."), code="none_ticked")
        refused, done = [], 0
        for said in ticked:
            try:
                determinations.confirm(said, by=person(request))
                done += 1
            except Refusal as refusal:
                self.deny(request, "sitting.confirm", refusal)
                refused.append((words.reference(said.item.incident.public_id), refusal))
        if done:
            told = ngettext("%(n)d confirmed.", "%(n)d confirmed.", done) % {"n": done}
            messages.success(request, told)
        if not refused:
            return redirect(sittings_shown.address(sitting))
        return self._page(request, sitting, refused=refused, status=refused[0][1].status)

    def minute(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Write the minutes, or others in their place."""
        sitting = self._sitting(request, public_id)
        before = sitting.minutes.filter(superseded_at__isnull=True).first()
        kept = {"words": before.words, "language": before.language, "on_paper": before.on_paper} if before else {}
        form = MinutesForm(typed(request), initial=kept)
        status, made = self.attempt(
            request, "sitting.minute", form, lambda _typed: sittings.minute(sitting, form.minuted, by=person(request))
        )
        if made:
            messages.success(request, _("The minutes are recorded."))
            return redirect(sittings_shown.address(sitting))
        context = {
            "form": form,
            "intro": _("They take the place of the minutes that stand; those stay in the record.") if before else "",
            "button": _("Record the minutes"),
            "back": sittings_shown.address(sitting),
        }
        heading = _("Minutes: %(sitting)s") % {"sitting": title(sitting)}
        return self.page(request, "replies_form", heading, context, status=status)

    def _page(self, request: HttpRequest, sitting: Sitting, *, refused: Any = (), status: int = 200) -> HttpResponse:
        agenda = Agenda(sitting, person(request), capacities(request)[sitting.agreement_id])
        context = {
            "sitting": sitting,
            "agenda": agenda,
            "zone_name": words.zone_name(agenda.zone),
            "state": sittings_shown.state(sitting, agenda.terms),
            "called": words.side(sitting.called_side),
            "refused": refused,
        }
        return self.page(request, "sitting", title(sitting), context, status=status)


def _name(what: str) -> str:
    return f"violations_sitting_{what}"
