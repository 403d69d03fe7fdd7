"""What PostgreSQL refuses of drafts, comments and approvals: who sees them, until when, and a release by fewer than two.

Before the release a draft is seen by a transaction that reads for its guarantor (reports.drafts_seen), and so are the
comments: by their own guarantor, and once the window has ended by who moderates the truce.
"""

from django.conf import settings
from django.db import migrations

from monitoring.guards import guard

ROLE = f'"{settings.DATABASE_APPLICATION_ROLE}"'
FREE = "state,lease_holder,lease_until,attempts,failure,checked_at,touched_at"
ONCE = "number,same_as_id,version_id,content,content_sha256,computed_at"
FORMATS = "formats"  # chosen until there is a content
DRAFTED = "drafted_at,comments_until,comments_sha256"

COLUMNS = f"""
drop trigger ledger_update on reports_closing;
create trigger ledger_update before update on reports_closing for each row
    execute function ledger_set_once('{FREE},{FORMATS}', '{ONCE},{DRAFTED},released_at');
grant update ({FORMATS},{DRAFTED}) on reports_closing to {ROLE};
drop trigger ledger_update on reports_edition;
create trigger ledger_update before update on reports_edition for each row
    execute function ledger_set_once('', 'drafted_at,released_at');
grant update (drafted_at) on reports_edition to {ROLE};
"""
DROP_COLUMNS = f"""
drop trigger ledger_update on reports_closing;
create trigger ledger_update before update on reports_closing for each row
    execute function ledger_set_once('{FREE}', '{ONCE},released_at');
drop trigger ledger_update on reports_edition;
create trigger ledger_update before update on reports_edition for each row
    execute function ledger_set_once('', 'released_at');
"""

AGREED = """
-- Whether two people release a closing with this version of the mechanism.
create function reports_by_two(kind text, version_id bigint) returns boolean language sql stable as $$
    select $1 = 'month' and exists (
        select from monitoring_mechanismversion version where version.id = $2 and version.release = 'by_two')
$$;

-- Whether two different people let a closing be released, with the content and the comments that it has: of different
-- sides, or one of them of none.
create function reports_agreed(closing_id bigint) returns boolean language sql stable as $$
    select exists (
        select from reports_closing closing
        join reports_releaseapproval one on one.closing_id = closing.id
        join reports_releaseapproval other on other.closing_id = closing.id and other.by_id <> one.by_id
        where closing.id = $1 and one.superseded_at is null and other.superseded_at is null
          and (one.side_id is null or other.side_id is null or one.side_id <> other.side_id)
          and (one.content_sha256, one.comments_sha256) = (closing.content_sha256, closing.comments_sha256)
          and (other.content_sha256, other.comments_sha256) = (closing.content_sha256, closing.comments_sha256))
$$;

create function reports_closing_agreed() returns trigger language plpgsql as $$
declare
    by_two boolean := reports_by_two(new.kind, new.version_id);
    days integer := (select comment_window_days from monitoring_mechanismversion where id = new.version_id);
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
        raise exception 'A month that two people release is made with the comments on its draft.'
            using errcode = 'insufficient_privilege';
    end if;
    if old.released_at is null and new.released_at is not null and by_two and not reports_agreed(new.id) then
        raise exception 'This closing is released once two people of different sides let it be.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_agreed before update on reports_closing
    for each row execute function reports_closing_agreed();

create or replace function reports_edition_moves() returns trigger language plpgsql as $$
declare closing record;
begin
    select computed_at, drafted_at, released_at into closing from reports_closing where id = new.closing_id for share;
    if tg_op = 'INSERT' and (new.released_at is not null or closing.released_at is not null
                             or new.drafted_at is not null
                             or new.recorded_at is distinct from closing.computed_at) then
        raise exception 'Editions are written with the content of their closing, and none is added later.'
            using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and new.released_at is distinct from closing.released_at then
        raise exception 'An edition is released with its closing.' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and new.drafted_at is distinct from closing.drafted_at then
        raise exception 'A draft is shown with its closing.' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create or replace function reports_rendition_added() returns trigger language plpgsql as $$
declare closing record;
begin
    select closing_.drafted_at, closing_.comments_sha256, reports_by_two(closing_.kind, closing_.version_id) as by_two
        into closing
        from reports_closing closing_ join reports_edition edition on edition.closing_id = closing_.id
        where edition.id = new.edition_id and closing_.released_at is null for share of closing_;
    if not found then
        raise exception 'No file is added to an edition after its release, nor by who does not prepare it.'
            using errcode = 'insufficient_privilege';
    end if;
    if new.stage = 'draft' and (not closing.by_two or closing.drafted_at is not null) then
        raise exception 'The files of a draft are stored before it is shown.' using errcode = 'insufficient_privilege';
    end if;
    if new.stage = 'final' and closing.by_two and closing.comments_sha256 is null then
        raise exception 'The files are made once the comments on the draft are closed.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create function reports_comment_made() returns trigger language plpgsql as $$
declare
    closing reports_closing;
    longest integer;
begin
    select * into closing from reports_closing where id = new.closing_id for share;
    if not found then return new; end if;  -- the reference itself is refused
    if closing.drafted_at is null or closing.comments_sha256 is not null
       or coalesce(new.superseded_at, new.recorded_at) >= closing.comments_until then
        raise exception 'A draft is commented on while its time runs.' using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from reports_edition edition
                   where edition.closing_id = new.closing_id and edition.guarantor_id = new.guarantor_id) then
        raise exception 'A guarantor comments on a draft of its own.' using errcode = 'insufficient_privilege';
    end if;
    longest := (select comment_length from monitoring_mechanismversion where id = closing.version_id);
    if cardinality(regexp_split_to_array(btrim(new.words, E' \\t\\n\\r'), '\\s+')) > longest then
        raise exception 'No comment is longer than the truce allows any.' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_made before insert or update on reports_draftcomment
    for each row execute function reports_comment_made();

create function reports_approval_given() returns trigger language plpgsql as $$
declare closing reports_closing;
begin
    select * into closing from reports_closing where id = new.closing_id for share;
    if not found then return new; end if;  -- the reference itself is refused
    if closing.released_at is not null or (tg_op = 'INSERT' and (
            closing.state <> 'rendered' or not reports_by_two(closing.kind, closing.version_id)
            or (new.content_sha256, new.comments_sha256) is distinct from
               (closing.content_sha256, closing.comments_sha256))) then
        raise exception 'What is let be released, or not any more, is what stands ready to be.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_given before insert or update on reports_releaseapproval
    for each row execute function reports_approval_given();
"""
DROP_AGREED = """
drop trigger reports_given on reports_releaseapproval;
drop function reports_approval_given();
drop trigger reports_made on reports_draftcomment;
drop function reports_comment_made();
drop trigger reports_agreed on reports_closing;
drop function reports_closing_agreed();
drop function reports_agreed(bigint);
drop function reports_by_two(text, bigint);
"""

