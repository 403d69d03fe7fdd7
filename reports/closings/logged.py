"""The log of releases and the record, each asked what it tells of that the other does not.

A line is in the log before its release is in the record, and stays. What the log alone knows was released and is lost,
with an older backup; what the record alone knows shows that the log was lost or emptied, and may have told of more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from monitoring.models import Agreement
from reports import release_log
from reports.closings.preparing import preparing
from reports.models import Closing, Supplement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of the lines given, each with its truce, the places of those that are neither a closing of it, nor a sheet to one that
# has the number, nor said by two people to be lost. What a sheet says follows from its row: where that is there, so is
# the sheet. And of what was released of the truces given, what no line tells of.
COMPARED = """
with line as (
    select * from unnest(%(truces)s::bigint[], %(kinds)s::text[], %(periods)s::text[], %(numbers)s::int[],
            %(hashes)s::text[], %(sheet_kinds)s::text[], %(sheet_numbers)s::int[], %(sheets)s::text[])
    with ordinality as line (truce, kind, period, number, sha256, sheet_kind, sheet_number, sheet, place)
), released as (
    select agreement_id as truce, kind, period, number, content_sha256 as sha256,
           '' as sheet_kind, 0 as sheet_number, '' as sheet, released_at
    from reports_closing where agreement_id = any(%(ids)s) and released_at is not null
    union all
    select closing.agreement_id, closing.kind, closing.period, closing.number, closing.content_sha256,
           sheet.kind, sheet.number, sheet.public_id::text, sheet.released_at
    from reports_supplement sheet join reports_closing closing on closing.id = sheet.closing_id
    where closing.agreement_id = any(%(ids)s) and sheet.released_at is not null
)
select place, null, null, null, null, null, null, null, null, null from line
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
union all
select null, released.* from released
where not exists (
    select from line
    where line.truce = released.truce and line.kind = released.kind and line.period = released.period
      and line.number = released.number and line.sha256 = released.sha256 and line.sheet = released.sheet
      and line.sheet_kind = released.sheet_kind and line.sheet_number = released.sheet_number)
order by 1, 10, 2
"""


def told() -> tuple[release_log.Line, ...]:
    """Every release that the log tells of. Raises NotNow where it cannot be read whole.

    Half a line at its end is let be where it is of what this record has: released, or about to be. Any other may be all
    that is left of a release.
    """
    try:
        read = release_log.told()
    except (OSError, release_log.UnreadableError) as error:
        raise _not_readable(error) from error
    for half in read.torn:
        if not any(release_log.is_half_of(half, line) for line in _numbered()):
            raise _not_readable(_("half a line at its end, of no release that this database knows"))
    return read.lines


def not_witnessed() -> tuple[release_log.Line, ...]:
    """What this record released and the log kept apart lacks: where there is any, that log can witness no restore.

    Raises NotNow where it cannot be read.
    """
    try:
        apart = release_log.told_apart()
    except (OSError, release_log.UnreadableError) as error:
        raise _not_readable(error) from error
    return tuple(compared(dict(Agreement.objects.values_list("code", "pk")), apart)[1])


def compared(
    ids: dict[str, int], lines: Iterable[release_log.Line]
) -> tuple[list[release_log.Line], list[release_log.Line]]:
    """Of these truces, what the lines tell of and the record does not know; what it released and no line tells of."""
    lines = [line for line in lines if line.truce in ids]
    codes = {pk: code for code, pk in ids.items()}
    with preparing(), connection.cursor() as cursor:
        cursor.execute(
            COMPARED,
            {
                "ids": list(codes),
                "truces": [ids[line.truce] for line in lines],
                "kinds": [line.kind for line in lines],
                "periods": [line.period for line in lines],
                "numbers": [line.number for line in lines],
                "hashes": [line.content_sha256 for line in lines],
                "sheet_kinds": [line.sheet_kind for line in lines],
                "sheet_numbers": [line.sheet_number for line in lines],
                "sheets": [line.sheet for line in lines],
            },
        )
        rows = cursor.fetchall()
    unlogged = [
        release_log.Line(codes[truce], kind, period, number, sha256, instant(at), sheet_kind, sheet_number, sheet)
        for place, truce, kind, period, number, sha256, sheet_kind, sheet_number, sheet, at in rows
        if place is None
    ]
    return [lines[place - 1] for place, *_none in rows if place is not None], unlogged


def instant(at: datetime) -> str:
    """As the log writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _numbered() -> Iterator[release_log.Line]:
    """Of what has its number, be it released or not, the line that tells of it, but for its instant."""
    closings = Closing.objects.computed().filter(number__isnull=False).select_related("agreement")
    yield from (line_of(closing) for closing in closings)
    with preparing():
        sheets = Supplement.objects.filter(number__isnull=False).select_related("closing__agreement")
        yield from [line_of(sheet.closing, **of_sheet(sheet)) for sheet in sheets]


def line_of(closing: Closing, released_at: str = "", **sheet: Any) -> release_log.Line:
    """The line that tells of a closing, or of the sheet to it that `of_sheet` names."""
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


def of_sheet(supplement: Supplement) -> dict[str, Any]:
    """What a line says of a sheet, beside its closing."""
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
