"""manage.py import_third_party FILE --agreement CODE --format FORMAT: record figures that a third party published."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from monitoring.management import named
from violations.importing import rejects_place
from violations.importing.third_party import FORMATS, Imported, import_third_party
from violations.management import told_imports
from violations.third_party import Outcome


class Command(BaseCommand):
    """Import in one transaction; lines that cannot be taken go to a table beside, the rest comes in."""

    help = "Record figures of a third party (CSV), printed beside and in no total; a second run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, what it is, the agreement, and how to run."""
        parser.epilog = str(told_imports.CODES)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="What kind of table it is.")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="FILE",
            help="Where lines that cannot be taken are written; by default the name of FILE with .rejects.csv, here; "
            "with a number in the name where another table stands there, with .dry-run for a dry run.",
        )
        parser.add_argument("--strict", action="store_true", help="Refuse the file whole where a line cannot be taken.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be recorded, and record nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what came of every line."""
        agreement = named.agreement(options["agreement"])
        rejects = rejects_place.of(options["file"], options["rejects"], dry_run=options["dry_run"])
        with told_imports.ending_in_words():
            imported = import_third_party(
                agreement,
                options["file"],
                reader=FORMATS[options["format"]],
                by=None,
                rejects=rejects,
                strict=options["strict"],
                dry_run=options["dry_run"],
            )
        self._tell(imported, dry_run=options["dry_run"])
        if options["dry_run"]:
            self.stdout.write(_("This was a dry run: nothing was recorded."))
        told_imports.end(imported.refused, imported.read, imported.rejects, dry_run=options["dry_run"])

    def _tell(self, imported: Imported, *, dry_run: bool) -> None:
        became = {
            _("new"): imported.outcomes[Outcome.RECORDED],
            _("told otherwise than before, a revision each"): imported.outcomes[Outcome.REVISED],
            _("known already"): imported.outcomes[Outcome.KNOWN],
            _("repeating a line that stands in the file before"): imported.repeated,
            _("refused"): imported.refused,
        }
        for line in told_imports.summary(imported.read, became, dry_run=dry_run):
            self.stdout.write(line)
        if imported.contested:
            message = _("Contested, for the line notes another number elsewhere: %(count)d of these figures.")
            self.stdout.write(message % {"count": imported.contested})
