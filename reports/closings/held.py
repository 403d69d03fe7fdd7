"""Whether a truce's closings are held back: something had been released that this record does not know.

That is so after a restore from an older backup, and after one where no log of releases was at hand to tell (then it is
not known whether anything had been). Nothing of the truce is asked for, computed or released until two people have said
what is lost (resuming); its numbers stay taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from reports import release_log
from reports.closings.preparing import preparing
from reports.models import Closing, LostRelease, Restoration, Resumption, Supplement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring.models import Agreement

# Of the lines given, each with its truce, those that are neither a closing of it, nor a sheet to one that has the
# number, nor said by two people to be lost. What a sheet says follows from its row: where the row is there, so is the
# sheet.
UNKNOWN = """
select line.place
from unnest(%(truces)s::bigint[], %(kinds)s::text[], %(periods)s::text[], %(numbers)s::int[], %(hashes)s::text[],
            %(sheet_kinds)s::text[], %(sheet_numbers)s::int[], %(sheets)s::text[])
     with ordinality as line (truce, kind, period, number, sha256, sheet_kind, sheet_number, sheet, place)
where not exists (
    select from reports_closing closing
    where closing.agreement_id = line.truce and closing.kind = line.kind and closing.period = line.period
      and closing.number = line.number and closing.content_sha256 = line.sha256
      and (line.sheet = '' or exists (
          select from reports_supplement sheet
          where sheet.closing_id = closing.id and sheet.public_id::text = line.sheet
            and sheet.kind = line.sheet_kind and sheet.number = line.sheet_number))
) and not exists (
    select from reports_lostrelease lost join reports_resumption resumption on resumption.id = lost.resumption_id
    where resumption.agreement_id = line.truce and resumption.seconded_at is not null
      and lost.kind = line.kind and lost.period = line.period
      and lost.number = line.number and lost.content_sha256 = line.sha256
      and lost.sheet_kind = line.sheet_kind and lost.sheet_number = line.sheet_number and lost.sheet = line.sheet)
order by line.place
"""


@dataclass(frozen=True)
class Held:
    """Why a truce's closings are held back: releases that the record does not know; a restore nobody could witness."""

    lines: tuple[release_log.Line, ...] = ()
    restored_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.lines) or self.restored_at is not None


def held(agreement: Agreement) -> Held:
    """Why the truce's closings are held back; false where they are not. Raises NotNow where the log cannot be read."""
    return of_each([agreement])[agreement.pk]


def of_each(agreements: Sequence[Agreement]) -> dict[int, Held]:
    """The same of several truces, by their ids, in as many statements as of one. Raises NotNow."""
    ids = {agreement.code: agreement.pk for agreement in agreements}
    told = [line for line in logged() if line.truce in ids]
    unknown: dict[int, list[release_log.Line]] = {pk: [] for pk in ids.values()}
    for line in _unknown(ids, told):
        unknown[ids[line.truce]].append(line)
    restored = _unwitnessed(list(unknown))
    return {pk: Held(tuple(lines), restored.get(pk)) for pk, lines in unknown.items()}


def logged() -> tuple[release_log.Line, ...]:
    """Every release that the log tells of. Raises NotNow where it cannot be read whole.

    Half a line at its end is let be where it is of what this record has: released, or about to be. Any other may be all
    that is left of a release.
    """
    try:
        told = release_log.told()
    except (OSError, release_log.UnreadableError) as error:
        raise _not_readable(error) from error
    for half in told.torn:
        if not any(release_log.is_half_of(half, line) for line in _numbered()):
            raise _not_readable(_("half a line at its end, of no release that this database knows"))
    return told.lines


def require_going_on(agreement: Agreement) -> None:
    """Raise NotNow where the truce's closings are held back."""
    if (why := held(agreement)).lines:
        raise NotNow(
            _(
                "Closings of this truce are held back: the log of releases tells of %(release)s, which this database "
                "does not know (%(count)d in all). It was restored from an older backup. Two people say what is lost: "
                "manage.py releases."
            )
            % {"release": why.lines[-1], "count": len(why.lines)},
            code="released_since",
        )
    if why.restored_at is not None:
        raise NotNow(
            _(
                "Closings of this truce are held back: the database was restored on %(at)s without the log of releases "
                "that is kept apart, so nobody knows what had been released since the backup. Two people say what is "
                "lost: manage.py releases."
            )
            % {"at": f"{why.restored_at.astimezone(UTC):%Y-%m-%d %H:%M UTC}"},
            code="restored_unwitnessed",
        )


