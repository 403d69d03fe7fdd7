"""What PostgreSQL refuses on the tables of what is filed and found, and who sees a sealed source."""

from django.db import migrations

from monitoring.guards import guard

IMMUTABLE = [
    "incidentreport",
    "reviewstep",
    "incident",
    "dissent",
    "returnsource",
]
# What is written with the row that it belongs to, and never added to it later.
PARTS = {
    "reportparty": ("violations_incidentreport", "report_id"),
    "findingparty": ("violations_finding", "finding_id"),
    "findingprovision": ("violations_finding", "finding_id"),
    "returnline": ("violations_dailyreturn", "daily_return_id"),
}
CLOSABLE = ["reportlink", "assessment", "finding", "dailyreturn"]

# No context, no rows: a verb of `violations.sealing` says for whom it reads, within its transaction (SET LOCAL).
SEALED = """
alter table violations_sealedsource enable row level security;
alter table violations_sealedsource force row level security;
create policy sealed_insert on violations_sealedsource for insert with check (true);
create policy sealed_select on violations_sealedsource for select using (
    filer_tag = current_setting('ledger.filer_tag', true)
    or current_setting('ledger.unsealing', true) = 'on'
);
"""


class Migration(migrations.Migration):
    dependencies = [("violations", "0001_initial"), ("monitoring", "0002_guards")]

    operations = [
        *(guard(f"violations_{name}") for name in IMMUTABLE),
        *(guard(f"violations_{name}", stamped=False, part_of=whole) for name, whole in PARTS.items()),
        guard("violations_sealedsource", part_of=("violations_incidentreport", "report_id", "same")),
        *(guard(f"violations_{name}", closable=True) for name in CLOSABLE),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
