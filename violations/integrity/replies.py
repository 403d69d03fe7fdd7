"""What holds of statements, requests, answers and measures: who said them, in what order, who is shown them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from violations import replies_seen

Role = Accreditation.Role
TABLES = ("guarantorstatement", "informationrequest", "requestreminder", "requestanswer")
_TABLES = ", ".join(f"'violations_{table}'" for table in TABLES)
POLICIES = tuple(
    f"{name}_{act}"
    for name, acts in {
        "statement": ("insert", "update", "select"),
        "request": ("insert", "update", "select"),
        "reminder": ("insert", "select"),
        "answer": ("insert", "update", "select"),
    }.items()
    for act in acts
)

# Asked without a context, in which only what was told is shown.
HIDDEN = f"""
select 'statement ' || said.public_id as what from violations_guarantorstatement said
where not exists (select from violations_statementtelling telling where telling.statement_id = said.id)
union all
select 'request ' || asked.public_id from violations_informationrequest asked
where not exists (select from violations_requesttelling telling where telling.request_id = asked.id)
union all
select 'answer ' || given.public_id from violations_requestanswer given
where not exists (select from violations_requesttelling telling where telling.request_id = given.request_id)
union all
select 'reminder ' || reminded.id from violations_requestreminder reminded
where not exists (select from violations_requesttelling telling where telling.request_id = reminded.request_id)
union all
select relname || ': row-level security' from pg_class
where oid in (select unnest(array[{_TABLES}])::regclass) and not (relrowsecurity and relforcerowsecurity)
union all
select policyname || ': policy' from pg_policies
where tablename in ({_TABLES}) and policyname not in ({", ".join(f"'{name}'" for name in POLICIES)})
"""

FOLLOWING = """
with words as (
    select 'statement ' || public_id as what, recorded_at, superseded_at,
           lead(recorded_at) over (partition by guarantor_id, about order by recorded_at, id) as next_at
    from violations_guarantorstatement
    union all
    select 'answer ' || public_id, recorded_at, superseded_at,
           lead(recorded_at) over (partition by request_id order by recorded_at, id)
    from violations_requestanswer
)
select what from words where superseded_at is distinct from next_at
union all
select 'statement ' || public_id from violations_guarantorstatement
where about <> case when incident_id is not null then 'incident:' || incident_id
                    else 'period:' || period || coalesce(':' || closing_number, '') end
union all
select 'request ' || asked.public_id from violations_informationrequest asked
where asked.superseded_at is not null
  and exists (select from violations_requestanswer given where given.request_id = asked.id)
union all
select 'request ' || asked.public_id
from violations_requesttelling told join violations_informationrequest asked on asked.id = told.request_id
where not exists (select from violations_requestanswer given
                  where given.request_id = asked.id and given.recorded_at <= told.recorded_at)
"""

_HELD = """exists (
    select from monitoring_accreditation held
    where held.user_id = said.by_id and held.agreement_id = said.agreement_id and ({roles})
      and held.recorded_at <= said.recorded_at and coalesce(held.superseded_at, 'infinity') > said.recorded_at)"""
_SPOKE = _HELD.format(
    roles=f"held.role = '{Role.GUARANTOR.value}' and held.sent_by_guarantor_id = said.guarantor_id"
    f" or held.role = '{Role.PARTY_LIAISON.value}' and held.sent_by_party_id = said.party_id"
)
_TOOK = _HELD.format(roles=f"held.role in ('{Role.MODERATOR.value}', '{Role.DUTY_OFFICER.value}')")
_MODERATED = _HELD.format(roles=f"held.role = '{Role.MODERATOR.value}'")

BY_WHOM = f"""
with said as (
    select 'statement ' || public_id as what, by_id, agreement_id, recorded_at, channel, guarantor_id,
           null::bigint as party_id
    from violations_guarantorstatement
    union all
    select 'answer ' || given.public_id, given.by_id, asked.agreement_id, given.recorded_at, given.channel,
           coalesce(asked.guarantor_id, asked.through_id),
           case when asked.through_id is null then asked.party_id end
    from violations_requestanswer given join violations_informationrequest asked on asked.id = given.request_id
),
done as (
    select 'request ' || public_id as what, by_id, agreement_id, recorded_at from violations_informationrequest
    union all select 'measure ' || public_id, by_id, agreement_id, recorded_at from violations_measure
    union all select 'measure ' || measure.public_id, step.by_id, measure.agreement_id, step.recorded_at
              from violations_measurestep step join violations_measure measure on measure.id = step.measure_id
    union all select 'request ' || asked.public_id, reminded.by_id, asked.agreement_id, reminded.recorded_at
              from violations_requestreminder reminded
              join violations_informationrequest asked on asked.id = reminded.request_id
              where reminded.by_id is not null
)
select what from said where not case when channel = '' then {_SPOKE} else {_TOOK} end
union all
select what from done said where not {_MODERATED}
"""

AUDITED = """
with done as materialized (
    select action, actor_id, object_id, recorded_at from monitoring_auditentry where outcome = 'done'
),
acts as (
    select 'statement ' as kind, public_id, by_id, recorded_at,
           case when channel = '' then 'statement.file' else 'statement.take_down' end as action
    from violations_guarantorstatement
    union all select 'statement ', said.public_id, told.by_id, told.recorded_at, 'statement.tell'
              from violations_statementtelling told
              join violations_guarantorstatement said on said.id = told.statement_id
    union all select 'request ', public_id, by_id, recorded_at, 'request.ask' from violations_informationrequest
    union all select 'request ', asked.public_id, given.by_id, given.recorded_at,
                     case when given.channel = '' then 'request.answer' else 'request.take_down' end
              from violations_requestanswer given
              join violations_informationrequest asked on asked.id = given.request_id
    union all select 'request ', asked.public_id, reminded.by_id, reminded.recorded_at, 'request.remind'
              from violations_requestreminder reminded
              join violations_informationrequest asked on asked.id = reminded.request_id
              where reminded.by_id is not null
    union all select 'request ', asked.public_id, told.by_id, told.recorded_at, 'request.tell'
              from violations_requesttelling told
              join violations_informationrequest asked on asked.id = told.request_id
    union all select 'measure ', public_id, by_id, recorded_at, 'measure.record' from violations_measure
    union all select 'measure ', measure.public_id, step.by_id, step.recorded_at, 'measure.follow_up'
              from violations_measurestep step join violations_measure measure on measure.id = step.measure_id
)
select kind || public_id as what from acts
where not exists (select from done where done.action = acts.action and done.actor_id = acts.by_id
                    and done.object_id = acts.public_id::text and done.recorded_at >= acts.recorded_at)
union all
select 'request ' || public_id from violations_informationrequest asked
where superseded_at is not null
  and not exists (select from done where done.action = 'request.withdraw' and done.object_id = asked.public_id::text
                    and done.recorded_at >= asked.superseded_at)
"""

INVARIANTS = (
    Invariant(
        "replies_hidden",
        _("Statements, requests and answers that were not told are shown to nobody but whose they are"),
        HIDDEN,
    ),
    Invariant(
        "replies_follow",
        _("On each thing one statement and to each request one answer stands, each before it closed as the next came"),
        FOLLOWING,
        within=replies_seen.reading_all,
    ),
    Invariant(
        "said_by_whom_they_are_of",
        _("Whoever filed a word spoke for its owner then; moderators asked, and others took down from paper alone"),
        BY_WHOM,
        within=replies_seen.reading_all,
    ),
    Invariant(
        "replies_audited",
        _("Every statement, request, answer and measure has its row in the audit"),
        AUDITED,
        within=replies_seen.reading_all,
    ),
)
