"""Recording what sides announced: daily returns as their teller told them, never summed with what teams filed.

A return told again with the same numbers at another address has a second source. Other numbers for the same ledger,
teller and date are a contradicting return: both stand. Only the one who corrects says that it is a correction.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.accreditation import Role, held_by
from monitoring.errors import Forbidden, Malformed
from monitoring.models import Agreement, User
from violations.return_book import Book, Outcome, Recorded
from violations.return_content import Line, ReturnContent, Source, faults_of

__all__ = ["Line", "Outcome", "Recorded", "ReturnContent", "Source", "record_return", "record_returns"]


def record_return(agreement: Agreement, content: ReturnContent, *, by: User | None, correct: bool = False) -> Recorded:
    """Record one return; see `record_returns`."""
    return record_returns(agreement, [content], by=by, correct=correct)[0]


def record_returns(
    agreement: Agreement, contents: Sequence[ReturnContent], *, by: User | None, correct: bool = False
) -> list[Recorded]:
    """Record returns at one instant, all or none; what is recorded already is left alone.

    `by`: an operator of the agreement, a person sent by the teller, or None for the operator at the machine. Where an
    address that a return was read at now gives other numbers, `correct` says that they replace the former ones.
    Raises Malformed (`fields` by the number of the content and its field), Forbidden, NotNow (such an address, and no
    `correct`).
    """
    _may_record(agreement, contents, by)
    faults = faults_of(agreement, contents)
    if faults:
        fields: dict[str, list[str]] = {}
        for number, field, message in faults:
            fields.setdefault(f"/{number}/{field}", []).append(message)
        message = _("The return cannot be recorded as it stands: %(first)s.") % {"first": faults[0][2]}
        raise Malformed(message, fields=fields)
    with ledger.writing() as entry:
        book = Book(agreement, contents)
        recorded = [book.enter(content, correct=correct) for content in contents]
        if book.anything_new:
            book.write(entry)
            audit.done("returns.record", by=by, on=agreement, agreement=agreement)
    return recorded


def _may_record(agreement: Agreement, contents: Sequence[ReturnContent], by: User | None) -> None:
    if by is None or held_by(by, Role.OPERATOR, agreement=agreement).exists():
        return
    sent_by = set(held_by(by, Role.GUARANTOR, agreement=agreement).values_list("sent_by_guarantor__code", flat=True))
    if not {content.teller for content in contents} <= sent_by:
        raise Forbidden(
            _("A return is recorded by an operator of the agreement or by a person sent by the one who tells it."),
            code="not_accredited",
        )
