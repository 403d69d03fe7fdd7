"""How a guarantor hands in its own list of cases, tells it to the others, and who may read which.

A list that is not told is read by its owner alone. One that is told is read by another guarantor once that one has told
its own lists of all the same days, were they empty: nobody fits a list to the other's before giving it. PostgreSQL
shows drafts within `reading_own` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import accreditation, audit, canonical, days, ledger
from monitoring.english_order import by_english_name
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Agreement, Area, AreaAlias, GuarantorState, User
from monitoring.row_context import row_context
from violations.case_list_file import rows_of
from violations.models import CaseList, CaseListRow, CaseListTelling
from violations.naming import parties_named, plain
from violations.return_filing import FILES_FOR, speaks_for

LONGEST_SPAN = 366


@dataclass(frozen=True)
class HandedIn:
    """What came of handing in a list: the list, and whether it is new."""

    case_list: CaseList
    created: bool


def hand_in(agreement: Agreement, text: str, form: str, **more: Any) -> CaseList:
    """Record a list, or find the one that it is; see `hand_in_once`."""
    return hand_in_once(agreement, text, form, **more).case_list


def hand_in_once(
    agreement: Agreement, text: str, form: str, *, from_date: date, until_date: date, by: User, client_id: str = ""
) -> HandedIn:
    """Record a list of the days [from_date, until_date) as a draft; it takes the place of the draft of these days.

    `client_id` is the client's own name of the handing in, unique among those of its guarantor. The same again is the
    first answer, whatever took its place since: what was delayed on its way puts no older draft back. Without a name
    the same is what has the same days and text; to hand in an older text on purpose, name it.
    Raises Forbidden, Malformed (`fields` by row and column), NotNow where the name is that of another list
    (`client_id_taken`), where it covers a part of the days of another list (`overlaps`), or a day that is not over
    (`not_over`): told, it would show the other's lists of days of which nobody can have listed anything yet.
    """
    owner = _owner(agreement, by)
    if not 0 < (until_date - from_date).days <= LONGEST_SPAN:
        message = _("A list covers 1 to %(most)d days.") % {"most": LONGEST_SPAN}
        raise Malformed(message, fields={"/until": [message]})
    if days.day_of(agreement.terms, until_date - days.ONE_DAY).ends_at > timezone.now():
        raise NotNow(_("A list covers days that are over. Hand it in when the last of them is."), code="not_over")
    rows = rows_of(text, form, ZoneInfo(agreement.terms.time_zone))
    _require_within(agreement, rows, from_date, until_date)
    _name(agreement, rows)
    handed_in = CaseList(
        agreement=agreement,
        owner=owner,
        from_date=from_date,
        until_date=until_date,
        form=form,
        as_filed=text,
        client_id=client_id,
        content_sha256=canonical.sha256(
            {"owner": owner.code, "days": [from_date.isoformat(), until_date.isoformat()], "text": text}
        ),
    )
    with ledger.writing() as entry, reading_own(owner):
        mine = _mine(agreement, owner).filter(from_date__lt=until_date, until_date__gt=from_date)
        before = _handed_in_before(handed_in)
        if before is not None:
            return HandedIn(before, created=False)
        if mine.exclude(from_date=from_date, until_date=until_date).exists():
            raise NotNow(_("Another of your lists covers a part of these days. Cover the same days."), code="overlaps")
        entry.close(mine.filter(telling__isnull=True))
        handed_in.recorded_at = entry.stamp()
        handed_in.save(force_insert=True)
        for row in rows:
            row.case_list = handed_in
        CaseListRow.objects.bulk_create(rows)
        audit.done("case_list.hand_in", by=by, on=handed_in)
    return HandedIn(handed_in, created=True)


def tell(public_id: UUID, *, by: User) -> CaseList:
    """Tell a list to the other guarantors, in place of the one told before. Again is no fault; it cannot be untold.

    Raises NotFound, also for a draft of another; NotNow (`not_latest`).
    """
    found, owner = read(public_id, by=by)
    if found.owner_id != owner.pk:
        raise NotFound(_("There is no such list among yours."), code="not_found")
    with ledger.writing() as entry, reading_own(owner):
        mine = _mine(found.agreement, owner).filter(from_date=found.from_date, until_date=found.until_date)
        if not mine.filter(pk=found.pk).exists():
            raise NotNow(_("Another list took its place. Look at that one."), code="not_latest")
        if not CaseListTelling.objects.filter(case_list=found).exists():
            entry.close(mine.filter(telling__isnull=False))
            CaseListTelling.objects.create(recorded_at=entry.stamp(), case_list=found, by=by)
            audit.done("case_list.tell", by=by, on=found)
    return found


@contextmanager
def reading_own(owner: GuarantorState) -> Iterator[None]:
    """Read the lists that `owner` has not told, for the length of the block; see the table's policy."""
    with row_context("ledger.own_lists", str(owner.pk)):
        yield


