"""The returns behind a closing, as SQL that COPY can send: every day of every ledger, held or not, and lines by area.

They are announced to all, so there is no tier: what section 2 of the report tells is here as a table. A day of which no
return is held has a row without a number, by the states of `violations.ledger_days`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from reports.exports import tier
from reports.exports.cells import guarded, instant, yes_no
from reports.figures.known import holds_at_cutoff
from reports.renderers import tables
from reports.renderers.tables import PART
from violations import ledger_days
from violations.codebook import LedgerDay as State

if TYPE_CHECKING:
    from reports.figures.known import Known

STATE = f"""case when days.nil is not null then
                case when days.nil then '{State.NIL.value}' else '{State.RETURNED.value}' end
             when not (days.owes and days.past) then '{State.NOT_DUE.value}'
             when %(ledgers_from)s = 'returns' then '{State.MISSING.value}'
             when days.published then '{State.NOT_HELD.value}' else '{State.NONE_KNOWN.value}' end"""
ACKNOWLEDGED = """told.acknowledged or exists (
                 select from violations_returnacknowledgement since
                 where since.daily_return_id = told.id and since.recorded_at <= %(known_at)s)"""
SOURCES = f"""(select string_agg(source.outlet || ' ' || source.url, ' {PART} '
                       order by source.outlet collate "C", source.url collate "C")
              from violations_returnsource source
              where source.daily_return_id = told.id and source.recorded_at <= %(known_at)s)"""

# Of a ledger's day; then of each return of it.
CELLS = {
    **tier.FIXED,
    "owner": "days.code",
    "date": "to_char(days.day, 'YYYY-MM-DD')",
    "state": STATE,
    "teller": "told.teller",
    "variant": "told.variant",
    "acknowledged": f"case when told.id is not null then {yes_no(ACKNOWLEDGED)} end",
    "window_from": instant("told.window_from"),
    "window_until": instant("told.window_until"),
    "window_basis": guarded("told.window_basis"),
    **{
        name: f"told.{name}"
        for name in (
            *("total", "unit", "headline_total", "breakdown", "confirmed", "not_confirmed", "attributed_elsewhere"),
        )
    },
    "note": f"nullif({guarded('told.note')}, '')",
    "sources": guarded(SOURCES),
}
LINE_CELLS = {
    **CELLS,
    "as_written": guarded("line.as_written"),
    "area": "area.code",
    "count": "line.count",
}

_TOLD = f"""
left join (
    select daily_return.*, owner.code as owner, teller.code as teller
    from violations_dailyreturn daily_return
    join monitoring_guarantorstate owner on owner.id = daily_return.owner_id
    join monitoring_guarantorstate teller on teller.id = daily_return.teller_id
    where daily_return.agreement_id = %(agreement)s and {holds_at_cutoff("daily_return")}
) told on told.owner = days.code and told.bears_date = days.day"""
# The owner's own telling first, as the report has it.
_ORDER = """days.code collate "C", days.day, told.teller <> days.code, told.teller collate "C", told.variant"""


@cache
def rows() -> str:
    """SQL: the rows by the names of `RETURNS`, in order."""
    listed = ",\n       ".join(f'{CELLS[name]} as "{name}"' for name in tables.RETURNS.names)
    return f"with days as ({ledger_days.DAYS})\nselect {listed}\nfrom days{_TOLD}\norder by {_ORDER}"


@cache
def rows_of_lines() -> str:
    """SQL: the rows by the names of `RETURN_LINES`, in order."""
    listed = ",\n       ".join(f'{LINE_CELLS[name]} as "{name}"' for name in tables.RETURN_LINES.names)
    return f"""
with days as ({ledger_days.DAYS})
select {listed}
from days{_TOLD}
join violations_returnline line on line.daily_return_id = told.id
left join monitoring_area area on area.id = line.area_id
order by {_ORDER}, line.id
"""


def parameters(known: Known) -> dict[str, Any]:
    """What the statements ask for."""
    dates = known.period.dates
    return {
        **ledger_days.asked(
            known.agreement,
            known.version,
            from_date=dates[0],
            until_date=dates[-1] + timedelta(days=1),
            known_at=known.known_at,
        ),
        "ledgers_from": str(known.version.ledgers_from),
    }
