"""What is asked of closings, editions and renditions: whose they are to read, and where the work on them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Model,
    OuterRef,
    Prefetch,
    Q,
    Value,
    When,
)
from django.db.models.functions import Greatest

from monitoring import accreditation
from monitoring.english_order import by_english_name
from monitoring.querysets import ClosableQuerySet, RecordQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from monitoring.models import Agreement, User

M = TypeVar("M", bound=Model)


class ClockTimestamp(Func):
    """The database's clock at this moment, not the statement's start."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()


def later_of(checked_at: datetime) -> Greatest:
    """The later of `checked_at` and when a closing was last checked: two who check may end in either order."""
    return Greatest("checked_at", Value(checked_at, DateTimeField()))


class ChangedFigures(Func):
    """How many figures of a content differ from those of the last closing of its period; of its text, however large."""

    template = "json_array_length(%(expressions)s::json #> '{beside,changes,figures}')"
    arity = 1
    output_field = IntegerField()


class Agreed(Func):
    """Whether two people of different sides, or one of them of none, let a closing be released as it is."""

    function = "reports_agreed"
    arity = 1
    output_field = BooleanField()


class ByTwo(Func):
    """Whether two people release closings of a kind by a version of the mechanism."""

    function = "reports_by_two"
    arity = 2
    output_field = BooleanField()


# The condition that two people release a closing.
BY_TWO = Q(ByTwo("kind", "version"))


# When what is under way rests with people: guarantors comment on its draft, or two are to let it be released.
COMMENTED_ON = Q(state="drafted", comments_until__gt=ClockTimestamp())
TO_BE_AGREED = Q(BY_TWO, ~Q(Agreed("pk")), state="rendered")


def _readable_by(user: User | AnonymousUser, edition: str = "") -> Q:
    """The condition that the edition found at the prefix `edition` is released, and `user` reads for its guarantor."""
    return _held(user, edition) & Q(**{f"{edition}released_at__isnull": False})


def _held(user: User | AnonymousUser, edition: str = "") -> Q:
    """The condition that `user` reads for the guarantor of the edition found at the prefix `edition`."""
    held = accreditation.held_by(user, accreditation.Role.GUARANTOR).filter(sent_by_guarantor__agreement=F("agreement"))
    return Q(**{f"{edition}guarantor__in": held.values("sent_by_guarantor")})


def _before(closings: Any, closing: str = "") -> Any:
    """Of `closings` the released ones of the same period as the closing found at `closing`, with lower numbers."""
    return closings.filter(
        agreement=OuterRef(f"{closing}agreement"),
        kind=OuterRef(f"{closing}kind"),
        period=OuterRef(f"{closing}period"),
        number__lt=OuterRef(f"{closing}number"),
        released_at__isnull=False,
    )


def longest_first(closing: str = "") -> Case:
    """What sorts the closings found at the prefix `closing`: months, the reference, before weeks and days."""
    kinds = enumerate(("month", "week", "day"))
    return Case(
        *(When(**{f"{closing}kind": kind}, then=Value(place)) for place, kind in kinds), output_field=IntegerField()
    )


class ClosingQuerySet(RecordQuerySet[M]):
    """Closings."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Released closings of which `user` may read an edition now."""
        readable = self.model._default_manager.filter(_readable_by(user, "editions__"))
        return self.filter(pk__in=readable.values("pk"))

    def of_period(self, agreement: Agreement, kind: str, code: str) -> Any:
        """The closings of one period, requested or done, in the order of their requests."""
        return self.filter(agreement=agreement, kind=kind, period=code).order_by("pk")

    def computed(self) -> Any:
        """Those that have a content."""
        return self.filter(computed_at__isnull=False)

    def released(self) -> Any:
        """Those that every guarantor has received."""
        return self.filter(released_at__isnull=False)

    def latest_released(self) -> Any:
        """Of each period the released closing with the highest number: its figures are those that stand."""
        later = self.model._default_manager.filter(
            agreement=OuterRef("agreement"),
            kind=OuterRef("kind"),
            period=OuterRef("period"),
            number__gt=OuterRef("number"),
            released_at__isnull=False,
        )
        return self.released().filter(~Exists(later))

    def first_released(self) -> Any:
        """Of each period the released closing with the lowest number; not 1 where number 1 was lost with a restore."""
        earlier = _before(self.model._default_manager.all())
        return self.released().filter(~Exists(earlier))

    def revising(self) -> Any:
        """The released ones that revise another: all but the first of each period."""
        return self.released().filter(Exists(_before(self.model._default_manager.all())))

    def under_way(self) -> Any:
        """Those on which work is still to be done."""
        return self.filter(state__in=self.model.UNDER_WAY)  # type: ignore[attr-defined]

    def waiting(self) -> Any:
        """Those under way that wait for a worker: their cut-off has come and no lease runs, by the database's clock.

        One that waits for guarantors' comments, or for those who release it, waits for no worker, but to take the lease
        of a dead one from it. What the calendar asked for is released in order: it waits while a worker has still to do
        with an earlier period of its truce and kind that the calendar asked for, unless that one failed or its worker
        died: such a one holds up nobody.
        """
        now = ClockTimestamp()
        for_a_worker = (~COMMENTED_ON, ~TO_BE_AGREED | Q(lease_holder__isnull=False))
        earlier = self.model._default_manager.filter(
            *for_a_worker,
            agreement=OuterRef("agreement"),
            kind=OuterRef("kind"),
            period_until__lt=OuterRef("period_until"),
            requested_how="calendar",
            failure="",
            attempts__lte=1,
            state__in=self.model.UNDER_WAY,  # type: ignore[attr-defined]
        )
        return self.under_way().filter(
            Q(lease_until__isnull=True) | Q(lease_until__lte=now),
            Q(cutoff_at__lte=now) | Q(computed_at__isnull=False),
            ~Q(requested_how="calendar") | ~Exists(earlier),
            *for_a_worker,
        )

    def with_rest(self) -> Any:
        """Annotate `rests`, with whom one rests ('comments', 'release', '' with a worker), and `let_at`, the last word
        of those who let it be released."""
        return self.annotate(
            rests=Case(
                When(COMMENTED_ON, then=Value("comments")), When(TO_BE_AGREED, then=Value("release")), default=Value("")
            ),
            let_at=Max("approvals__recorded_at"),
        )

    def following(self, closing: Any) -> Any:
        """What the calendar asked for of the truce and kind of `closing`, of periods that end later, in order."""
        return self.filter(
            agreement=closing.agreement_id,
            kind=closing.kind,
            period_until__gt=closing.period_until,
            requested_how="calendar",
        ).order_by("period_until")

    def to_be_agreed(self) -> Any:
        """Those whose files are stored and that two people release: one of them, or none yet, has said so."""
        return self.filter(BY_TWO, state="rendered")


