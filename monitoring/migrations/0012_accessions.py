"""Settlements that joined a text of a truce."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0011_agreed_release")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="accessions",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="Settlements that joined a text: which, where, from when, by what source.",
            ),
        ),
    ]
