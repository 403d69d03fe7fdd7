"""How a side files its own return of a day, nil included, corrects it, and acknowledges what another told of it.

A return is told by the guarantor for which it is filed (`monitoring.ledgers` says for which): of its own ledger, or its
word on another's (how many of the other's cases it confirms, does not confirm, ascribes elsewhere). What publications
told is `violations.returns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, days, ledger, ledgers
from monitoring.accreditation import Role
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Agreement, GuarantorState, User
from violations.codebook import CountUnit
from violations.models import DailyReturn, ReturnAcknowledgement
from violations.return_book import Book, Outcome, Recorded
from violations.return_content import Line, ReturnContent, faults_of

FILES_FOR = (Role.GUARANTOR,)  # who speaks for the guarantor that sent them
OF_ANOTHER = ("confirmed", "not_confirmed", "attributed_elsewhere")


@dataclass(frozen=True)
class FiledReturn:
    """A return as its teller files it. `ledger`: the code of the guarantor it tells of; '' is the teller's own.

    [window_from, window_until) are instants; without them it tells of the truce's day. `replaces`: the public id of
    the return that it corrects, and then `note` says why.
    """

    on: date
    total: int
    breakdown: str
    unit: str = CountUnit.CASE_OF_FIRE
    ledger: str = ""
    lines: tuple[Line, ...] = ()
    headline_total: int | None = None
    confirmed: int | None = None
    not_confirmed: int | None = None
    attributed_elsewhere: int | None = None
    window_from: datetime | None = None
    window_until: datetime | None = None
    note: str = ""
    replaces: UUID | None = None


def speaks_for(user: User, agreement: Agreement) -> GuarantorState | None:
    """Return the guarantor for which `user` files now; None: for none."""
    held = accreditation.held_by(user, *FILES_FOR, agreement=agreement).filter(sent_by_guarantor__isnull=False)
    first = held.select_related("sent_by_guarantor").order_by("pk").first()
    return first.sent_by_guarantor if first else None


def file_return(agreement: Agreement, filed: FiledReturn, *, by: User) -> Recorded:
    """Record what `by`'s guarantor tells of a day; the same again gives the first answer.

    Raises Forbidden, Malformed (`fields` by JSON pointer), NotNow: the window has not ended (`not_over`), a return of
    the day is there and none is named as corrected (`told_already`), another has taken its place (`not_latest`).
    """
    teller = _filer(agreement, filed, by)
    content = _content(agreement, filed, teller.code)
    _require_sound(agreement, filed, content)
    if content.window_until > timezone.now() or filed.on > _today(agreement):
        raise NotNow(_("What this return tells of has not ended yet. File it when it has."), code="not_over")
    with ledger.writing() as entry:
        book = Book(agreement, [content])
        recorded = book.enter_filed(content, replaces=filed.replaces)
        if recorded.outcome is not Outcome.KNOWN:
            book.write(entry)
            audit.done("returns.file", by=by, on=recorded.daily_return)
    return recorded


def acknowledge(public_id: UUID, *, by: User) -> DailyReturn:
    """Say for the owner of a ledger that it acknowledges what another told of it. Again is no fault.

    Raises NotFound, Forbidden, NotNow (`not_latest`: another return took its place).
    """
    with ledger.writing() as entry:
        told: DailyReturn | None = (
            DailyReturn.objects.visible_to(by)
            .select_for_update(no_key=True, of=("self",))
            .select_related("agreement", "owner")
            .filter(public_id=public_id)
            .first()
        )
        if told is None:
            raise NotFound(_("There is no such return among those that you may see."), code="not_found")
        mine = _teller(told.agreement, by)
        if told.owner != mine or told.teller_id == mine.pk:
            raise Forbidden(_("A guarantor acknowledges what another told of its own ledger."), code="not_its_ledger")
        if told.superseded_at is not None:
            raise NotNow(_("Another return took its place. Look at that one."), code="not_latest")
        if not told.acknowledged and not ReturnAcknowledgement.objects.filter(daily_return=told).exists():
            ReturnAcknowledgement.objects.create(recorded_at=entry.stamp(), daily_return=told, by=by)
            audit.done("returns.acknowledge", by=by, on=told)
    return told


def _filer(agreement: Agreement, filed: FiledReturn, by: User) -> GuarantorState:
    """The guarantor whose return this is. Its word on another's ledger is said by its own people alone."""
    mine = ledgers.ledger_of(by, agreement)
    if mine is None:
        raise Forbidden(
            _("Returns are filed by those accredited for a guarantor state in this agreement."), code="not_accredited"
        )
    if filed.ledger not in ("", mine.code) and speaks_for(by, agreement) is None:
        raise Forbidden(
            _("You file the return of your own side's ledger. What it says of another's, its own people file."),
            code="not_its_ledger",
        )
    return mine


def _teller(agreement: Agreement, by: User) -> GuarantorState:
    teller = speaks_for(by, agreement)
    if teller is None:
        raise Forbidden(
            _("Returns are filed by those accredited for a guarantor state in this agreement."), code="not_accredited"
        )
    return teller


def _content(agreement: Agreement, filed: FiledReturn, teller: str) -> ReturnContent:
    day = days.day_of(agreement.terms, filed.on)
    stated = filed.window_from is not None and filed.window_until is not None
    return ReturnContent(
        owner=filed.ledger or teller,
        teller=teller,
        bears_date=filed.on,
        window_from=filed.window_from or day.starts_at,
        window_until=filed.window_until or day.ends_at,
        window_basis="stated by the teller" if stated else "the day of the truce",
        total=filed.total,
        unit=filed.unit,
        headline_total=filed.headline_total,
        breakdown=filed.breakdown,
        confirmed=filed.confirmed,
        not_confirmed=filed.not_confirmed,
        attributed_elsewhere=filed.attributed_elsewhere,
        note=filed.note,
        lines=filed.lines,
    )


def _today(agreement: Agreement) -> date:
    """The latest date that a return may bear: that of the truce's day, or of its clocks where that is later."""
    now = timezone.now()
    local = now.astimezone(ZoneInfo(agreement.terms.time_zone)).date()
    return max(days.day_holding(agreement.terms, now).date, local)


def _require_sound(agreement: Agreement, filed: FiledReturn, content: ReturnContent) -> None:
    fields: dict[str, list[str]] = {}
    for _number, field, message in faults_of(agreement, [content]):
        fields.setdefault(f"/{'ledger' if field == 'owner' else field}", []).append(message)
    if content.owner == content.teller:
        for field in OF_ANOTHER:
            if getattr(filed, field) is not None:
                fields.setdefault(f"/{field}", []).append(_("This is said of another's ledger, not of one's own."))
    if (filed.window_from is None) != (filed.window_until is None):
        fields.setdefault("/window_until", []).append(_("A window has a beginning and an end: give both, or neither."))
    if content.window_from.date() < days.FIRST_DATE:
        fields.setdefault("/window_from", []).append(_("This is before 1900. Check the year."))
    if filed.replaces is not None and not filed.note.strip():
        fields.setdefault("/note", []).append(_("Say why the return is corrected."))
    if fields:
        raise Malformed(_("The return cannot be taken like this; see each error."), fields=fields)
