"""For which kinds of period release is automatic where two people release the others.

Until now two released months alone. Versions that are recorded go on saying so; a file that is loaded from now on says
for which kinds they do not.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


def kinds(said: list[str]) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=8),
        db_default=said,
        default=list,
        help_text="Where two people release: the kinds of period that are released once they are made all the same.",
        size=None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0012_accessions"),
    ]

    operations = [
        migrations.AddField(model_name="mechanismversion", name="automatic_release", field=kinds(["day", "week"])),
        migrations.AlterField(model_name="mechanismversion", name="automatic_release", field=kinds([])),
    ]
