"""From where and in which direction something was observed, and the receipt by which its filer quotes a report.

Columns have a default of the database's: an import names those that it fills, and no row is written again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_accounts"),
        ("violations", "0010_without_indexes_of_the_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="incidentreport",
            name="observed",
            field=models.CharField(
                blank=True,
                choices=[
                    ("explosion", "explosion"),
                    ("burst", "burst"),
                    ("shot", "shot"),
                    ("projectile_in_flight", "projectile in flight"),
                    ("muzzle_flash", "muzzle flash"),
                    ("illumination_flare", "illumination flare"),
                    ("impact", "impact"),
                    ("airburst", "airburst"),
                ],
                db_default="",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="incidentreport",
            name="phase",
            field=models.CharField(
                blank=True,
                choices=[
                    ("outgoing", "outgoing"),
                    ("incoming", "incoming"),
                    ("in_flight", "in flight"),
                    ("undetermined", "undetermined"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="incidentreport",
            name="receipt",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="By which its filer quotes it; empty where imported.",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="incidentreport",
            name="sighting",
            field=models.JSONField(
                help_text="From where, in which directions, how far: violations.sightings.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="incidentreport",
            name="casualties",
            field=models.JSONField(
                default=dict,
                help_text="{killed|injured: {civilian|combatant|unknown|all|women|children: {low, best, high}}}; else unknown.",
            ),
        ),
    ]
