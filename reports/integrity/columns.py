"""What holds of the count: every live incident stands in one column, and what was published adds up to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from reports.closings.preparing import preparing
from reports.figures.classification import CLASSIFIED
from reports.figures.columns import COLUMNS
from violations.placing import codes

# What the classification is asked for, here by every closing in turn and by the whole record as it stands now.
PARAMETERS = {
    "agreement": "asked.agreement_id",
    "version": "asked.version_id",
    "from": "asked.period_from",
    "until": "asked.period_until",
    "known_at": "asked.known_at",
    "attribution": "asked.attribution",
}
_CLASSIFIED = CLASSIFIED
for _name, _column in PARAMETERS.items():
    _CLASSIFIED = _CLASSIFIED.replace(f"%({_name})s", _column)

ONE_COLUMN = f"""
with asked as (
    select closing.agreement_id, closing.version_id, version.attribution, closing.period_from, closing.period_until,
           closing.cutoff_at as known_at
    from reports_closing closing join monitoring_mechanismversion version on version.id = closing.version_id
    union all
    select agreement_id, id, attribution, '-infinity', 'infinity', clock_timestamp()
    from monitoring_mechanismversion where superseded_at is null
)
select distinct 'incident ' || incident.public_id as what
from asked
cross join lateral (
    with {_CLASSIFIED}
    select live.incident_id from live left join classified using (incident_id)
    group by live.incident_id
    having count(*) <> 1 or count(*) filter (where stands_in in ({codes(COLUMNS)})) <> 1
) standing
join violations_incident incident on incident.id = standing.incident_id
"""

# Of a month its columns, of a day what was registered.
ADDING_UP = """
select 'closing ' || closing.public_id as what
from (select closing.*, (common.content::json -> 'sections')::jsonb as sections
      from reports_closing closing join reports_commoncontent common on common.closing_id = closing.id) closing
cross join lateral (
    select count(distinct assessment.incident_id) as incidents
    from violations_assessment assessment
    where assessment.agreement_id = closing.agreement_id
      and assessment.occurred_from >= closing.period_from and assessment.occurred_from < closing.period_until
      and assessment.recorded_at <= closing.cutoff_at
      and (assessment.superseded_at is null or assessment.superseded_at > closing.cutoff_at)
) live
cross join lateral (
    select case when sections ? 'incidents' then (sections #>> '{incidents,total,registered}')::bigint
                else (sections #>> '{registrations,total}')::bigint end as registered,
           (select sum(value::bigint) from jsonb_each_text(sections #> '{incidents,total,columns}')) as in_columns
) told
where live.incidents is distinct from told.registered
   or (sections ? 'incidents' and told.in_columns is distinct from told.registered)
"""

INVARIANTS = (
    Invariant(
        "one_column",
        _("Every live incident stands in exactly one column, now and as known at the cut-off of every closing"),
        ONE_COLUMN,
    ),
    Invariant(
        "columns_add_up",
        _("The columns of every closing add up to the registered, and these to the incidents known at its cut-off"),
        ADDING_UP,
        within=preparing,
    ),
)
