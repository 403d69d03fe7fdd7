"""Findings and proposals: the page of one, seconding it, dissenting from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import codebook, findings
from violations.admin import offered, words
from violations.admin.case import Case
from violations.admin.forms import GroundsForm
from violations.admin.incidents import address
from violations.admin.lists import Listed, by_the_clocks_of, happened, in_lines, with_incident, with_zone
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed
from violations.models import Finding


class FindingAdmin(Listed, ModeratorAdmin):
    """What was found and what is proposed: looked at, seconded, dissented from, never edited."""

    change_list_template = "violations/finding_list.html"
    list_display = ("choose", "reference", "of_incident", "stands", "found", "by_whom", "recorded")
    list_display_links = ("reference",)
    list_filter = ("standing", "verification", "conduct", "effect")
    ordering = ("-recorded_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a finding, seconding, dissenting."""
        name = "violations_finding_"
        return [
            path("", self.door("finding.list", self.changelist_view), name=f"{name}changelist"),
            path("<uuid:public_id>/", self.door("finding.view", self.show), name=f"{name}change"),
            path(
                "<uuid:public_id>/second/", self.door("finding.second", self.second, methods=ACT), name=f"{name}second"
            ),
            path(
                "<uuid:public_id>/dissent/",
                self.door("finding.dissent", self.dissent, methods=FORM),
                name=f"{name}dissent",
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Those of the agreements moderated."""
        rows = Finding.objects.visible_to(person(request)).select_related("proposed_side", "seconded_side")
        return with_zone(with_incident(rows))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with what it was asked for, so that many of it can be seconded."""
        asked = [(name, value) for name, values in request.GET.lists() for value in values]
        return super().changelist_view(request, {"asked": asked, **(extra_context or {})})

    @admin.display(description=gettext_lazy("choose"))
    def choose(self, finding: Finding) -> str:
        """A box to tick at each open proposal."""
        if finding.standing != codebook.Standing.PROPOSED or finding.superseded_at is not None:
            return ""
        label = _("Choose proposal %(ref)s") % {"ref": self.reference(finding)}
        box = '<input type="checkbox" name="chosen" value="{}" form="seconding" aria-label="{}">'
        return format_html(box, finding.public_id, label)

    @admin.display(description=gettext_lazy("reference"))
    def reference(self, finding: Finding) -> str:
        """Its short reference."""
        return words.reference(finding.public_id)

    @admin.display(description=gettext_lazy("of what"))
    def of_incident(self, finding: Finding) -> str:
        """When the incident happened, what was done, and where, as the report that leads it says."""
        assessed = finding.assessed  # type: ignore[attr-defined]
        if not assessed:
            return "–"
        return in_lines(happened(finding, assessed), str(codebook.Act(assessed["act"]).label), assessed["place"])

    @admin.display(description=gettext_lazy("standing"), ordering="standing")
    def stands(self, finding: Finding) -> str:
        """How far it has come, and whether it still holds."""
        return in_lines(finding.get_standing_display(), "" if finding.superseded_at is None else _("holds no longer"))

    @admin.display(description=gettext_lazy("what it says"), ordering="verification")
    def found(self, finding: Finding) -> str:
        """Whether it stands, and whether it was a breach."""
        return in_lines(finding.get_verification_display(), finding.get_conduct_display())

    @admin.display(description=gettext_lazy("by"))
    def by_whom(self, finding: Finding) -> str:
        """The side that proposed, and the one that seconded."""
        sides = [finding.proposed_side, *([finding.seconded_side] if finding.seconded_by_id else [])]
        return ", ".join(words.side(side) for side in sides)

    @admin.display(description=gettext_lazy("recorded"), ordering="recorded_at")
    def recorded(self, finding: Finding) -> str:
        """When it was recorded."""
        return by_the_clocks_of(finding, finding.recorded_at)

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """The whole of a finding or proposal, what is agreed beside it, and what seconding changes in the count."""
        finding, case = self._finding(request, public_id)
        finding = self._whole(case, finding)
        view = offered.finding_view(case, finding, capacities(request)[finding.agreement_id])
        proposed = finding.standing == codebook.Standing.PROPOSED
        heading = _("Proposal %(ref)s") if proposed else _("Finding %(ref)s")
        context = {
            "case": case,
            "view": view,
            "open": finding.superseded_at is None,
            "back": address(case.incident),
            "incident_reference": words.reference(case.incident.public_id),
            "zone_name": words.zone_name(case.zone),
            **(self._count(case, finding) if case.live else {}),
        }
        return self.page(request, "finding", heading % {"ref": view["reference"]}, context)

    def _count(self, case: Case, finding: Finding) -> dict[str, Any]:
        """Where the incident stands in the count now, and where it would once the proposal is seconded."""
        if finding.effect != Finding.Effect.FINDING:
            return {"column_now": case.column}
        rest = [row for row in case.proposals if row.pk != finding.pk]
        return {"column_now": case.column, "column_then": case.column_by(finding, rest)}

    def second(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Second a proposal: what it says now counts."""
        finding, case = self._finding(request, public_id)
        findings.second(finding, by=person(request))
        told = _("Seconded: what it says now counts. The incident stands under: %(column)s.")
        after = Case(case.incident, case.user)
        if after.live:
            messages.success(request, told % {"column": after.column})
        else:
            messages.success(request, _("Seconded: it has taken effect. No report belongs to this incident any more."))
        return self.onward(request, case.incident)

    def dissent(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Record disagreement, with grounds; it changes nothing and stands beside the finding."""
        finding, case = self._finding(request, public_id)
        form = GroundsForm(
            typed(request),
            hint=_(
                "Moderators of every side read it beside the finding, with the side you act for. Reports tell how many "
                "dissented, of which side and on which day, never on what grounds. It changes nothing in the count."
            ),
        )
        status, dissent = self.attempt(
            request,
            "finding.dissent",
            form,
            lambda asked: findings.dissent(finding, by=person(request), grounds=asked["grounds"]),
        )
        if dissent:
            messages.success(request, _("Your dissent is recorded."))
            return self.onward(request, case.incident)
        context = {"form": form, "back": address(case.incident), "button": _("Record the dissent"), "intro": ""}
        title = _("Dissent from %(ref)s") % {"ref": words.reference(finding.public_id)}
        return self.page(request, "form", title, context, status=status)

    def _finding(self, request: HttpRequest, public_id: UUID) -> tuple[Finding, Case]:
        user = person(request)
        rows = Finding.objects.visible_to(user).select_related("incident__agreement", "agreement")
        finding = self.find(request, rows, public_id)
        return finding, Case(finding.incident, user)

    def _whole(self, case: Case, finding: Finding) -> Finding:
        """The same row with all that belongs to it, as the case has it."""
        return next(row for row in case.findings if row.pk == finding.pk)