SEEN = """
drop policy edition_select on reports_edition;
create policy edition_select on reports_edition for select using (
    released_at is not null or current_setting('ledger.preparing', true) = 'on'
    or (drafted_at is not null
        and 'guarantor:' || guarantor_id = any(string_to_array(current_setting('ledger.drafts', true), ' ')))
);
drop policy rendition_select on reports_rendition;
create policy rendition_select on reports_rendition for select using (
    current_setting('ledger.preparing', true) = 'on'
    or exists (
        select from reports_edition edition
        where edition.id = edition_id
          and case stage
              when 'final' then edition.released_at is not null
              else 'guarantor:' || edition.guarantor_id
                   = any(string_to_array(current_setting('ledger.drafts', true), ' ')) end)
);
alter table reports_draftcomment enable row level security;
alter table reports_draftcomment force row level security;
create policy comment_insert on reports_draftcomment for insert with check (true);
create policy comment_update on reports_draftcomment for update using (true);
create policy comment_select on reports_draftcomment for select using (
    current_setting('ledger.preparing', true) = 'on'
    or 'guarantor:' || guarantor_id = any(string_to_array(current_setting('ledger.drafts', true), ' '))
    or exists (
        select from reports_closing closing
        where closing.id = closing_id and (
            closing.released_at is not null
            or (closing.comments_sha256 is not null
                and 'agreement:' || closing.agreement_id
                    = any(string_to_array(current_setting('ledger.drafts', true), ' ')))))
);
"""
DROP_SEEN = """
drop policy comment_select on reports_draftcomment;
drop policy comment_update on reports_draftcomment;
drop policy comment_insert on reports_draftcomment;
alter table reports_draftcomment no force row level security;
alter table reports_draftcomment disable row level security;
drop policy rendition_select on reports_rendition;
create policy rendition_select on reports_rendition for select using (
    current_setting('ledger.preparing', true) = 'on'
    or exists (select from reports_edition edition where edition.id = edition_id)
);
drop policy edition_select on reports_edition;
create policy edition_select on reports_edition for select using (
    released_at is not null or current_setting('ledger.preparing', true) = 'on'
);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_agreed_release")]

    operations = [
        guard("reports_draftcomment", closable=True),
        guard("reports_releaseapproval", closable=True),
        migrations.RunSQL(COLUMNS, DROP_COLUMNS),
        migrations.RunSQL(AGREED, DROP_AGREED),
        migrations.RunSQL(SEEN, DROP_SEEN),
    ]
