"""People who act in a mechanism, the teams they belong to, and what each may do, when, and for whom."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from monitoring.models.agreements import Agreement, OfVersion
from monitoring.models.guarantors import GuarantorState, ObserverState
from monitoring.models.parties import Party
from monitoring.models.record import Closable, Identity
from monitoring.querysets import AccreditationQuerySet


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """An account. What it may do comes from accreditations alone; being superuser gives no right to find.

    Two numbers are only ever counted up: `sessions_ended`, by which every session of the account ends at once, and
    `invitations`, by which an older link of invitation holds no more.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    invitations = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must show on every request: it changes with the password and with `sessions_ended`."""
        said = f"{self.sessions_ended}:{self.password}"
        return salted_hmac("monitoring.models.User.session", said, secret=secret, algorithm="sha256").hexdigest()


class Team(Identity):
    """Those who observe together: of a guarantor, joint, or independent."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="teams")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_team_code")]


class TeamTerms(OfVersion):
    """What a version says of a team."""

    class Kind(models.TextChoices):
        """Of one guarantor, of several, or of none."""

        GUARANTOR = "guarantor"
        JOINT = "joint"
        INDEPENDENT = "independent"

    team = models.ForeignKey(Team, models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=12, choices=Kind)
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "team"], name="monitoring_team_once_a_version"),
            models.CheckConstraint(
                condition=Q(kind="guarantor", guarantor__isnull=False)
                | (~Q(kind="guarantor") & Q(guarantor__isnull=True)),
                name="monitoring_team_of_a_guarantor",
            ),
        ]


class Accreditation(Closable):
    """That a person holds a role in a mechanism over [valid_from, valid_until), sent by a guarantor, a party or nobody.

    A person's side is that of whoever sent them, also in a joint team; independent only if sent by none. Within one
    agreement a person is ever sent by the same one: PostgreSQL refuses a second sender.
    """

    class Role(models.TextChoices):
        """What a person does in the mechanism."""

        MONITOR = "monitor"
        DUTY_OFFICER = "duty_officer"
        MODERATOR = "moderator"
        PARTY_LIAISON = "liaison", "Party liaison"
        GUARANTOR = "guarantor"
        OBSERVER = "observer"
        AUDITOR = "auditor"
        OPERATOR = "operator"

    user = models.ForeignKey(User, models.PROTECT, related_name="accreditations")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="accreditations")
    role = models.CharField(max_length=12, choices=Role)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    sent_by_guarantor = models.ForeignKey(GuarantorState, models.PROTECT, null=True, related_name="+")
    sent_by_party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    observer = models.ForeignKey(ObserverState, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AccreditationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="monitoring_accreditation_order",
            ),
            models.CheckConstraint(
                condition=Q(sent_by_guarantor__isnull=True) | Q(sent_by_party__isnull=True),
                name="monitoring_accreditation_one_sender",
            ),
            models.CheckConstraint(
                condition=~Q(role="guarantor") | Q(sent_by_guarantor__isnull=False),
                name="monitoring_guarantor_reader_is_sent",
            ),
            models.CheckConstraint(
                condition=~Q(role="monitor") | Q(team__isnull=False), name="monitoring_monitor_has_a_team"
            ),
            models.CheckConstraint(
                condition=~Q(role="liaison") | Q(sent_by_party__isnull=False),
                name="monitoring_liaison_is_sent_by_a_party",
            ),
            ExclusionConstraint(
                name="monitoring_person_has_one_sender",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("agreement"), RangeOperators.EQUAL),
                    (Coalesce(F("sent_by_guarantor"), Value(0)), RangeOperators.NOT_EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="monitoring_person_has_one_sending_party",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("agreement"), RangeOperators.EQUAL),
                    (Coalesce(F("sent_by_party"), Value(0)), RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    @property
    def sender(self) -> GuarantorState | Party | ObserverState | None:
        """The guarantor, party or observer state that sent the person; None: sent by nobody."""
        return self.sent_by_guarantor or self.sent_by_party or self.observer

    @property
    def sender_code(self) -> str:
        """Its code; empty: sent by nobody."""
        return self.sender.code if self.sender is not None else ""

    @property
    def until(self) -> datetime | None:
        """The first instant at which it holds no more, be it by its term or because it was ended; None: open."""
        return min((at for at in (self.valid_until, self.superseded_at) if at is not None), default=None)
