"""That a note of a related report was taken back, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("violations", "0037_bulk"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteTakenBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("grounds", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="violations.reportlink",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        guard("violations_notetakenback"),
    ]
