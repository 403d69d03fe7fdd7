import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_level_names")]

    operations = [
        migrations.AddField(
            model_name="devicetoken",
            name="last_used_at",
            field=models.DateTimeField(editable=False, help_text="The hour in which it was last used.", null=True),
        ),
        migrations.AddField(
            model_name="devicetoken",
            name="public_id",
            field=models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="user",
            name="invitations",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="public_id",
            field=models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="accreditation",
            name="role",
            field=models.CharField(
                choices=[
                    ("monitor", "Monitor"),
                    ("duty_officer", "Duty Officer"),
                    ("moderator", "Moderator"),
                    ("liaison", "Party liaison"),
                    ("guarantor", "Guarantor"),
                    ("observer", "Observer"),
                    ("auditor", "Auditor"),
                    ("operator", "Operator"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "liaison"), _negated=True),
                    ("sent_by_party__isnull", False),
                    _connector="OR",
                ),
                name="monitoring_liaison_is_sent_by_a_party",
            ),
        ),
    ]
