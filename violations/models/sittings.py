"""Sittings of the body that determines: the agenda, what came of each incident on it, and the minutes."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable, Recorded
from violations import moderation_codes
from violations.models.findings import Finding
from violations.models.incidents import Incident

OPEN = Q(superseded_at__isnull=True)
CONFIRMED = Q(confirmed_by__isnull=False)


class Sitting(Recorded):
    """A session of the body that the truce's file names, on a day by the truce's clocks. Its rows say what came of it.

    `body` is the name that stood in the file when it was called. It moves to no other day: another one is called.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="sittings")
    body = models.CharField(max_length=200)
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True, help_text="Where, as written; '': not said.")
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    client_id = models.CharField(max_length=80, help_text="By which the same form is known when it is sent twice.")

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["called_by", "client_id"], name="violations_sitting_client_id"),
        ]


class AgendaItem(Closable):
    """An incident on the agenda of a sitting, and the finding that is before it: a proposal, or what two sides agreed.

    Open until an outcome is confirmed or it is taken off. An incident stands on one agenda at a time.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="items")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="agenda_items")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="agenda_items")
    place = models.PositiveIntegerField(help_text="The number on the agenda; none is given twice.")
    put_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    put_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["incident"], condition=OPEN, name="violations_one_agenda_an_incident"),
            models.UniqueConstraint(fields=["sitting", "place"], name="violations_agenda_place_once"),
        ]

    @property
    def agreement(self) -> Agreement:
        """Of the sitting: for the audit."""
        return self.sitting.agreement


class AgendaRemoval(Recorded):
    """That an item was taken off the agenda before the sitting said anything of it, by whom and why."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="removal")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField()


class SittingOutcome(Closable):
    """What the sitting said of an item: as one person recorded it, or as another, whose side differs, confirmed it.

    Of each side one record may wait to be confirmed; what is confirmed closes them all and is never changed: another
    sitting may say otherwise. `finding` is the determined one, where it agreed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=16, choices=moderation_codes.SittingSaid)
    grounds = models.TextField(help_text="On what grounds, in the words of the sitting.")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["item"], condition=CONFIRMED, name="violations_one_outcome_an_item"),
            models.UniqueConstraint(
                fields=["item", "recorded_side"],
                condition=OPEN & ~CONFIRMED,
                nulls_distinct=False,
                name="violations_one_outcome_waits_a_side",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="violations_outcome_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(recorded_side__isnull=True)
                | Q(confirmed_side__isnull=True)
                | ~Q(confirmed_side=F("recorded_side")),
                name="violations_outcome_two_sides",
            ),
            models.CheckConstraint(
                condition=Q(finding__isnull=False, outcome="agreed") & CONFIRMED
                | Q(finding__isnull=True) & (~Q(outcome="agreed") | ~CONFIRMED),
                name="violations_agreed_outcome_has_its_finding",
            ),
        ]

    @property
    def agreement(self) -> Agreement:
        """Of the sitting: for the audit."""
        return self.item.sitting.agreement


class SittingMinutes(Closable):
    """The minutes of a sitting, whole, in the language they were kept in; corrected by minutes in their place."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="minutes")
    words = models.TextField()
    language = models.CharField(max_length=16)
    on_paper = models.CharField(max_length=200, blank=True, help_text="Where the signed paper is kept; '': none is.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "minutes of sittings"
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["sitting"], condition=OPEN, name="violations_one_minutes_a_sitting"),
        ]
