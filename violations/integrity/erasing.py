"""What holds of opening, erasing and sealing anew: what was redacted is gone, every act has its row in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations.models import Redaction

Part = Redaction.Part

# What came after a redaction is another act, and is redacted by another one. What is sealed no statement can look into.
GONE = f"""
select 'report ' || report.public_id as what
from violations_redaction redaction
join violations_incidentreport report on report.chain = redaction.chain and report.recorded_at < redaction.seconded_at
where '{Part.NARRATIVE}' = any(redaction.erased) and report.narrative <> ''
   or '{Part.PLACE}' = any(redaction.erased) and report.place_as_written <> ''
   or '{Part.OBSERVER}' = any(redaction.erased) and report.sighting ? 'observer'
union all
select 'question ' || question.public_id
from violations_redaction redaction
join violations_incidentreport report on report.chain = redaction.chain
join violations_filerquestion question on question.report_id = report.id
left join violations_fileranswer answer on answer.question_id = question.id
where '{Part.QUESTIONS}' = any(redaction.erased)
      and question.question <> '' and question.recorded_at < redaction.seconded_at
   or '{Part.ANSWERS}' = any(redaction.erased)
      and answer.answer <> '' and answer.recorded_at < redaction.seconded_at
union all
select 'duty log, of report ' || report.public_id
from violations_redaction redaction
join violations_incidentreport report on report.chain = redaction.chain
join violations_dutycheck said on said.report_id = report.id and said.recorded_at < redaction.seconded_at
where said.words <> '' and '{Part.QUESTIONS}' = any(redaction.erased)
union all
select 'step of report ' || report.public_id
from violations_redaction redaction
join violations_reviewstep step on step.chain = redaction.chain and step.recorded_at < redaction.seconded_at
join violations_incidentreport report on report.id = step.report_id
where step.grounds <> '' and
      case when step.by_id is null then '{Part.ANSWERS}' else '{Part.QUESTIONS}' end = any(redaction.erased)
union all
select 'link of report ' || report.public_id
from violations_redaction redaction
join violations_reportlink link on link.chain = redaction.chain and link.recorded_at < redaction.seconded_at
join violations_incidentreport report on report.id = link.report_id
where link.grounds <> '' and '{Part.QUESTIONS}' = any(redaction.erased)
"""

# Each act: of which table, its verb, by whom it was (null: at the machine), and since when it must have its row.
ACTS = (
    ("redaction", "redaction.propose", "proposed_by_id", "recorded_at"),
    ("redaction", "redaction.second", "seconded_by_id", "seconded_at"),
    ("keyrotation", "keys.propose", "proposed_by_id", "recorded_at"),
    ("keyrotation", "keys.second", "seconded_by_id", "seconded_at"),
    ("keyrotation", "keys.finish", "null::bigint", "finished_at"),
    ("keyrotation", "keys.supersede", "null::bigint", "superseded_at"),
)
AUDITED = " union all ".join(
    f"""
    select '{table} ' || row.public_id as what from violations_{table} row
    where row.{since} is not null and not exists (
        select from monitoring_auditentry entry
        where entry.action = '{action}' and entry.outcome = 'done' and entry.object_id = row.public_id::text
          and entry.actor_id is not distinct from {"null" if by.startswith("null") else f"row.{by}"}
          and entry.recorded_at >= row.{since})
    """
    for table, action, by, since in ACTS
)

OPENED = """
select 'report ' || report.public_id as what
from violations_sourceopening opening join violations_incidentreport report on report.id = opening.report_id
where not exists (
    select from monitoring_auditentry entry
    where entry.action = 'source.reveal' and entry.outcome = 'done' and entry.actor_id = opening.by_id
      and entry.object_id = report.public_id::text and entry.recorded_at >= opening.recorded_at)
union all
select 'audit of report ' || entry.object_id from monitoring_auditentry entry
where entry.action = 'source.reveal' and entry.outcome = 'done' and not exists (
    select from violations_sourceopening opening
    join violations_incidentreport report on report.id = opening.report_id
    where report.public_id::text = entry.object_id and opening.by_id = entry.actor_id
      and opening.recorded_at <= entry.recorded_at)
"""

INVARIANTS = (
    Invariant("redacted_is_gone", _("What two people agreed to erase is erased, in every revision there was"), GONE),
    Invariant("openings_audited", _("Whoever opened a sealed source stands in the audit, with grounds beside"), OPENED),
    Invariant("erasing_audited", _("Every redaction and every rotation of keys has its rows in the audit"), AUDITED),
)
