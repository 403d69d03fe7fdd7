"""Measures agreed: what a guarantor or a party is to do, and what was seen of it since. They count for nothing.

Moderators record them from what was agreed elsewhere. A step is never changed: another follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, days
from monitoring.errors import Malformed
from violations import filers, holding, standing, taking_down, waiting
from violations.models import Measure, MeasureStep
from violations.reply_codes import MeasureState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitoring.models import Agreement, GuarantorState, Party, User
    from violations.models import Incident

ENDED = (MeasureState.DONE, MeasureState.NOT_DONE, MeasureState.DROPPED)


@dataclass(frozen=True)
class Agreed:
    """A measure as it was agreed: by whom it is to be taken (one of the two), what, when agreed, and until when."""

    words: str
    agreed_on: date
    due_on: date | None = None
    guarantor: GuarantorState | None = None
    party: Party | None = None
    incident: Incident | None = None


@dataclass(frozen=True)
class Seen:
    """A step of its follow-up: how it stood on a day, what was seen and by whom, and when it is looked at again."""

    state: str
    words: str
    seen_on: date
    due_on: date | None = None


def record(agreement: Agreement, agreed: Agreed, *, by: User, client_id: str) -> Measure:
    """Record a measure. The same form sent twice is one. Raises Forbidden, Malformed, NotNow (`client_id_taken`)."""
    words = agreed.words.strip()
    faults = _faults(agreement, words, "/agreed_on", agreed.agreed_on, agreed.due_on)
    if (agreed.guarantor is None) == (agreed.party is None):
        faults["/of"] = [_("Say whose measure it is: a guarantor's or a party's.")]
    _require(faults)
    with holding.deciding() as entry:
        capacity = standing.moderating(by, agreement)
        waiting.hold(by, alone=True)
        before = Measure.objects.filter(by=by, client_id=client_id).first()
        if before is not None:
            if before.words != words:
                raise filers.taken([], latest=str(before.public_id))
            return before
        measure = Measure.objects.create(
            recorded_at=entry.stamp(),
            agreement=agreement,
            incident=agreed.incident,
            guarantor=agreed.guarantor,
            party=agreed.party,
            words=words,
            agreed_on=agreed.agreed_on,
            due_on=agreed.due_on,
            by=by,
            side=capacity.side,
            client_id=client_id,
        )
        audit.done("measure.record", by=by, on=measure)
    return measure


def follow_up(measure: Measure, seen: Seen, *, by: User, client_id: str) -> MeasureStep:
    """Record what was seen of a measure. The same form sent twice is one step. Raises as `record`."""
    words = seen.words.strip()
    faults = _faults(measure.agreement, words, "/seen_on", seen.seen_on, seen.due_on)
    if seen.state not in MeasureState.values:
        faults["/state"] = [_("Choose how it stands.")]
    elif seen.due_on is not None and seen.state in ENDED:
        faults["/due_on"] = [_("What has ended is not looked at again: leave the day out.")]
    if seen.seen_on < measure.agreed_on:
        faults.setdefault("/seen_on", [_("It was not agreed yet on that day.")])
    _require(faults)
    with holding.deciding() as entry:
        capacity = standing.moderating(by, measure.agreement)
        waiting.hold(by, alone=True)
        before = MeasureStep.objects.filter(by=by, client_id=client_id).first()
        if before is not None:
            if (before.words, before.state) != (words, seen.state):
                raise filers.taken([], latest=str(measure.public_id))
            return before
        step = MeasureStep.objects.create(
            recorded_at=entry.stamp(),
            measure=measure,
            state=seen.state,
            seen_on=seen.seen_on,
            due_on=seen.due_on,
            words=words,
            by=by,
            side=capacity.side,
            client_id=client_id,
        )
        audit.done("measure.follow_up", by=by, on=measure)
    return step


def of(agreements: Iterable[int], at: datetime | None = None) -> Any:
    """Measures of these agreements, by their ids: each with its last step's `state` and the day it is due by now.

    Or as known at `at`.
    """
    last = MeasureStep.objects.until(at).filter(measure=OuterRef("pk")).order_by("-pk")
    rows = (
        Measure.objects.until(at)
        .filter(agreement__in=list(agreements))
        .annotate(
            state=Coalesce(Subquery(last.values("state")[:1]), Value(MeasureState.UNDER_WAY.value)),
            last_seen_on=Subquery(last.values("seen_on")[:1]),
            next_on=Subquery(last.values("due_on")[:1]),
        )
    )
    return rows.select_related("agreement", "incident", "guarantor", "party", "side", "by")


def due_on(measure: Any) -> date | None:
    """When a measure of `of` is to be looked at next; None: it has ended, or no day was set."""
    if measure.state in ENDED:
        return None
    day: date | None = measure.next_on if measure.last_seen_on else measure.due_on
    return day


def _faults(agreement: Agreement, words: str, pointer: str, on: date, until: date | None) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not words or len(words) > taking_down.LONGEST:
        faults["/words"] = [_("Write it in 1 to %(longest)s characters.") % {"longest": taking_down.LONGEST}]
    if not days.is_known(on) or on > days.day_holding(agreement.terms, timezone.now()).date:
        faults[pointer] = [_("Give a day that is not to come.")]
    elif until is not None and (not days.is_known(until) or until < on):
        faults["/due_on"] = [_("Give a day that comes after.")]
    return faults


def _require(faults: dict[str, list[str]]) -> None:
    if faults:
        raise Malformed(_("Nothing was recorded: see each error."), fields=faults)
