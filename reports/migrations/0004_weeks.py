"""Weeks are closed as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_released_when_rendered")]

    operations = [
        migrations.AlterField(
            model_name="closing",
            name="kind",
            field=models.CharField(choices=[("day", "Day"), ("week", "Week"), ("month", "Month")], max_length=8),
        ),
        migrations.AlterField(
            model_name="closing",
            name="period",
            field=models.CharField(help_text="2017-01, 2017-W04 or 2017-01-22.", max_length=10),
        ),
    ]
