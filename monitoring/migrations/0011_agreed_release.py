"""How many words a comment on a draft may have, and release by two people: until now neither was offered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0010_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="comment_length",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Words that a comment on a draft may have, the same for every guarantor.",
            ),
        ),
        migrations.AlterField(
            model_name="mechanismversion",
            name="comment_window_days",
            field=models.PositiveIntegerField(help_text="How long a draft can be commented on; 0: no draft."),
        ),
        migrations.AlterField(
            model_name="mechanismversion",
            name="release",
            field=models.CharField(choices=[("automatic", "Automatic"), ("by_two", "By Two")], max_length=16),
        ),
    ]
