"""Corrections that wait are sealed anew with all else that is sealed: by the owner, while two people agreed to it."""

from django.db import migrations

from violations.sealed_guards import resealable


class Migration(migrations.Migration):
    dependencies = [("violations", "0021_guard_erasing")]

    operations = [resealable("violations_waitingcorrection", otherwise="ledger_close_once()")]
