"""After how many days a month is revised; weeks are closed as well."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0009_notices")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="revision_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                db_default=[],
                default=list,
                help_text="How many days after its first release a month is revised; empty: by hand alone.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="mechanismversion",
            name="calendar",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=8), help_text="Kinds of period that are closed.", size=None
            ),
        ),
    ]
