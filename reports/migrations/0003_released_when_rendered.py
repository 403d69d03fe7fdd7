"""PostgreSQL refuses the release of a closing whose files are not all stored."""

from django.db import migrations

WHOLE = """
create function reports_closing_whole() returns trigger language plpgsql as $$
begin
    raise exception 'A closing is released once all its files are stored.' using errcode = 'insufficient_privilege';
end $$;

create trigger reports_whole before update on reports_closing for each row
    when (old.released_at is null and new.released_at is not null and old.state <> 'rendered')
    execute function reports_closing_whole();
"""
DROP_WHOLE = """
drop trigger reports_whole on reports_closing;
drop function reports_closing_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_guards")]

    operations = [migrations.RunSQL(WHOLE, DROP_WHOLE)]
