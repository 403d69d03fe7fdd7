"""What is asked of the reports that monitors file: whose they are to read, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from monitoring import accreditation
from monitoring.models import MechanismVersion, TeamTerms
from monitoring.querysets import M, RecordQuerySet
from violations import codebook
from violations.filer_tags import tag_of

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.models import User


# Grades until people give others: of the source by the kind of its team, of the information by the means. Whoever was
# told by another, a party's own word and what was imported cannot be judged by a team.
SOURCE_GRADES = {"joint": "B", "independent": "B", "guarantor": "C"}
INFORMATION_GRADES = {
    "saw": "2",
    "saw_and_heard": "2",
    "uav": "2",
    "camera": "2",
    "imagery": "2",
    "radar": "2",
    "heard": "3",
    "acoustic_sensor": "3",
    "crater_analysis": "3",
    "witness_interview": "3",
    "medical_record": "3",
    "party_notification": "6",
    "open_source": "6",
}


class IncidentReportQuerySet(RecordQuerySet[M]):
    """Reports as filed, a row a revision.

    Who filed is behind row-level security: a person's own reports are found only within `sealing.reading_own(user)`.
    Outside it there are none, and no error.
    """

    def visible_to(self, user: User) -> Any:
        """Reports of the agreements in which `user` is a moderator now, and those they filed."""
        moderated = accreditation.held_by(user, accreditation.Role.MODERATOR).values("agreement")
        return self.filter(Q(agreement__in=moderated) | Q(sealed_source__filer_tag=tag_of(user)))

    def filed_by(self, user: User) -> Any:
        """Reports that `user` filed, and those alone, be they a moderator or not."""
        return self.filter(sealed_source__filer_tag=tag_of(user))

    def of_chain(self, chain: Any) -> Any:
        """The revisions of a chain, newest first."""
        return self.filter(chain=chain).order_by("-revision")

    def newest(self, at: datetime | None = None) -> Any:
        """The newest revision of each chain, in effect or not; or that which was the newest as known at `at`."""
        rows: Any = self.model._default_manager
        later = rows.until(at).filter(chain=OuterRef("chain"), revision__gt=OuterRef("revision"))
        return self.until(at).filter(~Exists(later))

    def with_standing(self, at: datetime | None = None) -> Any:
        """Annotate how each revision stands, or stood as known at `at`, for its filer.

        `state` and `state_grounds` of its last review step, `in_effect` (whether the count rests on it), `supersedes`
        (public id of the revision before), `redacted` and, within `sealing.reading_own`, `client_id`.
        """
        last = self._related("steps").filter(report=OuterRef("pk")).order_by("-pk")
        members = self._related("links").filter(report=OuterRef("pk"))
        if at is None:
            members = members.filter(superseded_at__isnull=True)
        else:
            last, members = last.filter(recorded_at__lte=at), members.as_known_at(at)
        before = self.model._default_manager.filter(chain=OuterRef("chain"), revision=OuterRef("revision") - 1)
        return self.with_redactions().annotate(
            state=Subquery(last.values("state")[:1]),
            state_grounds=Subquery(last.values("grounds")[:1]),
            in_effect=Exists(members.exclude(kind=codebook.LinkKind.RELATED)),
            supersedes=Subquery(before.values("public_id")[:1]),
            client_id=F("sealed_source__client_id"),
        )

    def with_grades(self, at: datetime | None = None) -> Any:
        """Annotate `source_grade` (A to F) and `information_grade` (1 to 6): as a moderator graded this revision, else
        by the kind of team and the means; and `graded`, whether one did. All of it by now, or as known at `at`."""
        given = self._related("grades").holding(at).filter(report=OuterRef("pk"))
        versions = MechanismVersion.objects.holding(at).filter(agreement=OuterRef(OuterRef("agreement")))
        kind = TeamTerms.objects.filter(version__in=versions, team=OuterRef("team"))
        own_eyes = Q(channel="", told_by__isnull=True)
        source = Case(
            *(When(own_eyes & Q(team_kind=team), then=Value(grade)) for team, grade in SOURCE_GRADES.items()),
            default=Value("F"),
        )
        means = Case(
            *(When(means=code, then=Value(grade)) for code, grade in INFORMATION_GRADES.items()), default=Value("6")
        )
        return self.annotate(team_kind=Subquery(kind.values("kind")[:1]), graded=Exists(given)).annotate(
            source_grade=Coalesce(Subquery(given.values("source")[:1]), source, output_field=CharField()),
            information_grade=Coalesce(Subquery(given.values("information")[:1]), means, output_field=CharField()),
        )

    def with_redactions(self) -> Any:
        """Annotate `redacted`: what was erased of each revision on request, by time: {erased, reason, grounds, at}."""
        done = self._related("redactions").filter(chain=OuterRef("chain"), seconded_at__gt=OuterRef("recorded_at"))
        told = JSONObject(erased="erased", reason="reason", grounds="grounds", at="seconded_at")
        return self.annotate(redacted=ArraySubquery(done.order_by("seconded_at").values_list(told)))

    def _related(self, name: str) -> Any:
        """The rows of a table above this shelf, reached by the relation that it has with reports."""
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects.all()
