"""What holds of lists of cases: a draft is hidden, and of the same days one list is told at a time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant

# Asked without a context, in which only what was told is shown.
HIDDEN = """
select 'list of cases ' || drawn.public_id as what from violations_caselist drawn
where not exists (select from violations_caselisttelling telling where telling.case_list_id = drawn.id)
union all
select relname || ': row-level security' from pg_class
where oid in ('violations_caselist'::regclass, 'violations_caselistrow'::regclass)
  and not (relrowsecurity and relforcerowsecurity)
union all
select policyname || ': policy' from pg_policies
where tablename in ('violations_caselist', 'violations_caselistrow')
  and policyname not in ('list_insert', 'list_update', 'list_select', 'list_row_insert', 'list_row_select')
"""

ONE_TOLD = """
select 'list of cases ' || one.public_id as what
from violations_caselist one
join violations_caselist other
  on other.agreement_id = one.agreement_id and other.owner_id = one.owner_id and other.id <> one.id
 and other.from_date < one.until_date and one.from_date < other.until_date
where one.superseded_at is null and other.superseded_at is null
  and (select count(*) from violations_caselisttelling where case_list_id in (one.id, other.id)) = 2
"""

INVARIANTS = (
    Invariant("drafts_hidden", _("Lists of cases that were not told are shown to nobody but their owner"), HIDDEN),
    Invariant("one_list_told", _("Of the same days a guarantor has told one list that stands"), ONE_TOLD),
)
