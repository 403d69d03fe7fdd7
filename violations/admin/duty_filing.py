"""The duty officer's quick form: what a caller tells or what stands on paper, filed, and the receipt to read out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from monitoring import duty_officers
from monitoring.errors import Malformed, NotFound, Refusal
from monitoring.models import Agreement, Team
from violations import effort, filing, receipts, sealing
from violations.admin import words
from violations.admin.moderating import ModeratorAdmin, capacities, person, typed
from violations.codebook import Channel
from violations.hours_form import HoursForm
from violations.models import IncidentReport
from violations.report_form import ReportForm


class FormOfReport(ReportForm):
    """The form, as pages of the administration lay fields out."""

    required_css_class = "required"
    template_name = "violations/fields.html"


class FormOfHours(HoursForm):
    """The same of hours."""

    required_css_class = "required"
    template_name = "violations/fields.html"


def file(admin: ModeratorAdmin, request: HttpRequest, code: str) -> HttpResponse:
    """The form; where it is handed in right, file the report once and show the receipt."""
    agreement, teams = _served(admin, request, code)
    form = FormOfReport(agreement, teams, data=typed(request))
    status = 200
    if form.is_bound:
        status, filed = _filed(admin, request, form, filing.file_report)
        if filed is not None:
            return redirect("admin:violations_dutycheck_filed", filed.report.receipt)
    context = {
        "form": form,
        "zone_name": words.zone_name(form.zone),
        "button": _("File it and get the receipt"),
    }
    title = _("File for a caller or from paper: %(agreement)s") % {"agreement": agreement.name}
    return admin.page(request, "duty_file", title, context, status=status)


def file_hours(admin: ModeratorAdmin, request: HttpRequest, code: str) -> HttpResponse:
    """The form of a patrol, a post or a watch with its log; where it is handed in right, file it once."""
    agreement, teams = _served(admin, request, code)
    form = FormOfHours(agreement, teams, data=typed(request))
    status = 200
    if form.is_bound:
        status, filed = _filed(admin, request, form, effort.file_patrol)
        if filed is not None:
            messages.success(request, _("The hours are filed."))
            return redirect(admin.home)
    context = {"form": form, "zone_name": words.zone_name(form.zone), "button": _("File these hours")}
    title = _("File hours from paper: %(agreement)s") % {"agreement": agreement.name}
    return admin.page(request, "duty_hours", title, context, status=status)


def receipt(admin: ModeratorAdmin, request: HttpRequest, receipt: str) -> HttpResponse:
    """The receipt of what the duty officer filed, large, with the words to read it out by. Of the source nothing."""
    user = person(request)
    with sealing.reading_own(user):
        report = IncidentReport.objects.filed_by(user).filter(receipt=receipts.read(receipt)).first()
    if report is None:
        raise NotFound(_("There is no filing of yours with this receipt."), code="not_found")
    context = {
        "groups": receipts.spelled(report.receipt),
        "receipt": report.receipt,
        "reference": words.reference(report.public_id),
        "on_paper": report.channel == Channel.PAPER,
        "agreement": report.agreement,
    }
    return admin.page(request, "duty_receipt", _("Filed"), context)


def _filed(
    admin: ModeratorAdmin, request: HttpRequest, form: ReportForm | HoursForm, verb: Callable[..., Any]
) -> tuple[int, Any]:
    if not form.is_valid():
        return Malformed.status, None
    client_id = str(form.cleaned_data["client_id"])
    try:
        return 302, verb(form.agreement, form.filed, by=person(request), client_id=client_id)
    except Refusal as refusal:
        admin.deny(request, "report.file", refusal)
        form.tell(refusal)
        return refusal.status, None


def _served(admin: ModeratorAdmin, request: HttpRequest, code: str) -> tuple[Agreement, list[Team]]:
    """The agreement that the address names, and the teams for which the person files there."""
    agreement = _agreement(admin, request, code)
    teams = list(duty_officers.teams_filed_for_by(person(request), agreement).order_by("code"))
    if not teams:
        raise NotFound(_("You file for no team of this agreement."), code="not_found")
    return agreement, teams


def _agreement(admin: ModeratorAdmin, request: HttpRequest, code: str) -> Agreement:
    for capacity in capacities(request, admin.role).values():
        if capacity.accreditation.agreement.code == code:
            return capacity.accreditation.agreement
    raise NotFound(_("There is no such page, or it is not yours to see."), code="not_found")
