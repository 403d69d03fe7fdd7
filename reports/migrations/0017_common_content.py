"""The common content of a closing moves into a table of its own, which PostgreSQL hides before the release.

It is shown to who is shown an edition of its closing, and once comments are closed to a transaction that reads for who
moderates its truce (reports.drafts_seen). Where no State is guarantor there is no edition: the release counts.

In one transaction, which holds the closings: what a worker writes meanwhile is waited for and moved as well.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard

FREE = "state,lease_holder,lease_until,attempts,failure,checked_at,touched_at,formats"
ONCE = "number,same_as_id,version_id,{content}content_sha256,computed_at,drafted_at,comments_until,comments_sha256,released_at"
BEGINS = """
drop trigger reports_begins on reports_closing;
create trigger reports_begins after insert on reports_closing for each row
    when (new.state <> 'requested' or new.{computed} is not null or new.released_at is not null
          or new.checked_at is not null or new.touched_at is not null)
    execute function reports_closing_begins();
drop trigger ledger_update on reports_closing;
create trigger ledger_update before update on reports_closing for each row
    execute function ledger_set_once('{free}', '{once}');
"""
OF_TWO_TABLES = BEGINS.format(computed="computed_at", free=FREE, once=ONCE.format(content=""))
OF_ONE = (
    BEGINS.format(computed="content", free=FREE, once=ONCE.format(content="content,"))
    + f'grant update (content) on reports_closing to "{settings.DATABASE_APPLICATION_ROLE}";'
)

WITH_CONTENT = import_module("reports.migrations.0016_two_release_what_the_truce_says").OF_ANY_KIND
AGREED = WITH_CONTENT.replace("old.content is not null", "old.computed_at is not null")

HOLD = "lock table reports_closing in access exclusive mode"
MOVE = """
insert into reports_commoncontent (closing_id, recorded_at, content)
select id, computed_at, content from reports_closing where content is not null
"""
MOVE_BACK = """
update reports_closing closing set content = common.content
from reports_commoncontent common where common.closing_id = closing.id
"""

WRITTEN = """
create function reports_content_added() returns trigger language plpgsql as $$
begin
    perform from reports_closing where id = new.closing_id and computed_at is not null for share;
    if found then
        raise exception 'A content is written with its closing, and none is added later.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_added before insert on reports_commoncontent
    for each row execute function reports_content_added();

create function reports_content_written() returns trigger language plpgsql as $$
begin
    if not exists (select from reports_closing closing
                   where closing.id = new.closing_id and closing.computed_at = new.recorded_at) then
        raise exception 'A content is written with its closing.' using errcode = 'insufficient_privilege';
    end if;
    return null;
end $$;

create constraint trigger reports_written after insert on reports_commoncontent deferrable initially deferred
    for each row execute function reports_content_written();

create function reports_closing_computed() returns trigger language plpgsql as $$
begin
    if not exists (select from reports_commoncontent common
                   where common.closing_id = new.id and common.recorded_at = new.computed_at) then
        raise exception 'A closing is computed with its content, by who prepares it.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_computed before update on reports_closing
    for each row when (old.computed_at is null and new.computed_at is not null)
    execute function reports_closing_computed();
"""
DROP_WRITTEN = """
drop trigger reports_computed on reports_closing;
drop function reports_closing_computed();
drop trigger reports_written on reports_commoncontent;
drop function reports_content_written();
drop trigger reports_added on reports_commoncontent;
drop function reports_content_added();
"""

# What the policy asks of editions is asked under their own.
SHOWN = """
alter table reports_commoncontent enable row level security;
alter table reports_commoncontent force row level security;
create policy content_insert on reports_commoncontent for insert with check (true);
create policy content_select on reports_commoncontent for select using (
    current_setting('ledger.preparing', true) = 'on'
    or exists (
        select from reports_closing closing
        where closing.id = closing_id
          and (closing.released_at is not null
               or (closing.comments_sha256 is not null
                   and 'agreement:' || closing.agreement_id
                       = any(string_to_array(current_setting('ledger.drafts', true), ' ')))))
    or exists (select from reports_edition edition where edition.closing_id = reports_commoncontent.closing_id)
);
"""
HIDE = """
drop policy content_select on reports_commoncontent;
drop policy content_insert on reports_commoncontent;
alter table reports_commoncontent no force row level security;
alter table reports_commoncontent disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_two_release_what_the_truce_says")]

    operations = [
        migrations.RunSQL(HOLD, HOLD),
        migrations.CreateModel(
            name="CommonContent",
            fields=[
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "closing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="common",
                        serialize=False,
                        to="reports.closing",
                    ),
                ),
                ("content", models.TextField()),
            ],
            options={"abstract": False},
        ),
        *(
            migrations.RemoveConstraint(model_name="closing", name=name)
            for name in (
                "reports_closing_computed_whole",
                "reports_closing_unchanged_is_another",
                "reports_released_is_computed",
                "reports_draft_is_computed",
                "reports_comments_are_on_a_content",
            )
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        migrations.RunSQL(OF_TWO_TABLES, OF_ONE),
        migrations.RunSQL(AGREED, WITH_CONTENT),
        migrations.RemoveField(model_name="closing", name="content"),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("computed_at__isnull", True),
                        ("content_sha256__isnull", True),
                        ("number__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("computed_at__isnull", False),
                        ("content_sha256__isnull", False),
                        ("number__isnull", False),
                        ("version__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reports_closing_computed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("computed_at__isnull", True), ("same_as__isnull", False), ("state", "unchanged")),
                    models.Q(models.Q(("state", "unchanged"), _negated=True), ("same_as__isnull", True)),
                    _connector="OR",
                ),
                name="reports_closing_unchanged_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("released_at__isnull", True), ("computed_at__isnull", False), _connector="OR"),
                name="reports_released_is_computed",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comments_until__isnull", True), ("drafted_at__isnull", True)),
                    models.Q(
                        ("comments_until__gt", models.F("drafted_at")),
                        ("computed_at__isnull", False),
                        ("drafted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reports_draft_is_computed",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("comments_sha256__isnull", True), ("content_sha256__isnull", False), _connector="OR"
                ),
                name="reports_comments_are_on_a_content",
            ),
        ),
        guard("reports_commoncontent"),
        migrations.RunSQL(WRITTEN, DROP_WRITTEN),
        migrations.RunSQL(SHOWN, HIDE),
    ]
