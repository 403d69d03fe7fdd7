"""What two people chose to say on page 1 of a period's report: events of concern, and improvements.

One moderator proposes, another agrees whose side differs, or one of them is of none. A proposal is seen by moderators
alone, and nothing of it is ever printed. At most three of each kind stand for a period; each has its place.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable
from monitoring.querysets import ClosableQuerySet
from violations.models import Incident, InformationRequest, Measure

MOST = 3  # of each kind, for a period
LONGEST = 200  # signs of the words

# What a choice may refer to: by its code, the column that holds it.
HELD_BY = {"incident": "incident", "determination": "incident", "measure": "measure", "request": "request"}


def _holds(refers_to: str, column: str) -> Q:
    """That a choice which refers to such a thing holds it in `column`, and nothing in the others."""
    others = {f"{other}__isnull": other != column for other in sorted(set(HELD_BY.values()))}
    return Q(refers_to=refers_to, **others)


REFERRING = _holds("", "")
for _refers_to, _column in HELD_BY.items():
    REFERRING |= _holds(_refers_to, _column)
PROPOSED = Q(place__isnull=True, proposal__isnull=True, agreed_by__isnull=True, agreed_side__isnull=True)
AGREED = Q(place__gte=1, place__lte=MOST, proposal__isnull=False, agreed_by__isnull=False)


class ChoiceQuerySet(ClosableQuerySet):
    """Choices. They are seen within `choices_seen` alone."""

    def agreed(self) -> Any:
        """Those that two people stand for."""
        return self.filter(place__isnull=False)

    def proposed(self) -> Any:
        """Those that one person stands for."""
        return self.filter(place__isnull=True)


class Choice(Closable):
    """An event of concern or an improvement of a period, in neutral words, with what it refers to.

    Open without a `place` it is a proposal. Who agrees writes another row, with the first place that is free, and
    closes the proposal at the same instant. Closed otherwise it was taken back.
    """

    class Kind(models.TextChoices):
        """As page 1 tells them apart."""

        CONCERN = "event_of_concern", _("event of concern")
        IMPROVEMENT = "improvement", _("improvement")

    class RefersTo(models.TextChoices):
        """What it refers to, by a reference that readers can quote. An event is always of an incident."""

        INCIDENT = "incident", _("an incident of the period")
        DETERMINATION = "determination", _("a determination made in the period")
        MEASURE = "measure", _("a measure agreed")
        REQUEST = "request", _("an answered request")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    period = models.CharField(max_length=8, help_text="A month, 2017-01, or a week, 2017-W04.")
    kind = models.CharField(max_length=16, choices=Kind)
    refers_to = models.CharField(max_length=16, choices=RefersTo, blank=True, help_text="Empty: to nothing.")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(InformationRequest, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=LONGEST, help_text="Printed as they are, once agreed.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    place = models.PositiveSmallIntegerField(null=True, help_text="In the order of page 1, once agreed.")
    proposal = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="What was agreed to.")
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agreed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")

    objects: ClassVar[Any] = ChoiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                F("agreement"),
                F("period"),
                F("kind"),
                F("place"),
                condition=Q(superseded_at__isnull=True, place__isnull=False),
                name="reports_choice_place_once",
            ),
            models.CheckConstraint(condition=PROPOSED | AGREED, name="reports_choice_agreed_whole"),
            models.CheckConstraint(condition=REFERRING, name="reports_choice_refers_to_one"),
            models.CheckConstraint(
                condition=Q(kind="event_of_concern", refers_to__in=["incident", "determination"])
                | Q(kind="improvement", refers_to__in=["", "incident", "measure", "request"]),
                name="reports_choice_kind_refers",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="reports_choice_in_words"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
                name="reports_choice_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True)
                | Q(proposed_side__isnull=True)
                | Q(agreed_side__isnull=True)
                | ~Q(agreed_side=F("proposed_side")),
                name="reports_choice_two_sides",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agreement", "period"], name="reports_choice_period")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def referred(self) -> Incident | Measure | InformationRequest | None:
        """What it refers to; None where that is nothing."""
        held: Incident | Measure | InformationRequest | None = (
            getattr(self, HELD_BY[self.refers_to]) if self.refers_to else None
        )
        return held
