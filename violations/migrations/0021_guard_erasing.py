"""What PostgreSQL refuses on what two people agree to erase or to seal anew, and the little that it then allows."""

from django.conf import settings
from django.db import migrations

from monitoring.guards import guard
from violations.sealed_guards import functions, resealable

ROLE = f'"{settings.DATABASE_APPLICATION_ROLE}"'
# Who proposes and agrees does so as the owner: the service itself can neither ask for it nor pretend that it was asked.
BY_THE_OWNER = [
    f"revoke insert, update on {table} from {ROLE}" for table in ("violations_keyrotation", "violations_redaction")
]

# A report loses words that a redaction of it names, in the transaction in which that is seconded, and nothing else.
REDACTED = """
create function report_redacted() returns trigger language plpgsql as $$
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
    if kept *<> old then
        raise exception 'Of a report only what two people agreed to erase is erased.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
drop trigger ledger_update on violations_incidentreport;
create trigger ledger_update before update on violations_incidentreport
    for each row execute function report_redacted();
"""
AS_BEFORE = """
drop trigger ledger_update on violations_incidentreport;
create trigger ledger_update before update on violations_incidentreport for each row execute function ledger_refuse();
drop function report_redacted();
"""


class Migration(migrations.Migration):
    dependencies = [("violations", "0020_erasing")]

    operations = [
        guard("violations_keyrotation", once=["seconded_by_id", "seconded_at", "finished_at", "sealed_rows"]),
        guard("violations_sourceopening"),
        guard("violations_redaction", once=["seconded_by_id", "seconded_at"]),
        migrations.RunSQL(BY_THE_OWNER, migrations.RunSQL.noop),
        functions(),
        resealable("violations_sealedsource"),
        migrations.RunSQL(REDACTED, AS_BEFORE),
    ]
