"""What is asked of incidents, their links, assessments and findings: verbs that every door and verb shares."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from monitoring.querysets import ClosableQuerySet, M, RecordQuerySet
from violations import codebook

if TYPE_CHECKING:
    from monitoring.models import User

# For so long a job that was begun is looked for by the sweep: what is left of it then, nobody waits for any more.
SWEPT = timedelta(days=30)
# Protected objects, and acts, that put an incident into the grave lane; casualties and monitors do so too.
PROTECTED = ("medical", "school", "religious", "displaced_persons_site", "relief", "water_or_power", "monitors")
GRAVE_ACTS = (
    "air_strike",
    "uav_attack",
    "chemical_allegation",
    "sexual_violence",
    "child_recruitment",
    "monitors_obstructed",
    "monitors_threatened",
)


def moderated_by(user: User | AnonymousUser) -> Q:
    """The condition that the row's agreement is one in which `user` is a moderator now; being superuser is nothing."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Q(pk__in=[])
    now = timezone.now()
    held = user.accreditations.open().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), role="moderator", valid_from__lte=now
    )
    return Q(agreement__in=held.values("agreement"))


class BulkJobQuerySet(RecordQuerySet[M]):
    """Decisions on many at once."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Jobs of the agreements in which `user` is a moderator now, whoever began them."""
        return self.filter(moderated_by(user))

    def unfinished(self) -> Any:
        """Jobs of the last SWEPT in which a row has no outcome yet, begun first first."""
        left = self.model._default_manager.filter(pk=OuterRef("pk"), rows__isnull=False, rows__outcome__isnull=True)
        return self.filter(Exists(left), recorded_at__gt=timezone.now() - SWEPT).order_by("pk")


class IncidentQuerySet(RecordQuerySet[M]):
    """Events."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Incidents of the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))

    def live(self) -> Any:
        """Incidents that are counted now: neither merged into another nor withdrawn."""
        return self.filter(assessments__isnull=False, assessments__superseded_at__isnull=True)


class ReportLinkQuerySet(ClosableQuerySet[M]):
    """Which revision of which chain is in effect, and in which incident."""

    def members(self) -> Any:
        """Links that make a report part of an incident; 'related' only notes."""
        return self.exclude(kind=codebook.LinkKind.RELATED)


class AssessmentQuerySet(ClosableQuerySet[M]):
    """What the system makes of incidents."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Assessments in the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))

    def with_lane(self) -> Any:
        """Annotate `lane`: grave (casualties, a protected object, air, chemical, monitors), routine (heard, no harm)
        or standard; and `gravity`, 0 for grave, to sort by."""
        grave = (
            Q(killed_high__gt=0)
            | Q(injured_high__gt=0)
            | Q(killed_low__gt=0)
            | Q(injured_low__gt=0)
            | Q(objects_hit__overlap=list(PROTECTED))
            | Q(act__in=GRAVE_ACTS)
            | Q(weapon_family="chemical")
        )
        routine = Q(lead_report__means="heard")
        return self.annotate(
            lane=Case(
                When(grave, then=Value("grave")),
                When(routine, then=Value("routine")),
                default=Value("standard"),
                output_field=CharField(),
            ),
            gravity=Case(When(grave, then=Value(0)), When(routine, then=Value(2)), default=Value(1)),
        )


class FindingQuerySet(ClosableQuerySet[M]):
    """What people decided, and what they propose."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Findings and proposals in the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))

    def agreed(self) -> Any:
        """Findings that two persons agreed on, a sitting determined, or a data set brought: what is counted."""
        return self.filter(standing__in=codebook.AGREED)

    def proposals(self) -> Any:
        """Proposals: not counted."""
        return self.filter(standing=codebook.Standing.PROPOSED)


class ReviewStepQuerySet(RecordQuerySet[M]):
    """Moves in the review of reports."""

    def latest_of_each_chain(self) -> Any:
        """The last step of each chain: where its review stands."""
        return self.order_by("chain", "-id").distinct("chain")
