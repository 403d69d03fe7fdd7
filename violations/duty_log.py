"""The log of a team as it stands with its duty officer: what waits to be checked, and until when.

A report that a monitor filed stands there first, where the mechanism file gives hours for it and a duty officer serves
the team. It goes on when it is checked, and by itself when the hours are over: they are counted from the first filing,
so neither a question nor a correction makes them longer, or takes it away. What a duty officer filed, a party's own
word and imports never stand there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import duty_officers
from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from violations.codebook import DutyOutcome, ReviewState
from violations.models import DutyCheck, IncidentReport, Patrol, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from monitoring.models import User


SHOWN = timedelta(days=7)


def waiting(agreements: Iterable[int]) -> QuerySet[IncidentReport]:
    """The reports, in their newest revision, that stand with a duty officer now, each with `filed_first_at`.

    `agreements` are numbers; where no file gives hours there are none, and nothing else is asked.
    """
    held = MechanismVersion.objects.open().filter(agreement__in=agreements, duty_check_hours__gt=0)
    return standing_by(held.select_related("agreement"))


def standing_by(versions: Iterable[MechanismVersion], at: datetime | None = None) -> QuerySet[IncidentReport]:
    """The same of agreements whose `versions` in force are at hand, with the agreement of each; or as known at `at`."""
    stand = [_of(version, at) for version in versions if version.duty_check_hours]
    if not stand:
        return IncidentReport.objects.none()
    first = IncidentReport.objects.filter(chain=OuterRef("chain"), revision=1)
    found = IncidentReport.objects.filter(reduce(or_, stand))
    return found.annotate(filed_first_at=Subquery(first.values("recorded_at")[:1]))


def _of(version: MechanismVersion, at: datetime | None) -> Q:
    since = (at or timezone.now()) - timedelta(hours=version.duty_check_hours)
    of_late = IncidentReport.objects.filter(
        agreement=version.agreement,
        source="",
        channel="",
        revision=1,
        recorded_at__gt=since,
    )
    newest = IncidentReport.objects.filter(chain__in=of_late.until(at).values("chain")).newest(at)
    entries = with_last_check(newest, at).filter(
        ~Q(last_outcome=DutyOutcome.CHECKED) | Q(last_outcome=None),
        team__in=duty_officers.teams_with_one(version.agreement, at),
        stands=ReviewState.SUBMITTED,
    )
    return Q(pk__in=entries.values("pk"))


def chains_waiting(agreements: Iterable[int]) -> list[UUID]:
    """The chains of those reports: few, for they are of some hours."""
    return list(waiting(agreements).values_list("chain", flat=True))


def chains_waiting_by(versions: Iterable[MechanismVersion]) -> list[UUID]:
    """The same of agreements whose `versions` in force are at hand, with the agreement of each."""
    return list(standing_by(versions).values_list("chain", flat=True))


def entries_of(user: User) -> QuerySet[IncidentReport]:
    """The log of the teams that `user` checks: what monitors filed of late and no moderator took up, newest first.

    Each in its newest revision, with `filed_first_at` and, as JSON, what was `said` of it last: {outcome, by, words}.
    """
    of_late = IncidentReport.objects.filter(
        source="",
        channel="",
        revision=1,
        recorded_at__gt=timezone.now() - SHOWN,
        team__in=duty_officers.teams_checked_by(user),
    )
    newest = with_last_check(IncidentReport.objects.filter(chain__in=of_late.values("chain")).newest())
    first = IncidentReport.objects.filter(chain=OuterRef("chain"), revision=1)
    entries = newest.filter(team__in=duty_officers.teams_checked_by(user), stands=ReviewState.SUBMITTED).annotate(
        filed_first_at=Subquery(first.values("recorded_at")[:1]), said=_said(report=OuterRef("pk"))
    )
    return entries.select_related("agreement", "team", "stated_area").order_by("-recorded_at", "-pk")


def reports_of(user: User) -> QuerySet[IncidentReport]:
    """Every report of the teams that `user` checks, however it stands: what of it can be done is the verbs' to say."""
    return IncidentReport.objects.filter(source="", team__in=duty_officers.teams_checked_by(user)).select_related(
        "agreement", "team", "stated_area"
    )


def hours_of(user: User) -> QuerySet[Patrol]:
    """Patrols, posts and watches of late of the teams that `user` checks, newest first, with what was `said` last."""
    rows = Patrol.objects.open().filter(
        recorded_at__gt=timezone.now() - SHOWN, team__in=duty_officers.teams_checked_by(user)
    )
    told = rows.annotate(said=_said(patrol=OuterRef("pk")))
    return told.select_related("agreement", "team").order_by("-recorded_at", "-pk")


def _said(**entry: Any) -> Subquery:
    said = DutyCheck.objects.filter(**entry).order_by("-pk")
    return Subquery(said.values(told=JSONObject(outcome="outcome", by="by__username", words="words"))[:1])


def goes_on_at(filed_first_at: datetime, hours: int) -> datetime:
    """When a report that was first filed then goes on at the latest, where the file gives so many hours."""
    return filed_first_at + timedelta(hours=hours)


def require_gone_on(report: IncidentReport) -> None:
    """Raise NotNow where the report still stands with its team's duty officer, saying until when."""
    held = waiting([report.agreement_id]).filter(chain=report.chain).first()
    if held is not None:
        terms = report.agreement.terms
        until = goes_on_at(held.filed_first_at, terms.duty_check_hours)  # type: ignore[attr-defined]
        raise NotNow(
            _(
                "This report stands with the duty officer of the team that filed it. It can be taken under review once "
                "it is checked, and at %(until)s at the latest."
            )
            % {"until": f"{until.astimezone(ZoneInfo(terms.time_zone)):%Y-%m-%d %H:%M %z}"},
            code="with_duty_officer",
        )


def with_last_check(reports: Any, at: datetime | None = None) -> Any:
    """Annotate where the review of each report's chain `stands`, and the `last_outcome` of its duty checks."""
    step = ReviewStep.objects.until(at).filter(chain=OuterRef("chain")).order_by("-pk")
    check = DutyCheck.objects.until(at).filter(report=OuterRef("pk")).order_by("-pk")
    return reports.annotate(
        stands=Subquery(step.values("state")[:1]), last_outcome=Subquery(check.values("outcome")[:1])
    )
