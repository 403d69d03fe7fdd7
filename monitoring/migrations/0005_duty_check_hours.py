from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_accounts")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="duty_check_hours",
            field=models.PositiveIntegerField(
                default=0,
                db_default=0,
                help_text="How long a filing may stand with its team's duty officer; 0: not at all.",
            ),
        ),
    ]
