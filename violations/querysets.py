"""What is asked of the reports that monitors file: whose they are to read, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from monitoring import accreditation
from monitoring.querysets import M, RecordQuerySet
from violations import codebook
from violations.filer_tags import tag_of

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.models import User


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

    def newest(self) -> Any:
        """The newest revision of each chain, in effect or not."""
        later = self.model._default_manager.filter(chain=OuterRef("chain"), revision__gt=OuterRef("revision"))
        return self.filter(~Exists(later))

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

    def with_redactions(self) -> Any:
        """Annotate `redacted`: what was erased of each revision on request, by time: {erased, reason, grounds, at}."""
        done = self._related("redactions").filter(chain=OuterRef("chain"), seconded_at__gt=OuterRef("recorded_at"))
        told = JSONObject(erased="erased", reason="reason", grounds="grounds", at="seconded_at")
        return self.annotate(redacted=ArraySubquery(done.order_by("seconded_at").values_list(told)))

    def _related(self, name: str) -> Any:
        """The rows of a table above this shelf, reached by the relation that it has with reports."""
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects.all()
