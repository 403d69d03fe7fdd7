"""After a restore: note that it was one; and that closings go on, said by two people who know what is lost."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, canonical, ledger
from monitoring.errors import Forbidden, Malformed, NotNow
from reports import periods, release_log
from reports.closings.held import held, log_anew
from reports.closings.logged import not_witnessed
from reports.models import Closing, LostRelease, Restoration, Resumption

if TYPE_CHECKING:
    from monitoring.models import Agreement, User

Role = accreditation.Role
MAY = (Role.OPERATOR, Role.AUDITOR, Role.MODERATOR)
LONGEST_GROUNDS = 2000
MOST_BEYOND = 100  # numbers of a period, or sheets to a closing, that may be lost at once
# What a file of any shape may meet with, however deep it is.
UNTOLD = (OSError, ValueError, KeyError, TypeError, RecursionError, Malformed, release_log.UnreadableError)


def restored(*, taken_at: datetime) -> Restoration:
    """Note that the database was restored from the backup begun at `taken_at`, and whether a log apart witnesses it.

    A log kept apart is older than no backup: one that lacks what the backup holds was lost or emptied since. Raises
    NotNow where it cannot be read.
    """
    witnessed = release_log.has_witness() and not not_witnessed()
    with ledger.writing() as entry:
        restoration = Restoration.objects.create(recorded_at=entry.stamp(), taken_at=taken_at, witnessed=witnessed)
        audit.done("restoration.note", by=None, on=restoration)
    return restoration


def propose(agreement: Agreement, *, grounds: str, by: User, files: tuple[Path, ...] = ()) -> Resumption:
    """Propose that the truce's closings go on, what the log knows and the record does not being lost.

    `files`: editions as JSON that guarantors hold, of releases that no log tells of. Raises Forbidden (no operator,
    auditor or moderator of the truce now), Malformed (no grounds; a file that is none of this truce, a draft, or of
    a closing that is there; a number far past what is known), NotNow (nothing is held back, or the log cannot be read).
    """
    _require_role(agreement, by)
    if not 0 < len(grounds.strip()) <= LONGEST_GROUNDS:
        raise Malformed(
            _("Say how it is known what had been released, in at most %(most)d characters.")
            % {"most": LONGEST_GROUNDS},
            code="grounds",
        )
    lost = {line.which: line for line in (*held(agreement).lines, *(_told_by(path, agreement) for path in files))}
    for line in lost.values():
        _require_near(line, agreement)
    with ledger.writing() as entry:
        if not held(agreement) and not lost:
            raise NotNow(_("Closings of this truce are not held back."), code="not_held")
        recorded_at = entry.stamp()
        for waiting in Resumption.objects.waiting().filter(agreement=agreement).select_for_update():
            waiting.superseded_at = recorded_at
            waiting.save(update_fields=["superseded_at"])
        resumption = Resumption.objects.create(
            recorded_at=recorded_at, agreement=agreement, grounds=grounds.strip(), proposed_by=by
        )
        LostRelease.objects.bulk_create(_lost(resumption, line) for line in lost.values())
        audit.done("resumption.propose", by=by, on=resumption)
    return resumption


def second(resumption: Resumption, *, by: User) -> Resumption:
    """Agree that the truce's closings go on. What the log tells of by now beyond the proposal holds them back still.

    What the record released and the log lacks is written into it. Raises Forbidden (no operator, auditor or moderator
    of the truce now; the proposer), NotNow (agreed to already, or another proposal took its place; the log cannot be
    written).
    """
    _require_role(resumption.agreement, by)
    if resumption.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this: another person must second it."), code="same_person")
    with ledger.writing() as entry:
        waiting = Resumption.objects.waiting().select_for_update().filter(pk=resumption.pk).first()
        if waiting is None:
            raise NotNow(_("This is agreed to already, or another proposal took its place."), code="not_waiting")
        waiting.seconded_by, waiting.seconded_at = by, entry.stamp()
        waiting.save(update_fields=["seconded_by", "seconded_at"])
        audit.done("resumption.second", by=by, on=waiting)
        log_anew(waiting.agreement)  # last: nothing of it is undone
    return waiting


def _require_role(agreement: Agreement, by: User) -> None:
    if not accreditation.held_by(by, *MAY, agreement=agreement).exists():
        raise Forbidden(_("Your account is not accredited for this in this agreement."), code="not_accredited")


def _require_near(line: release_log.Line, agreement: Agreement) -> None:
    """Raise Malformed where the number is far past those known: the next takes the one after, and there is a last."""
    here = Closing.objects.of_period(agreement, line.kind, line.period).aggregate(last=Max("number"))["last"] or 0
    lost = LostRelease.objects.filter(
        resumption__in=Resumption.objects.agreed().filter(agreement=agreement), kind=line.kind, period=line.period
    )
    known = max(here, lost.aggregate(last=Max("number"))["last"] or 0)
    if line.number > known + MOST_BEYOND or line.sheet_number > MOST_BEYOND:
        raise Malformed(
            _("%(release)s is more than %(most)d past what is known of its period: that was never released.")
            % {"release": line, "most": MOST_BEYOND},
            code="number_beyond",
        )


def _lost(resumption: Resumption, line: release_log.Line) -> LostRelease:
    return LostRelease(
        resumption=resumption,
        kind=line.kind,
        period=line.period,
        number=line.number,
        content_sha256=line.content_sha256,
        released_at=parse_datetime(line.released_at) if line.released_at else None,
        sheet_kind=line.sheet_kind,
        sheet_number=line.sheet_number,
        sheet=line.sheet,
    )


def _told_by(path: Path, agreement: Agreement) -> release_log.Line:
    """The release that an edition as JSON is of; its hash is computed, not believed."""
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
        content, is_draft = told["closing"], told.get("draft", False)
        head, number = content["head"], content["beside"]["header"]["number"]
        said = {
            "truce": head["agreement"],
            "kind": head["period"]["kind"],
            "period": head["period"]["code"],
            "number": number,
            "content_sha256": canonical.sha256(head),
            "released_at": "",
        }
        line = release_log.read_line(json.dumps(said))
        periods.dates(line.kind, line.period)
        whole = all(canonical.sha256(content["sections"][one["code"]]) == one["sha256"] for one in head["sections"])
        whole &= canonical.sha256(content["beside"]["header"]) == content["beside_sha256"]["header"]
    except UNTOLD as error:
        raise Malformed(_("%(file)s is no edition as JSON.") % {"file": path.name}, code="no_edition") from error
    if line.truce != agreement.code or not whole:
        raise Malformed(
            _("%(file)s is of another truce, or its hashes do not fit what it says.") % {"file": path.name},
            code="not_this_edition",
        )
    if is_draft:
        raise Malformed(_("%(file)s is a draft, which was released to nobody.") % {"file": path.name}, code="draft")
    there = Closing.objects.of_period(agreement, line.kind, line.period).filter(number=line.number)
    if there.filter(content_sha256=line.content_sha256).exists():
        raise Malformed(_("%(file)s is of a closing that is there.") % {"file": path.name}, code="known")
    return line
