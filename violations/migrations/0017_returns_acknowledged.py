import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("violations", "0016_guard_questions_of_filers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="dailyreturn",
            name="acknowledged",
            field=models.BooleanField(
                default=False,
                help_text="When it was recorded, the owner had acknowledged what another told; later: a row.",
            ),
        ),
        migrations.CreateModel(
            name="ReturnAcknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "daily_return",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgement",
                        to="violations.dailyreturn",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        guard("violations_returnacknowledgement"),
    ]
