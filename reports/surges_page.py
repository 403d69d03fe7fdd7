"""Where more was registered than chance alone would usually give, area by area, with what was asked: for moderators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import days, ledger
from monitoring.errors import Malformed, NotNow
from monitoring.models import Agreement, Area
from reports import surges
from reports.chance import P_LIMIT, Q_LIMIT
from reports.statistics import rounded
from violations.admin import words
from violations.admin.moderating import ModeratorAdmin, capacities


class DaysAsked(forms.Form):
    """The agreement, the last of the days, and at which level of area."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"))
    day = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("As 2017-01-22, by the calendar of the truce."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    level = forms.ChoiceField(label=gettext_lazy("Areas"), required=False)

    def clean_day(self) -> date:
        """A day that a clock knows, with so many before it."""
        day: date = self.cleaned_data["day"]
        if not (days.is_known(day) and days.is_known(day - days.ONE_DAY * surges.DAYS)):
            raise forms.ValidationError(_("No day that the service knows."))
        return day


class SurgesPage(ModeratorAdmin):
    """The page; it belongs to no table."""

    def get_urls(self) -> list[URLPattern]:
        """One address."""
        return [path("surges/", self.door("closing.surges", self.show), name="reports_closing_surges")]

    def show(self, request: HttpRequest) -> HttpResponse:
        """Every area with its counts, whether it is flagged, and how likely a doubling would have been seen."""
        acting = {row.accreditation.agreement.code: row.accreditation.agreement for row in capacities(request).values()}
        typed: dict[str, Any] = {name: value for name, value in request.GET.items() if value}
        agreement = acting.get(typed.get("agreement", ""), next(iter(acting.values())))
        levels = surges.levels_of(agreement)
        form = DaysAsked({**_first(agreement, levels), **typed})
        form.fields["agreement"].choices = [(code, one.name) for code, one in acting.items()]  # type: ignore[attr-defined]
        form.fields["level"].choices = [(level, Area.Level(level).label) for level in levels]  # type: ignore[attr-defined]
        told: dict[str, Any] = {"form": form}
        status = 200
        if form.is_valid():
            request._opened = agreement  # type: ignore[attr-defined]
            told |= _told(agreement, form.cleaned_data["day"], form.cleaned_data["level"] or None)
        else:
            status = Malformed.status
        title = _("More than chance alone would usually give")
        return self.page(request, "reports/surges", title, told, status=status)


def _first(agreement: Agreement, levels: list[str]) -> dict[str, str]:
    """What is shown where nothing is asked for: the days that are over, at the coarsest level."""
    last = surges.last_day(agreement.terms, timezone.now())
    ends = agreement.terms.in_force_until
    if ends is not None:
        last = min(last, surges.last_day(agreement.terms, ends))
    return {"agreement": agreement.code, "day": last.isoformat(), "level": levels[0] if levels else ""}


def _told(agreement: Agreement, last: date, level: str | None) -> dict[str, Any]:
    known_at = ledger.closed_until()
    if known_at is None:
        raise NotNow(_("Others are writing just now. Try again in a moment."), code="others_write")
    found = surges.of(agreement, last=last, level=level, known_at=known_at)
    names = {area.code: area.name for area in Area.objects.filter(agreement=agreement)}
    rows = [_row(one, names) for one in found.tested]
    return {
        "rows": rows[:1] + sorted(rows[1:], key=lambda row: row["name"]),
        "flagged": len(found.flagged),
        "last": words.day(last),
        "first": words.day(last - days.ONE_DAY * (surges.NOW - 1)),
        "before_until": words.day(last - days.ONE_DAY * (surges.NOW + surges.BETWEEN)),
        "before_from": words.day(last - days.ONE_DAY * (surges.DAYS - 1)),
        "not_placed": found.not_placed,
        "level": level,
        "p_limit": rounded(P_LIMIT, 2),
        "q_limit": rounded(Q_LIMIT, 2),
        "unwatched": sum(not one.series.watched for one in found.tested),
    }


def _row(one: surges.Tested, names: dict[str, str]) -> dict[str, Any]:
    now, before = one.series.now, one.series.before
    return {
        "name": names[one.area] if one.area else _("Everywhere"),
        "now": sum(now),
        "days_now": len(now),
        "before": sum(before),
        "days_before": len(before),
        "watched": one.series.watched,
        "tested": one.p is not None,
        "phi": rounded(one.phi, 1) if one.phi is not None else "",
        "p": rounded(one.p, 4) if one.p is not None else "",
        "q": rounded(one.q, 4) if one.q is not None else "",
        "power": rounded(100 * one.power, 0) if one.power is not None else "",
        "flagged": one.flagged,
    }
