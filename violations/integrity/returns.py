"""What holds of daily returns: each is closed by the one that takes its place, and its lines fit its total."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.models import DailyReturn

Breakdown = DailyReturn.Breakdown

FOLLOWING = """
select 'return ' || public_id as what
from (select told.*, lead(recorded_at) over in_order as next_at,
             dense_rank() over (partition by agreement_id, owner_id, teller_id, bears_date order by variant) as place
      from violations_dailyreturn told
      window in_order as (
          partition by agreement_id, owner_id, teller_id, bears_date, variant order by recorded_at, id)) told
where superseded_at is distinct from next_at or variant <> place
"""

ADDING_UP = f"""
select 'return ' || told.public_id as what
from violations_dailyreturn told
left join (select daily_return_id, sum(count) as made_up from violations_returnline group by 1) lines
  on lines.daily_return_id = told.id
where case told.breakdown
          when '{Breakdown.COMPLETE.value}' then coalesce(lines.made_up, 0) <> told.total
          when '{Breakdown.PARTIAL.value}' then lines.made_up is null or lines.made_up >= told.total
          else lines.made_up is not null end
   or coalesce(told.confirmed, 0) + coalesce(told.not_confirmed, 0) + coalesce(told.attributed_elsewhere, 0)
      > told.total
"""

INVARIANTS = (
    Invariant(
        "returns_follow",
        _("Of each telling of a ledger's day one return stands, each before it closed as the next was recorded"),
        FOLLOWING,
    ),
    Invariant("returns_add_up", _("The lines of a return fit its total, and so do the answers to it"), ADDING_UP),
)
