"""The moderators' pages on which closings that two people release are let be: what is in them, who has, and who may."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from monitoring import canonical
from monitoring.errors import NotFound
from reports import approvals, drafts_seen, tasks
from reports.closings import commenting
from reports.models import Closing, ReleaseApproval
from reports.renderers.document.comments import rule, unsaid
from reports.renderers.reading import Reading
from violations.admin.lists import by_the_clocks_of, with_zone
from violations.admin.moderating import ACT, ModeratorAdmin, capacities, person

LIST = "admin:reports_closing_releases"
ONE = "admin:reports_closing_release"


class ReleasePage(ModeratorAdmin):
    """The pages; they belong to the table of closings, of which moderators see no other."""

    home = LIST

    def get_urls(self) -> list[URLPattern]:
        """The list, one, its content to take away, letting it be released, and taking that back."""
        return [
            path("releases/", self.door("closing.releases", self.list), name="reports_closing_releases"),
            path("releases/<uuid:public_id>/", self.door("closing.release", self.show), name="reports_closing_release"),
            path(
                "releases/<uuid:public_id>/content/",
                self.door("closing.content", self.content),
                name="reports_closing_content",
            ),
            path(
                "releases/<uuid:public_id>/approve/",
                self.door("closing.approve", self.approve, methods=ACT),
                name="reports_closing_approve",
            ),
            path(
                "releases/<uuid:public_id>/take-back/",
                self.door("closing.take_back_approval", self.take_back, methods=ACT),
                name="reports_closing_take_back",
            ),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """Those that wait, oldest period first."""
        rows = with_zone(approvals.visible_to(person(request))).prefetch_related("approvals")
        listed = [
            {
                "name": _named(row),
                "address": reverse(ONE, args=[row.public_id]),
                "cutoff": by_the_clocks_of(row, row.cutoff_at),
                "given": sum(one.superseded_at is None for one in row.approvals.all()),
            }
            for row in rows
        ]
        return self.page(request, "reports/releases", _("Reports that wait for their release"), {"listed": listed})

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """What would be released: its figures at a glance, the comments, both hashes, and who has let it be."""
        closing = self._waiting(request, public_id)
        with drafts_seen.reading_for([closing.agreement_id]):
            told = commenting.printed(closing)
            reading = Reading(json.loads(closing.content() or ""), None, "en", comments=told)
        given = ReleaseApproval.objects.open().filter(closing=closing).select_related("by", "side").order_by("pk")
        capacity = capacities(request)[closing.agreement_id]
        context = {
            "closing": closing,
            "figures": _at_a_glance(reading),
            "rule": rule(reading, told),
            "comments": [
                {**item, "guarantor": reading.name("guarantor", item["guarantor"]), "unsaid": unsaid(item)}
                for item in told["comments"]
            ],
            "given": [
                {"mine": row.by_id == person(request).pk, "side": row.side.name if row.side else ""} for row in given
            ],
            "mine": any(row.by_id == person(request).pk for row in given),
            "taken_back": any(approvals.may_be_taken_back(row, capacity, by=person(request)) for row in given),
            "content": reverse("admin:reports_closing_content", args=[public_id]),
            "approve": reverse("admin:reports_closing_approve", args=[public_id]),
            "take_back": reverse("admin:reports_closing_take_back", args=[public_id]),
        }
        return self.page(request, "reports/release", _named(closing), context)

    def content(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """The common content and the comments as they are hashed, to take away."""
        closing = self._waiting(request, public_id)
        with drafts_seen.reading_for([closing.agreement_id]):
            told = {"closing": json.loads(closing.content() or ""), "comments": commenting.printed(closing)}
        name = f"{closing.agreement.code}_{closing.period}_no{closing.number}_to_be_released.json"
        return HttpResponse(
            canonical.dumps(told) + "\n",
            content_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def approve(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Let it be released, as it was seen; where that makes two, a worker is told at once."""
        self._waiting(request, public_id)
        seen = approvals.Seen(request.POST.get("content", "")[:64], request.POST.get("comments", "")[:64])
        given = approvals.approve(public_id, seen, by=person(request))
        tasks.advance_closing.delay_on_commit(closing_id=given.closing_id)
        messages.success(request, _("You have let it be released. With another side's word it goes to all at once."))
        return redirect(LIST)

    def take_back(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take back that one has let it be released."""
        self._waiting(request, public_id)
        approvals.take_back(public_id, by=person(request))
        messages.success(request, _("You have taken it back: it is not released with your word."))
        return redirect(ONE, public_id)

    def _waiting(self, request: HttpRequest, public_id: UUID) -> Closing:
        """The closing of a truce that the person moderates, while it waits. Raises NotFound."""
        rows = Closing.objects.filter(agreement__in=list(capacities(request))).to_be_agreed()
        closing = rows.select_related("agreement", "version").filter(public_id=public_id).first()
        if closing is None:
            raise NotFound(_("No report of yours that waits for its release is there."), code="not_visible")
        request._opened = closing  # type: ignore[attr-defined]
        return closing


def _named(closing: Closing) -> str:
    told = {"truce": closing.agreement.name, "period": closing.period, "number": closing.number}
    if closing.revision:
        return _("%(truce)s, %(period)s, Rev. %(revision)s") % {**told, "revision": closing.revision}
    return _("%(truce)s, %(period)s, closing %(number)s") % told


def _at_a_glance(reading: Reading) -> list[tuple[str, Any]]:
    total = reading.sections["incidents"]["total"]
    return [
        (_("Incidents registered"), total["registered"]),
        (_("of these violations"), total["subtotals"]["violations"]),
        (_("of these pending"), total["columns"]["pending"]),
    ]
