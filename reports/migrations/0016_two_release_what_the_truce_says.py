"""Two people release every kind of period but those that the truce's file names; only a month has a draft."""

from django.db import migrations

BY_TWO = """
create or replace function reports_by_two(kind text, version_id bigint) returns boolean language sql stable as $$
    select exists (
        select from monitoring_mechanismversion version
        where version.id = $2 and version.release = 'by_two' and $1 <> all(version.automatic_release))
$$;
"""
MONTHS_ALONE = """
create or replace function reports_by_two(kind text, version_id bigint) returns boolean language sql stable as $$
    select $1 = 'month' and exists (
        select from monitoring_mechanismversion version where version.id = $2 and version.release = 'by_two')
$$;
"""
AGREED = """
create or replace function reports_closing_agreed() returns trigger language plpgsql as $$
declare
    by_two boolean := reports_by_two(new.kind, new.version_id);
    days integer := (select {days} from monitoring_mechanismversion where id = new.version_id);
begin
    if new.formats is distinct from old.formats and old.content is not null then
        raise exception 'A closing is made in the formats that it was computed for.'
            using errcode = 'insufficient_privilege';
    end if;
    if (new.drafted_at, new.comments_until) is distinct from (old.drafted_at, old.comments_until)
       and (not by_two or old.state <> 'computed' or new.state <> 'drafted'
            or new.drafted_at not between transaction_timestamp() and clock_timestamp()
            or new.comments_until is distinct from new.drafted_at + make_interval(hours => 24 * days)) then
        raise exception 'A draft is shown from the time of its entry, for as long as the truce says, where it says so.'
            using errcode = 'insufficient_privilege';
    end if;
    if new.comments_sha256 is distinct from old.comments_sha256
       and (not by_two or new.state <> 'commented' or clock_timestamp() < new.comments_until
            or (new.drafted_at is null and days > 0 and exists (
                select from monitoring_guarantorterm term
                where term.version_id = new.version_id
                  and (term.valid_from is null or term.valid_from < new.period_until)
                  and (term.valid_until is null or term.valid_until > new.period_from)))) then
        raise exception 'Comments are closed once the time for them has ended.'
            using errcode = 'insufficient_privilege';
    end if;
    if by_two and new.comments_sha256 is null and new.state in ('commented', 'rendered', 'released') then
        raise exception '{what} is made with the comments on its draft.'
            using errcode = 'insufficient_privilege';
    end if;
    if old.released_at is null and new.released_at is not null and by_two and not reports_agreed(new.id) then
        raise exception 'This closing is released once two people of different sides let it be.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
"""
OF_ANY_KIND = AGREED.format(
    days="case when new.kind = 'month' then comment_window_days else 0 end", what="What two people release"
)
OF_MONTHS = AGREED.format(days="comment_window_days", what="A month that two people release")


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0013_automatic_release"),
        ("reports", "0015_choice_guards"),
    ]

    operations = [
        migrations.RunSQL(BY_TWO, MONTHS_ALONE),
        migrations.RunSQL(OF_ANY_KIND, OF_MONTHS),
    ]
