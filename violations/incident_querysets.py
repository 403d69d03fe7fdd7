"""What is asked of incidents, their links, assessments and findings: verbs that every door and verb shares."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    SmallIntegerField,
    Value,
    When,
)
from django.db.models.functions import Greatest, JSONObject
from django.utils import timezone

from monitoring.querysets import ClosableQuerySet, M, RecordQuerySet
from violations import codebook, moderation_codes

if TYPE_CHECKING:
    from monitoring.models import User

# Gravest first: what the queue is sorted by.
GRAVITY = {lane.value: number for number, lane in enumerate(moderation_codes.Lane)}
# For so long a job that was begun is looked for by the sweep: what is left of it then, nobody waits for any more.
SWEPT = timedelta(days=30)


def moderated_by(user: User | AnonymousUser) -> Q:
    """The condition that the row's agreement is one in which `user` is a moderator now; being superuser is nothing."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Q(pk__in=[])
    now = timezone.now()
    held = user.accreditations.open().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), role="moderator", valid_from__lte=now
    )
    return Q(agreement__in=held.values("agreement"))


def holding(rows: str, at: datetime | None) -> Q:
    """The condition that what the relation `rows` leads to holds now, or held as known at `at`."""
    is_open = Q(**{f"{rows}__superseded_at__isnull": True})
    if at is None:
        return is_open
    return (is_open | Q(**{f"{rows}__superseded_at__gt": at})) & Q(**{f"{rows}__recorded_at__lte": at})


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

    def with_lane(self, at: datetime | None = None) -> Any:
        """Annotate `lane_by_rule`, what the truce's file in force makes of it; `lane`, that or where it was moved by
        hand; and `gravity`, 0 for grave, to sort by. File and moves are those that hold now, or held as known at `at`.

        A move towards grave holds whatever the rule says since, unless the rule says graver; a move away from grave
        holds while the rule says what it said then.
        """
        return (
            self.annotate(
                in_force=FilteredRelation("agreement__versions", condition=holding("agreement__versions", at)),
                moved=FilteredRelation(
                    "incident__lane_moves",
                    condition=holding("incident__lane_moves", at) & Q(incident__lane_moves__in_force=True),
                ),
            )
            .annotate(
                lane_by_rule=Func(
                    F("in_force__lanes"),
                    F("act"),
                    F("objects_hit"),
                    F("weapon_family"),
                    Greatest("killed_low", "killed_high", "injured_low", "injured_high"),
                    F("lead_report__means"),
                    function="violations_lane",
                    output_field=CharField(),
                )
            )
            .annotate(
                lane=Func(
                    F("lane_by_rule"),
                    F("moved__lane"),
                    F("moved__by_rule"),
                    function="violations_lane_moved",
                    output_field=CharField(),
                )
            )
            .annotate(
                gravity=Case(
                    *(When(lane=lane, then=Value(number)) for lane, number in GRAVITY.items()),
                    output_field=SmallIntegerField(),
                )
            )
        )


class LaneMoveQuerySet(ClosableQuerySet[M]):
    """What people moved to another lane."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Moves in the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))


class GradeQuerySet(ClosableQuerySet[M]):
    """Grades that people gave."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Grades in the agreements in which `user` is a moderator now."""
        return self.filter(moderated_by(user))


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

    def with_casualties(self, at: datetime | None = None) -> Any:
        """Annotate `casualties_told`, in the one statement: {harm, people, at_least, sources} of each group, in order.

        A source: {kind, name, address, dated}, of a report its `report` (public id) and whether it is `here`, that is,
        still tells of the finding's incident, by now or as known at `at`.
        """
        groups: Any = self.model._meta.get_field("casualties").related_model
        sources: Any = groups._meta.get_field("sources").related_model
        links: Any = sources._meta.get_field("report").related_model._meta.get_field("links").related_model
        here = (
            links.objects.holding(at)
            .members()
            .filter(chain=OuterRef("report__chain"), incident=OuterRef("casualties__finding__incident"))
        )
        source = JSONObject(
            kind="kind", name="name", address="address", dated="dated", report="report__public_id", here=Exists(here)
        )
        group = JSONObject(
            harm="harm",
            people="people",
            at_least="at_least",
            sources=ArraySubquery(sources.objects.filter(casualties=OuterRef("pk")).order_by("pk").values_list(source)),
        )
        told = groups.objects.filter(finding=OuterRef("pk")).order_by("pk").values_list(group)
        return self.annotate(casualties_told=ArraySubquery(told))


class ReviewStepQuerySet(RecordQuerySet[M]):
    """Moves in the review of reports."""

    def latest_of_each_chain(self) -> Any:
        """The last step of each chain: where its review stands."""
        return self.order_by("chain", "-id").distinct("chain")
