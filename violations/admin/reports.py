"""The page of a report as filed, and the moves of its review."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db.models import F, OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.errors import Malformed, NotFound, NotNow, Refusal
from monitoring.models import User
from violations import deciding, findings, grades, linking, sealing, searching
from violations.admin import alike, maps, offered, understood, walking, words
from violations.admin.case import Case, beside
from violations.admin.chains import Chain
from violations.admin.forms import (
    DecidingForm,
    GradeForm,
    GroundsForm,
    LinkForm,
    RevealForm,
    TakeBackForm,
    by_reference,
    chains_by_receipt,
)
from violations.admin.incidents import address
from violations.admin.lists import Listed, by_the_clocks_of, each_in_a_line, in_lines, unbroken, with_zone
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, person, typed
from violations.admin.moves import AT_ONCE, EFFECTS, MOVES
from violations.codebook import ReviewState
from violations.models import Finding, Incident, IncidentReport, ReportLink, ReportParty, ReviewStep

TOLD_BY = {
    "relation": gettext_lazy("How they stand to it"),
    "name": gettext_lazy("Name"),
    "contact": gettext_lazy("How they can be reached"),
    "note": gettext_lazy("Note"),
}
# What leaves the incident to be decided on.
STAYS = {"report.grade", "report.take_back", "review.reopen"}


class IncidentReportAdmin(Listed, ModeratorAdmin):
    """Reports as filed: looked at, reviewed by moves, never edited."""

    list_display = ("reference", "occurred", "act", "parties_named", "review", "filed")
    list_display_links = ("reference",)
    list_filter = ("act", "means")
    search_fields = ("place_as_written", "narrative")
    search_help_text = gettext_lazy("A reference, a receipt, or words of the place or the narrative, in any script.")
    ordering = ("-recorded_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a report, and a page for every move."""
        at_once = [
            path(
                f"<uuid:public_id>/{what}/",
                self.door(f"review.{what}", self._at_once(what), methods=ACT),
                name=_name(what),
            )
            for what in AT_ONCE
        ]
        moves = [
            path(
                f"<uuid:public_id>/{what}/",
                self.door(f"review.{what}", self._move(what), methods=FORM),
                name=_name(what),
            )
            for what in MOVES
        ]
        return [
            path("", self.door("report.list", self.changelist_view), name=_name("changelist")),
            path("<uuid:public_id>/", self.door("report.view", self.show), name=_name("change")),
            *at_once,
            *moves,
            path("<uuid:public_id>/link/", self.door("report.link", self.link, methods=FORM), name=_name("link")),
            path(
                "<uuid:public_id>/take_back/",
                self.door("report.take_back", self.take_back, methods=FORM),
                name=_name("take_back"),
            ),
            path(
                "<uuid:public_id>/effect/",
                self.door("finding.propose", self.effect, methods=FORM),
                name=_name("effect"),
            ),
            path("<uuid:public_id>/grade/", self.door("report.grade", self.grade, methods=FORM), name=_name("grade")),
            path(
                "<uuid:public_id>/reveal/", self.door("source.reveal", self.reveal, methods=FORM), name=_name("reveal")
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """The newest revision of each report that the moderator may see."""
        rows = IncidentReport.objects.visible_to(person(request)).newest()
        last = ReviewStep.objects.filter(chain=OuterRef("chain")).order_by("-pk")
        parties = Prefetch("parties", ReportParty.objects.select_related("party").order_by("pk"))
        return with_zone(rows.annotate(stands=Subquery(last.values("state")[:1]))).prefetch_related(parties)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By reference or by the receipt of any of its revisions, else by words."""
        named = by_reference(queryset, search_term.strip()) | queryset.filter(chain__in=chains_by_receipt(search_term))
        if named.exists():
            return named, False
        if not search_term.strip():
            return queryset, False
        return queryset.annotate(told=searching.in_report(search_term)).filter(told=True), False

    @admin.display(description=gettext_lazy("reference"))
    def reference(self, report: IncidentReport) -> str:
        """Its short reference."""
        return words.reference(report.public_id)

    @admin.display(description=gettext_lazy("happened, place as written"), ordering="occurred_from")
    def occurred(self, report: IncidentReport) -> str:
        """When it happened, no finer than it is known, and where."""
        zone = ZoneInfo(report.time_zone)  # type: ignore[attr-defined]
        told = words.occurred(report.occurred_from, report.occurred_until, report.time_precision, zone, offset=True)
        return in_lines(unbroken(told), report.place_as_written)

    @admin.display(description=gettext_lazy("parties"))
    def parties_named(self, report: IncidentReport) -> str:
        """Every party named, with its role; as written where it is none that is known."""
        named = [
            f"{words.ROLES[row.role]} {row.party.name if row.party else row.as_written}" for row in report.parties.all()
        ]
        return each_in_a_line(*named) or "–"

    @admin.display(description=gettext_lazy("review"))
    def review(self, report: IncidentReport) -> str:
        """Where its review stands, and the number of its revision where it was corrected."""
        state = str(ReviewState(report.stands or ReviewState.SUBMITTED).label)  # type: ignore[attr-defined]
        revision = _("revision %(n)s") % {"n": report.revision} if report.revision > 1 else ""
        return in_lines(state, revision)

    @admin.display(description=gettext_lazy("filed"), ordering="recorded_at")
    def filed(self, report: IncidentReport) -> str:
        """When this revision was recorded."""
        return by_the_clocks_of(report, report.recorded_at)

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One report: as filed, in all revisions, with its review."""
        case, chain = self._case(request, public_id, with_map=True)
        context = {
            "case": case,
            **maps.shown(case),
            "report": understood.report_view(case, chain),
            "zone_name": words.zone_name(case.zone),
            "incident_address": address(case.incident),
            "incident_reference": words.reference(case.incident.public_id),
        }
        title = _("Report %(ref)s") % {"ref": words.reference(chain.newest.public_id)}
        return self.page(request, "report", title, context)

    def _at_once(self, what: str) -> Any:
        verb, done = AT_ONCE[what]

        def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
            report = self._report(request, public_id)
            verb(report, by=person(request))
            messages.success(request, done)
            return self.onward(request, _incident_of(report), while_needed=True)

        return act

    def _move(self, what: str) -> Any:
        move = MOVES[what]

        def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
            report = self._report(request, public_id)
            form = GroundsForm(typed(request), label=move.label, hint=move.hint)
            page = {"title": move.title, "button": move.button, "done": move.done, "action": f"review.{what}"}
            return self._asked(
                request, report, form, page, lambda grounds: move.verb(report, by=person(request), **grounds)
            )

        return act

    def effect(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Propose that a correction or a withdrawal takes effect."""
        case, chain = self._case(request, public_id)
        effect = chain.waits_for_effect
        if not effect:
            raise NotNow(_("Nothing of this report waits to take effect."), code="no_effect")
        title, hint = EFFECTS[Finding.Effect(effect)]
        page = {
            "title": title,
            "intro": hint,
            "button": _("Propose it"),
            "done": _("Proposed. It takes effect when another side seconds it."),
            "action": "finding.propose",
        }
        form = GroundsForm(typed(request))
        return self._asked(
            request,
            chain.newest,
            form,
            page,
            lambda asked: findings.propose_effect(
                case.incident, effect, report=chain.newest, by=person(request), **asked
            ),
        )

    def link(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Link a report to another incident: one that is like it, or one by its reference."""
        report = self._report(request, public_id)
        incident = _incident_of(report)
        zone = Case(incident, person(request)).zone
        candidates = [
            (
                str(row.incident.public_id),
                _("%(ref)s: %(act)s, %(when)s, %(place)s; %(how)s (%(score)s): %(short)s")
                % {
                    "ref": words.reference(row.incident.public_id),
                    "act": row.get_act_display(),
                    "when": words.occurred(row.occurred_from, row.occurred_until, row.time_precision, zone),
                    "place": row.lead_report.place_as_written or _("place not written"),
                    "how": alike.how(other),
                    "score": alike.score(other),
                    "short": alike.in_short(other),
                },
            )
            for other, row in beside(incident, person(request))
        ]
        incidents = Incident.objects.visible_to(person(request)).filter(agreement=report.agreement_id)
        form = LinkForm(typed(request), candidates=candidates, incidents=incidents)
        page = {
            "title": gettext_lazy("Link report %(ref)s to another incident"),
            "intro": ""
            if candidates
            else _("No other incident is like it in place and time; give the reference of the one you mean."),
            "button": _("Link the report"),
            "done": _("The report was linked."),
            "action": "report.link",
        }
        return self._asked(request, report, form, page, lambda asked: self._link(report, asked, by=person(request)))

    def _link(self, report: IncidentReport, asked: dict[str, Any], *, by: User) -> Any:
        return deciding.link(report, asked["incident"], by=by, kind=asked["kind"], grounds=asked["grounds"])

    def grade(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Grade a report otherwise than its team and means do; who did, and why, is shown in the time line."""
        report = self._report(request, public_id)
        has = IncidentReport.objects.with_grades().get(pk=report.pk)
        initial = {"source": has.source_grade, "information": has.information_grade}
        page = {
            "title": gettext_lazy("Grade report %(ref)s"),
            "intro": _("Its grade: %(grades)s. A grade changes nothing that is counted.")
            % {"grades": offered.graded(has)},
            "button": _("Grade the report"),
            "done": _("The report is graded."),
            "action": "report.grade",
        }
        form = GradeForm(typed(request), initial=initial)
        return self._asked(request, report, form, page, lambda asked: grades.grade(report, by=person(request), **asked))

    def take_back(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take a link of a report back: that it belongs to another incident than it opened, or that it is related."""
        _case, chain = self._case(request, public_id)
        if not chain.undoable:
            raise NotNow(_("Nothing of this report is linked: there is no link to take back."), code="nothing_linked")
        page = {
            "title": gettext_lazy("Take back a link of report %(ref)s"),
            "intro": _(
                "What was linked stays in the record with its grounds; that it was taken back stands beside it."
            ),
            "button": _("Take it back"),
            "done": _("The link was taken back."),
            "action": "report.take_back",
        }
        form = TakeBackForm(typed(request), links=chain.undoable)
        return self._asked(
            request,
            chain.newest,
            form,
            page,
            lambda asked: linking.take_back(asked["taken"], by=person(request), grounds=asked["grounds"]),
        )

    def reveal(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Open the sealed source, by an explicit POST with grounds; each view stands in the record and the audit."""
        report = self._report(request, public_id)
        form = RevealForm(typed(request))
        if form.is_valid():
            revealed = sealing.reveal(report, by=person(request), **form.cleaned_data)
            title = _("Sealed source of report %(ref)s") % {"ref": words.reference(report.public_id)}
            source = [(TOLD_BY.get(name, name), value) for name, value in (revealed["source"] or {}).items()]
            context = {"revealed": revealed, "source": source, "back": address(_incident_of(report))}
            return self.page(request, "revealed", title, context)
        page = {
            "title": gettext_lazy("Open the sealed source of report %(ref)s"),
            "intro": _(
                "Who filed a report and who told them is sealed. That you open it, and why, is recorded for auditors."
            ),
            "button": _("Open the sealed source"),
        }
        status = Malformed.status if form.is_bound else 200
        return self._form(request, report, form, page, status=status, incident=_incident_of(report))

    def _asked(
        self, request: HttpRequest, report: IncidentReport, form: DecidingForm, page: dict[str, Any], verb: Any
    ) -> HttpResponse:
        """Show the form; where it is handed in right, call the verb once and go on: to the next of the queue.

        Who came from elsewhere goes back to the incident, and so does who gave a grade: that decides nothing.
        """
        before = _incident_of(report)
        status, made = self.attempt(request, page["action"], form, verb)
        if made:
            self._told(request, made, page["done"])
            in_queue = walking.asked(request) is not None
            stays = page["action"] in STAYS
            return self.onward(request, before if in_queue else _incident_of(report), while_needed=stays)
        return self._form(request, report, form, page, status=status, incident=before)

    def _told(self, request: HttpRequest, made: Any, done: str) -> None:
        moved = isinstance(made, Finding) and made.effect == Finding.Effect.LINK
        messages.success(request, words.linked(made) if moved else done)

    def _form(
        self,
        request: HttpRequest,
        report: IncidentReport,
        form: DecidingForm,
        page: dict[str, Any],
        *,
        status: int,
        incident: Incident,
    ) -> HttpResponse:
        title = str(page["title"]) % {"ref": words.reference(report.public_id)}
        context = {"form": form, "back": address(incident), "button": page["button"]}
        return self.page(request, "form", title, context | {"intro": page.get("intro", "")}, status=status)

    def _report(self, request: HttpRequest, public_id: UUID) -> IncidentReport:
        rows = IncidentReport.objects.visible_to(person(request)).select_related("agreement")
        return self.find(request, rows, public_id)

    def _case(self, request: HttpRequest, public_id: UUID, *, with_map: bool = False) -> tuple[Case, Chain]:
        report = self._report(request, public_id)
        case = Case(_incident_of(report), person(request))
        if with_map:
            case.also |= maps.asked(case) | case.asked_of_provisions  # before anything is asked of the record
        for chain in case.chains:
            if chain.newest.chain == report.chain:
                return case, chain
        raise _lost()


def _name(what: str) -> str:
    return f"violations_incidentreport_{what}"


def _incident_of(report: IncidentReport) -> Incident:
    """The incident that a report belongs to, or last did."""
    found = (
        ReportLink.objects.members()
        .filter(chain=report.chain)
        .select_related("incident__agreement")
        .order_by(F("superseded_at").desc(nulls_first=True), "-pk")
        .first()
    )
    if found is None:
        raise _lost()
    return found.incident


def _lost() -> Refusal:
    return NotFound(_("This report belongs to no incident; ask an operator."), code="no_incident")
