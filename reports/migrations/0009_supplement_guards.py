"""What PostgreSQL refuses of corrigenda and addenda: one by one side alone, and one that changes after its release."""

from django.db import migrations

from monitoring.guards import guard

SHEETS = """
create function reports_supplement_begins() returns trigger language plpgsql as $$
begin
    raise exception 'A sheet begins as a proposal to a released closing.' using errcode = 'insufficient_privilege';
end $$;

create function reports_is_released(closing_id bigint) returns boolean language sql stable as $$
    select released_at is not null from reports_closing where id = $1
$$;

create trigger reports_begins after insert on reports_supplement for each row
    when (new.seconded_at is not null or new.withdrawn_at is not null or new.released_at is not null
          or not reports_is_released(new.closing_id))
    execute function reports_supplement_begins();

create function reports_supplement_moves() returns trigger language plpgsql as $$
begin
    if (old.seconded_at is null and new.seconded_at not between transaction_timestamp() and clock_timestamp())
       or (old.withdrawn_at is null and new.withdrawn_at not between transaction_timestamp() and clock_timestamp())
       or (old.released_at is null and new.released_at not between transaction_timestamp() and clock_timestamp()) then
        raise exception 'A sheet is agreed on, taken back and released at the time of its entry.'
            using errcode = 'insufficient_privilege';
    end if;
    if new.seconded_at is not null and (new.seconded_by_id = new.proposed_by_id
                                        or new.seconded_side_id = new.proposed_side_id) then
        raise exception 'A sheet is agreed on by two people of different sides.'
            using errcode = 'insufficient_privilege';
    end if;
    if new.released_at is not null and not exists (
            select from reports_supplementfile file where file.supplement_id = new.id) then
        raise exception 'A sheet is released with its files.' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_moves before update on reports_supplement
    for each row execute function reports_supplement_moves();

create function reports_supplement_file_added() returns trigger language plpgsql as $$
declare sheet reports_supplement;
begin
    select * into sheet from reports_supplement where id = new.supplement_id for share;
    if found and (sheet.seconded_at is null or sheet.released_at is not null) then
        raise exception 'The files of a sheet are added once two agreed on it, and none after its release.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_added before insert on reports_supplementfile
    for each row execute function reports_supplement_file_added();
"""
DROP_SHEETS = """
drop trigger reports_added on reports_supplementfile;
drop function reports_supplement_file_added();
drop trigger reports_moves on reports_supplement;
drop function reports_supplement_moves();
drop trigger reports_begins on reports_supplement;
drop function reports_is_released(bigint);
drop function reports_supplement_begins();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_supplements")]

    operations = [
        guard(
            "reports_supplement",
            once=["number", "seconded_at", "seconded_by_id", "seconded_side_id", "withdrawn_at", "released_at"],
        ),
        guard("reports_supplementfile"),
        migrations.RunSQL(SHEETS, DROP_SHEETS),
    ]
