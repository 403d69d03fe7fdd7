"""Moderators' pages of measures agreed: those to be looked at next, one with its steps, record one, follow it up."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import measures
from violations.admin import paper, words
from violations.admin.moderating import FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.replies_forms import MeasureForm, StepForm
from violations.admin.replies_shown import shapers, with_steps

LIST = "admin:violations_measure_changelist"
MOST_SHOWN = 200


class MeasureAdmin(ModeratorAdmin):
    """What guarantors and parties agreed to do, and what was seen of it."""

    home = LIST
    home_called = gettext_lazy("Measures")

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a measure, recording one and following it up."""
        return [
            path("", self.door("measure.list", self.list), name=_name("changelist")),
            path("record/<slug:code>/", self.door("measure.record", self.record, methods=FORM), name=_name("record")),
            path("<uuid:public_id>/", self.door("measure.view", self.show), name=_name("change")),
            path(
                "<uuid:public_id>/follow_up/",
                self.door("measure.follow_up", self.follow_up, methods=FORM),
                name=_name("follow_up"),
            ),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """What is to be looked at first, then what has no day, then what has ended."""
        found = list(with_steps(measures.of(capacities(request)).order_by("-pk"))[:MOST_SHOWN])
        found.sort(key=lambda row: (row.state in measures.ENDED, measures.due_on(row) or date.max))
        shape = shapers(found)
        shown = [shape[row.agreement_id].measure(row) for row in found]
        most = MOST_SHOWN if len(found) == MOST_SHOWN else 0
        return self.page(request, "measures", _("Measures agreed"), {"measures": shown, "most": most})

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One measure, with its steps."""
        row = self._measure(request, public_id)
        shown = shapers([row])[row.agreement_id].measure(row)
        context = {"measures": [shown], "one": True, "follow_up": _address("follow_up", public_id)}
        return self.page(request, "measures", _title(row), context)

    def record(self, request: HttpRequest, code: str) -> HttpResponse:
        """Record a measure; `incident` names the one that it is about."""
        agreement = paper.agreement_of(self, request, code)
        incident = paper.incident_asked(self, request, agreement)
        form = MeasureForm(typed(request), agreement=agreement)
        status, made = self.attempt(
            request,
            "measure.record",
            form,
            lambda _typed: measures.record(agreement, form.agreed(incident), by=person(request), client_id=form.name),
        )
        if made:
            messages.success(request, _("The measure is recorded."))
            return redirect(_address("change", made.public_id))
        about = words.reference(incident.public_id) if incident else ""
        context = {
            "form": form,
            "intro": _("It follows from incident %(ref)s.") % {"ref": about} if about else "",
            "button": _("Record the measure"),
            "back": reverse(LIST),
        }
        heading = _("Measure agreed: %(agreement)s") % {"agreement": agreement.name}
        return self.page(request, "replies_form", heading, context, status=status)

    def follow_up(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Record what was seen of it."""
        row = self._measure(request, public_id)
        form = StepForm(typed(request))
        status, made = self.attempt(
            request,
            "measure.follow_up",
            form,
            lambda _typed: measures.follow_up(row, form.seen, by=person(request), client_id=form.name),
        )
        if made:
            messages.success(request, _("The step is recorded."))
            return redirect(_address("change", public_id))
        context = {"form": form, "quoted": row.words, "button": _("Record it"), "back": _address("change", public_id)}
        return self.page(request, "replies_form", _title(row), context, status=status)

    def _measure(self, request: HttpRequest, public_id: UUID) -> Any:
        return self.find(request, with_steps(measures.of(capacities(request))), public_id)


def _title(row: Any) -> str:
    return _("Measure %(ref)s") % {"ref": words.reference(row.public_id)}


def _name(what: str) -> str:
    return f"violations_measure_{what}"


def _address(what: str, public_id: Any) -> str:
    return reverse(f"admin:{_name(what)}", args=[public_id])
