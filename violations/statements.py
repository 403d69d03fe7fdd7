"""A guarantor's own word on an incident, a period or an edition: filed, corrected by another row, told to the others.

It stands beside the finding and changes nothing of it. One stands on each thing; another is its correction, and says
so. Only its owner and the moderators read it until the owner tells it to the other guarantors, to all of them at once.
It cannot be untold: what corrects a statement that was told is told as it is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, canonical, days, ledger
from monitoring.errors import Forbidden, NotFound, NotNow
from monitoring.models import GuarantorState
from violations import replies_seen, taking_down, waiting
from violations.models import GuarantorStatement, StatementTelling
from violations.reply_codes import Statement
from violations.return_filing import speaks_for
from violations.taking_down import Paper

if TYPE_CHECKING:
    from monitoring.models import Agreement, User
    from violations.models import Incident


@dataclass(frozen=True)
class Said:
    """A statement as it is handed in: on `incident`, else on `period`, with `closing_number` on an edition of it.

    Which incidents and editions a guarantor knows of is for the doors to find; here they are taken as given.
    """

    code: str
    words: str = ""
    language: str = ""
    incident: Incident | None = None
    period: str = ""
    closing_number: int | None = None

    @property
    def about(self) -> str:
        """The thing that it is on, as one word: 'incident:17', 'period:2025-03', 'period:2025-03:2'."""
        if self.incident is not None:
            return f"incident:{self.incident.pk}"
        return f"period:{self.period}" + (f":{self.closing_number}" if self.closing_number is not None else "")

    def faults(self) -> dict[str, list[str]]:
        """What is wrong with it, by pointer."""
        told = taking_down.word_faults(self.words.strip(), self.language, required=False)
        if self.code not in Statement.values:
            told["/statement"] = [_("Choose one of the statements.")]
        if (self.incident is None) == (not self.period) or (self.closing_number is not None and not self.period):
            told["/about"] = [_("Say what it is about: an incident, or a period, or an edition of a period.")]
        return told


@dataclass(frozen=True)
class FiledStatement:
    """What came of a filing: the statement, and whether it is new or was there already under that client id."""

    statement: GuarantorStatement
    created: bool


def file_statement(
    agreement: Agreement,
    said: Said,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None = None,
    told: bool = False,
) -> FiledStatement:
    """Record what `by`'s guarantor says; `replaces` names the statement that it corrects, `told` tells it at once.

    Raises Forbidden (speaks for no guarantor here now), Malformed (`fields` by pointer), NotFound (`replaces` is none
    of the guarantor's), NotNow: one stands and none is named as corrected (`stands`), another took its place
    (`not_latest`), the period is not over (`not_over`), something else was filed so (`client_id_taken`).
    """
    guarantor = speaks_for(by, agreement)
    if guarantor is None:
        raise Forbidden(_("Your account speaks for no guarantor state in this agreement now."), code="not_accredited")
    return _file(agreement, guarantor, said, None, by=by, client_id=client_id, replaces=replaces, told=told)


def take_down(
    agreement: Agreement,
    guarantor: GuarantorState,
    said: Said,
    paper: Paper,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None = None,
    told: bool = False,
) -> FiledStatement:
    """Record a guarantor's statement that came on paper, as such. `told`: the paper is addressed to all guarantors.

    Raises as `file_statement`; Forbidden as `taking_down.require_taker`.
    """
    taking_down.require_taker(by, agreement, guarantor)
    taking_down.require(paper.faults(agreement, timezone.now()))
    return _file(agreement, guarantor, said, paper, by=by, client_id=client_id, replaces=replaces, told=told)


def tell(public_id: UUID, *, by: User) -> GuarantorStatement:
    """Tell a statement to the other guarantors. Again is no fault; it cannot be untold.

    Raises NotFound, also for one of another that was not told; NotNow (`not_latest`).
    """
    voices = replies_seen.voices_of(by)
    with ledger.writing() as entry, replies_seen.reading_as(voices):
        mine = GuarantorStatement.objects.filter(guarantor__in=[one.guarantor for one in voices if one.guarantor])
        found = mine.filter(public_id=public_id).select_related("agreement", "guarantor").first()
        if found is None:
            raise NotFound(_("There is no such statement among yours."), code="not_found")
        GuarantorState.objects.select_for_update(no_key=True).get(pk=found.guarantor_id)
        if not GuarantorStatement.objects.open().filter(pk=found.pk).exists():
            raise NotNow(_("Another statement took its place. Look at that one."), code="not_latest")
        if not is_told(found):
            StatementTelling.objects.create(recorded_at=entry.stamp(), statement=found, by=by)
            audit.done("statement.tell", by=by, on=found)
    return found


def readable_by(voices: list[replies_seen.Voice]) -> Any:
    """Statements that these guarantors may read: their own, and what others told. Ask within `reading_as(voices)`."""
    guarantors = [voice.guarantor.pk for voice in voices if voice.guarantor]
    agreements = [voice.agreement.pk for voice in voices if voice.guarantor]
    seen = Q(guarantor__in=guarantors) | Q(agreement__in=agreements, telling__isnull=False)
    rows = GuarantorStatement.objects.filter(seen).select_related("agreement", "guarantor", "incident", "telling")
    return rows.order_by("-recorded_at", "-pk")


def is_told(statement: GuarantorStatement) -> bool:
    """Whether the others may read it."""
    return StatementTelling.objects.filter(statement=statement.pk).exists()


def replaced_by(statement: GuarantorStatement) -> GuarantorStatement | None:
    """The statement whose place this one took. Ask within a context that shows it."""
    before = _on_the_same(statement.guarantor, _said_by(statement))
    return before.filter(superseded_at=statement.recorded_at).first()


def _file(
    agreement: Agreement,
    guarantor: GuarantorState,
    said: Said,
    paper: Paper | None,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None,
    told: bool,
) -> FiledStatement:
    taking_down.require(said.faults())
    if said.period and days.span(agreement.terms, said.period)[1] > timezone.now():
        raise NotNow(_("This period is not over yet. State on it when it is."), code="not_over")
    now = _document(guarantor, said, paper, replaces)
    with ledger.writing() as entry, replies_seen.reading_for([agreement.pk]):
        waiting.hold(by, alone=True)
        GuarantorState.objects.select_for_update(no_key=True).get(pk=guarantor.pk)
        before = GuarantorStatement.objects.filter(by=by, client_id=client_id).first()
        if before is not None:
            return FiledStatement(taking_down.the_same(before, _document_of(before), now, _latest(before)), False)
        told = _close(entry, guarantor, said, replaces) or told
        statement = GuarantorStatement.objects.create(
            recorded_at=entry.stamp(),
            agreement=agreement,
            guarantor=guarantor,
            incident=said.incident,
            period=said.period,
            closing_number=said.closing_number,
            about=said.about,
            code=said.code,
            words=said.words.strip(),
            language=said.language if said.words.strip() else "",
            by=by,
            client_id=client_id,
            content_sha256=canonical.sha256(now),
            **taking_down.columns(paper),
        )
        audit.done("statement.take_down" if paper else "statement.file", by=by, on=statement)
        if told:
            StatementTelling.objects.create(recorded_at=entry.stamp(), statement=statement, by=by)
            audit.done("statement.tell", by=by, on=statement)
    return FiledStatement(statement, created=True)


def _close(entry: ledger.Entry, guarantor: GuarantorState, said: Said, replaces: UUID | None) -> bool:
    """Close what is corrected. Return whether it was told."""
    on_it = _on_the_same(guarantor, said)
    standing = on_it.open().first()
    if replaces is None and standing is not None:
        raise NotNow(
            _("A statement of yours on this stands. Correct that one."),
            code="stands",
            members={"latest": str(standing.public_id)},
        )
    if replaces is None:
        return False
    if not on_it.filter(public_id=replaces).exists():
        raise NotFound(_("What you correct is no statement of yours on this."), code="not_found")
    if standing is None or standing.public_id != replaces:
        raise NotNow(_("What you correct was corrected before."), code="not_latest")
    entry.close(GuarantorStatement.objects.filter(pk=standing.pk), expected=1)
    return is_told(standing)


def _on_the_same(guarantor: GuarantorState, said: Said) -> Any:
    return GuarantorStatement.objects.filter(guarantor=guarantor, about=said.about)


def _latest(statement: GuarantorStatement) -> GuarantorStatement:
    """What stands on the same thing by now."""
    return _on_the_same(statement.guarantor, _said_by(statement)).open().first() or statement


def _said_by(statement: GuarantorStatement) -> Said:
    return Said(
        code=statement.code,
        words=statement.words,
        language=statement.language,
        incident=statement.incident,
        period=statement.period,
        closing_number=statement.closing_number,
    )


def _document(guarantor: GuarantorState, said: Said, paper: Paper | None, replaces: UUID | None) -> dict[str, Any]:
    return {
        "guarantor": guarantor.code,
        "incident": str(said.incident.public_id) if said.incident else None,
        "period": said.period,
        "closing_number": said.closing_number,
        "statement": said.code,
        "words": said.words.strip(),
        "language": said.language if said.words.strip() else "",
        "replaces": str(replaces) if replaces else None,
        **taking_down.document_of(paper),
    }


def _document_of(row: GuarantorStatement) -> dict[str, Any]:
    replaced = replaced_by(row)
    paper = taking_down.paper_of(row)
    return _document(row.guarantor, _said_by(row), paper, replaced.public_id if replaced else None)
