"""Which incidents of a period hang on whose reading of the texts and lines, as the record stands: for moderators."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import ledger
from monitoring.errors import Malformed, NotNow
from monitoring.models import Agreement, MechanismVersion, Provision
from reports import periods
from reports.figures import out_of_scope, readings_listed
from reports.figures.counting import holders
from reports.figures.known import Known
from reports.renderers.reading import place_in_columns
from violations import codebook
from violations.admin import words
from violations.admin.moderating import ModeratorAdmin, capacities
from violations.models import Assessment

MOST = 200  # incidents listed of each reading
ON = {
    "adherence": gettext_lazy("whether the truce binds %(name)s"),
    "provision": gettext_lazy("the provision “%(name)s”"),
    "zone": gettext_lazy("the line of %(name)s"),
}


class PeriodAsked(forms.Form):
    """The agreement, and a month, a week or a day of it."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"))
    period = forms.CharField(
        label=gettext_lazy("Month, week or day"),
        max_length=len("2017-01-22"),
        help_text=gettext_lazy("As 2017-01, 2017-W04 or 2017-01-22, by the calendar of the truce."),
    )


class ReadingsPage(ModeratorAdmin):
    """The page; it belongs to no table."""

    def get_urls(self) -> list[URLPattern]:
        """One address."""
        view = self.door("closing.readings", self.show)
        return [path("readings/", view, name="reports_closing_readings")]

    def show(self, request: HttpRequest) -> HttpResponse:
        """The holders of rival readings in the period, and what each would move."""
        acting = {row.accreditation.agreement.code: row.accreditation.agreement for row in capacities(request).values()}
        form = PeriodAsked({**_first(acting), **{name: value for name, value in request.GET.items() if value}})
        form.fields["agreement"].choices = [(code, one.name) for code, one in acting.items()]  # type: ignore[attr-defined]
        told: dict[str, Any] = {"form": form, "most": MOST}
        status = 200
        if form.is_valid():
            agreement = acting[form.cleaned_data["agreement"]]
            request._opened = agreement  # type: ignore[attr-defined]
            try:
                told |= _told(_known(agreement, form.cleaned_data["period"]))
            except Malformed as fault:
                form.add_error("period", str(fault))
        if form.errors:
            status = Malformed.status
        return self.page(request, "reports/readings", _("What hangs on whose reading"), told, status=status)


def _first(acting: dict[str, Agreement]) -> dict[str, str]:
    """What is shown where nothing is asked for: the month of the latest incident while the truce stood."""
    code, agreement = next(iter(acting.items()))
    return {"agreement": code, "period": _latest_month(agreement)}


def _latest_month(agreement: Agreement) -> str:
    """What was filed of another time, by mistake or not, leads nowhere: there nothing hangs on a reading of the truce.

    Without any, the month in which it began.
    """
    terms = agreement.terms
    while_it_stood = Q(occurred_from__gte=terms.in_force_from)
    if terms.in_force_until:
        while_it_stood &= Q(occurred_from__lt=terms.in_force_until)
    open_ones = Assessment.objects.filter(while_it_stood, agreement=agreement, superseded_at__isnull=True)
    latest = open_ones.aggregate(latest=Max("occurred_from"))["latest"]
    day = periods.day_holding(terms, latest or terms.in_force_from)
    return f"{day.date:%Y-%m}"


def _known(agreement: Agreement, code: str) -> Known:
    """The record of now. Raises Malformed where there is no such period, NotNow where now cannot be told."""
    at = ledger.closed_until()
    if at is None:
        raise NotNow(_("Others are writing just now. Try again in a moment."), code="others_write")
    try:
        version = agreement.terms_known_at(at)
    except MechanismVersion.DoesNotExist:
        raise NotNow(_("The mechanism was recorded this moment. Try again."), code="no_mechanism") from None
    return Known(agreement, version, periods.bounds(version, periods.kind_of(code), code), at)


def _told(known: Known) -> dict[str, Any]:
    names = _names(known.agreement)
    figures = {row["reading"]: row for row in out_of_scope.section_1(known)["by_reading"]}
    moved = readings_listed.moved(known, most=MOST)
    return {
        "period": known.period.code,
        "zone": words.zone_name(ZoneInfo(known.version.time_zone)),
        "readings": [
            {
                "holder": reading,
                "on": [str(ON[row["kind"]]) % {"name": names[row["kind"], row["code"]]} for row in on],
                "changed": figures[reading]["changed"],
                "same": figures[reading]["same"],
                "incidents": [_row(known, one) for one in moved[reading]],
            }
            for reading, on in known.once(holders).items()
        ],
    }


def _names(agreement: Agreement) -> dict[tuple[str, str], str]:
    """What is read otherwise by its kind and code, named."""
    provisions = Provision.objects.filter(instrument__agreement=agreement).select_related("instrument")
    return {
        **{("adherence", party.code): party.name for party in agreement.parties.all()},
        **{("provision", f"{one.instrument.code}/{one.code}"): one.name for one in provisions},
        **{("zone", zone.code): zone.name for zone in agreement.zones.all()},
    }


def _row(known: Known, one: readings_listed.Moved) -> dict[str, Any]:
    return {
        "public_id": one.public_id,
        "reference": words.reference(one.public_id),
        "occurred": words.instant(one.occurred_from, ZoneInfo(known.version.time_zone)),
        "act": codebook.Act(one.act).label,
        "was": place_in_columns(one.was),
        "becomes": place_in_columns(one.becomes),
    }
