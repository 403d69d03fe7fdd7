"""Closings, the editions arranged from them, and the files rendered from those."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, GuarantorState, MechanismVersion, Side, User
from monitoring.models.record import Closable, Recorded
from reports.choices import Choice as Choice
from reports.querysets import (
    ClosingQuerySet,
    DraftCommentQuerySet,
    EditionQuerySet,
    RenditionQuerySet,
    SupplementFileQuerySet,
    SupplementQuerySet,
)
from reports.restorations import LostRelease as LostRelease
from reports.restorations import Restoration as Restoration
from reports.restorations import Resumption as Resumption


class PeriodKind(models.TextChoices):
    """The kinds of period that are closed; a week's report is preliminary, a month's the reference."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Closing(Recorded):
    """A period's figures, computed once from the record as known at a cut-off, and frozen.

    The row is the queue: `state` and the lease may change; number, hash and release go from null to a value once.
    `content_sha256` covers what is common to all guarantors and is the same for every capital. A request whose figures
    turn out to be those of the period's latest closing is answered by that closing (`same_as`) and takes no number.
    [period_from, period_until) are UTC bounds.

    Where two release it, a month's draft is shown to every guarantor between `drafted_at` and `comments_until`; then
    the comments are hashed, the editions are rendered with them, and two people release. A day or week has no draft.
    """

    class State(models.TextChoices):
        """Where the work on a closing stands."""

        REQUESTED = "requested"
        COMPUTED = "computed"
        DRAFTED = "drafted"
        COMMENTED = "commented"
        RENDERED = "rendered"
        RELEASED = "released"
        UNCHANGED = "unchanged"
        FAILED = "failed"

    class RequestedHow(models.TextChoices):
        """What asked for a closing."""

        CALENDAR = "calendar"
        HAND = "hand"
        REVISION = "revision"

    UNDER_WAY = (State.REQUESTED, State.COMPUTED, State.DRAFTED, State.COMMENTED, State.RENDERED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="closings")
    kind = models.CharField(max_length=8, choices=PeriodKind)
    period = models.CharField(max_length=10, help_text="2017-01, 2017-W04 or 2017-01-22.")
    number = models.PositiveIntegerField(null=True, help_text="1 for the first of the period; null until computed.")
    period_from = models.DateTimeField()
    period_until = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="Never told.")
    requested_how = models.CharField(max_length=8, choices=RequestedHow)
    cutoff_at = models.DateTimeField(help_text="The record is read as known at this instant.")
    cutoff_chosen = models.BooleanField(default=False, help_text="Else it follows from grace and request.")
    formats = ArrayField(
        models.CharField(max_length=8),
        db_default=["pdf", "csv", "json"],
        help_text="In which its editions are rendered: those that there were when it was computed.",
    )

    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True, help_text="Why the last attempt failed, for operators.")
    checked_at = models.DateTimeField(null=True, help_text="Last recomputed as known then, with an equal hash.")
    touched_at = models.DateTimeField(null=True, help_text="Later records change its figures since about then.")

    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="Its answer, if equal.")
    version = models.ForeignKey(MechanismVersion, models.PROTECT, null=True, related_name="+")
    content_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null until computed, never changed
    computed_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField(null=True, help_text="Since when every guarantor sees its draft.")
    comments_until = models.DateTimeField(null=True, help_text="First instant at which no comment is taken any more.")
    comments_sha256 = models.CharField(max_length=64, null=True, help_text="Of the comments as printed.")  # noqa: DJ001
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "period_from", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind", "period", "number"], name="reports_closing_number"),
            models.CheckConstraint(condition=Q(period_until__gt=F("period_from")), name="reports_closing_period_order"),
            models.CheckConstraint(
                condition=Q(requested_how="hand") | Q(requested_by__isnull=True, cutoff_chosen=False),
                name="reports_closing_asked_by_hand",
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind", "period"],
                condition=Q(state__in=["requested", "computed", "drafted", "commented", "rendered"]),
                name="reports_one_closing_under_way",
            ),
            models.CheckConstraint(
                condition=Q(
                    number__isnull=True,
                    version__isnull=True,
                    content_sha256__isnull=True,
                    computed_at__isnull=True,
                )
                | Q(
                    number__isnull=False,
                    version__isnull=False,
                    content_sha256__isnull=False,
                    computed_at__isnull=False,
                ),
                name="reports_closing_computed_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="unchanged", same_as__isnull=False, computed_at__isnull=True)
                | (~Q(state="unchanged") & Q(same_as__isnull=True)),
                name="reports_closing_unchanged_is_another",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(computed_at__isnull=False),
                name="reports_released_is_computed",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="reports_released_is_a_state",
            ),
            models.CheckConstraint(
                condition=Q(drafted_at__isnull=True, comments_until__isnull=True)
                | Q(drafted_at__isnull=False, comments_until__gt=F("drafted_at"), computed_at__isnull=False),
                name="reports_draft_is_computed",
            ),
            models.CheckConstraint(
                condition=Q(comments_sha256__isnull=True) | Q(content_sha256__isnull=False),
                name="reports_comments_are_on_a_content",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="reports_closing_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}, {self.number or '–'}"

    def content(self) -> str | None:
        """The common content, read from its own table; None until it is computed.

        Raises LookupError where PostgreSQL does not show it, before its release: a template shall not print nothing.
        """
        if self.computed_at is None:
            return None
        try:
            return self.common.content
        except CommonContent.DoesNotExist:
            raise LookupError(f"The content of closing {self.pk} is not shown: nothing says for whom.") from None

    @property
    def by_two(self) -> bool:
        """Whether two people release it, as the truce says of its kind. Only of one that is computed is it known."""
        return (
            self.version is not None
            and self.version.release == MechanismVersion.Release.BY_TWO
            and self.kind not in self.version.automatic_release
        )

    @property
    def revision(self) -> int:
        """Which revision of the period it is, as printed "Rev. 1"; 0 for its first closing, and before it has one."""
        return (self.number or 1) - 1


class CommonContent(Recorded):
    """What every guarantor is told alike in a closing: canonical JSON (integers, strings, booleans, null).

    A table of its own, for before the release PostgreSQL shows it to few, and the closing's row to all who do its work:
    to a transaction that prepares it, to one that reads for a guarantor whose draft it is, and to one that reads for
    who moderates the truce, once the time for comments has ended (closings.preparing, drafts_seen).
    """

    closing = models.OneToOneField(Closing, models.PROTECT, primary_key=True, related_name="common")
    content = models.TextField()

    def __str__(self) -> str:
        return str(self.closing_id)


class Edition(Recorded):
    """A closing arranged for one guarantor: the common content, and what concerns that guarantor alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="editions")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="editions")
    content = models.TextField(help_text="Canonical JSON of what concerns this guarantor alone.")
    content_sha256 = models.CharField(max_length=64)
    drafted_at = models.DateTimeField(null=True, help_text="Since when this guarantor sees it as a draft.")
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "guarantor"], name="reports_edition_once")]

    def __str__(self) -> str:
        return str(self.public_id)


class Rendition(Recorded):
    """An edition in one format and language: a stored file, its hash and size."""

    class Format(models.TextChoices):
        """The formats of a compliance report."""

        PDF = "pdf"
        CSV = "csv"
        JSON = "json"

    class Stage(models.TextChoices):
        """Whether it is what was commented on, or what was released."""

        DRAFT = "draft"
        FINAL = "final"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="renditions")
    stage = models.CharField(max_length=5, choices=Stage, default=Stage.FINAL, db_default=Stage.FINAL)
    format = models.CharField(max_length=8, choices=Format)
    language = models.CharField(max_length=8)
    path = models.CharField(max_length=200, help_text="Where the file storage holds it.")
    file_name = models.CharField(max_length=250, help_text="The name a reader saves it under.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    objects: ClassVar[Any] = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "stage", "format", "language"], name="reports_rendition_once")
        ]

    def __str__(self) -> str:
        return self.file_name


class DraftComment(Closable):
    """What a guarantor says on the draft of a month, or that it has nothing to say; sealed from the others until then.

    It can be said anew until the window ends: the row before is closed. No comment is longer than the truce allows any.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="comments")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="+")
    words = models.TextField(blank=True, help_text="Printed as they are; empty: the guarantor has no comment.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="Never told.")

    objects: ClassVar[Any] = DraftCommentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["closing", "guarantor"],
                condition=Q(superseded_at__isnull=True),
                name="reports_one_comment_a_guarantor",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ReleaseApproval(Closable):
    """That a moderator lets a closing be released, with exactly this content and these comments. Taken back: closed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="approvals")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    comments_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["closing", "by"], condition=Q(superseded_at__isnull=True), name="reports_one_approval_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Supplement(Recorded):
    """A sheet to a released closing: a corrigendum says what is wrong in it, an addendum what is missing from it.

    It changes no figure: figures change by the next closing alone. Proposed by one person and seconded from another
    side or by an independent, it is numbered, and released to all guarantors at one instant with its files.
    """

    class Kind(models.TextChoices):
        """As it is printed: Corr. 1, Add. 1."""

        CORRIGENDUM = "corr", _("corrigendum")
        ADDENDUM = "add", _("addendum")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="supplements")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    words = models.TextField(help_text="Printed as they are.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(null=True, help_text="Among those of its kind to this closing, once seconded.")
    seconded_at = models.DateTimeField(null=True)
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SupplementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "kind", "number"], name="reports_supplement_number"),
            models.CheckConstraint(
                condition=Q(seconded_at__isnull=True, seconded_by__isnull=True, number__isnull=True)
                | Q(
                    seconded_at__isnull=False,
                    seconded_by__isnull=False,
                    number__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                name="reports_supplement_seconded_whole",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(seconded_at__isnull=False),
                name="reports_supplement_released_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SupplementFile(Recorded):
    """A sheet in one format and language: a stored file, its hash and size."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplement = models.ForeignKey(Supplement, models.PROTECT, related_name="files")
    format = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    path = models.CharField(max_length=200, help_text="Where the file storage holds it.")
    file_name = models.CharField(max_length=250, help_text="The name a reader saves it under.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    objects: ClassVar[Any] = SupplementFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplement", "format", "language"], name="reports_supplement_file_once")
        ]

    def __str__(self) -> str:
        return self.file_name
