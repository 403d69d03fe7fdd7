"""Sittings of the body that a truce's file names to determine: called, given an agenda, minuted.

Any moderator of the truce calls one, puts incidents on its agenda and writes its minutes: nothing of that changes what
is counted. What the sitting said is `determinations`. Whoever filed a report of an incident neither puts it before a
sitting nor takes it off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, days
from monitoring.errors import Malformed, NotNow
from violations import agenda, docket, filers, holding, membership, seconding, standing, waiting
from violations.codebook import Standing
from violations.models import AgendaItem, AgendaRemoval, Finding, Sitting, SittingMinutes, SittingOutcome
from violations.report_content import LANGUAGE

if TYPE_CHECKING:
    from monitoring.models import Agreement, User

# Apart from every other advisory lock: the upper half of the key.
SPACE = 20161234 << 32
LONGEST_PLACE = 200
LONGEST_MINUTES = 40_000


@dataclass(frozen=True)
class Minuted:
    """The minutes as they were kept: words and language, and where the signed paper is kept; '': there is none."""

    words: str
    language: str
    on_paper: str = ""


def call(agreement: Agreement, held_on: date, *, place: str = "", by: User, client_id: str) -> Sitting:
    """Call a sitting of the truce's determining body for a day by the truce's clocks, past or to come.

    The same form sent twice is one sitting. Raises Forbidden (no moderator here), Malformed (the day, the place),
    NotNow (`no_determining_body`: the file names none; `client_id_taken`).
    """
    faults = {}
    if not days.is_known(held_on):
        faults["/held_on"] = [_("Give a day that the calendar knows.")]
    if len(place) > LONGEST_PLACE:
        faults["/place"] = [_("Write it in at most %(longest)s characters.") % {"longest": LONGEST_PLACE}]
    _require(faults)
    with holding.deciding() as entry:
        capacity = standing.moderating(by, agreement)
        holding.hold_mechanism([agreement.pk])
        waiting.hold(by, alone=True)
        before = Sitting.objects.filter(called_by=by, client_id=client_id).first()
        if before is not None:
            if (before.agreement_id, before.held_on) != (agreement.pk, held_on):
                raise filers.taken([], latest=str(before.public_id))
            return before
        body = agreement.terms.determining_body
        if not body:
            raise NotNow(
                _("The file of this truce names no body that determines, so there is no sitting to call."),
                code="no_determining_body",
            )
        sitting = Sitting.objects.create(
            recorded_at=entry.stamp(),
            agreement=agreement,
            body=body,
            held_on=held_on,
            place=place.strip(),
            called_by=by,
            called_side=capacity.side,
            client_id=client_id,
        )
        audit.done("sitting.call", by=by, on=sitting)
    return sitting


def put_on(sitting: Sitting, finding: Finding, *, by: User) -> AgendaItem:
    """Put a finding before the sitting, with its incident: an open proposal of one side, or what two sides agreed.

    Raises Forbidden (no moderator here; filed a report of it), Malformed (of another truce; a move of reports), NotNow
    (`not_open`, `stale` as for seconding; `not_before_a_sitting`: determined already, or of a data set; `on_an_agenda`;
    `not_live`).
    """
    if finding.agreement_id != sitting.agreement_id:
        raise Malformed(_("This finding is of another truce."), code="another_agreement")
    with holding.deciding() as entry:
        _hold(sitting)
        holding.hold([finding.incident_id])
        capacity = standing.moderating(by, sitting.agreement, membership.chains([finding.incident_id]))
        require_fresh(finding)
        present = agenda.open_item(finding.incident_id)
        if present is not None:
            raise NotNow(
                _("This incident stands on the agenda of the sitting of %(day)s already.")
                % {"day": present.sitting.held_on},
                code="on_an_agenda",
            )
        last = AgendaItem.objects.filter(sitting=sitting).aggregate(last=Max("place"))["last"]
        item = AgendaItem.objects.create(
            recorded_at=entry.stamp(),
            sitting=sitting,
            incident_id=finding.incident_id,
            finding=finding,
            place=(last or 0) + 1,
            put_by=by,
            put_side=capacity.side,
        )
        docket.follow([finding.incident_id], recorded_at=entry.stamp())
        audit.done("sitting.put_on", by=by, on=item)
    return item


def take_off(item: AgendaItem, *, by: User, grounds: str) -> AgendaRemoval:
    """Take an item off the agenda, before anything is recorded of it. Its finding stands as it did.

    Raises Malformed (no grounds), Forbidden (no moderator here; filed a report of it), NotNow (`not_on_agenda`;
    `outcome_recorded`).
    """
    if not grounds.strip():
        message = _("Write on what grounds.")
        raise Malformed(message, fields={"/grounds": [message]})
    with holding.deciding() as entry:
        holding.hold([item.incident_id])
        item = still_on(item)
        capacity = standing.moderating(by, item.agreement, membership.chains([item.incident_id]))
        if SittingOutcome.objects.open().filter(item=item).exists():
            raise NotNow(
                _("What the sitting said of this is recorded already: confirm it, or record it as it was."),
                code="outcome_recorded",
            )
        entry.close(AgendaItem.objects.filter(pk=item.pk), expected=1)
        removal = AgendaRemoval.objects.create(
            recorded_at=entry.stamp(), item=item, by=by, side=capacity.side, grounds=grounds.strip()
        )
        docket.follow([item.incident_id], recorded_at=entry.stamp())
        audit.done("sitting.take_off", by=by, on=item)
    return removal


def minute(sitting: Sitting, minuted: Minuted, *, by: User) -> SittingMinutes:
    """Write the minutes, or others in the place of those that stand. The same again changes nothing.

    Raises Malformed (words, language), Forbidden (no moderator here), NotNow (`not_held_yet`).
    """
    words, paper = minuted.words.strip(), minuted.on_paper.strip()
    faults = {}
    if not words or len(words) > LONGEST_MINUTES:
        faults["/words"] = [_("Write it in 1 to %(longest)s characters.") % {"longest": LONGEST_MINUTES}]
    if not LANGUAGE.fullmatch(minuted.language):
        faults["/language"] = [_("Give the code of the language, as en or ar.")]
    if len(paper) > LONGEST_PLACE:
        faults["/on_paper"] = [_("Write it in at most %(longest)s characters.") % {"longest": LONGEST_PLACE}]
    _require(faults)
    with holding.deciding() as entry:
        capacity = standing.moderating(by, sitting.agreement)
        _hold(sitting)
        require_held(sitting)
        before = SittingMinutes.objects.open().filter(sitting=sitting).first()
        if before is not None and (before.words, before.language, before.on_paper) == (words, minuted.language, paper):
            return before
        entry.close(SittingMinutes.objects.open().filter(sitting=sitting))
        minutes = SittingMinutes.objects.create(
            recorded_at=entry.stamp(),
            sitting=sitting,
            words=words,
            language=minuted.language,
            on_paper=paper,
            by=by,
            side=capacity.side,
        )
        audit.done("sitting.minute", by=by, on=sitting)
    return minutes


def require_fresh(finding: Finding) -> Finding:
    """Return `finding` as it is now, where it can be before a sitting: open, and of what its authors saw.

    Raises Malformed or NotNow as `put_on`. Ask with the incident held.
    """
    row = Finding.objects.select_related("incident__agreement", "agreement").get(pk=finding.pk)
    if row.effect != Finding.Effect.FINDING and row.standing == Standing.PROPOSED:
        raise Malformed(_("A sitting determines findings; a move of reports is seconded."), code="not_a_finding")
    if row.superseded_at is not None:
        raise NotNow(
            _("This finding stands no more: something was put in its place. Take that before the sitting."),
            code="not_open",
        )
    if row.standing not in (Standing.PROPOSED, Standing.PRELIMINARY):
        raise NotNow(
            _("This is determined, or told by a data set: propose a finding, and put that before the sitting."),
            code="not_before_a_sitting",
        )
    if not membership.is_live(row.incident_id):
        raise NotNow(
            _("No report belongs to this incident any more: it was merged into another or withdrawn."), code="not_live"
        )
    if row.standing == Standing.PROPOSED:
        seconding.require_unchanged(row, [row.incident_id])
        agenda.require_unsaid(row)
    return row


def require_held(sitting: Sitting) -> None:
    """Raise NotNow (`not_held_yet`) before the sitting's day begins by the truce's clocks."""
    if sitting.held_on > days.day_holding(sitting.agreement.terms, timezone.now()).date:
        raise NotNow(_("The day of this sitting is still to come."), code="not_held_yet")


def still_on(item: AgendaItem) -> AgendaItem:
    """Return the item as it is now, where it waits for the sitting to say something. Ask with the incident held."""
    row = AgendaItem.objects.select_related("sitting__agreement", "incident__agreement", "finding").get(pk=item.pk)
    if row.superseded_at is not None:
        raise NotNow(
            _("This is on the agenda no more: it was taken off, or what the sitting said of it is confirmed."),
            code="not_on_agenda",
        )
    return row


def _hold(sitting: Sitting) -> None:
    """One at a time numbers the agenda and writes the minutes; taken before incidents are held."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [SPACE | sitting.pk])


def _require(faults: dict[str, list[str]]) -> None:
    if faults:
        raise Malformed(_("Nothing was recorded: see each error."), fields=faults)
