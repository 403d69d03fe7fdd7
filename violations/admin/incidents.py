"""The queue and the page of an incident, and proposing a finding on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.accreditation import Capacity
from monitoring.errors import Malformed, NotNow, Refusal
from violations import candidates, deciding, full_form, lanes, linking, moderation_codes
from violations.admin import (
    alike,
    axes,
    claims_shown,
    comparing,
    graver,
    maps,
    offered,
    past,
    reading,
    replies_shown,
    sittings_shown,
    understood,
    walking,
    words,
)
from violations.admin.case import Case
from violations.admin.forms import DecisionForm
from violations.admin.lanes import LaneForm, lane_view
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.queue import Queue
from violations.admin.timeline import timeline
from violations.models import Finding, Incident, LaneMove, ReportLink


class IncidentAdmin(ModeratorAdmin):
    """Incidents: the queue of those that wait for a decision, and all that the record holds of each."""

    def get_urls(self) -> list[URLPattern]:
        """The queue, the page of an incident, and proposing."""
        return [
            path("", self.door("incident.list", self.queue), name="violations_incident_changelist"),
            path("<uuid:public_id>/", self.door("incident.view", self.show), name="violations_incident_change"),
            path("<uuid:public_id>/at/", self.door("incident.at", self.show_at), name="violations_incident_at"),
            path("<uuid:public_id>/next/", self.door("incident.next", self.next), name="violations_incident_next"),
            path(
                "<uuid:public_id>/propose/",
                self.door("finding.propose", self.propose, methods=FORM),
                name="violations_incident_propose",
            ),
            path(
                "<uuid:public_id>/lane/",
                self.door("lane.move", self.move_lane, methods=FORM),
                name="violations_incident_lane",
            ),
            path(
                "lane/<uuid:public_id>/second/",
                self.door("lane.second", self.second_lane, methods=ACT),
                name="violations_lanemove_second",
            ),
            path(
                "<uuid:public_id>/compare/<uuid:other>/",
                self.door("report.link", self.compare, methods=FORM),
                name="violations_incident_compare",
            ),
        ]

    def queue(self, request: HttpRequest) -> HttpResponse:
        """What needs the moderator, gravest and longest waiting first."""
        queue = Queue(person(request), capacities(request), request.GET)
        return self.page(request, "queue", _("Incidents"), {"queue": queue})

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One incident."""
        case = self._case(request, public_id)
        case.also |= claims_shown.asked(case)
        capacity = capacities(request)[case.incident.agreement_id]
        context = incident_context(case, capacity) | {
            "walk": walking.links(request, case.incident),
            "claim": claims_shown.claim_view(case) if case.live else {},
        }
        return self.page(request, "incident", title(case.incident), context)

    def next(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Pass to what comes next in the queue, and leave this one as it is."""
        rows = Incident.objects.visible_to(person(request))
        return self.onward(request, self.find(request, rows, public_id))

    def show_at(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """The same as it was known at a past moment, with nothing to be done; without one, it is asked for."""
        incident = self._incident(request, public_id)
        zone = ZoneInfo(incident.agreement.terms.time_zone)
        form = past.MomentForm(request.GET if "at" in request.GET else None, zone=zone)
        told: dict[str, Any] = {"form": form, "incident": incident, "back": address(incident)}
        status = Malformed.status if form.errors else 200
        if form.is_valid():
            try:
                past.require_known(incident, form.cleaned_data["at"])
                case = Case(incident, person(request), form.cleaned_data["at"])
                told |= incident_context(case, capacities(request)[incident.agreement_id])
                told |= past.told(case)
                return self.page(request, "incident", title(incident), told)
            except Refusal as refusal:
                self.deny(request, "incident.at", refusal)
                form.tell(refusal)
                status = refusal.status
        return self.page(request, "incident_at", title(incident), told, status=status)

    def propose(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Propose a finding; what was typed is kept where it is refused."""
        case = self._case(request, public_id)
        if case.assessment is None or not case.live:
            raise NotNow(
                _("No report belongs to this incident any more: it was merged into another or withdrawn."),
                code="not_live",
            )
        capacity = capacities(request)[case.incident.agreement_id]
        own = own_proposal(case, capacity)
        before = own or case.agreed
        accepting = reading.AcceptForm(typed(request), case=case)
        form = DecisionForm(typed(request), case=case, before=before)
        if "one_more_row" in request.POST:
            form = DecisionForm(case=case, before=before, begun=form)
            return self._form_of_finding(request, case, form, own)
        verb = deciding.accept_and_propose if accepting.chosen else full_form.propose
        status, proposal = self.attempt(
            request,
            "finding.propose",
            form,
            lambda _typed: verb(case.incident, form.decision(), form.grades.given(), by=person(request)),
        )
        if proposal:
            return self._proposed(request, case, proposal)
        return self._form_of_finding(request, case, form, own, status=status)

    def _form_of_finding(
        self, request: HttpRequest, case: Case, form: DecisionForm, own: Finding | None, *, status: int = 200
    ) -> HttpResponse:
        assert case.assessment is not None  # noqa: S101 - a live case has one
        context = {
            "case": case,
            "form": form,
            "accepting": reading.AcceptForm(typed(request), case=case),
            "own": own,
            "grave": graver.asked(case),
            "before": axes.axes(case.agreed, case.assessment),
            "who_seconds": words.who_seconds(capacities(request)[case.incident.agreement_id].side),
            "column": case.column,
            "back": address(case.incident),
        }
        heading = _("Propose a finding on incident %(ref)s") % {"ref": words.reference(case.incident.public_id)}
        return self.page(request, "propose", heading, context, status=status)

    def move_lane(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Move the incident to another lane, or propose it where that asks for less than now."""
        case = self._case(request, public_id)
        assessed: Any = lanes.assessed_in_lane(case.incident)
        form = LaneForm(typed(request), now=assessed.lane)
        status, moved = self.attempt(
            request, "lane.move", form, lambda asked: lanes.move(case.incident, by=person(request), **asked)
        )
        if moved:
            done = _("The incident was moved to the lane “%(lane)s”.")
            if not moved.in_force:
                done = _("Proposed: it moves to the lane “%(lane)s” when another side seconds it.")
            messages.success(request, done % {"lane": moved.get_lane_display()})
            return self.onward(request, case.incident, while_needed=True)
        now = moderation_codes.Lane(assessed.lane).label
        intro = _("It stands in the lane “%(lane)s”. A lane changes nothing that is counted.") % {"lane": now}
        context = {"form": form, "back": address(case.incident), "button": _("Move it"), "intro": intro}
        heading = _("Move incident %(ref)s to another lane") % {"ref": words.reference(case.incident.public_id)}
        return self.page(request, "form", heading, context, status=status)

    def second_lane(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Second a proposed move: the incident stands there now."""
        rows = LaneMove.objects.visible_to(person(request)).select_related("incident", "agreement")
        proposal = self.find(request, rows, public_id)
        moved = lanes.second(proposal, by=person(request))
        messages.success(
            request,
            _("Seconded: the incident stands in the lane “%(lane)s” now.") % {"lane": moved.get_lane_display()},
        )
        return self.onward(request, proposal.incident, while_needed=True)

    def compare(self, request: HttpRequest, public_id: UUID, other: UUID) -> HttpResponse:
        """Two incidents side by side, how alike they are and why; a report of the one may be linked to the other."""
        theirs, case = self._case(request, other), self._case(request, public_id)
        if theirs.incident == case.incident:
            raise NotNow(_("An incident is not compared with itself. Choose another."), code="same_incident")
        if theirs.incident.agreement_id != case.incident.agreement_id:
            raise NotNow(_("The two incidents are of different agreements."), code="another_agreement")
        theirs.names = case.names  # of one agreement
        movable = comparing.movable(case, theirs)
        form = comparing.CompareForm(typed(request), movable=movable)
        status, made = self.attempt(
            request,
            "report.link",
            form,
            lambda asked: linking.link(
                asked["report"].report,
                asked["report"].into,
                by=person(request),
                kind=asked["kind"],
                grounds=asked["grounds"],
            ),
        )
        if made:
            messages.success(request, words.linked(made))
            return self.onward(request, case.incident)
        audit.done(
            "incident.compare.look", by=person(request), on=theirs.incident
        )  # of the other, everybody's page does
        return self.page(request, "compare", *comparison(case, theirs, form), status=status)

    def _proposed(self, request: HttpRequest, case: Case, proposal: Finding) -> HttpResponse:
        told = _("Proposed. It counts for nothing yet: %(who)s must second it.")
        messages.success(request, told % {"who": words.who_seconds(proposal.proposed_side)})
        return self.onward(request, case.incident)

    def _case(self, request: HttpRequest, public_id: UUID) -> Case:
        return Case(self._incident(request, public_id), person(request))

    def _incident(self, request: HttpRequest, public_id: UUID) -> Incident:
        rows = Incident.objects.visible_to(person(request)).select_related("agreement")
        return self.find(request, rows, public_id)


def address(incident: Incident) -> str:
    """Where the page of an incident is."""
    return reverse("admin:violations_incident_change", args=[incident.public_id])


def compare_address(incident: Incident, other: Incident) -> str:
    """Where two incidents stand side by side."""
    return reverse("admin:violations_incident_compare", args=[incident.public_id, other.public_id])


def title(incident: Incident) -> str:
    """What the page of an incident is called."""
    return _("Incident %(ref)s") % {"ref": words.reference(incident.public_id)}


def own_proposal(case: Case, capacity: Capacity) -> Finding | None:
    """The open proposal of the side that the moderator acts for."""
    side = capacity.side.pk if capacity.side else None
    return next(
        (row for row in case.proposals if row.proposed_side_id == side and row.effect == Finding.Effect.FINDING), None
    )


def incident_context(case: Case, capacity: Capacity) -> dict[str, Any]:
    """What the page of an incident shows."""
    case.also |= maps.asked(case) | case.asked_of_provisions  # before anything is asked of the record
    return {
        "case": case,
        "capacity": capacity,
        "zone_name": words.zone_name(case.zone),
        "facts": facts(case),
        "lane": lane_view(case, capacity),
        "reports": [understood.report_view(case, chain) for chain in case.chains],
        "agreed": case.agreed and offered.finding_view(case, case.agreed, capacity),
        "proposals": [
            offered.finding_view(case, row, capacity) | {"column_then": column_then(case, row)}
            for row in case.proposals
        ],
        "column": case.column,
        "may_propose": case.live and not case.at,
        "timeline": timeline(case),
        "sittings": sittings_shown.of_incident(case.agenda_items, case.zone),
        "put_before": reverse("admin:violations_incident_sitting", args=[case.incident.public_id])
        if not case.at and sittings_shown.can_be_put_on(case)
        else "",
        "moment_form": past.MomentForm(zone=case.zone),
        "replies": replies_shown.of_incidents(case.version, case.once_apart, case.at),
        **maps.shown(case),
        "related": [_note(case, link) for link in case.related],
        "candidates": [
            {
                "assessment": row,
                "reference": words.reference(row.incident.public_id),
                "address": address(row.incident),
                "compare": compare_address(case.incident, row.incident),
                "how": alike.how(other),
                "score": alike.score(other),
                "short": alike.in_short(other),
                "occurred": words.occurred(row.occurred_from, row.occurred_until, row.time_precision, case.zone),
            }
            for other, row in case.candidates
        ],
        "moved_to": case.moved_to,
        "moved_to_address": address(case.moved_to) if case.moved_to else "",
        "moved_to_reference": words.reference(case.moved_to.public_id) if case.moved_to else "",
    }


def column_then(case: Case, proposal: Finding) -> str:
    """Under what the incident would stand in the count once a finding that is proposed is seconded."""
    if case.assessment is None or not case.live or proposal.effect != Finding.Effect.FINDING:
        return ""
    rest = [row for row in case.proposals if row.pk != proposal.pk]
    return axes.column(case.assessment, proposal, rest, terms=case.version, at=case.at)


def _note(case: Case, link: ReportLink) -> dict[str, str]:
    """A note that a report of another incident has to do with this one."""
    return {
        "reference": words.reference(link.report.public_id),
        "address": reverse("admin:violations_incidentreport_change", args=[link.report.public_id]),
        "take_back": reverse("admin:violations_incidentreport_take_back", args=[link.report.public_id]),
        "who": link.by.get_username() if link.by else "",
        "when": words.instant(link.recorded_at, case.zone),
        "grounds": link.grounds,
    }


def comparison(case: Case, other: Case, form: comparing.CompareForm) -> tuple[str, dict[str, Any]]:
    """The title of the page that has two incidents side by side, and what it shows."""
    found = candidates.between(case.incident.pk, other.incident.pk)
    references = [words.reference(one.incident.public_id) for one in (case, other)]
    return _("Compare incident %(ref)s with %(other)s") % dict(zip(("ref", "other"), references, strict=True)), {
        "zone_name": words.zone_name(case.zone),
        "sides": [
            {
                "reference": reference,
                "address": address(one.incident),
                "live": one.live,
                "column": one.column,
                "lead": comparing.lead(one),
            }
            for one, reference in zip((case, other), references, strict=True)
        ],
        "rows": comparing.compared(case, other, facts),
        "how": alike.how(found) if found else "",
        "score": alike.score(found) if found else "",
        "why": alike.why(found) if found else [],
        "form": form,
        "back": address(case.incident),
    }


def facts(case: Case) -> list[tuple[str, list[str]]]:
    """What the system makes of the incident, a name and lines each."""
    row = case.assessment
    if row is None:
        return []
    names = case.names
    lines = [
        f"{line.zone.name}: " + _drawn(line) for line in case.lines if line.zone_id in row.zones and _holds(line, row)
    ]
    harm = words.harm((row.killed_low, row.killed_high), (row.injured_low, row.injured_high))
    return [
        (_("Happened"), [words.occurred(row.occurred_from, row.occurred_until, row.time_precision, case.zone)]),
        (_("Time known to"), [str(row.get_time_precision_display())]),
        (_("Act"), [str(row.get_act_display())]),
        (_("Areas"), [names.areas[pk].name for pk in row.areas if pk in names.areas] or [_("not placed in an area")]),
        (_("Place known to"), [str(row.get_place_precision_display())]),
        (_("Zones"), lines or [names.zones[pk].name for pk in row.zones if pk in names.zones] or [_("in none")]),
        (_("Reported casualties"), [harm or _("none known")]),
        (_("Scope"), [str(row.get_scope_display())]),
        (_("Because"), offered.scope_in_words(case)),
        (_("Judged by"), [_("mechanism file, version %(n)d") % {"n": row.version.number}]),
    ]


def _holds(line: Any, row: Any) -> bool:
    return row.point is None or line.boundary.covers(row.point)


def _drawn(line: Any) -> str:
    if line.drawn_by:
        return _("inside the line as drawn by %(holder)s") % {"holder": line.drawn_by}
    return _("inside the agreed line")
