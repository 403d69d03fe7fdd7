"""What PostgreSQL refuses on closings, editions and renditions: work columns move, results are written once.

After its release nothing of a closing moves but whether its figures still stand, and nothing is added to it. Before its
release an edition, and its files, are seen only by a transaction that says that it prepares them (closings.preparing).
"""

from django.db import migrations

from monitoring.guards import guard

RELEASE = """
create function reports_closing_begins() returns trigger language plpgsql as $$
begin
    raise exception 'A closing begins as a request: nothing is computed, checked or released yet.'
        using errcode = 'insufficient_privilege';
end $$;

create trigger reports_begins after insert on reports_closing for each row
    when (new.state <> 'requested' or new.content is not null or new.released_at is not null
          or new.checked_at is not null or new.touched_at is not null)
    execute function reports_closing_begins();

create function reports_closing_moves() returns trigger language plpgsql as $$
begin
    if old.released_at is not null
       and (new.state, new.lease_holder, new.lease_until, new.attempts, new.failure)
           is distinct from (old.state, old.lease_holder, old.lease_until, old.attempts, old.failure) then
        raise exception 'A released closing is not worked on again.' using errcode = 'insufficient_privilege';
    end if;
    if new.checked_at is distinct from old.checked_at
       and (new.checked_at is null or new.checked_at > clock_timestamp() or new.checked_at < old.checked_at) then
        raise exception 'A closing is checked as known by now, and never as known earlier than it was before.'
            using errcode = 'insufficient_privilege';
    end if;
    if new.touched_at is distinct from old.touched_at and new.touched_at > clock_timestamp() then
        raise exception 'A closing is not touched at a time to come.' using errcode = 'insufficient_privilege';
    end if;
    if (old.computed_at is null and new.computed_at not between transaction_timestamp() and clock_timestamp())
       or (old.released_at is null and new.released_at not between transaction_timestamp() and clock_timestamp()) then
        raise exception 'A closing is computed and released at the time of its entry.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_moves before update on reports_closing for each row execute function reports_closing_moves();

-- The closing is shared until this transaction ends: a release that runs is waited for and then seen.
create function reports_edition_moves() returns trigger language plpgsql as $$
declare closing record;
begin
    select computed_at, released_at into closing from reports_closing where id = new.closing_id for share;
    if tg_op = 'INSERT' and (new.released_at is not null or closing.released_at is not null
                             or new.recorded_at is distinct from closing.computed_at) then
        raise exception 'Editions are written with the content of their closing, and none is added later.'
            using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and new.released_at is distinct from closing.released_at then
        raise exception 'An edition is released with its closing.' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_moves before insert or update on reports_edition
    for each row execute function reports_edition_moves();

create function reports_rendition_added() returns trigger language plpgsql as $$
begin
    perform from reports_closing closing join reports_edition edition on edition.closing_id = closing.id
        where edition.id = new.edition_id and closing.released_at is null for share of closing;
    if not found then
        raise exception 'No file is added to an edition after its release, nor by who does not prepare it.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_added before insert on reports_rendition
    for each row execute function reports_rendition_added();
"""
DROP_RELEASE = """
drop trigger reports_added on reports_rendition;
drop trigger reports_moves on reports_edition;
drop trigger reports_moves on reports_closing;
drop trigger reports_begins on reports_closing;
drop function reports_rendition_added();
drop function reports_edition_moves();
drop function reports_closing_moves();
drop function reports_closing_begins();
"""

# What a rendition's policy asks of its edition is asked under the edition's own policy.
UNRELEASED = """
alter table reports_edition enable row level security;
alter table reports_edition force row level security;
create policy edition_insert on reports_edition for insert with check (true);
create policy edition_update on reports_edition for update using (true);
create policy edition_select on reports_edition for select using (
    released_at is not null or current_setting('ledger.preparing', true) = 'on'
);
alter table reports_rendition enable row level security;
alter table reports_rendition force row level security;
create policy rendition_insert on reports_rendition for insert with check (true);
create policy rendition_select on reports_rendition for select using (
    current_setting('ledger.preparing', true) = 'on'
    or exists (select from reports_edition edition where edition.id = edition_id)
);
"""
DROP_UNRELEASED = """
drop policy rendition_select on reports_rendition;
drop policy rendition_insert on reports_rendition;
alter table reports_rendition no force row level security;
alter table reports_rendition disable row level security;
drop policy edition_select on reports_edition;
drop policy edition_update on reports_edition;
drop policy edition_insert on reports_edition;
alter table reports_edition no force row level security;
alter table reports_edition disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("violations", "0002_guards")]

    operations = [
        guard(
            "reports_closing",
            free=["state", "lease_holder", "lease_until", "attempts", "failure", "checked_at", "touched_at"],
            once=["number", "same_as_id", "version_id", "content", "content_sha256", "computed_at", "released_at"],
        ),
        guard("reports_edition", once=["released_at"]),
        guard("reports_rendition"),
        migrations.RunSQL(RELEASE, DROP_RELEASE),
        migrations.RunSQL(UNRELEASED, DROP_UNRELEASED),
    ]
