"""What guarantors and parties say and are asked: statements, requests and their answers, and measures agreed.

None of it enters a finding or a count. What its owner did not tell the others is behind row-level security.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, GuarantorState, Party, Side, User
from monitoring.models.record import Closable, Recorded
from violations import reply_codes
from violations.models.incidents import Incident

OPEN = Q(superseded_at__isnull=True)
AS_FILED = Q(channel="", handed_in_by="", dated_on__isnull=True, received_on__isnull=True)
ON_PAPER = ~Q(channel="") & ~Q(handed_in_by="") & Q(dated_on__isnull=False, received_on__isnull=False)


class Word(Closable):
    """What somebody says, filed by its owner or, where `channel` is given, recorded by another from paper.

    `by` filed it, or took it down. A client names each filing; the same again is the first answer. A word is corrected
    by another row, which closes it at the instant at which it is recorded itself.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="ISO 639 code of the words.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=80, help_text="By which the same filing of an account is known.")
    content_sha256 = models.CharField(max_length=64, help_text="Over all that was handed in.")
    channel = models.CharField(max_length=8, choices=reply_codes.ReplyChannel, blank=True)
    handed_in_by = models.CharField(max_length=200, blank=True, help_text="Who handed it in, by office or name.")
    dated_on = models.DateField(null=True, help_text="The date on the paper.")
    received_on = models.DateField(null=True, help_text="The day on which it was handed in.")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["by", "client_id"], name="%(app_label)s_%(class)s_client_id"),
            models.CheckConstraint(condition=AS_FILED | ON_PAPER, name="%(app_label)s_%(class)s_from_paper_whole"),
        ]


class GuarantorStatement(Word):
    """A guarantor's own word on an incident, a period, or (with `closing_number`) an edition of a period.

    It stands beside the finding and changes nothing of it. Until its owner tells it to the others
    (`StatementTelling`), only they and the moderators read it. One stands on each thing.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="statements")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="+", help_text="Whose word.")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="statements")
    period = models.CharField(max_length=10, blank=True, help_text="2017-01 or 2017-01-22; empty: on an incident.")
    closing_number = models.PositiveIntegerField(null=True, help_text="Of the period's closing; null: on the period.")
    about = models.CharField(max_length=40, help_text="The thing that it is on, as one word: one stands on each.")
    code = models.CharField(max_length=24, choices=reply_codes.Statement)

    class Meta(Word.Meta):
        verbose_name = _("guarantor's statement")
        verbose_name_plural = _("guarantors' statements")
        constraints: ClassVar = [
            *Word.Meta.constraints,
            models.CheckConstraint(
                condition=Q(incident__isnull=False, period="", closing_number__isnull=True)
                | (Q(incident__isnull=True) & ~Q(period="")),
                name="violations_statement_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["guarantor", "about"], condition=OPEN, name="violations_one_statement_stands"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agreement", "recorded_at"], name="violations_statement_when"),
            models.Index(
                fields=["agreement", "period"], condition=Q(incident__isnull=True), name="violations_statement_period"
            ),
        ]


class StatementTelling(Recorded):
    """That a statement was told to the other guarantors. There is no taking it back, only another statement."""

    statement = models.OneToOneField(GuarantorStatement, models.PROTECT, related_name="telling")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")


class InformationRequest(Closable):
    """What moderators ask of a guarantor or of a party, to be answered by `due_at`. Closed: it was withdrawn.

    A party is asked through the guarantor that answers for it (`through`), which then reads and answers, or else
    directly, through its liaison. Whether an answer is late or outstanding follows from `due_at` and is never written.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="requests")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="requests")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    through = models.ForeignKey(GuarantorState, models.PROTECT, null=True, related_name="+")
    question = models.TextField()
    due_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Whose side `by` is of.")
    client_id = models.CharField(max_length=80, help_text="By which the same form is known when it is sent twice.")

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["by", "client_id"], name="violations_request_client_id"),
            models.CheckConstraint(
                condition=Q(guarantor__isnull=False, party__isnull=True, through__isnull=True)
                | Q(guarantor__isnull=True, party__isnull=False),
                name="violations_request_of_one",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("recorded_at")), name="violations_request_due_later"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agreement", "due_at"], name="violations_request_due"),
            models.Index(
                fields=["agreement", "recorded_at"],
                condition=Q(incident__isnull=True),
                name="violations_request_when",
            ),
        ]


class RequestReminder(Recorded):
    """That whoever was asked was reminded: a row, shown with the request. `by` is null where the service did it."""

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8, choices=reply_codes.Reminding)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(kind="ahead"), name="violations_reminded_ahead_once"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(kind="overdue"), name="violations_reminded_overdue_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="by_hand", by__isnull=False) | (~Q(kind="by_hand") & Q(by__isnull=True)),
                name="violations_reminded_by",
            ),
        ]


class RequestAnswer(Word):
    """The answer to a request, in words. The first that came is in time or late; one stands."""

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="answers")

    class Meta(Word.Meta):
        constraints: ClassVar = [
            *Word.Meta.constraints,
            models.UniqueConstraint(fields=["request"], condition=OPEN, name="violations_one_answer_stands"),
            models.CheckConstraint(condition=~Q(words=""), name="violations_answer_in_words"),
        ]


class RequestTelling(Recorded):
    """That whoever answered told request and answers to the other guarantors, also those that come later."""

    request = models.OneToOneField(InformationRequest, models.PROTECT, related_name="telling")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")


class Measure(Recorded):
    """What a guarantor or a party agreed to do, as moderators recorded it, and until when. Its steps say what came."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="measures")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="measures")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    words = models.TextField(help_text="What was agreed, and where that is written.")
    agreed_on = models.DateField()
    due_on = models.DateField(null=True, help_text="When it is looked at again, or due; null: no date was agreed.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=80, help_text="By which the same form is known when it is sent twice.")

    class Meta:
        verbose_name = _("measure agreed")
        verbose_name_plural = _("measures agreed")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "client_id"], name="violations_measure_client_id"),
            models.CheckConstraint(
                condition=Q(guarantor__isnull=False, party__isnull=True)
                | Q(guarantor__isnull=True, party__isnull=False),
                name="violations_measure_of_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agreement", "agreed_on"], name="violations_measure_agreed")]


class MeasureStep(Recorded):
    """What was seen of a measure on a day, by whom, and when it is looked at again. The last one holds."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=reply_codes.MeasureState)
    seen_on = models.DateField()
    due_on = models.DateField(null=True, help_text="When it is looked at again; null: it is not.")
    words = models.TextField(help_text="What was seen, and by whom.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "client_id"], name="violations_step_client_id")]
        indexes: ClassVar = [models.Index(fields=["seen_on"], name="violations_step_seen")]
