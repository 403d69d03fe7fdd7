"""manage.py restored --taken-at INSTANT: what `./run restore` says to a database that it has just laid out.

The keys are tried, it is noted that the database is a restored one, missing files are made again, and what is held back
is told. Nothing is noted where the keys are those of another record.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from monitoring.management.refused import told
from monitoring.models import Agreement
from reports import mending, resuming
from reports.closings import held, logged
from violations import keys_tried

LINES = 5  # releases that a log lacks, listed


class Command(BaseCommand):
    """Run once, before the service is started on what was restored."""

    help = "Note that this database was restored from a backup, its keys being tried, and tell what is held back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take when the backup was begun."""
        parser.add_argument(
            "--taken-at", required=True, metavar="INSTANT", help="when the backup was begun, with its zone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Try, note, tell."""
        taken_at = parse_datetime(options["taken_at"])
        if taken_at is None or taken_at.tzinfo is None:
            raise CommandError(
                _("“%(at)s” is no instant: write it as 2017-02-05T00:00:00Z.") % {"at": options["taken_at"]}
            )
        with told("restoration.note", by=None):
            tried = keys_tried.require()
            restoration = resuming.restored(taken_at=taken_at)
        self.stdout.write(_("The keys open what is sealed (%(tried)d tried).") % {"tried": tried})
        if not restoration.witnessed:
            self._tell_unwitnessed()
        mended = mending.mend()
        if mended.made:
            self.stdout.write(
                _("Files stored after the backup, made again as they were: %(made)d.") % {"made": mended.made}
            )
        for name in mended.missing:
            self.stdout.write(_("Missing, and not to be made again as it was: %(name)s") % {"name": name})
        for agreement in Agreement.objects.order_by("code"):
            with told("restoration.note", by=None):
                for line in held.held(agreement).lines:
                    self.stdout.write(_("Released after the backup, and not in it: %(line)s") % {"line": line})

    def _tell_unwitnessed(self) -> None:
        lacking = logged.not_witnessed()
        for line in lacking[:LINES]:
            self.stdout.write(_("In the backup, and not in the log of releases kept apart: %(line)s") % {"line": line})
        if lacking:
            self.stdout.write(
                _("The log of releases kept apart (RELEASE_LOG) lacks %(count)d in all: it was lost or emptied.")
                % {"count": len(lacking)}
            )
        else:
            self.stdout.write(_("No log of releases is kept apart (RELEASE_LOG)."))
        self.stdout.write(
            _(
                "Nobody can tell what was released after the backup, and no period is closed until two people have "
                "said so for each truce."
            )
        )
