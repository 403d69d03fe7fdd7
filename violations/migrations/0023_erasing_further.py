"""More of a report can be erased on request: where its observer stood, who filed it, questions, answers and grounds."""

import django.contrib.postgres.fields
from django.db import migrations, models

from violations.sealed_guards import erasable, of_the_chain

# A report loses what a redaction of it names, in the transaction in which that is seconded, and nothing else.
REDACTED = """
create or replace function report_redacted() returns trigger language plpgsql as $$
declare
    kept record;
    agreed record;
begin
    select erased into agreed from violations_redaction
    where id = nullif(current_setting('ledger.redacting', true), '')::bigint
      and chain = old.chain and seconded_at >= transaction_timestamp();
    if not found or current_user <> (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
        raise exception 'The record is only added to: % on % is refused.', tg_op, tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    kept := new;
    if 'narrative' = any(agreed.erased) and new.narrative = '' then
        kept.narrative := old.narrative;
    end if;
    if 'place_as_written' = any(agreed.erased) and new.place_as_written = '' then
        kept.place_as_written := old.place_as_written;
    end if;
    SIGHTING
    if kept *<> old then
        raise exception 'Of a report only what two people agreed to erase is erased.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""
SIGHTING = """if 'observer' = any(agreed.erased)
       and new.sighting is not distinct from nullif(old.sighting - 'observer', '{}') then
        kept.sighting := old.sighting;
    end if;"""

# First argument: the one column of words that is emptied.
WORDS = """
create function words_redacted() returns trigger language plpgsql as $$
declare
    was jsonb := to_jsonb(old);
    own uuid;
    part text := case
        when tg_table_name = 'violations_fileranswer' then 'answers'
        when tg_table_name = 'violations_reviewstep' and was -> 'by_id' = 'null' then 'answers'
        else 'questions' end;
begin
    own := case
        when tg_table_name in ('violations_filerquestion', 'violations_dutycheck') then (
            select report.chain from violations_incidentreport report where report.id = (was ->> 'report_id')::bigint)
        when tg_table_name = 'violations_fileranswer' then (
            select report.chain from violations_filerquestion question
            join violations_incidentreport report on report.id = question.report_id
            where question.id = (was ->> 'question_id')::bigint)
        else (was ->> 'chain')::uuid end;
    if current_user <> (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) or not exists (
        select from violations_redaction
        where id = nullif(current_setting('ledger.redacting', true), '')::bigint
          and chain = own and seconded_at >= transaction_timestamp() and part = any(erased)
    ) then
        raise exception 'The record is only added to: % on % is refused.', tg_op, tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if to_jsonb(new) <> was || jsonb_build_object(tg_argv[0], '') then
        raise exception 'Of a row of % only what two people agreed to erase is erased.', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""
TABLES = (
    ("violations_filerquestion", "question", "ledger_refuse()"),
    ("violations_fileranswer", "answer", "ledger_refuse()"),
    ("violations_reviewstep", "grounds", "ledger_refuse()"),
    ("violations_reportlink", "grounds", "ledger_close_once()"),
)


class Migration(migrations.Migration):
    dependencies = [("violations", "0022_reseal_waiting_corrections")]

    operations = [
        migrations.AlterField(
            model_name="redaction",
            name="erased",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("narrative", "the narrative"),
                        ("place_as_written", "the place as written"),
                        ("observer", "where the observer stood"),
                        ("source", "who told the filer"),
                        ("filer", "who filed it"),
                        ("answers", "the filer's answers and grounds"),
                        ("questions", "questions and grounds of the review"),
                    ],
                    max_length=16,
                ),
                size=None,
            ),
        ),
        of_the_chain(),
        migrations.RunSQL(REDACTED.replace("SIGHTING", SIGHTING), REDACTED.replace("SIGHTING", "")),
        migrations.RunSQL(WORDS, "drop function words_redacted()"),
        *(erasable(*one) for one in TABLES),
    ]