def readable(agreement: Agreement, reader: GuarantorState) -> list[CaseList]:
    """Return the lists that stand and that a guarantor may read: its own, and of the others' those told for told.

    Ask within `reading_own(reader)`.
    """
    own = Q(owner=reader) | Q(telling__isnull=False)
    lists = CaseList.objects.open().filter(own, agreement=agreement).select_related("owner", "telling", "agreement")
    found = list(lists.order_by("-from_date", *by_english_name("owner__"), "-pk"))
    covered = days_of(one for one in found if one.owner_id == reader.pk and is_told(one))
    return [one for one in found if one.owner_id == reader.pk or days_of([one]) <= covered]


def cases_of(case_list: CaseList) -> list[CaseListRow]:
    """Return the cases of a list in its order. Ask within `reading_own` where it is a draft."""
    return list(case_list.rows.select_related("area", "alleged").order_by("number"))


def read(public_id: UUID, *, by: User) -> tuple[CaseList, GuarantorState]:
    """Return one list that `by` may read now, and for whom they read: one's own also after another took its place.

    Raises NotFound, for a draft of another as for what is not there.
    """
    for agreement, reader in speaking(by):
        with reading_own(reader):
            own = CaseList.objects.filter(agreement=agreement, owner=reader, public_id=public_id)
            for one in [*own.select_related("owner", "telling", "agreement"), *readable(agreement, reader)]:
                if one.public_id == public_id:
                    return one, reader
    raise NotFound(_("There is no such list among those that you may read."), code="not_found")


def speaking(by: User) -> list[tuple[Agreement, GuarantorState]]:
    """Return for which guarantors of which truces `by` speaks now."""
    held = accreditation.held_by(by, *FILES_FOR).filter(sent_by_guarantor__isnull=False)
    return [
        (row.agreement, row.sent_by_guarantor)
        for row in held.select_related("agreement", "sent_by_guarantor").order_by("agreement__code", "pk")
    ]


def require_latest(one: CaseList) -> None:
    """Raise NotNow where another list took the place of this one."""
    if one.superseded_at is not None:
        raise NotNow(_("Another list took its place. Look at that one."), code="not_latest")


def is_told(one: CaseList) -> bool:
    """Whether a list was told to the others."""
    return getattr(one, "telling", None) is not None


def days_of(lists: Iterable[CaseList]) -> set[date]:
    """Return every day that some of the lists cover."""
    return {
        one.from_date + timedelta(days=number)
        for one in lists
        for number in range((one.until_date - one.from_date).days)
    }


def _handed_in_before(again: CaseList) -> CaseList | None:
    """The list that the same handing in gave before, in whose place another may stand. The owner is held."""
    own = CaseList.objects.filter(agreement=again.agreement, owner=again.owner).select_related("telling")
    if not again.client_id:
        return own.filter(content_sha256=again.content_sha256).order_by("superseded_at", "pk").last()
    named = own.filter(client_id=again.client_id).first()
    if named is not None and named.content_sha256 != again.content_sha256:
        raise NotNow(
            _("You handed in another list under this client id. Give each new one an id of its own."),
            code="client_id_taken",
        )
    return named


def _mine(agreement: Agreement, owner: GuarantorState) -> Any:
    """The owner's lists that stand, one transaction at a time: two that hand in must not both close nothing."""
    GuarantorState.objects.select_for_update(no_key=True).get(pk=owner.pk)
    return CaseList.objects.open().filter(agreement=agreement, owner=owner)


def _owner(agreement: Agreement, by: User) -> GuarantorState:
    owner = speaks_for(by, agreement)
    if owner is None:
        message = _("Lists of cases are handed in by those accredited for a guarantor state in this agreement.")
        raise Forbidden(message, code="not_accredited")
    return owner


def _require_within(agreement: Agreement, rows: list[CaseListRow], from_date: date, until_date: date) -> None:
    """Refuse cases that touch no day of the list: they would be in no other's either, and read as only ours."""
    begins = days.day_of(agreement.terms, from_date).starts_at
    ends = days.day_of(agreement.terms, until_date - days.ONE_DAY).ends_at
    message = _("This case lies outside the days of the list.")
    fields = {
        f"/cases/{row.number - 1}/date": [message]
        for row in rows
        if row.occurred_from >= ends or row.occurred_until <= begins
    }
    if fields:
        raise Malformed(
            ngettext(
                "Nothing was recorded: %(count)d case lies outside the days of the list.",
                "Nothing was recorded: %(count)d cases lie outside the days of the list.",
                len(fields),
            )
            % {"count": len(fields)},
            fields=fields,
        )


def _name(agreement: Agreement, rows: list[CaseListRow]) -> None:
    """Find the area and the party that each row names, by code, name or alias; what is not known stays as written."""
    areas = {area.code: area for area in agreement.areas.all()}
    named: dict[str, Area] = {plain(name): area for area in areas.values() for name in area.names.values()}
    aliases = AreaAlias.objects.filter(version=agreement.terms).select_related("area")
    named |= {plain(alias.alias): alias.area for alias in aliases}
    parties = parties_named(agreement.terms, {row.alleged_as_written for row in rows if row.alleged_as_written})
    for row in rows:
        row.area = areas.get(row.area_as_written) or named.get(plain(row.area_as_written))
        row.alleged = parties.get(row.alleged_as_written)
