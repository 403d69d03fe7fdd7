"""What PostgreSQL refuses on corrections that wait, and who sees them: their filer, within a transaction that says so."""

from django.db import migrations

from monitoring.guards import guard

SEALED = """
alter table violations_waitingcorrection enable row level security;
alter table violations_waitingcorrection force row level security;
create policy sealed_insert on violations_waitingcorrection for insert with check (true);
create policy sealed_select on violations_waitingcorrection for select using (
    filer_tag = current_setting('ledger.filer_tag', true)
    or current_setting('ledger.unsealing', true) = 'on'
);
create policy sealed_close on violations_waitingcorrection for update using (
    filer_tag = current_setting('ledger.filer_tag', true)
);
"""


class Migration(migrations.Migration):
    dependencies = [("violations", "0013_waiting_corrections")]

    operations = [
        guard("violations_waitingcorrection", closable=True),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
