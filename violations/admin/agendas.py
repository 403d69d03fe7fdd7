"""The agenda of a sitting on moderators' pages: an incident put on it and taken off, what the sitting said of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from monitoring.errors import Malformed, NotNow
from violations import determinations, sittings
from violations.admin import sittings_shown, words
from violations.admin.case import Case
from violations.admin.forms import DecidingForm, GroundsForm
from violations.admin.incidents import address as incident_address
from violations.admin.incidents import title as incident_title
from violations.admin.moderating import FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.sittings_forms import BeforeForm, FindForm, OutcomeForm
from violations.admin.sittings_shown import title
from violations.models import AgendaItem, Incident, Sitting

MOST_OFFERED = 12


class AgendaPages(ModeratorAdmin):
    """The pages about one item of an agenda, in which `violations.admin.sittings` has its own."""

    def agenda_urls(self) -> list[URLPattern]:
        """Finding an incident, putting it on, recording what was said of it, taking it off."""
        return [
            path(
                "<uuid:public_id>/put_on/",
                self.door("sitting.put_on", self.find_one, methods=FORM),
                name="violations_sitting_find",
            ),
            path(
                "incident/<uuid:public_id>/",
                self.door("sitting.put_on", self.put_on, methods=FORM),
                name="violations_incident_sitting",
            ),
            path(
                "item/<uuid:public_id>/outcome/",
                self.door("sitting.record_outcome", self.record, methods=FORM),
                name="violations_agendaitem_outcome",
            ),
            path(
                "item/<uuid:public_id>/take_off/",
                self.door("sitting.take_off", self.take_off, methods=FORM),
                name="violations_agendaitem_take_off",
            ),
        ]

    def find_one(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Find the incident that is to go on the agenda; which of its findings is asked on the next page."""
        sitting = self._sitting(request, public_id)
        incidents = Incident.objects.visible_to(person(request)).filter(agreement=sitting.agreement_id)
        form = FindForm(typed(request), incidents=incidents)
        if request.method == "POST" and form.is_valid() and form.incident is not None:
            onward = reverse("admin:violations_incident_sitting", args=[form.incident.public_id])
            return redirect(f"{onward}?sitting={sitting.public_id}")
        context = {
            "form": form,
            "intro": _("What is proposed on it, or agreed by two sides, can go before the sitting."),
            "button": _("Go on"),
            "back": sittings_shown.address(sitting),
        }
        heading = _("Put an incident on the agenda: %(sitting)s") % {"sitting": title(sitting)}
        return self.page(request, "replies_form", heading, context, status=Malformed.status if form.errors else 200)

    def put_on(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Put a finding of an incident before a sitting; `?sitting=` names the one that is meant."""
        rows = Incident.objects.visible_to(person(request)).select_related("agreement")
        case = Case(self.find(request, rows, public_id), person(request))
        findings = {str(row.public_id): row for row in sittings_shown.may_go_before_one(case.findings)}
        offered = {str(row.public_id): row for row in _offered(case.incident.agreement_id, request.GET.get("sitting"))}
        if not findings or not offered:
            raise NotNow(self._why_none(bool(findings)), code="nothing_to_put_on")
        form = BeforeForm(
            typed(request),
            offered=[(key, ", ".join(filter(None, (title(row), row.place)))) for key, row in offered.items()],
            findings=[
                (key, f"{sittings_shown.before_it(row)}: {sittings_shown.axes_in_short(row)}")
                for key, row in findings.items()
            ],
            initial={
                "sitting": request.GET.get("sitting") or next(iter(offered)),
                "finding": next(iter(findings)),
            },
        )
        status, item = self.attempt(
            request,
            "sitting.put_on",
            form,
            lambda given: sittings.put_on(offered[given["sitting"]], findings[given["finding"]], by=person(request)),
        )
        if item:
            told = _("Incident %(ref)s is on the agenda, number %(n)d.")
            messages.success(request, told % {"ref": words.reference(case.incident.public_id), "n": item.place})
            return redirect(sittings_shown.address(item.sitting))
        context = {
            "form": form,
            "intro": _("It changes nothing that is counted. The sitting says whether what is before it is agreed."),
            "button": _("Put it on the agenda"),
            "back": incident_address(case.incident),
        }
        heading = _("%(incident)s before a sitting") % {"incident": incident_title(case.incident)}
        return self.page(request, "replies_form", heading, context, status=status)

    def record(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Record what the sitting said of an item."""
        return self._of_item(
            request,
            public_id,
            OutcomeForm(typed(request)),
            "sitting.record_outcome",
            lambda item, given: determinations.record(
                item, given["outcome"], grounds=given["grounds"], by=person(request)
            ),
            _("Recorded. A person of another side, or an independent, confirms it; until then nothing changes."),
            _("Record what it said"),
        )

    def take_off(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take an item off the agenda."""
        return self._of_item(
            request,
            public_id,
            GroundsForm(typed(request), hint=_("Its finding stands as it did, and may be put on again.")),
            "sitting.take_off",
            lambda item, given: sittings.take_off(item, by=person(request), grounds=given["grounds"]),
            _("It is off the agenda."),
            _("Take it off the agenda"),
        )

    def _of_item(
        self,
        request: HttpRequest,
        public_id: UUID,
        form: DecidingForm,
        action: str,
        verb: Any,
        told: str,
        button: str,
    ) -> HttpResponse:
        """A form about one item, and back to its sitting."""
        theirs = AgendaItem.objects.filter(sitting__agreement__in=list(capacities(request)))
        rows = sittings_shown.items_of(theirs).select_related("sitting__agreement", "incident", "finding")
        item = self.find(request, rows, public_id)
        status, made = self.attempt(request, action, form, lambda given: verb(item, given))
        if made:
            messages.success(request, told)
            return redirect(sittings_shown.address(item.sitting))
        about = _("%(incident)s, number %(n)d: %(before)s, %(says)s.") % {
            "incident": incident_title(item.incident),
            "n": item.place,
            "before": sittings_shown.before_it(item.finding),
            "says": sittings_shown.axes_in_short(item.finding),
        }
        context = {"form": form, "intro": about, "button": button, "back": sittings_shown.address(item.sitting)}
        return self.page(request, "replies_form", f"{button}: {title(item.sitting)}", context, status=status)

    def _sitting(self, request: HttpRequest, public_id: UUID) -> Any:
        mine = Q(agreement__in=list(capacities(request)))
        return self.find(request, sittings_shown.with_items(Sitting.objects.filter(mine)), public_id)

    @staticmethod
    def _why_none(any_finding: bool) -> str:
        if any_finding:
            return _("No sitting is called yet: call one, then put this on its agenda.")
        return _(
            "Nothing is proposed on it, or agreed by two, that can go before a sitting as it is: propose a finding."
        )


def _offered(agreement: int, meant: str | None) -> list[Sitting]:
    """The last sittings of a truce, and before them the one that is `meant`, however long ago it was held."""
    called = Sitting.objects.filter(agreement=agreement)
    last = list(called.order_by("-held_on", "-pk")[:MOST_OFFERED])
    if not meant or meant in {str(row.public_id) for row in last}:
        return last
    try:
        return [*called.filter(public_id=UUID(meant)), *last]
    except ValueError:
        return last
