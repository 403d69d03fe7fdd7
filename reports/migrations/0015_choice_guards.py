"""What PostgreSQL refuses of choices for page 1, and to whom it shows them."""

from django.db import migrations

from monitoring.guards import guard

AGREED = """
create function reports_choice_made() returns trigger language plpgsql as $$
begin
    if not exists (
        select from reports_choice proposal
        where proposal.id = new.proposal_id and proposal.place is null and proposal.superseded_at = new.recorded_at
          and (proposal.agreement_id, proposal.period, proposal.kind, proposal.refers_to, proposal.words,
               proposal.proposed_by_id)
            = (new.agreement_id, new.period, new.kind, new.refers_to, new.words, new.proposed_by_id)
          and (proposal.proposed_side_id, proposal.incident_id, proposal.measure_id, proposal.request_id)
              is not distinct from (new.proposed_side_id, new.incident_id, new.measure_id, new.request_id)) then
        raise exception 'What is agreed is what was proposed, which is closed at the same instant.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_made after insert on reports_choice for each row
    when (new.place is not null) execute function reports_choice_made();
"""
DROP_AGREED = """
drop trigger reports_made on reports_choice;
drop function reports_choice_made();
"""

# A second wall, should a query forget to ask. Who reads is said by `reports.choices_seen`.
SHOWN = """
alter table reports_choice enable row level security;
alter table reports_choice force row level security;
create policy choice_insert on reports_choice for insert with check (true);
create policy choice_update on reports_choice for update using (true);
create policy choice_select on reports_choice for select using (
    string_to_array(current_setting('ledger.choices', true), ' ') && array['every', 'agreement:' || agreement_id]
);
"""
HIDE = """
drop policy choice_select on reports_choice;
drop policy choice_update on reports_choice;
drop policy choice_insert on reports_choice;
alter table reports_choice no force row level security;
alter table reports_choice disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_choices")]

    operations = [
        guard("reports_choice", closable=True),
        migrations.RunSQL(AGREED, DROP_AGREED),
        migrations.RunSQL(SHOWN, HIDE),
    ]
