"""Moderators' pages of sittings: those called, one with its agenda, what it said, its minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.errors import Malformed, NotNow, Refusal
from violations import determinations, sittings
from violations.admin import paper, sittings_shown, words
from violations.admin.case import Case
from violations.admin.forms import DecidingForm, GroundsForm
from violations.admin.incidents import address as incident_address
from violations.admin.incidents import title as incident_title
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.sittings_forms import BeforeForm, CallForm, FindForm, MinutesForm, OutcomeForm
from violations.admin.sittings_shown import Agenda, title
from violations.models import AgendaItem, Incident, Sitting, SittingOutcome

LIST = "admin:violations_sitting_changelist"
MOST_SHOWN = 200
MOST_OFFERED = 12


class SittingAdmin(ModeratorAdmin):
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
                "<uuid:public_id>/put_on/", self.door("sitting.put_on", self.find_one, methods=FORM), name=_name("find")
            ),
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
        offered = {
            str(row.public_id): row
            for row in Sitting.objects.filter(agreement=case.incident.agreement_id).order_by("-held_on", "-pk")[
                :MOST_OFFERED
            ]
        }
        if not findings or not offered:
            raise NotNow(self._why_none(bool(findings)), code="nothing_to_put_on")
        form = BeforeForm(
            typed(request),
            offered=[(key, f"{title(row)}, {row.body}") for key, row in offered.items()],
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


def _name(what: str) -> str:
    return f"violations_sitting_{what}"
