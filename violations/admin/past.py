"""An incident at a past moment: which moments can be asked for, and how much has changed since.

What was known then is what the rows say: no copy of a page is kept. So it can be asked for up to the instant up to
which the record can no longer change, and no further; and what was erased since is not shown at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import ledger
from monitoring.errors import Malformed, NotNow
from violations.admin import case_record, replies_shown, words
from violations.admin.case import Case
from violations.admin.case_record import CaseRecord
from violations.admin.forms import DecidingForm
from violations.models import Incident

FIELD = "/at"


class MomentForm(DecidingForm):
    """At which moment: by the truce's clocks, or with an offset as the time line links to it."""

    at = forms.CharField(
        label=gettext_lazy("As known at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["at"].help_text = _("Date and time in %(zone)s.") % {"zone": words.zone_name(zone)}

    def clean_at(self) -> datetime:
        """The instant."""
        try:
            at = datetime.fromisoformat(self.cleaned_data["at"])
            at = at if at.tzinfo else at.replace(tzinfo=self.zone)
            at.astimezone(self.zone)  # of the first and the last year there is none in every zone
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("Write a date and a time, as 2025-03-10T12:00."), code="malformed") from None
        return at


def require_known(incident: Incident, at: datetime) -> None:
    """Require that what was known of `incident` at `at` can no longer change.

    Raises Malformed (`in_future`, `not_filed`: before it was first filed), NotNow (`others_write`: those who write just
    now may still bring what was recorded by then).
    """
    closed_until = ledger.closed_until()
    if closed_until is not None and incident.recorded_at <= at <= closed_until:
        return
    if at < incident.recorded_at:
        _refuse(_("The incident was not in the record yet: it was first filed later."), "not_filed")
    if at > ledger.now():
        _refuse(_("This moment is still to come: nobody knows yet what will be known then."), "in_future")
    raise NotNow(_("Others are writing just now. Try again in a moment."), code="others_write")


def _refuse(said: str, code: str) -> None:
    raise Malformed(said, code=code, fields={FIELD: [said]})


def told(case: Case) -> dict[str, Any]:
    """What the page of a past moment says of itself: which moment, to the second, and how much has changed since."""
    assert case.at is not None  # noqa: S101 - this page is of a moment
    local = case.at.astimezone(case.zone)
    return {
        "known_at": f"{words.day(local)}, {local:%H:%M:%S}",
        "since": changes_since(case),
        "moment_form": MomentForm(initial={"at": f"{local:%Y-%m-%dT%H:%M:%S}"}, zone=case.zone),
    }


def changes_since(case: Case) -> int:
    """How many things have been done with the incident since the moment that `case` is of: each verb once."""
    assert case.at is not None  # noqa: S101 - of now, nothing has changed since
    now = Case(case.incident, case.user)
    now.version = case.version  # it says only with whom a report stands, and nothing was done by that
    stamps = chain(_stamps(now.record), replies_shown.stamps(case.incident.agreement_id, now.once_apart))
    return len({stamp for stamp in stamps if stamp is not None and stamp > case.at})


def _stamps(record: CaseRecord) -> Iterator[datetime | None]:
    """When anything was recorded, closed or said of a row."""
    rows: list[Any] = [*record.links, *record.reports, *record.steps, *record.grades, *record.findings, *record.moves]
    rows += [*record.agenda_items, *(said for item in record.agenda_items for said in item.outcomes.all())]
    rows += [dissent for finding in record.findings for dissent in finding.dissents.all()]
    rows += [question for report in record.reports for question in report.questions.all()]
    for row in rows:
        yield row.recorded_at
        yield getattr(row, "superseded_at", None)
        for later in case_record.SAID_LATER:
            yield getattr(getattr(row, later, None), "recorded_at", None)
    for stamps in record.assessed:
        yield from stamps
