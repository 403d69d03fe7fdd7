from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="level_names",
            field=models.JSONField(
                default=dict,
                db_default={},
                help_text="By level and language, what areas of it are called here; else as in general.",
            ),
        ),
    ]
