"""What holds of reports: their revisions without a gap, and their review a walk along the moves there are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.codebook import ReviewState
from violations.review import MOVES

REVISIONS = """
select 'report ' || public_id as what
from (select report.*, row_number() over in_order as place, lag(recorded_at) over in_order as before_at,
             first_value(agreement_id) over in_order as first_agreement,
             first_value((source, external_id)::text) over in_order as first_told_as
      from violations_incidentreport report
      window in_order as (partition by chain order by revision)) report
where revision <> place or agreement_id <> first_agreement or (source, external_id)::text <> first_told_as
   or recorded_at <= before_at
"""

# Each revision but the newest is superseded once, as the next was recorded; the newest is not.
SUPERSEDED = f"""
select 'report ' || report.public_id as what
from (select id, public_id, lead(recorded_at) over (partition by chain order by revision) as next_at
      from violations_incidentreport) report
left join (select report_id, min(recorded_at) as at from violations_reviewstep
           where state = '{ReviewState.SUPERSEDED.value}' group by report_id) superseded
  on superseded.report_id = report.id
where superseded.at is distinct from report.next_at
"""

_MOVES = ", ".join(f"('{before!s}', '{after!s}')" for before, onwards in MOVES.items() for after in sorted(onwards))

# A step that stays is one that let a correction or a withdrawal take effect, at the word of a person.
WALKS = f"""
select distinct 'report ' || report.public_id as what
from violations_incidentreport report
left join (select step.*, lag(state) over in_order as before, lag(recorded_at) over in_order as before_at
           from violations_reviewstep step
           window in_order as (partition by report_id order by id)) step
  on step.report_id = report.id
where step.id is null or step.chain <> report.chain or step.recorded_at < step.before_at
   or (step.before is null and (step.state <> '{ReviewState.SUBMITTED.value}'
                                or step.recorded_at <> report.recorded_at))
   or (step.before is not null and (step.before, step.state) not in (values {_MOVES})
       and not (step.state = step.before and step.by_id is not null))
"""

INVARIANTS = (
    Invariant(
        "revisions",
        _("Revisions of a report are numbered from 1 without a gap, in time, of one agreement and one source"),
        REVISIONS,
    ),
    Invariant(
        "superseded_by_the_next",
        _("Every revision is superseded as the next one is recorded, and the newest is not"),
        SUPERSEDED,
    ),
    Invariant(
        "review_moves", _("The review of every report begins as submitted and goes by the moves there are"), WALKS
    ),
)
