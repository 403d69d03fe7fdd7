"""The common content of a closing moves into a table of its own, which can be hidden until the release."""

import django.db.models.deletion
from django.db import migrations, models

MOVE = """
insert into reports_commoncontent (closing_id, recorded_at, content)
select id, computed_at, content from reports_closing where content is not null
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_two_release_what_the_truce_says")]

    operations = [
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
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
    ]
