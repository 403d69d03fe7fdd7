"""The page of the shift: notes from those before, what is open by lane and side, and which incidents are claimed."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import MechanismVersion
from violations import shift
from violations.admin import claims_shown, paper, words
from violations.admin.forms import DecidingForm
from violations.admin.moderating import ACT, FORM, ModeratorAdmin, capacities, person, typed
from violations.admin.queue import Queue
from violations.models import Claim, ShiftNote, ShiftNoteRead

PAGE = "admin:violations_shiftnote_changelist"
MOST_SHOWN = 30
AUDIENCES = {
    "all": gettext_lazy("all moderators of the agreement"),
    "side": gettext_lazy("the moderators of my side"),
}


class NoteForm(DecidingForm):
    """What is handed over, and to whom."""

    words = forms.CharField(
        label=gettext_lazy("What you hand over"),
        max_length=shift.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy("It stays in the record and decides nothing. Name nobody; give references."),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who reads it"), choices=list(AUDIENCES.items()), initial="all", widget=forms.RadioSelect
    )


class ShiftNoteAdmin(ModeratorAdmin):
    """What one shift hands over to the next."""

    home = PAGE
    home_called = gettext_lazy("Shift")

    def get_urls(self) -> list[URLPattern]:
        """The page, writing a note, and saying that one read it."""
        return [
            path("", self.door("shiftnote.list", self.show), name="violations_shiftnote_changelist"),
            path(
                "write/<slug:code>/",
                self.door("shift.hand_over", self.write, methods=FORM),
                name="violations_shiftnote_write",
            ),
            path(
                "<uuid:public_id>/read/",
                self.door("shift.read", self.read, methods=ACT),
                name="violations_shiftnote_read",
            ),
        ]

    def show(self, request: HttpRequest) -> HttpResponse:
        """Notes, the newest first; what is open; what is claimed."""
        acting = capacities(request)
        queue = Queue(person(request), acting, QueryDict())
        zones = {row.agreement_id: ZoneInfo(row.time_zone) for row in _versions(acting)}
        context = {
            "queue": queue,
            "notes": [_note(note, zones[note.agreement_id], request) for note in _notes(acting)],
            "claims": [_claim(row, queue, zones[row.agreement_id]) for row in _claims(request)],
            "write": [
                (
                    capacity.accreditation.agreement,
                    reverse("admin:violations_shiftnote_write", args=[capacity.accreditation.agreement.code]),
                )
                for capacity in acting.values()
            ],
            "most": MOST_SHOWN,
        }
        return self.page(request, "shift", _("Shift"), context)

    def write(self, request: HttpRequest, code: str) -> HttpResponse:
        """Hand over to those who come after."""
        agreement = paper.agreement_of(self, request, code)
        form = NoteForm(typed(request))
        status, made = self.attempt(
            request, "shift.hand_over", form, lambda asked: shift.hand_over(agreement, by=person(request), **asked)
        )
        if made:
            messages.success(request, _("Handed over."))
            return redirect(PAGE)
        title = _("Hand over: %(agreement)s") % {"agreement": agreement.name}
        context = {"form": form, "back": reverse(PAGE), "button": _("Hand it over"), "intro": ""}
        return self.page(request, "form", title, context, status=status)

    def read(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Say that one read a note."""
        rows = ShiftNote.objects.readable_in(capacities(request)).select_related("agreement")
        shift.read(self.find(request, rows, public_id), by=person(request))
        return redirect(PAGE)


def _versions(acting: Any) -> Any:
    return MechanismVersion.objects.open().filter(agreement__in=list(acting)).only("agreement", "time_zone")


def _notes(acting: Any) -> Any:
    read = Prefetch("readings", ShiftNoteRead.objects.select_related("by").order_by("pk"))
    rows = ShiftNote.objects.readable_in(acting).newest().select_related("agreement", "by", "side")
    return rows.prefetch_related(read)[:MOST_SHOWN]


def _note(note: ShiftNote, zone: ZoneInfo, request: HttpRequest) -> dict[str, Any]:
    mine = note.by_id == request.user.pk
    readers = list(note.readings.all())
    return {
        "who": f"{note.by.get_username()} ({words.side(note.side)})",
        "when": words.instant_with_offset(note.recorded_at, zone),
        "agreement": note.agreement.name,
        "words": note.words,
        "to_side": note.audience == ShiftNote.Audience.SIDE,
        "readers": ", ".join(row.by.get_username() for row in readers),
        "read": ""
        if mine or any(row.by_id == request.user.pk for row in readers)
        else reverse("admin:violations_shiftnote_read", args=[note.public_id]),
    }


def _claims(request: HttpRequest) -> Any:
    rows = Claim.objects.visible_to(person(request)).running().select_related("incident")
    return rows.order_by("ends_at", "pk")[:MOST_SHOWN]


def _claim(row: Claim, queue: Queue, zone: ZoneInfo) -> dict[str, str]:
    claimed = {"by": row.by_id, "side": row.side_id, "until": row.until.isoformat()}
    return {
        "reference": words.reference(row.incident.public_id),
        "address": reverse("admin:violations_incident_change", args=[row.incident.public_id]),
        "told": claims_shown.told(claimed, queue.names, zone, queue.user),
    }