def enter(closing: Closing, released_at: datetime) -> None:
    """Write the release into the log, before its transaction ends. Raises NotNow: held back, or it cannot be written.

    Where the transaction does not end well, the line tells of a closing that is computed and will be released.
    """
    _enter(closing, released_at)


def enter_sheet(supplement: Supplement, released_at: datetime) -> None:
    """Write the release of a corrigendum or addendum into the log, as `enter` does: it has its number already."""
    assert supplement.number is not None  # noqa: S101 - two agreed on it
    _enter(supplement.closing, released_at, **_sheet(supplement))


def _enter(closing: Closing, released_at: datetime, **sheet: Any) -> None:
    require_going_on(closing.agreement)
    line = _line(closing, released_at.astimezone(UTC).isoformat(timespec="microseconds"), **sheet)
    try:
        release_log.append(line)
    except OSError as error:
        raise NotNow(
            _("The log of releases cannot be written: %(why)s. Nothing is released before.")
            % {"why": error.strerror or type(error).__name__},
            code="log_unwritable",
        ) from error


def last_lost(closing: Closing) -> int:
    """The highest number of the closing's period that had been given to a release that is lost; 0 for none."""
    lost = LostRelease.objects.filter(
        resumption__in=Resumption.objects.agreed().filter(agreement=closing.agreement),
        kind=closing.kind,
        period=closing.period,
        sheet="",
    )
    return lost.aggregate(last=Max("number"))["last"] or 0


def last_lost_sheet(supplement: Supplement) -> int:
    """The highest number that a lost sheet of its kind to its closing had; 0 for none."""
    closing = supplement.closing
    assert closing.number is not None  # noqa: S101 - it is released
    lost = LostRelease.objects.filter(
        resumption__in=Resumption.objects.agreed().filter(agreement=closing.agreement_id),
        kind=closing.kind,
        period=closing.period,
        number=closing.number,
        content_sha256=closing.content_sha256,
        sheet_kind=supplement.kind,
    )
    return lost.aggregate(last=Max("sheet_number"))["last"] or 0


def _unknown(ids: dict[str, int], told: list[release_log.Line]) -> list[release_log.Line]:
    if not told:
        return []
    with preparing(), connection.cursor() as cursor:
        cursor.execute(
            UNKNOWN,
            {
                "truces": [ids[line.truce] for line in told],
                "kinds": [line.kind for line in told],
                "periods": [line.period for line in told],
                "numbers": [line.number for line in told],
                "hashes": [line.content_sha256 for line in told],
                "sheet_kinds": [line.sheet_kind for line in told],
                "sheet_numbers": [line.sheet_number for line in told],
                "sheets": [line.sheet for line in told],
            },
        )
        return [told[place - 1] for (place,) in cursor.fetchall()]


def _unwitnessed(ids: list[int]) -> dict[int, datetime]:
    """When the database was last restored without a witness, of each truce whose losses nobody has said since."""
    restored = Restoration.objects.filter(witnessed=False).order_by("pk").last()
    if restored is None:
        return {}
    resumed = Resumption.objects.agreed().filter(agreement__in=ids, recorded_at__gt=restored.recorded_at)
    said = set(resumed.values_list("agreement", flat=True))
    return {pk: restored.recorded_at for pk in ids if pk not in said}


def _numbered() -> Iterator[release_log.Line]:
    """Of what has its number, be it released or not, the line that tells of it, but for its instant."""
    closings = Closing.objects.computed().filter(number__isnull=False).select_related("agreement")
    yield from (_line(closing) for closing in closings.defer("content"))
    with preparing():
        sheets = Supplement.objects.filter(number__isnull=False).select_related("closing__agreement")
        yield from [_line(sheet.closing, **_sheet(sheet)) for sheet in sheets.defer("closing__content")]


def _line(closing: Closing, released_at: str = "", **sheet: Any) -> release_log.Line:
    assert closing.number is not None  # noqa: S101 - it is computed
    return release_log.Line(
        truce=closing.agreement.code,
        kind=closing.kind,  # type: ignore[arg-type]
        period=closing.period,
        number=closing.number,
        content_sha256=str(closing.content_sha256),
        released_at=released_at,
        **sheet,
    )


def _sheet(supplement: Supplement) -> dict[str, Any]:
    return {
        "sheet_kind": supplement.kind,
        "sheet_number": supplement.number,
        "sheet": str(supplement.public_id),
    }


def _not_readable(error: object) -> NotNow:
    return NotNow(
        _("The log of releases cannot be read, so nobody can tell whether this database knows all of them: %(why)s")
        % {"why": error},
        code="log_unreadable",
    )
