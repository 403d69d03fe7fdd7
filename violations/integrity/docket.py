"""What holds of the docket: it says of every live incident what the record says now, and of no other anything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.docket import ANSWER

_COLUMNS = "incident_id, agreement_id, stage, gravity, asked_by_id"

AS_THE_RECORD = f"""
with answer as materialized ({ANSWER.format(which="true")}),
kept as materialized (select {_COLUMNS} from violations_docket where superseded_at is null)
select 'incident ' || incident.public_id as what
from (
    select incident_id from (
        (select {_COLUMNS} from answer except select {_COLUMNS} from kept)
        union all
        (select {_COLUMNS} from kept except select {_COLUMNS} from answer)
    ) differing
    union
    select incident_id from kept group by incident_id having count(*) > 1
) wrong
join violations_incident incident on incident.id = wrong.incident_id
"""

INVARIANTS = (
    Invariant(
        "docket_as_the_record",
        _("The docket says of every live incident what reviews, lanes and findings say"),
        AS_THE_RECORD,
    ),
)
