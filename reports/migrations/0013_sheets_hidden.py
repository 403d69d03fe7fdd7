"""Corrigenda and addenda before their release: PostgreSQL shows them as it shows editions.

A sheet that is proposed, agreed on or taken back, and its files, are seen by a transaction that prepares them
(reports.closings.preparing), and the sheet by one that reads for those who moderate its truce (reports.drafts_seen).
"""

from django.db import migrations

ADDED = """
create or replace function reports_supplement_file_added() returns trigger language plpgsql as $$
declare sheet reports_supplement;
begin
    select * into sheet from reports_supplement where id = new.supplement_id for share;
    if not found then
        raise exception 'No file is added to a sheet by who does not prepare it.'
            using errcode = 'insufficient_privilege';
    end if;
    if sheet.seconded_at is null or sheet.released_at is not null then
        raise exception 'The files of a sheet are added once two agreed on it, and none after its release.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""
DROP_ADDED = """
create or replace function reports_supplement_file_added() returns trigger language plpgsql as $$
declare sheet reports_supplement;
begin
    select * into sheet from reports_supplement where id = new.supplement_id for share;
    if found and (sheet.seconded_at is null or sheet.released_at is not null) then
        raise exception 'The files of a sheet are added once two agreed on it, and none after its release.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""

# What a file's policy asks of its sheet is asked under the sheet's own policy.
SEEN = """
alter table reports_supplement enable row level security;
alter table reports_supplement force row level security;
create policy sheet_insert on reports_supplement for insert with check (true);
create policy sheet_update on reports_supplement for update using (true);
create policy sheet_select on reports_supplement for select using (
    released_at is not null or current_setting('ledger.preparing', true) = 'on'
    or 'agreement:' || agreement_id = any(string_to_array(current_setting('ledger.drafts', true), ' '))
);
alter table reports_supplementfile enable row level security;
alter table reports_supplementfile force row level security;
create policy sheet_file_insert on reports_supplementfile for insert with check (true);
create policy sheet_file_select on reports_supplementfile for select using (
    current_setting('ledger.preparing', true) = 'on'
    or exists (
        select from reports_supplement sheet where sheet.id = supplement_id and sheet.released_at is not null)
);
"""
DROP_SEEN = """
drop policy sheet_file_select on reports_supplementfile;
drop policy sheet_file_insert on reports_supplementfile;
alter table reports_supplementfile no force row level security;
alter table reports_supplementfile disable row level security;
drop policy sheet_select on reports_supplement;
drop policy sheet_update on reports_supplement;
drop policy sheet_insert on reports_supplement;
alter table reports_supplement no force row level security;
alter table reports_supplement disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_lost_sheets")]

    operations = [migrations.RunSQL(ADDED, DROP_ADDED), migrations.RunSQL(SEEN, DROP_SEEN)]
