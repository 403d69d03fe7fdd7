"""What PostgreSQL refuses on what was said and asked, and to whom it shows it before its owner has told it."""

from django.db import migrations

from monitoring.guards import guard

# A second wall, should a query forget to ask. Who reads is said by `violations.replies_seen`; what was told is for all.
READING = "string_to_array(current_setting('ledger.replies', true), ' ')"
SHOWN = f"""
alter table violations_guarantorstatement enable row level security;
alter table violations_guarantorstatement force row level security;
create policy statement_insert on violations_guarantorstatement for insert with check (true);
create policy statement_update on violations_guarantorstatement for update using (true);
create policy statement_select on violations_guarantorstatement for select using (
    {READING} && array['every', 'agreement:' || agreement_id, 'guarantor:' || guarantor_id]
    or exists (select from violations_statementtelling telling
               where telling.statement_id = violations_guarantorstatement.id)
);
alter table violations_informationrequest enable row level security;
alter table violations_informationrequest force row level security;
create policy request_insert on violations_informationrequest for insert with check (true);
create policy request_update on violations_informationrequest for update using (true);
create policy request_select on violations_informationrequest for select using (
    {READING} && array['every', 'agreement:' || agreement_id,
        'guarantor:' || coalesce(guarantor_id, through_id),
        case when through_id is null then 'party:' || party_id end]
    or exists (select from violations_requesttelling telling
               where telling.request_id = violations_informationrequest.id)
);
alter table violations_requestreminder enable row level security;
alter table violations_requestreminder force row level security;
create policy reminder_insert on violations_requestreminder for insert with check (true);
create policy reminder_select on violations_requestreminder for select using (
    exists (select from violations_informationrequest asked where asked.id = violations_requestreminder.request_id)
);
alter table violations_requestanswer enable row level security;
alter table violations_requestanswer force row level security;
create policy answer_insert on violations_requestanswer for insert with check (true);
create policy answer_update on violations_requestanswer for update using (true);
create policy answer_select on violations_requestanswer for select using (
    exists (select from violations_informationrequest asked where asked.id = violations_requestanswer.request_id)
);
"""
POLICIES = {
    "violations_requestanswer": ("answer_select", "answer_update", "answer_insert"),
    "violations_requestreminder": ("reminder_select", "reminder_insert"),
    "violations_informationrequest": ("request_select", "request_update", "request_insert"),
    "violations_guarantorstatement": ("statement_select", "statement_update", "statement_insert"),
}
HIDE = "\n".join(
    "\n".join(f"drop policy {policy} on {table};" for policy in policies)
    + f"\nalter table {table} no force row level security;\nalter table {table} disable row level security;"
    for table, policies in POLICIES.items()
)


class Migration(migrations.Migration):
    dependencies = [("violations", "0031_replies")]

    operations = [
        guard("violations_guarantorstatement", closable=True),
        guard("violations_statementtelling"),
        guard("violations_informationrequest", closable=True),
        guard("violations_requestreminder"),
        guard("violations_requestanswer", closable=True),
        guard("violations_requesttelling"),
        guard("violations_measure"),
        guard("violations_measurestep"),
        migrations.RunSQL(SHOWN, HIDE),
    ]
