"""What PostgreSQL refuses on figures of third parties and on what is said of a whole set: each is closed once."""

from django.db import migrations

from monitoring.guards import guard

CLOSABLE = ["thirdpartyfigure", "setacceptance"]


class Migration(migrations.Migration):
    dependencies = [("violations", "0004_third_party_and_data_sets")]

    operations = [guard(f"violations_{name}", closable=True) for name in CLOSABLE]
