"""Moderators' pages of guarantors' statements: read beside one another, and taken down from paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations import replies_seen
from violations.admin import paper, words
from violations.admin.moderating import FORM, ModeratorAdmin, capacities
from violations.admin.replies_shown import shapers, statements_of

LIST = "admin:violations_guarantorstatement_changelist"
MOST_SHOWN = 200


class GuarantorStatementAdmin(ModeratorAdmin):
    """What guarantors state of incidents, periods and editions, in their own words. It changes no finding."""

    home = LIST
    home_called = gettext_lazy("Statements")

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a statement, and taking one down."""
        return [
            path("", self.door("guarantorstatement.list", self.list), name=_name("changelist")),
            path(
                "take_down/<slug:code>/",
                self.door("statement.take_down", self.take_down, methods=FORM),
                name=_name("take_down"),
            ),
            path("<uuid:public_id>/", self.door("guarantorstatement.view", self.show), name=_name("change")),
        ]

    def list(self, request: HttpRequest) -> HttpResponse:
        """The newest first, those whose place another took among them."""
        held = capacities(request)
        with replies_seen.reading_for(held):
            found = list(statements_of(held).order_by("-pk")[:MOST_SHOWN])
            shape = shapers(found)
            shown = [shape[row.agreement_id].statement(row) for row in found]
        most = MOST_SHOWN if len(found) == MOST_SHOWN else 0
        return self.page(request, "statements", _("Guarantors' statements"), {"statements": shown, "most": most})

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """One statement."""
        held = capacities(request)
        with replies_seen.reading_for(held):
            row: Any = self.find(request, statements_of(held), public_id)
            shown = shapers([row])[row.agreement_id].statement(row)
        heading = _("Statement %(ref)s") % {"ref": words.reference(row.public_id)}
        return self.page(request, "statements", heading, {"statements": [shown], "one": True})

    def take_down(self, request: HttpRequest, code: str) -> HttpResponse:
        """Record a statement that came on paper."""
        return paper.statement(self, request, code, reverse(LIST))


def _name(what: str) -> str:
    return f"violations_guarantorstatement_{what}"