class EditionQuerySet(RecordQuerySet[M]):
    """Editions."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Released editions for a guarantor that `user` is accredited to read for now."""
        return self.filter(_readable_by(user))

    def for_listing(self) -> Any:
        """Newest release first, with their files, whether and how many figures changed, without the contents."""
        of_closings: Any = self.model._meta.get_field("closing").related_model
        return (
            self.select_related("agreement", "guarantor", "closing__version")
            .prefetch_related(Prefetch("renditions", _renditions().released()))
            .defer("content")
            .annotate(
                figures_changed=ChangedFigures("closing__common__content"),
                revises=Exists(_before(of_closings._default_manager.all(), "closing__")),
            )
            .order_by("-released_at", "-closing__period_from", *by_english_name("guarantor__"), "pk")
        )

    def drafts_for(self, user: User | AnonymousUser) -> Any:
        """Drafts, not released yet, for a guarantor that `user` is accredited to read for now."""
        return self.filter(_held(user), drafted_at__isnull=False, released_at__isnull=True)

    def complete(self, *, stage: str, formats: list[str], languages: list[str]) -> Any:
        """Those of which every rendition of the stage is stored."""
        wanted = Q(renditions__stage=stage, renditions__format__in=formats, renditions__language__in=languages)
        return self.annotate(stored=Count("renditions", filter=wanted)).filter(stored=len(formats) * len(languages))


class RenditionQuerySet(RecordQuerySet[M]):
    """Renditions."""

    def released(self) -> Any:
        """Those that are released, not those of the draft that was commented on."""
        return self.filter(stage="final")

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Renditions of the editions that `user` may read now: those that were released, not those of the draft."""
        return self.released().filter(_readable_by(user, "edition__"))

    def drafts_for(self, user: User | AnonymousUser) -> Any:
        """Renditions of the drafts that `user` may read now."""
        mine = _held(user, "edition__")
        return self.filter(mine, stage="draft", edition__drafted_at__isnull=False, edition__released_at__isnull=True)


class DraftCommentQuerySet(ClosableQuerySet[M]):
    """Comments on drafts."""

    def printed(self) -> Any:
        """What stands of them: that is what is printed once the window has ended."""
        return self.filter(superseded_at__isnull=True)


class SupplementQuerySet(RecordQuerySet[M]):
    """Corrigenda and addenda."""

    def released(self) -> Any:
        """Those that every guarantor has received, in the order in which they did."""
        return self.filter(released_at__isnull=False).order_by("released_at", "pk")

    def proposed(self) -> Any:
        """Those that wait for a second."""
        return self.filter(seconded_at__isnull=True, withdrawn_at__isnull=True)

    def waiting(self) -> Any:
        """Those that two agreed on and that wait for a worker to make and release them."""
        return self.filter(seconded_at__isnull=False, released_at__isnull=True)


class SupplementFileQuerySet(RecordQuerySet[M]):
    """Files of corrigenda and addenda."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Those that are released, to a closing of which `user` may read an edition now."""
        readable = _readable_by(user, "supplement__closing__editions__")
        return self.filter(readable, supplement__released_at__isnull=False).distinct()


def _renditions() -> Any:
    return apps.get_model("reports", "Rendition").objects


def database_clock() -> datetime:
    """The database's clock at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
