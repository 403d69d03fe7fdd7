"""Among what two people say is lost by a restore: corrigenda and addenda, whose numbers stay taken too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_restorations")]

    operations = [
        migrations.AlterModelOptions(
            name="lostrelease",
            options={"ordering": ["kind", "period", "number", "sheet_kind", "sheet_number"]},
        ),
        migrations.AddField("lostrelease", "sheet_kind", models.CharField(blank=True, db_default="", max_length=4)),
        migrations.AddField("lostrelease", "sheet_number", models.PositiveIntegerField(db_default=0)),
        migrations.AddField("lostrelease", "sheet", models.CharField(blank=True, db_default="", max_length=36)),
        migrations.RemoveConstraint("lostrelease", "reports_lost_once"),
        migrations.AddConstraint(
            "lostrelease",
            models.UniqueConstraint(
                fields=["resumption", "kind", "period", "number", "content_sha256", "sheet"], name="reports_lost_once"
            ),
        ),
    ]
