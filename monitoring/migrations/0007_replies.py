from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_ours_told_in_place")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="party_requests",
            field=models.CharField(
                choices=[("through_guarantor", "Through Guarantor"), ("direct", "Direct")],
                db_default="through_guarantor",
                default="through_guarantor",
                help_text="How a party is asked for information.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="mechanismversion",
            name="reply_reminder_days",
            field=models.PositiveIntegerField(
                db_default=1,
                default=1,
                help_text="How long before it is due a reply is reminded of; 0: only once it is.",
            ),
        ),
    ]
